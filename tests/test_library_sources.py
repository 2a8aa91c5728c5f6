from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from crosslingual.address import LibraryAddress
from crosslingual.errors import InputError, NotFoundError
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, encodable_texts
from crosslingual.sources import load_sources, resolve_source
from crosslingual.types import Article, Correction, Source

ECHO = Source("village-echo-org", "village-echo.org", domains=("village-echo.org",))
PAPER = Source("paper", "The Paper", "Die Zeitung", ("de",), "DE", "private", domains=("paper.example",))
TEXTS = ("It rained. Nobody came.", "It snowed. Many came.")


@pytest.fixture
def library(library_address: LibraryAddress) -> Iterator[Library]:
    with Library(library_address) as library:
        library.put_sources([ECHO, PAPER])
        yield library


def put(library: Library, *articles: Article) -> None:
    for article in articles:
        texts = encodable_texts(article, split_sentences(article))
        library.add_articles(
            [(article, split_sentences(article))], "m", texts, np.ones((len(texts), 4), np.float32)
        )


def test_a_new_source_is_completed(library: Library) -> None:
    assert not ECHO.is_complete
    whole = replace(ECHO, country="GB", ownership="private", languages=("en",))
    library.edit_source(whole)
    assert whole.is_complete
    assert library.stored_sources() == [PAPER, whole]
    # What an article brings along does not replace the user's word.
    library.put_sources([ECHO])
    assert library.known_sources()[ECHO.id] == whole
    library.undo_operation()
    assert library.known_sources()[ECHO.id] == ECHO


def test_the_users_word_goes_before_the_shipped_list(library: Library) -> None:
    shipped = load_sources()["rt"]
    assert library.known_sources()["rt"] == shipped
    library.edit_source(replace(shipped, owner="Somebody else", domains=(*shipped.domains, "rt.example")))
    assert library.known_sources()["rt"].owner == "Somebody else"
    assert (
        resolve_source("", "https://rt.example/1", library.known_sources().values()).owner == "Somebody else"
    )
    library.undo_operation()
    assert library.known_sources()["rt"] == shipped


def test_a_shipped_entry_that_was_mended_is_read_anew(library: Library) -> None:
    shipped = load_sources()["rt"]
    library.put_sources([replace(shipped, owner="As it was")])
    assert library.known_sources()["rt"] == shipped


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"country": "Britain"}, "country cannot be 'Britain'"),
        ({"ownership": "left"}, "ownership cannot be 'left'"),
        ({"languages": ("english",)}, "languages cannot be"),
        ({"domains": ("https://a.example/",)}, "domains cannot be"),
        ({"feeds": ("ftp://a.example/",)}, "feeds cannot be"),
        ({"feeds": ("javascript:alert(1)",)}, "feeds cannot be"),
        ({"name": ""}, "name cannot be ''"),
        ({"name": "A\u202eB"}, "name cannot be"),
        ({"owner": "x" * 301}, "owner cannot be"),
        ({"id": "../x"}, "id cannot be"),
        ({"domains": ("ria.ru",)}, "'ria.ru' is already an id, name or domain of 'ria'"),
        ({"name": "Die ZEITUNG"}, "'diezeitung' is already an id, name or domain of 'paper'"),
        ({"domains": tuple(f"a{number}.example" for number in range(101))}, "more than 100 domains"),
    ],
)
def test_what_is_no_field_of_a_source_is_told(
    library: Library, changed: dict[str, object], message: str
) -> None:
    before = library.stored_sources()
    with pytest.raises(InputError, match=message):
        library.edit_source(replace(ECHO, **changed))  # type: ignore[arg-type]
    assert library.stored_sources() == before
    assert library.load_operations() == []


