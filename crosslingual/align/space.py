"""The space in which sentences of several languages are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from crosslingual.align.judge import Judge, load_judge
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.embeddings.encoder import Encoder
from crosslingual.embeddings.projection import Projections, find_projections
from crosslingual.embeddings.token_states import (
    PACKING_VERSION,
    TokenSpace,
    TokenVectors,
    fit_token_space,
    normalize_rows,
)
from crosslingual.errors import InputError
from crosslingual.files import save_arrays
from crosslingual.model_store import encoder_key, load_encoder
from crosslingual.resources import shipped_path
from crosslingual.tmx import read_tmx
from crosslingual.types import FloatArray

DEMO_FOLDER = shipped_path("corpora/demo")


@dataclass(frozen=True)
class Space:
    """An encoder's vectors less what only tells their language.

    A multilingual encoder leaves an offset in each language's vectors that says nothing of their meaning.
    ``language_means`` gives the point (d,) to subtract for each language, ``default_mean`` that for any
    other; ``model`` is the encoder's key, ``tokens`` the space of its tokens.
    """

    model: str
    language_means: Mapping[str, FloatArray]
    default_mean: FloatArray
    tokens: TokenSpace

    def center_vectors(self, vectors: FloatArray, lang: str) -> FloatArray:
        """``vectors`` (n, d) of texts in ``lang`` in this space, of length 1."""
        return normalize_rows(vectors - self.language_means.get(lang, self.default_mean))

    def center_by_language(self, vectors: FloatArray, langs: Sequence[str]) -> FloatArray:
        """The same of texts in n ``langs``, which may be of several."""
        of, centred = np.array(langs), np.empty_like(vectors)
        for lang in dict.fromkeys(langs):
            centred[of == lang] = self.center_vectors(vectors[of == lang], lang)
        return centred

    @cached_property
    def projections(self) -> Projections:
        """What brings translations nearer to one another, for search among many."""
        return find_projections(self.model, len(self.default_mean), self.tokens.basis)

    @cached_property
    def judge(self) -> Judge | None:
        """What tells which sentences say the same, where it was learned for the encoder."""
        return load_judge(self.model)

    def project_vectors(self, vectors: FloatArray, lang: str) -> FloatArray:
        """``vectors`` (n, d) of texts in ``lang``, centred and mapped, of length 1."""
        centred = self.center_vectors(vectors, lang)
        return (
            centred
            if self.projections.vectors is None
            else normalize_rows(centred @ self.projections.vectors)
        )

    def project_by_language(self, vectors: FloatArray, langs: Sequence[str]) -> FloatArray:
        """The same of texts in n ``langs``, which may be of several."""
        centred = self.center_by_language(vectors, langs)
        return (
            centred
            if self.projections.vectors is None
            else normalize_rows(centred @ self.projections.vectors)
        )

    def unpack_projected_tokens(self, packed: bytes, lang: str) -> TokenVectors:
        """The tokens of a sentence in ``lang``, mapped."""
        told = self.tokens.unpack(packed, lang)
        if self.projections.tokens is None:
            return told
        return TokenVectors(normalize_rows(told.vectors @ self.projections.tokens), told.weights)

    def save(self, path: Path) -> None:
        """Write to ``path``, whole or not at all."""
        save_arrays(path, {"model": np.array(self.model), **self._saved_arrays()})

    def _saved_arrays(self) -> dict[str, FloatArray]:
        tokens = self.tokens
        plain = {"elsewhere": self.default_mean, "centre": tokens.center, "basis": tokens.basis}
        return plain | {
            f"{kind}.{lang}": mean
            for kind, means in (("mean", self.language_means), ("token", tokens.language_means))
            for lang, mean in means.items()
        }

    @classmethod
    def load(cls, path: Path, model: str) -> Space | None:
        """The space of ``model`` saved at ``path``; None where there is none that can be read."""
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
                arrays = {name: saved[name] for name in saved.files}
            centre, basis = arrays.pop("centre"), arrays.pop("basis")
            elsewhere, saved_for = arrays.pop("elsewhere"), str(arrays.pop("model"))
            means: dict[str, dict[str, FloatArray]] = {"mean": {}, "token": {}}
            for name, mean in arrays.items():
                kind, _, lang = name.partition(".")
                means[kind][lang] = mean
        except Exception:  # whatever a damaged file provokes in zipfile below
            return None
        if saved_for != model:
            return None
        nowhere = np.zeros(basis.shape[1], dtype=np.float32)
        return cls(model, means["mean"], elsewhere, TokenSpace(model, centre, basis, means["token"], nowhere))


def fit_space(encoder: Encoder, pairs: Iterable[tuple[str, str, str]]) -> Space:
    """The space of ``encoder`` from translations: (language, text, the text in English).

    The mean difference between a text and its translation is the language's offset from English: what
    the texts are about cancels out, so that a few dozen pairs do, on any subject.
    """
    langs, texts, english = zip(*pairs, strict=True)
    read = encoder.encode_with_tokens([*texts, *english])
    native, translated = read.vectors[: len(texts)], read.vectors[len(texts) :]
    origin = translated.mean(axis=0)
    places = {
        lang: [place for place, other in enumerate(langs) if other == lang] for lang in sorted(set(langs))
    }
    means = {"en": origin} | {
        lang: origin + (native[own] - translated[own]).mean(axis=0) for lang, own in places.items()
    }
    tokens = fit_token_space(
        encoder.name,
        {lang: np.concatenate([read.states[place] for place in own]) for lang, own in places.items()},
        {
            lang: np.concatenate([read.states[len(texts) + place] for place in own])
            for lang, own in places.items()
        },
    )
    elsewhere = np.asarray(np.mean(list(means.values()), axis=0), dtype=np.float32)
    return Space(encoder.name, means, elsewhere, tokens)


def load_space(name: str, home: Path) -> Space:
    """The space of encoder ``name``: fitted once, to the hand-made translations of ``corpora/demo``.

    Raises:
        ModelError: the encoder is not on disk.
        InputError: the translations are missing or damaged.
    """
    key = encoder_key(name, home)
    pairs = _load_demo_pairs()
    digest = hashlib.sha256(f"{key}\0{PACKING_VERSION}\0{pairs}".encode()).hexdigest()
    path = home / "spaces" / f"{digest[:16]}.npz"
    space = Space.load(path, key)
    if space is None:
        space = fit_space(load_encoder(name, home), pairs)
        with suppress(OSError):  # derived: what cannot be kept is fitted again
            space.save(path)
    return space


def _load_demo_pairs() -> list[tuple[str, str, str]]:
    pairs = [
        (entry.src_lang, entry.src, entry.tgt)
        for path in sorted(DEMO_FOLDER.glob("*/memory.tmx"))
        for entry in read_tmx(path)
        if entry.tgt_lang == "en"
    ]
    if not pairs:
        raise InputError(f"{DEMO_FOLDER}: no translations here; install crosslingual again")
    return pairs


def load_article_encoder(name: str, home: Path) -> ArticleEncoder:
    """Encoder ``name`` and its token space, to add articles with.

    Raises:
        ModelError: the encoder is not on disk.
        InputError: the shipped translations are missing or damaged.
    """
    space = load_space(name, home)
    return ArticleEncoder(load_encoder(name, home), space.tokens, space.judge)
