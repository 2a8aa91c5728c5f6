"""Articles that name someone or something, typed in any script."""

from __future__ import annotations

from crosslingual.search.keyword import find_full_matches
from crosslingual.search.protocol import LibraryIndex
from crosslingual.search.query import parse_query


def find_naming_articles(index: LibraryIndex, name: str) -> frozenset[str]:
    """The ids of the articles that have all words of ``name``, in any form, or name it in another script.

    Raises:
        InputError: there are no words in it, or too many.
        LibraryError: the index can be neither read nor made anew.
    """
    query = parse_query(name)
    with index.open_snapshot() as view:
        places = view.locate_sentences(find_full_matches(view, query, None))
        return frozenset(entry.article for entry, _ in places.values())
