"""How likely bytes are a text in some encoding: each reading is weighed by how the languages write.

A reading is scored by the logarithm of its probability under simple models: letters by how frequent they
are in Russian and Ukrainian, accented letters in Western European languages, Chinese characters by the
levels of GB 2312 and Big5, which were drawn up by frequency. What stands beside a letter counts too:
Cyrillic next to Latin letters, small letters before capitals, and accents in a row are signs of misreading.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache

from crosslingual.language.scripts import HAN, is_han

_SPACE_LOGPROB, _LETTER_LOGPROB, _MARK_LOGPROB = -2.0, -3.3, -4.5  # of ASCII
_CONTROL_LOGPROB, _RARE_LOGPROB, _RARE_HAN_LOGPROB = -20.0, -11.0, -12.0

_PUNCTUATION = "«»“”‘’„–—…€°§©·№\xa0®™•‹›½"
_HAN_PUNCTUATION = "，。、：；？！“”‘’（）《》【】—…·「」『』〈〉　％"
_RUSSIAN_LETTERS = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
_UKRAINIAN_LETTERS = "оанивітерскдлупмязьбгчйхїєцжюшщфґ"
_ACCENTED_LETTERS = "éäüößàèçêœâáíóôîûùñïëúæåøãõìò¿¡ÿ"
# The most frequent characters of modern Chinese texts, in both scripts.
_FREQUENT_HAN = (
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而"
    "能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长民新外间关进政部理"
    "這來國個說們為時會過學對裡後麼沒於還發當無開見經頭動兩長間關進"
)

_CYRILLIC_WORD = re.compile("[\u0400-\u04ff]+")
_MIXED_SCRIPTS = re.compile(f"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|[a-z][{HAN}][a-z]")
_BROKEN_CASE = re.compile("[а-яёіїєґ][А-ЯЁІЇЄҐ]")
_ADJACENT_ACCENTS = re.compile("(?=[\u00c0-\u00ff]{2})")
_SYMBOL_INSIDE = re.compile("[^\\W\\d_][°©®™№½€¿¡][^\\W\\d_]")
_LATIN_LETTERS = re.compile("[A-Za-z]")
_MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|</?[a-zA-Z!][^<>]{0,2000}>", re.DOTALL | re.IGNORECASE)

Model = Callable[[str], float]


def text_log_probability(text: str) -> float:
    """Logarithm of the probability of ``text`` under the language that fits it best; markup is left out."""
    if "</" in text or "/>" in text:
        text = _MARKUP.sub("", text)
    counts = Counter(text)
    features = _score_anomalies(text)
    latin = 0.3 * min(20, len(_LATIN_LETTERS.findall(text)))
    return features + max(
        sum(count * _char_log_probability(char, table, other) for char, count in counts.items())
        - (0 if name == "latin" else latin)
        for name, (table, other) in _char_models().items()
    )


def _score_anomalies(text: str) -> float:
    score = -4.0 * len(_MIXED_SCRIPTS.findall(text)) - 2.0 * len(_ADJACENT_ACCENTS.findall(text))
    score -= 3.0 * len(_SYMBOL_INSIDE.findall(text))
    for word in _CYRILLIC_WORD.findall(text):
        if word.islower():
            continue
        score -= 1.5 if word[1:].islower() or len(word) == 1 else 3.0
        score -= 3.0 * len(_BROKEN_CASE.findall(word))
    return score


def _char_log_probability(char: str, table: Mapping[str, float], default: float) -> float:
    if char < "\x80":
        if char in " \t\r\n":
            return _SPACE_LOGPROB
        return (
            _LETTER_LOGPROB if char.isalpha() else _MARK_LOGPROB if " " < char < "\x7f" else _CONTROL_LOGPROB
        )
    if char in table:
        return table[char]
    lower = char.lower()
    if lower in table:
        return table[lower]
    return default if char.isalpha() and "\u0370" <= char < "\ue000" else _default_log_probability(char)


def _default_log_probability(char: str) -> float:
    if char in _PUNCTUATION:
        return -7.0
    if is_han(char) or "\uff00" <= char <= "\uffef":
        return _RARE_HAN_LOGPROB
    return _RARE_LOGPROB if char.isprintable() else _CONTROL_LOGPROB


@cache
def _char_models() -> dict[str, tuple[dict[str, float], float]]:
    """Tables of log probabilities, and what a letter of another script than Latin has that is in none."""
    marks = _uniform_model(_PUNCTUATION, 0.1)
    return {
        "latin": (
            _ranked_model(_ACCENTED_LETTERS, 0.75, 5) | _uniform_model(_PUNCTUATION, 0.25),
            _RARE_HAN_LOGPROB,
        ),
        "ru": (_ranked_model(_RUSSIAN_LETTERS, 0.9, 10) | marks, _RARE_HAN_LOGPROB),
        "uk": (_ranked_model(_UKRAINIAN_LETTERS, 0.9, 10) | marks, _RARE_HAN_LOGPROB),
        "hans": (_han_model(_level_chars("gb2312", range(0xB0, 0xD8))), _RARE_HAN_LOGPROB),
        "hant": (_han_model(_level_chars("big5", range(0xA4, 0xC7))), _RARE_HAN_LOGPROB),
        "ja": (
            _uniform_model(_level_chars("shift_jis", range(0x88, 0x99)), 0.3)
            | _uniform_model(_kana_chars(), 0.6),
            _RARE_HAN_LOGPROB,
        ),
        "ko": (_uniform_model(_level_chars("euc_kr", range(0xB0, 0xC9)), 0.9), _RARE_HAN_LOGPROB),
        # Languages that are only thought of where the file names their encoding.
        "el": (_ranked_model("αοιετσνηυρπκμλςωδγχθφβξζψάίόέύήώϊϋΐΰ", 0.9, 10) | marks, _RARE_HAN_LOGPROB),
        "ar": (_ranked_model("اليمونترةبعدسفهكقحجأشطصخذضزثغىئإءظؤآ،؟", 0.95, 10) | marks, _RARE_HAN_LOGPROB),
        "he": (_ranked_model("יולאהתרבשמנעדחקפסגטזכצםןףץך", 0.95, 10) | marks, _RARE_HAN_LOGPROB),
        "th": ({chr(code): -4.2 for code in range(0xE00, 0xE60)}, _RARE_HAN_LOGPROB),
        "central": (
            _ranked_model("ąćęłńóśźżáčďéěíňřšťúůýžőűăâîșțşţğıćđ", 0.8, 12) | marks,
            _RARE_HAN_LOGPROB,
        ),
    }


def _han_model(level_chars: str) -> dict[str, float]:
    table = _uniform_model(level_chars, 0.45) | _uniform_model(_HAN_PUNCTUATION, 0.1)
    return table | {char: math.log(0.45 / len(_FREQUENT_HAN)) for char in _FREQUENT_HAN if char in table}


def _kana_chars() -> str:
    return "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC, 0x3001, 0x3002)))


def _uniform_model(chars: str, mass: float) -> dict[str, float]:
    return {char: math.log(mass / len(chars)) for char in chars}


def _ranked_model(chars: str, mass: float, decay_ranks: int) -> dict[str, float]:
    """Each as much rarer than the one before as makes a factor of e over so many ``decay_ranks``."""
    weights = [math.exp(-rank / decay_ranks) for rank in range(len(chars))]
    return {char: math.log(mass * weight / sum(weights)) for char, weight in zip(chars, weights, strict=True)}


def _level_chars(codec: str, lead_bytes: range) -> str:
    """The characters of an East Asian set whose first byte is one of ``lead_bytes``."""
    pairs = (
        bytes((lead, trail)).decode(codec, "ignore") for lead in lead_bytes for trail in range(0x40, 0xFF)
    )
    return "".join(dict.fromkeys(char for char in pairs if len(char) == 1 and char > "\x7f"))
