"""Library → translations: what is not in the reader's language is translated, checked and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosslingual.doubts import cosines, doubts
from crosslingual.errors import ModelError
from crosslingual.library import HUMAN, Library
from crosslingual.reader import shifted
from crosslingual.translate.engine import Engine, choose
from crosslingual.types import FloatArray, Translation

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.encode import Encoder

_LOOKUP = 500  # articles looked up at once


@dataclass(frozen=True, slots=True)
class Meaning:
    """What measures whether a translation means what its source does: an encoder and its space."""

    encoder: Encoder
    space: Space

    def cosines(
        self, library: Library, src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str
    ) -> FloatArray:
        """Cosine (n,) of each of n texts and its translation, each less its language's mean.

        The library's vectors of the texts are used; they are encoded where it lacks one.
        """
        model = self.space.model
        known = not library.missing(model, src)
        return cosines(
            self.space.centred(library.vectors(model, src) if known else self.encoder.encode(src), src_lang),
            self.space.centred(self.encoder.encode(tgt), tgt_lang),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do: ``texts`` in language ``src``, by ``engine`` on its ``way``; no engine, no way."""

    src: str
    texts: tuple[str, ...]
    engine: Engine | None
    way: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: texts ``translated``, of these ``doubted``; ``failed`` gave nothing.

    ``ways`` are engines with what they used. ``without`` counts texts by language that nothing installed
    translates.
    """

    translated: int
    doubted: int
    failed: int
    ways: tuple[str, ...]
    without: tuple[tuple[str, int], ...]


def plan(
    library: Library, engines: Iterable[Engine], tgt: str, ids: Iterable[str] | None = None
) -> list[Plan]:
    """What of the articles with these ids, without ids of all, ``tgt`` lacks, a plan for each language.

    Not planned is what a person translated, and what the engine that would be used has translated already.

    Raises:
        NotFoundError: the library lacks one of the articles.
        ModelError: an engine has a name under which people's translations are kept.
    """
    choices = list(engines)
    for choice in choices:
        if choice.name in HUMAN:
            raise ModelError(
                f"{choice.name}: the name stands for people's translations; rename the model's folder"
            )
    wanted = library.ids() if ids is None else list(ids)
    chosen: dict[str, Engine | None] = {}
    left: dict[str, dict[str, None]] = {}
    for start in range(0, len(wanted), _LOOKUP):
        articles = library.articles(wanted[start : start + _LOOKUP])
        told = library.sentences([article.id for article in articles])
        texts: dict[str, list[str]] = {}
        for article in articles:
            for sentence in told[article.id]:
                texts.setdefault(sentence.lang or article.lang, []).append(sentence.text)
            if article.title:
                texts.setdefault(article.lang, []).append(article.title)
        texts.pop(tgt, None)
        for lang, held in texts.items():
            engine = chosen.setdefault(lang, choose(choices, lang, tgt))
            name, way = (engine.name, engine.way(lang, tgt)) if engine else ("", "")
            left.setdefault(lang, {}).update(
                dict.fromkeys(library.memory.wanting(held, lang, tgt, name, way))
            )
    plans = []
    for lang, missing in left.items():
        engine = chosen[lang]
        if missing:
            plans.append(Plan(lang, tuple(missing), engine, engine.way(lang, tgt) if engine else ""))
    return plans


def translate(
    library: Library,
    plans: Iterable[Plan],
    tgt: str,
    meaning: Callable[[], Meaning],
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Do what is planned, portion by portion; each is stored when it is done.

    Whatever stops it, what was stored stays, and a new plan holds the rest.

    Args:
        library: holds the articles and takes the translations.
        plans: what to do.
        tgt: language to translate into.
        meaning: gives what checks the meaning; called only when there is something to check.
        progress: told how many of how many texts are done; what it raises stops the work.

    Raises:
        ModelError: an engine or the encoder cannot be loaded.
        LibraryError: the disk is full.
    """
    doable = [one for one in plans if one.engine]
    total = sum(len(one.texts) for one in doable)
    done = translated = doubted = 0
    measure: Meaning | None = None
    for one in doable:
        assert one.engine  # noqa: S101  # tells mypy
        for start in range(0, len(one.texts), one.engine.portion):
            texts = one.texts[start : start + one.engine.portion]
            made = one.engine.translate(texts, one.src, tgt, shifted(progress, done, total))
            pairs = [(text, text_made) for text, text_made in zip(texts, made, strict=True) if text_made]
            found: list[tuple[str, ...]] = []
            if pairs:
                measure = measure or meaning()
                src, out = zip(*pairs, strict=True)
                found = doubts(src, out, one.src, tgt, measure.cosines(library, src, out, one.src, tgt))
            # Also what gave nothing, so that it is not tried again and again.
            pairs += [(text, "") for text, text_made in zip(texts, made, strict=True) if not text_made]
            why = [*found, *(() for _ in pairs[len(found) :])]
            library.memory.put(
                (text, one.src, Translation(text_made, tgt, one.engine.name, one.way, doubted_for))
                for (text, text_made), doubted_for in zip(pairs, why, strict=True)
            )
            doubted += sum(map(bool, found))
            translated += len(found)
            done += len(texts)
            if progress:
                progress(done, total)
    return Outcome(
        translated,
        doubted,
        total - translated,
        tuple(dict.fromkeys(f"{one.engine.name}: {one.way}" for one in doable if one.engine)),
        tuple((one.src, len(one.texts)) for one in plans if not one.engine),
    )
