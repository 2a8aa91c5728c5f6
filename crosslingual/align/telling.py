"""An article of the library as alignment sees it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crosslingual.align.judge import Judge, Judged
from crosslingual.align.matching import Telling
from crosslingual.align.space import Space
from crosslingual.library import Library
from crosslingual.types import Article, FloatArray, Sentence


def centred_vectors(library: Library, space: Space, article: Article, own: Sequence[Sentence]) -> FloatArray:
    """(n, d): where n sentences of ``article`` stand in ``space``, each in its own language.

    Raises:
        LibraryError: the library lacks vectors of the space's model.
    """
    vectors = library.vectors(space.model, [sentence.text for sentence in own])
    langs = [sentence.lang or article.lang for sentence in own]
    for lang in set(langs):
        rows = np.array([one == lang for one in langs])
        vectors[rows] = space.centred(vectors[rows], lang)
    return vectors


def telling_of(
    library: Library, space: Space, article: Article, own: Sequence[Sentence], judge: Judge | None = None
) -> Telling:
    """``article`` with its sentences, ``own``, each in the place that ``space`` has for its own language.

    With ``judge``, also as that sees them.

    Raises:
        LibraryError: the library lacks vectors or tokens of the space's model, or what the judge sees.
    """
    texts = [sentence.text for sentence in own]
    tokens = [
        space.tokens.unpack(packed, sentence.lang or article.lang)
        for packed, sentence in zip(library.tokens(space.tokens.key, texts), own, strict=True)
    ]
    judged: tuple[Judged, ...] = ()
    if judge:
        judged = tuple(
            judge.unpack(packed, sentence.lang or article.lang)
            for packed, sentence in zip(library.tokens(judge.key, texts), own, strict=True)
        )
    vectors = centred_vectors(library, space, article, own)
    return Telling(article.source, article.lang, texts, vectors, tokens, judged)
