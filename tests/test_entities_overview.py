"""What is read of a library to tell who names an entity."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from crosslingual.entities.overview import load_overview
from crosslingual.entities.values import Entity, EntityMention
from crosslingual.library import Library
from crosslingual.types import Sentence
from tests.helpers.library_samples import article, put


def test_words_beside_a_name_are_read_in_a_sample_and_no_other_text_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path / "library") as library:
        told = [
            article(["Stubborn Quill spoke.", f"It was {place}."], source=f"s{place}") for place in range(9)
        ]
        put(library, *told)
        naming = told[:7]
        mentions = tuple(EntityMention(one.id, one.source, "en", 0, 9, 14, "Quill", False) for one in naming)
        entity = Entity("name:quill", "Quill", "person", mentions, is_doubtful=False)
        read: list[str] = []
        load_sentences = library.load_sentences

        def watched(ids: Iterable[str]) -> dict[str, tuple[Sentence, ...]]:
            read.extend(chosen := list(ids))
            return load_sentences(chosen)

        def refuse(ids: Iterable[str] | None = None) -> None:
            pytest.fail(f"whole articles are read: {ids}")

        monkeypatch.setattr(library, "load_sentences", watched)
        monkeypatch.setattr(library, "load_articles", refuse)
        monkeypatch.setattr("crosslingual.entities.overview.MAX_WORD_ARTICLES", 3)
        sources = library.article_sources([*(one.id for one in told), "not there"])
        overview = load_overview(library, entity, sources)
    assert sources == {one.id: one.source for one in told}
    assert 0 < len(read) <= 3
    assert set(read) <= {one.id for one in naming}
    assert (overview.n_naming_articles, overview.n_articles) == (7, 9)
    assert overview.silent_sources == ("s7", "s8")
    assert [word.word for word in overview.near_words if word.word == "stubborn"] == ["stubborn"]
