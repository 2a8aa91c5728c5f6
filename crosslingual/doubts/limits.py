"""Lengths and cosines of human translations, by pair of languages, and what lies outside."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosslingual.language.scripts import HAN, HANGUL, KANA
from crosslingual.types import FloatArray

_HAN = re.compile(f"[{KANA}{HAN}{HANGUL}]")
_LETTERS = 2.7
"""Latin letters that say as much as one Chinese character does."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of a pair: the usual logarithm of target by source length, how far it may be off, the least cosine.

    ``longer`` is how much the logarithm may be above the usual one besides.
    """

    ratio: float
    off: float
    cosine: float
    longer: float = 0.0


def length(text: str) -> float:
    """Letters and signs, spaces aside; a Chinese character counts as several."""
    plain = "".join(text.split())
    return len(plain) + (_LETTERS - 1) * len(_HAN.findall(plain))


def deviation(src: str, tgt: str, ratio: float) -> float:
    """How far the length of ``tgt`` is off, in units in which short and long sentences spread alike.

    The spread of the logarithm of the ratio falls with the root of the length to a rest that stays.
    """
    ours, theirs = length(src), length(tgt)
    if not ours or not theirs:
        return 0.0 if ours == theirs else math.copysign(math.inf, theirs - ours)
    return (math.log(theirs / ours) - ratio) / (0.1 + 1 / math.sqrt(min(ours, theirs)))


def out_of_range(src: str, tgt: str, usual: Limits) -> int:
    """Whether ``tgt`` is longer than it may be (1), shorter (-1) or neither (0)."""
    if deviation(src, tgt, usual.ratio) < -usual.off:
        return -1
    return int(deviation(src, tgt, usual.ratio + usual.longer) > usual.off)


def limits(src_lang: str, tgt_lang: str) -> Limits:
    """Those of a pair of languages; wide ones where the pair is not known."""
    one, other = sorted((src_lang, tgt_lang))
    found = _PAIRS.get(f"{one}-{other}", _UNKNOWN)
    ratio = found.ratio if src_lang == one else -found.ratio
    return replace(found, ratio=ratio, longer=_LONGER.get(src_lang, _LONGER_ELSE))


_LONGER, _LONGER_ELSE = {"en": 0.0, "zh": 0.42}, 0.18
"""NTREX was written in English, and translations are wordier than originals, those out of Chinese most: how
much the Chinese, Russian and Ukrainian news of ``corpora/demo`` grow beyond it when translated."""
_UNKNOWN = Limits(0.0, 3.0, 0.3)
_PAIRS = {
    "de-en": Limits(-0.20, 1.8, 0.47),
    "de-fr": Limits(-0.03, 2.1, 0.42),
    "de-ru": Limits(-0.07, 2.4, 0.41),
    "de-uk": Limits(-0.13, 2.4, 0.33),
    "de-zh": Limits(-0.23, 2.6, 0.29),
    "en-fr": Limits(0.17, 1.9, 0.46),
    "en-ru": Limits(0.13, 2.1, 0.41),
    "en-uk": Limits(0.08, 2.1, 0.33),
    "en-zh": Limits(-0.02, 2.3, 0.29),
    "fr-ru": Limits(-0.04, 2.4, 0.41),
    "fr-uk": Limits(-0.09, 2.3, 0.33),
    "fr-zh": Limits(-0.19, 2.5, 0.27),
    "ru-uk": Limits(-0.05, 2.5, 0.38),
    "ru-zh": Limits(-0.16, 2.7, 0.29),
    "uk-zh": Limits(-0.11, 2.7, 0.29),
}
"""Of NTREX, where 99 of 100 human translations are of such a length, and 995 of 1000 of such a cosine, as
``crosslingual evaluate doubts`` prints them for its files; the cosines are those of multilingual-e5-small."""


def fit(src: Sequence[str], tgt: Sequence[str], cosines: FloatArray) -> Limits:
    """Limits within which nearly all human translations lie: sentences, translations, cosines (n,).

    One in 100 has another length, one in 200 a lower cosine.
    """
    import numpy as np

    pairs = [(one, other) for one, other in zip(src, tgt, strict=True) if one.strip() and other.strip()]
    ratio = float(np.median([math.log(length(other) / length(one)) for one, other in pairs]))
    off = np.quantile([abs(deviation(*pair, ratio)) for pair in pairs], 0.99)
    return Limits(round(ratio, 2), round(float(off), 1), round(float(np.quantile(cosines, 0.005)), 2))
