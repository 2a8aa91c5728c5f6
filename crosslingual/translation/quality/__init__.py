"""What is doubtful about a translation, told from the sentence, its translation and their cosine.

A doubt is a code, with what it is about behind a colon: ``numbers:1,500 is missing``. ``format_issue`` shows
it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crosslingual.translation.quality import (
    names,
    repetition,
    values,
)
from crosslingual.translation.quality.limits import find_limits, length_out_of_range
from crosslingual.types import FloatArray

ISSUE_LABELS = {
    "repetition": "repeats itself",
    "copied": "partly left untranslated",
    "length": "unusual length",
    "numbers": "numbers differ",
    "names": "names missing",
    "meaning": "may say something else",
}
"""What each code says to a person."""

_MAX_DETAIL_CHARS = 60
_MAX_LISTED = 3


def find_issues(
    src: Sequence[str], tgt: Sequence[str], src_lang: str, tgt_lang: str, cosines: FloatArray | None = None
) -> list[tuple[str, ...]]:
    """Of each translated sentence what is doubtful, in the order of ``ISSUE_LABELS``.

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
        tuple(
            _shorten_issue(doubt) for doubt in _find_sentence_issues(one, other, src_lang, tgt_lang, cosine)
        )
        for one, other, cosine in zip(src, tgt, near, strict=True)
    ]


def translation_cosines(src: FloatArray, tgt: FloatArray) -> FloatArray:
    """Cosine (n,) of each sentence and its translation, from vectors (n, d) of length 1 of both sides.

    Vectors are to be centred, each side by its language (``Space.center_vectors``): the limits are for those.
    """
    import numpy as np

    return np.asarray(np.einsum("nd,nd->n", src, tgt), dtype=np.float32)


def format_issue(issue: str) -> str:
    """A doubt for a person to read: ``numbers differ: 1,500 is missing``."""
    code, _, detail = issue.partition(":")
    said = ISSUE_LABELS.get(code, code)
    return f"{said}: {detail}" if detail else said


def _find_sentence_issues(
    src: str, tgt: str, src_lang: str, tgt_lang: str, cosine: float | None
) -> Iterator[str]:
    if src_lang == tgt_lang or not src.strip():
        return
    if not tgt.strip():
        yield "length:empty"
        return
    again = repetition.find_repetition(tgt)
    if again and not repetition.find_repetition(src):
        yield f"repetition:{again}"
    if left := repetition.find_untranslated_span(src, tgt, src_lang, tgt_lang):
        yield f"copied:{left}"
    usual = find_limits(src_lang, tgt_lang)
    if off := length_out_of_range(src, tgt, usual):
        yield f"length:{'too long' if off > 0 else 'too short'}"
    gone = values.missing_numbers(src, tgt, src_lang, tgt_lang)
    new = values.missing_numbers(tgt, src, tgt_lang, src_lang)
    if gone or new:
        yield f"numbers:{'; '.join((*_format_numbers(gone, 'missing'), *_format_numbers(new, 'added')))}"
    if gone := names.missing_names(src, tgt, src_lang, tgt_lang):
        yield f"names:{', '.join(gone[:_MAX_LISTED])}"
    if cosine is not None and not cosine >= usual.min_cosine:  # nor is nan
        yield "meaning"


def _format_numbers(numbers: Sequence[str], verdict: str) -> Iterator[str]:
    if numbers:
        yield f"{', '.join(numbers[:_MAX_LISTED])} {verdict}"


def _shorten_issue(issue: str) -> str:
    text = " ".join(issue.split())
    return text if len(text) <= _MAX_DETAIL_CHARS else f"{text[: _MAX_DETAIL_CHARS - 1]}…"
