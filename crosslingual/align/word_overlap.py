"""How many words two sentences of one language share, by how rare these are in the event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from crosslingual.align.event_coverage import Indices
from crosslingual.language.tokenize import word_forms
from crosslingual.types import FloatArray

UNKNOWN_OVERLAP = -1.0
"""Of sentences in two languages."""


def measure_word_overlap(
    texts: Sequence[str], langs: Sequence[str], rows: Indices, columns: Indices
) -> dict[str, FloatArray]:
    """Of pairs of sentences ``rows`` and ``columns`` (p,): weight of the words that both have.

    A word weighs log(1 + s / n) where n of s ``texts`` have it (inverse document frequency, Spärck Jones
    1972). Four features (p,): the weight of what is shared, its share of the sentence with less and with more
    weight, and the weight of the rarest word that both have; ``UNKNOWN_OVERLAP`` in two languages.
    """
    words = [{forms[-1] for forms in word_forms(text, lang)} for text, lang in zip(texts, langs, strict=True)]
    counts = Counter(word for own in words for word in own)
    weight = {word: float(np.log1p(len(texts) / count)) for word, count in counts.items()}
    total = np.array([sum(weight[word] for word in own) for own in words], dtype=np.float32)
    shared, rarest = np.full((2, len(rows)), UNKNOWN_OVERLAP, dtype=np.float32)
    for pair, (one, other) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        if langs[one] == langs[other]:
            both = [weight[word] for word in words[one] & words[other]]
            shared[pair], rarest[pair] = sum(both), max(both, default=0.0)
    known = shared > UNKNOWN_OVERLAP
    less, more = np.minimum(total[rows], total[columns]), np.maximum(total[rows], total[columns])
    return {
        "words shared": shared,
        "words of less": np.where(known, shared / np.maximum(less, 1e-6), UNKNOWN_OVERLAP),
        "words of more": np.where(known, shared / np.maximum(more, 1e-6), UNKNOWN_OVERLAP),
        "rarest word": rarest,
    }
