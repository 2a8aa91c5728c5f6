"""What an index takes in of articles: the mapped vectors of their sentences, their words and names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from crosslingual.align.space import Space
from crosslingual.language.tokenize import word_forms
from crosslingual.library import ArticleEntry, Library
from crosslingual.search.name_keys import join_keys
from crosslingual.types import FloatArray

SENTENCES_PER_CHUNK = 10_000
"""Sentences taken in at once."""


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """An article as an index takes it in: mapped vectors (n, d), words and sounds of its n sentences."""

    entry: ArticleEntry
    vectors: FloatArray
    word_rows: Sequence[tuple[str, str]]


def read_articles(library: Library, space: Space, entries: Sequence[ArticleEntry]) -> list[ArticleWords]:
    """What an index takes in of those of ``entries`` that are still in the library.

    Raises:
        VectorsMissingError: sentences have no vectors of the space's encoder.
    """
    told = library.load_sentences([entry.article for entry in entries])
    texts = [sentence.text for sentences in told.values() for sentence in sentences]
    vectors = (
        library.load_vectors(space.model, texts)
        if texts
        else np.zeros((0, len(space.default_mean)), np.float32)
    )
    start, found = 0, []
    for entry in entries:
        sentences = told.get(entry.article)
        if sentences is None:  # removed while this was under way
            continue
        here = slice(start, start + len(sentences))
        langs = [sentence.lang or entry.lang for sentence in sentences]
        words = [
            (join_word_forms(sentence.text, lang), join_keys(sentence.text, lang))
            for sentence, lang in zip(sentences, langs, strict=True)
        ]
        mapped = space.project_by_language(vectors[here], langs)
        found.append(ArticleWords(replace(entry, n_sentences=len(sentences)), mapped, words))
        start = here.stop
    return found


def chunk_entries(entries: Iterable[ArticleEntry]) -> Iterator[list[ArticleEntry]]:
    """``entries`` in portions that are taken in at once."""
    chunk: list[ArticleEntry] = []
    size = 0
    for entry in entries:
        chunk.append(entry)
        size += entry.n_sentences
        if size >= SENTENCES_PER_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def join_word_forms(text: str, lang: str) -> str:
    """The words of a sentence as the catalogue takes them: all forms, with spaces between."""
    return " ".join(form for forms in word_forms(text, lang) for form in forms)
