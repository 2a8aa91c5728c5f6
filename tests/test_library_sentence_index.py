from __future__ import annotations

from crosslingual.address import LibraryAddress
from crosslingual.library import ArticleEntry, Library
from tests.helpers.library_samples import article, put


def test_entries_are_articles_without_their_texts(library_address: LibraryAddress) -> None:
    first = article(["One.", "Two."], source="a", date="2024-05-16", title="T")
    second = article(["三。"], lang="zh", source="b")
    with Library(library_address) as library:
        put(library, first, second)
        assert library.lookup.article_entries() == [
            ArticleEntry(first.id, "a", "en", "2024-05-16", "T", "", 2),
            ArticleEntry(second.id, "b", "zh", "", "", "", 1),
        ]
        library.remove_articles([first.id])
        assert [entry.article for entry in library.lookup.article_entries()] == [second.id]


def test_sentences_come_by_their_places_and_what_is_not_there_is_left_out(
    library_address: LibraryAddress,
) -> None:
    one = article(["One.", "Zwei 😀 двa.", "三。"])
    with Library(library_address) as library:
        put(library, one)
        held = library.load_sentences([one.id])[one.id]
        marks = [(one.id, 2), (one.id, 1), (one.id, 3), (one.id, -1), ("nowhere", 0)]
        assert library.lookup.sentences_at(marks) == {(one.id, 2): held[2], (one.id, 1): held[1]}
        assert library.lookup.sentences_at([]) == {}
