"""An article of the library as alignment sees it."""

from __future__ import annotations

from collections.abc import Sequence

from crosslingual.align.judge import Judge
from crosslingual.align.matching import EncodedArticle
from crosslingual.align.pair_coverage import JudgeInput
from crosslingual.align.space import Space
from crosslingual.library import Library
from crosslingual.types import Article, FloatArray, Sentence


def load_centered_vectors(
    library: Library, space: Space, article: Article, sentences: Sequence[Sentence]
) -> FloatArray:
    """(n, d): where n sentences of ``article`` stand in ``space``, each in its own language.

    Raises:
        LibraryError: the library lacks vectors of the space's model.
    """
    vectors = library.load_vectors(space.model, [sentence.text for sentence in sentences])
    langs = [sentence.lang or article.lang for sentence in sentences]
    return space.center_by_language(vectors, langs)


def load_encoded_article(
    library: Library,
    space: Space,
    article: Article,
    sentences: Sequence[Sentence],
    judge: Judge | None = None,
) -> EncodedArticle:
    """``article`` with its sentences, ``sentences``, each in the place that ``space`` has for its own language.

    With ``judge``, also as that sees them.

    Raises:
        LibraryError: the library lacks vectors or tokens of the space's model, or what the judge sees.
    """
    texts = [sentence.text for sentence in sentences]
    tokens = [
        space.tokens.unpack(packed, sentence.lang or article.lang)
        for packed, sentence in zip(library.load_tokens(space.tokens.key, texts), sentences, strict=True)
    ]
    judged: tuple[JudgeInput, ...] = ()
    if judge:
        judged = tuple(
            judge.unpack(packed, sentence.lang or article.lang)
            for packed, sentence in zip(library.load_tokens(judge.key, texts), sentences, strict=True)
        )
    vectors = load_centered_vectors(library, space, article, sentences)
    return EncodedArticle(article.source, article.lang, texts, vectors, tokens, judged)
