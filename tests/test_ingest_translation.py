from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from crosslingual.align.space import Space
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import ModelError
from crosslingual.ingest.translation import MeaningChecker, plan_translations, translate_plans
from crosslingual.language.sentences import split_sentences
from crosslingual.library import HUMAN_ENGINES, MEMORY_ENGINE, Library
from crosslingual.types import Article, Source, Translation

DOUBLED = "Он пришёл в 12 часов."
ARTICLES = (
    Article("a", "ru", f"Да. {DOUBLED}", "Заголовок"),
    Article("b", "uk", "Так."),
    Article("c", "en", "It stays as it is."),
    Article("d", "zh", "好。"),
)


@dataclass
class Reversing:
    """An engine in miniature: turns texts round, notes what it was given, and can be made to stop."""

    languages: tuple[str, ...]
    name: str = "reversing"
    version: str = "1"
    batch_size: int = 2
    is_fast: bool = True
    given: list[list[str]] = field(default_factory=list)
    stops_after: int = 99

    def route(self, src: str, tgt: str) -> str:
        return f"{src}-{tgt} {self.version}" if src in self.languages else ""

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Callable[[int, int], None] | None = None
    ) -> list[str]:
        if len(self.given) >= self.stops_after:
            raise KeyboardInterrupt
        self.given.append(list(texts))
        return ["" if text == "Да." else text[::-1] for text in texts]


@pytest.fixture
def library(tmp_path: Path, encoder: Encoder) -> Iterator[Library]:
    with Library(tmp_path) as opened:
        opened.put_sources(Source(article.source, article.source) for article in ARTICLES)
        batch = [(article, split_sentences(article)) for article in ARTICLES]
        texts = list(
            dict.fromkeys(text for a, told in batch for text in [*(s.text for s in told), a.title] if text)
        )
        opened.add_articles(batch, encoder.name, texts, encoder.encode(texts))
        yield opened


@pytest.fixture
def meaning(encoder: Encoder, demo_space: Space) -> Callable[[], MeaningChecker]:
    return lambda: MeaningChecker(encoder, demo_space)


def test_what_is_not_in_the_readers_language_is_planned_by_language(library: Library) -> None:
    engine = Reversing(("ru",))
    planned = plan_translations(library, [engine], "en")
    assert [(one.src_lang, one.texts, one.engine, one.route) for one in planned] == [
        ("ru", ("Да.", DOUBLED, "Заголовок"), engine, "ru-en 1"),
        ("uk", ("Так.",), None, ""),
        ("zh", ("好。",), None, ""),
    ]
    assert [one.src_lang for one in plan_translations(library, [engine], "zh")] == ["ru", "uk", "en"]
    assert [one.src_lang for one in plan_translations(library, [engine], "en", [ARTICLES[1].id])] == ["uk"]


def test_a_sentence_in_another_language_is_planned_with_its_own(library: Library, encoder: Encoder) -> None:
    article = Article("d", "zh", "他说。\nЭто так.\nSo it is.", "会")
    told = [
        replace(one, lang=lang) for one, lang in zip(split_sentences(article), ("", "ru", "en"), strict=True)
    ]
    texts = [*(one.text for one in told), article.title]
    library.add_articles([(article, told)], encoder.name, texts, encoder.encode(texts))
    assert {one.src_lang: one.texts for one in plan_translations(library, [], "en", [article.id])} == {
        "zh": ("他说。", "会"),
        "ru": ("Это так.",),
    }
    assert {one.src_lang for one in plan_translations(library, [], "zh", [article.id])} == {"ru", "en"}


def test_the_first_engine_that_can_is_taken(library: Library) -> None:
    first, second = Reversing(("ru",)), Reversing(("ru", "uk"), name="other")
    assert [one.engine for one in plan_translations(library, [first, second], "en")][:2] == [first, second]


def test_translations_are_stored_with_engine_way_and_doubts(
    library: Library, meaning: Callable[[], MeaningChecker]
) -> None:
    seen: list[tuple[int, int]] = []
    outcome = translate_plans(
        library,
        plan_translations(library, [Reversing(("ru",))], "en"),
        "en",
        meaning,
        lambda done, total: seen.append((done, total)),
    )
    assert (outcome.n_translated, outcome.n_failed) == (2, 1)
    assert outcome.routes == ("reversing: ru-en 1",)
    assert outcome.n_without_engine == (("uk", 1), ("zh", 1))
    assert seen[-1] == (3, 3)
    found = library.memory.find_best(["Да.", DOUBLED, "Заголовок"], "ru", "en")
    assert set(found) == {DOUBLED, "Заголовок"}
    assert "ru" not in {one.src_lang for one in plan_translations(library, [Reversing(("ru",))], "en")}, (
        "what failed is known"
    )
    assert found[DOUBLED].text == DOUBLED[::-1]
    assert (found[DOUBLED].engine, found[DOUBLED].version) == ("reversing", "ru-en 1")
    assert found[DOUBLED].issues, "words turned round mean nothing"
    assert outcome.n_with_issues == sum(bool(made.issues) for made in found.values())


def test_what_is_known_is_not_done_again_unless_the_version_is_new(
    library: Library, meaning: Callable[[], MeaningChecker]
) -> None:
    library.memory.put_translations([("Да.", "ru", Translation("Yes.", "en", MEMORY_ENGINE))])
    translate_plans(library, plan_translations(library, [Reversing(("ru",))], "en"), "en", meaning)
    assert [one.src_lang for one in plan_translations(library, [Reversing(("ru",))], "en")] == ["uk", "zh"]
    (again, *_) = plan_translations(library, [Reversing(("ru",), version="2")], "en")
    assert again.texts == (DOUBLED, "Заголовок"), "people's translations stay"


def test_what_was_done_before_it_stopped_is_kept(
    library: Library, meaning: Callable[[], MeaningChecker]
) -> None:
    engine = Reversing(("ru", "uk"), stops_after=1)
    with pytest.raises(KeyboardInterrupt):
        translate_plans(library, plan_translations(library, [engine], "en"), "en", meaning)
    engine.stops_after = 99
    translate_plans(library, plan_translations(library, [engine], "en"), "en", meaning)
    assert engine.given == [["Да.", DOUBLED], ["Заголовок"], ["Так."]]
    assert library.memory.find_best([DOUBLED], "ru", "en")


@pytest.mark.parametrize("name", HUMAN_ENGINES)
def test_a_machine_does_not_pass_for_a_person(library: Library, name: str) -> None:
    with pytest.raises(ModelError, match="rename the model's folder"):
        plan_translations(library, [Reversing(("ru",), name=name)], "en")


def test_nothing_is_loaded_where_there_is_nothing_to_do(library: Library) -> None:
    def never() -> MeaningChecker:
        raise AssertionError("the encoder was asked for")

    assert translate_plans(library, plan_translations(library, [], "en"), "en", never).n_translated == 0
