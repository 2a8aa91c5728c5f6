"""Whether a search index holds what its library holds, and making it so."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.library import Library
from crosslingual.search.store import SearchIndex

_SAMPLE = 200
"""Sentences whose vectors are compared with the library's."""
_SAME = 0.99


def examine(library: Library, index: SearchIndex, space: Space) -> list[str]:
    """What is wrong with the index as it lies on disk, in words; nothing is changed.

    Every file is read and checked against its digest, every article against the library's, and the vectors
    of some sentences against theirs.
    """
    try:
        problems = index.damage()
        if problems:
            return problems
        with index.as_it_is() as view:
            held = {entry.article: entry for entry in view.entries}
            now = {entry.article: entry for entry in library.places.entries()}
            missing, gone = len(now.keys() - held.keys()), len(held.keys() - now.keys())
            other = sum(held[article] != now[article] for article in held.keys() & now.keys())
            told = (
                (missing, "not in it"),
                (gone, "in it no longer in the library"),
                (other, "changed since"),
            )
            problems = [f"{count:,} articles {what}" for count, what in told if count]
            live = np.flatnonzero(view.live)
            if len(live) and not problems:
                numbers = live[
                    np.linspace(0, len(live) - 1, min(len(live), _SAMPLE)).astype(np.intp)
                ].tolist()
                found = view.vectors(numbers)
                marks = [view.mark(number) for number in numbers]
                sentences = library.places.at(marks)
                kept = [place for place, mark in enumerate(marks) if mark in sentences]
                langs = [sentences[marks[place]].lang or view.entry(numbers[place]).lang for place in kept]
                plain = library.vectors(space.model, [sentences[marks[place]].text for place in kept])
                mapped = space.mapped_each(plain, langs)
                same = (np.einsum("nd,nd->n", mapped, found[kept]) >= _SAME).tolist()
                if not all(same):
                    problems.append(f"{same.count(False)} of {len(same)} vectors are not the library's")
    except (OSError, sqlite3.Error, LibraryError, IndexError, ValueError) as error:
        return [f"cannot be read ({error})"]
    return problems


def mend(index: SearchIndex, problems: Sequence[str]) -> None:
    """Make the index anew where there are problems; compress what has grown.

    Raises:
        VectorsMissingError: sentences have no vectors of this encoder.
        LibraryError: it can be neither read nor made anew.
    """
    if problems:
        index.renew()
    with index.reading():
        pass
    index.settle()
