"""Lengths and cosines of human translations, by pair of languages, and what lies outside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosslingual.language.scripts import EAST_ASIAN_CHAR
from crosslingual.types import FloatArray

_LETTERS_PER_WIDE_CHAR = 2.7
"""Latin letters that say as much as one Chinese character does."""


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Of a pair: the usual logarithm of target by source length, how far it may be off, the least cosine.

    ``extra_log_ratio`` is how much the logarithm may be above the usual one besides.
    """

    log_ratio: float
    max_deviation: float
    min_cosine: float
    extra_log_ratio: float = 0.0


def text_length(text: str) -> float:
    """Letters and signs, spaces aside; a Chinese character counts as several."""
    plain = "".join(text.split())
    return len(plain) + (_LETTERS_PER_WIDE_CHAR - 1) * len(EAST_ASIAN_CHAR.findall(plain))


def length_deviation(src: str, tgt: str, log_ratio: float) -> float:
    """How far the length of ``tgt`` is off, in units in which short and long sentences spread alike.

    The spread of the logarithm of the ratio falls with the root of the length to a rest that stays.
    """
    ours, theirs = text_length(src), text_length(tgt)
    if not ours or not theirs:
        return 0.0 if ours == theirs else math.copysign(math.inf, theirs - ours)
    return (math.log(theirs / ours) - log_ratio) / (0.1 + 1 / math.sqrt(min(ours, theirs)))


def length_out_of_range(src: str, tgt: str, pair_limits: QualityLimits) -> int:
    """Whether ``tgt`` is longer than it may be (1), shorter (-1) or neither (0)."""
    if length_deviation(src, tgt, pair_limits.log_ratio) < -pair_limits.max_deviation:
        return -1
    return int(
        length_deviation(src, tgt, pair_limits.log_ratio + pair_limits.extra_log_ratio)
        > pair_limits.max_deviation
    )


def find_limits(src_lang: str, tgt_lang: str) -> QualityLimits:
    """Those of a pair of languages; wide ones where the pair is not known."""
    one, other = sorted((src_lang, tgt_lang))
    found = _LIMITS_BY_PAIR.get(f"{one}-{other}", _DEFAULT_LIMITS)
    ratio = found.log_ratio if src_lang == one else -found.log_ratio
    return replace(
        found, log_ratio=ratio, extra_log_ratio=_EXTRA_LOG_RATIO.get(src_lang, _DEFAULT_EXTRA_LOG_RATIO)
    )


_EXTRA_LOG_RATIO, _DEFAULT_EXTRA_LOG_RATIO = {"en": 0.0, "zh": 0.42}, 0.18
"""NTREX was written in English, and translations are wordier than originals, those out of Chinese most: how
much the Chinese, Russian and Ukrainian news of ``corpora/demo`` grow beyond it when translated."""
_DEFAULT_LIMITS = QualityLimits(0.0, 3.0, 0.3)
_LIMITS_BY_PAIR = {
    "de-en": QualityLimits(-0.20, 1.8, 0.47),
    "de-fr": QualityLimits(-0.03, 2.1, 0.42),
    "de-ru": QualityLimits(-0.07, 2.4, 0.41),
    "de-uk": QualityLimits(-0.13, 2.4, 0.33),
    "de-zh": QualityLimits(-0.23, 2.6, 0.29),
    "en-fr": QualityLimits(0.17, 1.9, 0.46),
    "en-ru": QualityLimits(0.13, 2.1, 0.41),
    "en-uk": QualityLimits(0.08, 2.1, 0.33),
    "en-zh": QualityLimits(-0.02, 2.3, 0.29),
    "fr-ru": QualityLimits(-0.04, 2.4, 0.41),
    "fr-uk": QualityLimits(-0.09, 2.3, 0.33),
    "fr-zh": QualityLimits(-0.19, 2.5, 0.27),
    "ru-uk": QualityLimits(-0.05, 2.5, 0.38),
    "ru-zh": QualityLimits(-0.16, 2.7, 0.29),
    "uk-zh": QualityLimits(-0.11, 2.7, 0.29),
}
"""Of NTREX, where 99 of 100 human translations are of such a length, and 995 of 1000 of such a cosine, as
``crosslingual evaluate quality`` prints them for its files; the cosines are those of multilingual-e5-small."""


def fit_limits(src: Sequence[str], tgt: Sequence[str], cosines: FloatArray) -> QualityLimits:
    """Limits within which nearly all human translations lie: sentences, translations, cosines (n,).

    One in 100 has another length, one in 200 a lower cosine.
    """
    import numpy as np

    pairs = [(one, other) for one, other in zip(src, tgt, strict=True) if one.strip() and other.strip()]
    ratio = float(np.median([math.log(text_length(other) / text_length(one)) for one, other in pairs]))
    off = np.quantile([abs(length_deviation(*pair, ratio)) for pair in pairs], 0.99)
    return QualityLimits(round(ratio, 2), round(float(off), 1), round(float(np.quantile(cosines, 0.005)), 2))
