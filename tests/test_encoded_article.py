from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from crosslingual.align.encoded_article import load_centered_vectors, load_encoded_article
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library
from crosslingual.types import Article, Source
from tests.helpers.doubles import flat_space


def test_each_sentence_stands_where_its_own_language_does(tmp_path: Path) -> None:
    flat = flat_space("letters@1", 4)
    english = np.array([0.5, 0, 0, 0], np.float32)
    space = replace(flat, language_means={"en": english, "de": np.zeros(4, np.float32)})
    article = Article("one", "de", "Er kam. He came.")
    own = [replace(one, lang="en" if one.index else "") for one in split_sentences(article)]
    rows = np.full((2, 4), 0.5, np.float32)
    packed = [flat.tokens.pack(row[None], np.ones(1, np.float32)) for row in rows]
    with Library(tmp_path) as library:
        library.put_sources([Source("one", "One")])
        library.add_articles(
            [(article, own)], flat.model, [one.text for one in own], rows, {flat.tokens.key: packed}
        )
        found = load_centered_vectors(library, space, article, own)
        telling = load_encoded_article(library, space, article, own)
    np.testing.assert_allclose(found[0], [0.5] * 4, atol=1e-3)
    np.testing.assert_allclose(found[1], [0, *([3**-0.5] * 3)], atol=1e-3)
    np.testing.assert_array_equal(telling.vectors, found)
    assert (telling.source, telling.lang, telling.texts) == ("one", "de", ["Er kam.", "He came."])
    assert len(telling.tokens) == 2
