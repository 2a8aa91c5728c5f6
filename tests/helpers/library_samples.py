"""Libraries of made-up articles whose vectors hang on nothing but the text: no encoder is needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from crosslingual.align.space import Space
from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.library import Library, OperationDraft
from crosslingual.search import EncodedQuery, Query
from crosslingual.search.reranker import EncodedText
from crosslingual.types import Article, FloatArray, Sentence, Source
from tests.helpers.doubles import flat_space

DIMENSIONS = 16
MODEL = "toy"


def toy_space() -> Space:
    space: Space = flat_space(MODEL, DIMENSIONS)
    return space


def vector(text: str) -> FloatArray:
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
    row = np.random.default_rng(seed).normal(size=(1, DIMENSIONS)).astype(np.float32)
    return np.asarray(normalize_rows(row)[0], np.float32)


def article(
    lines: Sequence[str], lang: str = "en", source: str = "s", date: str = "", title: str = ""
) -> Article:
    return Article(source, lang, "\n".join(lines), title=title, date=date)


def put(
    library: Library,
    *articles: Article,
    langs: Mapping[str, str] = MappingProxyType({}),
    operation: OperationDraft | None = None,
) -> None:
    """Store articles, each line a sentence; ``langs`` are languages of lines in another than theirs."""
    library.put_sources(Source(one.source, one.source.upper(), country="XX") for one in articles)
    batch = []
    for one in articles:
        sentences, start = [], 0
        for index, line in enumerate(one.text.split("\n")):
            sentences.append(Sentence(one.id, index, start, start + len(line), line, langs.get(line, "")))
            start += len(line) + 1
        batch.append((one, sentences))
    texts = list(
        dict.fromkeys(line for one in articles for line in [*one.text.split("\n"), one.title] if line)
    )
    vectors = np.stack([vector(text) for text in texts])
    space = toy_space().tokens
    packed = [space.pack(row[None], np.ones(1, np.float32)) for row in vectors]
    library.add_articles(batch, MODEL, texts, vectors, {space.key: packed}, operation)


def asked(text: str, lang: str = "en") -> EncodedQuery:
    row = vector(text)
    space = toy_space().tokens
    (tokens,) = space.project_states([row[None]], [np.ones(1, np.float32)], lang)
    return EncodedQuery(Query(text, lang), EncodedText(text, lang, row, tokens))
