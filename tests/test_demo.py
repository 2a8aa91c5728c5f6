"""The shipped demo corpus: complete, consistent with its gold, and marked as what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crosslingual.align.space import DEMO_FOLDER
from crosslingual.evaluate.gold_events import read_events
from crosslingual.language.sentences import split_sentences
from crosslingual.readers import read_files
from crosslingual.readers.record import Record
from crosslingual.sources import load_sources, resolve_source
from crosslingual.tmx import read_tmx
from crosslingual.types import Article

GOLD = DEMO_FOLDER.parent / "gold"
EVENTS = sorted(folder.name for folder in DEMO_FOLDER.iterdir() if folder.is_dir())
NOTE = "note: Demo text written for crosslingual from public facts; not by the outlet."


def articles(event: str) -> dict[str, Article]:
    """The articles of an event by source."""
    found = {}
    for item in read_files(sorted((DEMO_FOLDER / event).glob("*.md"))):
        assert isinstance(item, Record), item
        source = resolve_source(item.source, item.url, load_sources().values())
        assert source.id not in found
        found[source.id] = Article(source.id, item.lang, item.text, item.title, item.date, item.url)
    return found


def gold(event: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((GOLD / f"{event}.jsonl").read_text(encoding="utf-8"))
    return record


def test_there_are_three_events_and_each_has_its_gold() -> None:
    assert len(EVENTS) >= 3
    assert sorted(path.stem for path in GOLD.glob("*.jsonl")) == EVENTS


@pytest.mark.parametrize("event", EVENTS)
def test_an_event_is_told_in_seven_texts_of_five_languages(event: str) -> None:
    found = articles(event)
    assert len(found) >= 7
    assert {article.lang for article in found.values()} >= {"zh", "ru", "en", "de", "fr"}
    for article in found.values():
        assert 8 <= len(split_sentences(article)) <= 20, article.source
        assert article.title
        assert article.date


@pytest.mark.parametrize("event", EVENTS)
def test_demo_texts_are_marked_as_such(event: str) -> None:
    sources = load_sources()
    for source in articles(event):
        assert sources[source].demo, source
        assert "demo text" in sources[source].name
    for path in (DEMO_FOLDER / event).glob("*.md"):
        assert NOTE in path.read_text(encoding="utf-8").split("---")[1], path


@pytest.mark.parametrize("event", EVENTS)
def test_the_gold_has_the_sentences_of_the_texts(event: str) -> None:
    found = articles(event)
    record = gold(event)
    assert record["event"] == event
    assert {article["source"] for article in record["articles"]} == set(found)
    for article in record["articles"]:
        told = found[article["source"]]
        assert article["sentences"] == [sentence.text for sentence in split_sentences(told)], article[
            "source"
        ]
        assert (article["lang"], article["title"]) == (told.lang, told.title)


@pytest.mark.parametrize("event", EVENTS)
def test_gold_statements_are_of_two_articles_and_share_no_sentence(event: str) -> None:
    (read_back,) = read_events(GOLD / f"{event}.jsonl")
    places = [
        (article, sentence)
        for statement in read_back.statements
        for article, own in statement.items()
        for sentence in own
    ]
    assert len(places) == len(set(places))
    assert all(len(statement) >= 2 and all(statement.values()) for statement in read_back.statements)


@pytest.mark.parametrize("event", EVENTS)
def test_every_sentence_and_title_has_a_translation_by_hand(event: str) -> None:
    memory = {
        (entry.src_lang, entry.src)
        for entry in read_tmx(DEMO_FOLDER / event / "memory.tmx", target_lang="en")
    }
    for article in articles(event).values():
        if article.lang == "en":
            continue
        for text in (article.title, *(sentence.text for sentence in split_sentences(article))):
            assert (article.lang, text) in memory, f"{article.source}: {text}"
