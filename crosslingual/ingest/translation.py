"""Library → translations: what is not in the reader's language is translated, checked and stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosslingual.embeddings.article_encoder import offset_progress
from crosslingual.errors import ModelError
from crosslingual.library import HUMAN_ENGINES, Library
from crosslingual.translation.engine import Engine, choose_engine
from crosslingual.translation.quality import find_issues, translation_cosines
from crosslingual.types import FloatArray, Translation

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.embeddings.encoder import Encoder

_ARTICLES_PER_LOOKUP = 500  # articles looked up at once


@dataclass(frozen=True, slots=True)
class MeaningChecker:
    """What measures whether a translation means what its source does: an encoder and its space."""

    encoder: Encoder
    space: Space

    def translation_cosines(
        self,
        library: Library,
        src_texts: Sequence[str],
        tgt_texts: Sequence[str],
        src_lang: str,
        tgt_lang: str,
    ) -> FloatArray:
        """Cosine (n,) of each of n texts and its translation, each less its language's mean.

        The library's vectors of the texts are used; they are encoded where it lacks one.
        """
        model = self.space.model
        known = not library.texts_without_vectors(model, src_texts)
        return translation_cosines(
            self.space.center_vectors(
                library.load_vectors(model, src_texts) if known else self.encoder.encode(src_texts), src_lang
            ),
            self.space.center_vectors(self.encoder.encode(tgt_texts), tgt_lang),
        )


@dataclass(frozen=True, slots=True)
class TranslationPlan:
    """What there is to do: ``texts`` in ``src_lang``, by ``engine`` on its ``route``; no engine, no way."""

    src_lang: str
    texts: tuple[str, ...]
    engine: Engine | None
    route: str


@dataclass(frozen=True, slots=True)
class TranslationOutcome:
    """What came of it: texts ``n_translated``, of these ``n_with_issues``; ``n_failed`` gave nothing.

    ``routes`` are engines with what they used. ``n_without_engine`` counts texts by language that nothing
    installed translates.
    """

    n_translated: int
    n_with_issues: int
    n_failed: int
    routes: tuple[str, ...]
    n_without_engine: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        sentences = "sentence" if self.n_translated == 1 else "sentences"
        by = f" by {'; '.join(self.routes)}" if self.routes else ""
        parts = [f"{self.n_translated:,} {sentences} translated{by}"]
        parts += [f"{self.n_with_issues:,} of them doubtful"] if self.n_with_issues else []
        parts += [f"{self.n_failed:,} gave nothing"] if self.n_failed else []
        return ", ".join(parts)


def plan_translations(
    library: Library, engines: Iterable[Engine], target_lang: str, article_ids: Iterable[str] | None = None
) -> list[TranslationPlan]:
    """What of the articles with these ids, without ids of all, ``target_lang`` lacks, a plan for each language.

    Not planned is what a person translated, and what the engine that would be used has translated already.

    Raises:
        NotFoundError: the library lacks one of the articles.
        ModelError: an engine has a name under which people's translations are kept.
    """
    choices = list(engines)
    for choice in choices:
        if choice.name in HUMAN_ENGINES:
            raise ModelError(
                f"{choice.name}: the name stands for people's translations; rename the model's folder"
            )
    wanted = library.article_ids() if article_ids is None else list(article_ids)
    chosen: dict[str, Engine | None] = {}
    left: dict[str, dict[str, None]] = {}
    for start in range(0, len(wanted), _ARTICLES_PER_LOOKUP):
        articles = library.load_articles(wanted[start : start + _ARTICLES_PER_LOOKUP])
        told = library.load_sentences([article.id for article in articles])
        texts: dict[str, list[str]] = {}
        for article in articles:
            for sentence in told[article.id]:
                texts.setdefault(sentence.lang or article.lang, []).append(sentence.text)
            if article.title:
                texts.setdefault(article.lang, []).append(article.title)
        texts.pop(target_lang, None)
        for lang, held in texts.items():
            engine = chosen.setdefault(lang, choose_engine(choices, lang, target_lang))
            name, way = (engine.name, engine.route(lang, target_lang)) if engine else ("", "")
            left.setdefault(lang, {}).update(
                dict.fromkeys(library.memory.find_untranslated(held, lang, target_lang, name, way))
            )
    plans = []
    for lang, missing in left.items():
        engine = chosen[lang]
        if missing:
            plans.append(
                TranslationPlan(
                    lang, tuple(missing), engine, engine.route(lang, target_lang) if engine else ""
                )
            )
    return plans


def translate_plans(
    library: Library,
    plans: Iterable[TranslationPlan],
    target_lang: str,
    load_checker: Callable[[], MeaningChecker],
    progress: Callable[[int, int], None] | None = None,
) -> TranslationOutcome:
    """Do what is planned, portion by portion; each is stored when it is done.

    Whatever stops it, what was stored stays, and a new plan holds the rest.

    Args:
        library: holds the articles and takes the translations.
        plans: what to do.
        target_lang: language to translate into.
        load_checker: gives what checks the meaning; called only when there is something to check.
        progress: told how many of how many texts are done; what it raises stops the work.

    Raises:
        ModelError: an engine or the encoder cannot be loaded.
        LibraryError: the disk is full.
    """
    doable = [one for one in plans if one.engine]
    total = sum(len(one.texts) for one in doable)
    done = translated = doubted = 0
    measure: MeaningChecker | None = None
    for one in doable:
        assert one.engine  # noqa: S101  # tells mypy
        for start in range(0, len(one.texts), one.engine.batch_size):
            texts = one.texts[start : start + one.engine.batch_size]
            made = one.engine.translate(
                texts, one.src_lang, target_lang, offset_progress(progress, done, total)
            )
            pairs = [(text, text_made) for text, text_made in zip(texts, made, strict=True) if text_made]
            found: list[tuple[str, ...]] = []
            if pairs:
                measure = measure or load_checker()
                src, out = zip(*pairs, strict=True)
                found = find_issues(
                    src,
                    out,
                    one.src_lang,
                    target_lang,
                    measure.translation_cosines(library, src, out, one.src_lang, target_lang),
                )
            # Also what gave nothing, so that it is not tried again and again.
            pairs += [(text, "") for text, text_made in zip(texts, made, strict=True) if not text_made]
            why = [*found, *(() for _ in pairs[len(found) :])]
            library.memory.put_translations(
                (
                    text,
                    one.src_lang,
                    Translation(text_made, target_lang, one.engine.name, one.route, doubted_for),
                )
                for (text, text_made), doubted_for in zip(pairs, why, strict=True)
            )
            doubted += sum(map(bool, found))
            translated += len(found)
            done += len(texts)
            if progress:
                progress(done, total)
    return TranslationOutcome(
        translated,
        doubted,
        total - translated,
        tuple(dict.fromkeys(f"{one.engine.name}: {one.route}" for one in doable if one.engine)),
        tuple((one.src_lang, len(one.texts)) for one in plans if not one.engine),
    )
