"""Vectors, words and what is asked of words, as PostgreSQL and its extension pgvector take them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice

import numpy as np

from crosslingual.library.postgres_session import PackedValue, escape_text
from crosslingual.search.expressions import AnyOf, Column, WordExpression, Words
from crosslingual.types import FloatArray

MAX_TERM_BYTES = 500
"""Bytes of a term; longer ones are cut, in what is stored and in what is asked."""
MAX_SENTENCE_TERMS = 20_000
"""Terms of a sentence that are stored; only a text without any full stop has more."""
MAX_SENTENCE_BYTES = 700_000
"""Bytes of these, with their places; a ``tsvector`` holds a megabyte."""
_COLUMN_LETTERS: dict[Column, str] = {"said": "s", "heard": "h"}


def pack_vector(vector: FloatArray) -> PackedValue:
    """A vector (d,) as the type ``halfvec`` is sent."""
    return PackedValue(struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes())


def unpack_vectors(rows: Sequence[bytes], dimensions: int) -> FloatArray:
    """Vectors (n, d) as the server sends them."""
    content = b"".join(bytes(row)[4:] for row in rows)
    return np.frombuffer(content, ">f2").reshape(len(rows), dimensions).astype(np.float32)


def make_term(column: Column, form: str) -> str:
    """The term by which a form in a column is stored and asked."""
    term = _COLUMN_LETTERS[column] + form.replace("\0", " ")
    return term.encode(errors="replace")[:MAX_TERM_BYTES].decode(errors="ignore")


def list_terms(said: str, heard: str) -> dict[str, list[int]]:
    """The terms of a sentence, with the places of what is heard, counted from 1; of what is said none is asked."""
    terms: dict[str, list[int]] = {}
    for form in said.split(" "):
        if form:
            terms[make_term("said", form)] = []
    for place, key in enumerate(heard.split(" "), 1):
        if key:
            terms.setdefault(make_term("heard", key), []).append(place)
    sizes = accumulate(
        len(term.encode()) + 4 + 2 * min(len(places), _MAX_PLACES_PER_TERM) for term, places in terms.items()
    )
    n_fitting = sum(size <= MAX_SENTENCE_BYTES for size in sizes)
    return dict(islice(terms.items(), min(n_fitting, MAX_SENTENCE_TERMS)))


_MAX_PLACE, _MAX_PLACES_PER_TERM = 16_383, 255


def pack_terms(terms: dict[str, list[int]]) -> PackedValue:
    """Terms with their places, as the type ``tsvector`` is sent."""
    parts = [struct.pack(">i", len(terms))]
    for term, places in terms.items():
        kept = [place for place in places if place <= _MAX_PLACE][:_MAX_PLACES_PER_TERM]
        parts.append(escape_text(term) + b"\0" + struct.pack(f">H{len(kept)}H", len(kept), *kept))
    return PackedValue(b"".join(parts))


def write_query(expression: WordExpression) -> str:
    """An expression as a ``tsquery``."""
    if isinstance(expression, Words):
        quoted = (_quote_term(make_term(expression.column, form)) for form in expression.forms)
        return f"({' <-> '.join(quoted)})"
    operator = " | " if isinstance(expression, AnyOf) else " & "
    return f"({operator.join(map(write_query, expression.parts))})"


def _quote_term(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def count_terms(sentences: Iterable[dict[str, list[int]]]) -> dict[str, int]:
    """In how many sentences each term stands."""
    counts: dict[str, int] = {}
    for terms in sentences:
        for term in terms:
            counts[term] = counts.get(term, 0) + 1
    return counts
