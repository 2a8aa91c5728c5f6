"""Whether a search index holds what its library holds, and making it so."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from crosslingual.align.space import Space
from crosslingual.errors import LibraryError
from crosslingual.library import Library
from crosslingual.library.database import error_reason, is_no_damage
from crosslingual.search.protocol import LibraryIndex

_SAMPLE_SENTENCES = 200
"""Sentences whose vectors are compared with the library's."""
_MIN_SAME_COSINE = 0.99


def find_problems(library: Library, index: LibraryIndex, space: Space) -> list[str]:
    """What is wrong with the index as it lies on disk, in words; nothing is changed.

    Every file is read and checked against its digest, every article against the library's, and the vectors
    of some sentences against theirs.
    """
    try:
        problems = index.find_damage()
        if problems:
            return problems
        with index.open_without_update() as view:
            held = {entry.article: entry for entry in view.article_entries()}
            now = {entry.article: entry for entry in library.lookup.article_entries()}
            missing, gone = len(now.keys() - held.keys()), len(held.keys() - now.keys())
            other = sum(held[article] != now[article] for article in held.keys() & now.keys())
            told = (
                (missing, "not in it"),
                (gone, "in it no longer in the library"),
                (other, "changed since"),
            )
            problems = [f"{count:,} articles {what}" for count, what in told if count]
            numbers = view.sample_numbers(_SAMPLE_SENTENCES)
            if numbers and not problems:
                found = view.load_vectors(numbers)
                places = view.locate_sentences(numbers)
                marks = [(entry.article, index) for entry, index in (places[number] for number in numbers)]
                sentences = library.lookup.sentences_at(marks)
                kept = [place for place, mark in enumerate(marks) if mark in sentences]
                langs = [sentences[marks[place]].lang or places[numbers[place]][0].lang for place in kept]
                plain = library.load_vectors(space.model, [sentences[marks[place]].text for place in kept])
                mapped = space.project_by_language(plain, langs)
                same = (np.einsum("nd,nd->n", mapped, found[kept]) >= _MIN_SAME_COSINE).tolist()
                if not all(same):
                    problems.append(f"{same.count(False)} of {len(same)} vectors are not the library's")
    except sqlite3.Error as error:
        if is_no_damage(error):
            raise LibraryError(f"{index.name}: {error_reason(error)}") from None
        return [f"cannot be read ({error})"]
    except (OSError, LibraryError, IndexError, ValueError) as error:
        return [f"cannot be read ({error})"]
    return problems


def repair_index(index: LibraryIndex, problems: Sequence[str]) -> None:
    """Make the index anew where there are problems; compress what has grown.

    Raises:
        VectorsMissingError: sentences have no vectors of this encoder.
        LibraryError: it can be neither read nor made anew.
    """
    if problems:
        index.rebuild()
    with index.open_snapshot():
        pass
    index.compact()
