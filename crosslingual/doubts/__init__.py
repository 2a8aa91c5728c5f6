"""What is doubtful about a translation, told from the sentence, its translation and their cosine.

A doubt is a code, with what it is about behind a colon: ``numbers:1,500 is missing``. ``words`` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crosslingual.doubts import named, shape, values
from crosslingual.doubts.limits import limits, out_of_range
from crosslingual.types import FloatArray

WORDS = {
    "repetition": "repeats itself",
    "copied": "partly left untranslated",
    "length": "unusual length",
    "numbers": "numbers differ",
    "names": "names missing",
    "meaning": "may say something else",
}
"""What each code says to a person."""

_DETAIL = 60
_MOST = 3


def doubts(
    src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str, cosines: FloatArray | None = None
) -> list[tuple[str, ...]]:
    """Of each translated sentence what is doubtful, in the order of ``WORDS``.

    Args:
        src: sentences.
        tgt: their translations.
        src_lang: ISO 639-1 code. Names and numbers in words are known in Chinese, Russian, Ukrainian,
            English, German and French; of others, only what needs no knowledge of the language.
        tgt_lang: as above.
        cosines: (n,) of each sentence and its translation, as the function of this name gives them; without,
            meaning is not doubted.
    """
    near = [None] * len(src) if cosines is None else [float(cosine) for cosine in cosines]
    return [
        tuple(_shortened(doubt) for doubt in _doubts(one, other, src_lang, tgt_lang, cosine))
        for one, other, cosine in zip(src, tgt, near, strict=True)
    ]


def cosines(src: FloatArray, tgt: FloatArray) -> FloatArray:
    """Cosine (n,) of each sentence and its translation, from vectors (n, d) of length 1 of both sides.

    Vectors are to be centred, each side by its language (``Space.centred``): the limits are for those.
    """
    import numpy as np

    return np.asarray(np.einsum("nd,nd->n", src, tgt), dtype=np.float32)


def words(doubt: str) -> str:
    """A doubt for a person to read: ``numbers differ: 1,500 is missing``."""
    code, _, detail = doubt.partition(":")
    said = WORDS.get(code, code)
    return f"{said}: {detail}" if detail else said


def _doubts(src: str, tgt: str, src_lang: str, tgt_lang: str, cosine: float | None) -> Iterator[str]:
    if src_lang == tgt_lang or not src.strip():
        return
    if not tgt.strip():
        yield "length:empty"
        return
    again = shape.repetition(tgt)
    if again and not shape.repetition(src):
        yield f"repetition:{again}"
    if left := shape.copied(src, tgt, src_lang, tgt_lang):
        yield f"copied:{left}"
    usual = limits(src_lang, tgt_lang)
    if off := out_of_range(src, tgt, usual):
        yield f"length:{'too long' if off > 0 else 'too short'}"
    gone = values.lost(src, tgt, src_lang, tgt_lang)
    new = values.lost(tgt, src, tgt_lang, src_lang)
    if gone or new:
        yield f"numbers:{'; '.join((*_each(gone, 'missing'), *_each(new, 'added')))}"
    if gone := named.lost(src, tgt, src_lang, tgt_lang):
        yield f"names:{', '.join(gone[:_MOST])}"
    if cosine is not None and not cosine >= usual.cosine:  # nor is nan
        yield "meaning"


def _each(numbers: Sequence[str], what: str) -> Iterator[str]:
    if numbers:
        yield f"{', '.join(numbers[:_MOST])} {what}"


def _shortened(doubt: str) -> str:
    text = " ".join(doubt.split())
    return text if len(text) <= _DETAIL else f"{text[: _DETAIL - 1]}…"