def test_a_merged_source_leaves_its_articles_names_and_domains(library: Library) -> None:
    first, second, third = (
        Article(ECHO.id, "en", TEXTS[0]),
        Article(ECHO.id, "en", TEXTS[1]),
        Article(PAPER.id, "en", TEXTS[1]),
    )
    put(library, first, second, third)
    library.add_corrections(
        [Correction("c", "together", ((first.id, 0), (second.id, 0)), ((third.id, 0),), "2024-05-16")]
    )
    corrections = library.load_corrections()
    act = library.merge_sources(ECHO.id, PAPER.id)
    assert (act.kind, act.articles) == ("merge", 2)
    moved = replace(first, source=PAPER.id)
    assert library.load_articles() == [moved, third]
    (made,) = library.load_corrections()
    assert (made.left, made.right) == (
        ((third.id, 0), (moved.id, 0)) if third.id < moved.id else ((moved.id, 0), (third.id, 0)),
        ((third.id, 0),),
    )
    assert [source.id for source in library.stored_sources()] == [PAPER.id]
    for name, url in ((ECHO.id, ""), ("village-echo.org", ""), ("", "https://www.village-echo.org/1")):
        assert resolve_source(name, url, library.known_sources().values()).id == PAPER.id
    # The same file again gives what is known.
    assert library.existing_ids([Article(PAPER.id, "en", TEXTS[0]).id])
    library.undo_operation()
    assert library.load_articles() == [first, second, third]
    assert library.load_corrections() == corrections
    assert library.stored_sources() == [PAPER, ECHO]


def test_a_shipped_source_can_be_merged_and_is_not_met_again(library: Library) -> None:
    library.merge_sources("sputnik", "ria")
    known = library.known_sources()
    assert "sputnik" not in known
    assert resolve_source("Sputnik", "", known.values()).id == "ria"
    assert resolve_source("", "https://sputniknews.com/1", known.values()).id == "ria"
    assert resolve_source("РИА Новости", "", known.values()).id == "ria"
    library.undo_operation()
    assert resolve_source("Sputnik", "", library.known_sources().values()).id == "sputnik"


def test_what_cannot_be_merged_is_told(library: Library) -> None:
    with pytest.raises(InputError, match="give two sources"):
        library.merge_sources("paper", "paper")
    for pair in (("paper", "nobody"), ("nobody", "paper"), ("\udcff", "paper")):
        with pytest.raises(NotFoundError, match="no source"):
            library.merge_sources(*pair)
    assert library.load_operations() == []


def test_a_source_is_removed_with_what_hangs_on_it(library: Library) -> None:
    mine, other = Article(ECHO.id, "en", TEXTS[0]), Article(PAPER.id, "en", TEXTS[0])
    put(library, mine, other)
    assert library.remove_source(ECHO.id).articles == 1
    assert library.load_articles() == [other]
    assert library.stored_sources() == [PAPER]
    assert library.article_counts() == {"paper": 1}
    with pytest.raises(NotFoundError, match="no source"):
        library.remove_source(ECHO.id)
    with pytest.raises(NotFoundError, match="no source"):
        library.remove_source("\udcff")
    library.undo_operation()
    assert library.load_articles() == [mine, other]
    assert library.stored_sources() == [PAPER, ECHO]


def test_the_same_text_in_another_formatting_is_held(library: Library) -> None:
    article = Article(PAPER.id, "de", "Es regnete. „Niemand“ kam.", "Regen")
    put(library, article)
    same = Article(PAPER.id, "de", '# Regen\n\nEs **regnete**. "Niemand" kam.')
    elsewhere = replace(same, source=ECHO.id)
    assert library.find_existing([same, elsewhere, article]) == {same.id: article.id, article.id: article.id}
    assert library.find_existing([]) == {}


def test_author_and_language_of_a_sentence_are_kept(library: Library) -> None:
    article = Article(PAPER.id, "de", "Er sagte. He said so.", author="A. Schreiber")
    assert article.id == replace(article, author="").id
    told = [replace(one, lang="en" if one.index else "") for one in split_sentences(article)]
    texts = encodable_texts(article, told)
    library.add_articles([(article, told)], "m", texts, np.ones((2, 4), np.float32))
    assert library.load_articles() == [article]
    assert list(library.load_sentences([article.id])[article.id]) == told
    library.remove_articles([article.id])
    library.undo_operation()
    assert list(library.load_sentences([article.id])[article.id]) == told
