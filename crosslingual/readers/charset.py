"""How likely bytes are a text in some encoding: each reading is weighed by how languages are written.

A reading is scored by the logarithm of its probability under a model of each language in its script, of which
the best counts: for alphabets, how often a letter follows another in frequent words (the lists of justext); for
Chinese, Japanese and Korean, how frequent characters are. A letter that a language lacks is weighed by the
others, as a name from elsewhere is. What stands in no language costs most.
"""

from __future__ import annotations

import math
import pkgutil
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter, mul

from crosslingual.language.scripts import HAN

# Lists of justext: of alphabets by script, of Latin ones by the encodings that a language was kept in.
_WORD_LISTS = {
    "western": (
        "German French Spanish Portuguese Italian Dutch Danish Swedish Norwegian_Bokmal Finnish Icelandic Catalan"
        " Albanian Indonesian Irish"
    ),
    "central": "Polish Czech Slovak Hungarian Slovenian Croatian Romanian Albanian German",
    "baltic": "Estonian Latvian Lithuanian",
    "turkish": "Turkish",
    "southern": "Maltese Esperanto",
    "vietnamese": "Vietnamese",
    "cyrillic": "Russian Ukrainian Belarusian Bulgarian Macedonian Serbian Kazakh",
    "greek": "Greek",
    "arabic": "Arabic Persian Urdu",
    "hebrew": "Hebrew",
}
_LATIN_REGIONS = ("western", "central", "baltic", "turkish", "southern", "vietnamese")
_MAX_WORDS = 2_000  # of a list, which begins with the most frequent
_RANK_OFFSET = 30  # flattens how much more the first words count
_OWN_SHARE = 0.9  # of a pair of letters, against the second of them alone

_FOREIGN_LOGPROB = -2.0  # nats beside what another language has for it
_UNKNOWN_LOGPROB = -13.0
_CONTROL_LOGPROB, _SYMBOL_LOGPROB, _PUNCTUATION_LOGPROB, _DAMAGE_LOGPROB = -20.0, -12.0, -6.0, -14.0
_CAPITAL_LOGPROB, _BROKEN_CASE_LOGPROB, _SYMBOL_INSIDE_LOGPROB = -1.0, -4.0, -4.0
_MIN_LETTER_LOGPROB, _MIN_IDEOGRAPH_LOGPROB = -5.6, -9.6
"""Nats that a letter, and a character of East Asia, have on average in any text that is read rightly."""

_PUNCTUATION = frozenset(
    "«»“”‘’„–—…€°£§©·№\xa0®•‹›¿¡\xad\u200b\u200c\u200d\u200e\u200f،؛؟٪۔״׳־΄"
    "，。、：；？！（）《》【】「」『』〈〉　％・～"
)
_FREQUENT_HAN = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方"
    "多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情"
    "明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给"
    "世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太"
    "量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "這個們來為國說時會對於過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間問並應戰頭體見產話給門兒東聲員論處義幾認"
    "條係氣題爾別變總電數報結務場計資許統區隊決馬書則聽卻達強難權設類據邊張該規萬覺術領確傳師觀讓識帶導爭運"
)
_FREQUENT_KANA = "のにはをたがでとしてれさるいなこもかっまりらあすうくそきょけだめえよ"
_THAI_WORDS = (
    "ที่ การ ใน และ ของ เป็น มี ได้ ว่า ให้ จะ ไม่ จาก กับ โดย ความ คน ไป มา แล้ว ก็ นี้ อยู่ ต้อง ผู้ หรือ นั้น ซึ่ง วัน ปี ประเทศ"
    " รัฐบาล ไทย ทำ เพื่อ ถึง ตาม เมื่อ ต่อ กัน อย่าง เขา แต่ ด้วย ยัง ขึ้น เรา ทาง ประชาชน กล่าว นาย ตำรวจ เจ้าหน้าที่ เรื่อง เดือน หลัง"
    " ก่อน ใหม่ เมือง จังหวัด กรุงเทพ รัฐมนตรี นายก ประธาน บริษัท ตลาด ราคา ล้าน บาท ข่าว น้ำ ใหญ่ เด็ก ชาย หญิง บ้าน โรงเรียน ศาล พรรค"
    " เลือกตั้ง สหรัฐ จีน โลก ช่วย เพราะ ทั้ง หลาย มาก สามารถ ใช้ รับ ส่ง เปิด ปิด พบ เกิด เหตุ พื้นที่ ภาค เหนือ ใต้ อาทิตย์ จันทร์ ศุกร์"
)

_EAST_ASIAN = re.compile(f"[{HAN}\u3041-\u30ff\uac00-\ud7a3]")
_SCRIPTS = (
    ("asian", _EAST_ASIAN),
    ("cyrillic", re.compile("[\u0400-\u052f]")),
    ("greek", re.compile("[\u0370-\u03ff]")),
    ("arabic", re.compile("[\u0600-\u06ff]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("thai", re.compile("[\u0e00-\u0e7f]")),
)
_CONTROL_CHARS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_NOT_LETTERS = re.compile(f"[^\\w{_MARKS}]+|[\\d_]+")
_BROKEN_CASE = re.compile("[a-zß-öø-ÿа-яё-џα-ώ][A-ZÀ-ÖØ-ÞА-ЯЀ-ЏΑ-Ω]")
_SYMBOL_INSIDE = re.compile(r"(?=[^\W\d_][^\w\s\x00-\x7f’\xad\u0300-\u036f\u200b-\u200d·][^\W\d_])")


class _LanguageModel(dict[str, float]):
    """Log probabilities of the second of two characters after the first; ``letters`` are those of one alone."""

    def __init__(self, pairs: dict[str, float], letters: dict[str, float]) -> None:
        super().__init__(pairs)
        self.letters = letters

    def __missing__(self, pair: str) -> float:
        own = self.letters.get(pair[1], _UNKNOWN_LOGPROB)
        found = self[pair] = max(own, _foreign_log_probability(pair))
        return found


@dataclass(frozen=True, slots=True)
class ReadingScore:
    """How probable a reading is, in nats, and whether any language is written like that at all."""

    log_probability: float
    is_plausible: bool


def score_reading(text: str, region: str = "") -> ReadingScore:
    """How likely ``text`` is what somebody wrote, in the language that fits it best.

    Args:
        text: as one encoding has it.
        region: where this encoding is used, if it is of Latin letters: western, central, baltic, turkish,
            southern or vietnamese; empty for anywhere.
    """
    text = unicodedata.normalize("NFC", text)
    pairs = Counter(map(str.__add__, *_shifted(_NOT_LETTERS.sub(" ", text.lower()))))
    counts = list(pairs.values())
    by_model = [
        (sum(map(mul, counts, map(model.__getitem__, pairs))), model)
        for model in _candidate_models(text, region)
    ]
    best, model = max(by_model, key=itemgetter(0))
    marked = [(pair, count, model[pair]) for pair, count in pairs.items() if not pair.isascii()]
    return ReadingScore(best + _score_symbols(text), _is_plausible(marked, text))


def _shifted(text: str) -> tuple[str, str]:
    return f" {text}", f"{text} "


def _is_plausible(marked: Iterable[tuple[str, int, float]], text: str) -> bool:
    """Whether letters beyond ASCII stand as they do in some language, and what is no letter is rare."""
    asian = [(count, score) for pair, count, score in marked if _EAST_ASIAN.match(pair[1])]
    others = [(count, score) for pair, count, score in marked if not _EAST_ASIAN.match(pair[1])]
    for scores, least in ((asian, _MIN_IDEOGRAPH_LOGPROB), (others, _MIN_LETTER_LOGPROB)):
        total = sum(count for count, _ in scores)
        if total >= 4 and sum(count * score for count, score in scores) < least * total:
            return False
    return len(_CONTROL_CHARS.findall(text)) * 50 <= len(text)


def _score_symbols(text: str) -> float:
    """What stands between letters, and how capitals stand."""
    score = _BROKEN_CASE_LOGPROB * len(_BROKEN_CASE.findall(text))
    score += _SYMBOL_INSIDE_LOGPROB * len(_SYMBOL_INSIDE.findall(text))
    for char, count in Counter(text).items():
        if char.isalpha():
            score += count * _CAPITAL_LOGPROB * char.isupper()
        elif char == "\N{REPLACEMENT CHARACTER}":
            score += count * _DAMAGE_LOGPROB
        elif char in _PUNCTUATION:
            score += count * _PUNCTUATION_LOGPROB
        elif char > "\x7f" and char.isprintable():
            score += count * (0 if unicodedata.combining(char) else _SYMBOL_LOGPROB)
        elif not char.isprintable() and char not in "\t\r\n":
            score += count * _CONTROL_LOGPROB
    return score


def _candidate_models(text: str, region: str) -> list[_LanguageModel]:
    """Models of the script that most letters beyond ASCII are of."""
    counted = {name: len(pattern.findall(text)) for name, pattern in _SCRIPTS}
    script = max(counted, key=counted.__getitem__)
    if counted[script]:
        return _language_models()[script]
    regions = [region] if region else _LATIN_REGIONS
    return [model for name in regions for model in _language_models()[name]]


def _foreign_log_probability(pair: str) -> float:
    pairs, letters = _all_languages()
    found = pairs.get(pair)
    if found is None:
        found = letters.get(pair[1], _UNKNOWN_LOGPROB)
    return found + _FOREIGN_LOGPROB


@cache
def _all_languages() -> tuple[dict[str, float], dict[str, float]]:
    """The best that any language has for a pair, and for a character that is weighed alone."""
    pairs: dict[str, float] = {}
    letters: dict[str, float] = {}
    for script, models in _language_models().items():
        for model in models:
            for pair, score in dict.items(model):
                pairs[pair] = max(score, pairs.get(pair, _UNKNOWN_LOGPROB))
            if script in ("asian", "thai"):
                for char, score in model.letters.items():
                    letters[char] = max(score, letters.get(char, _UNKNOWN_LOGPROB))
    return pairs, letters


@cache
def _language_models() -> dict[str, list[_LanguageModel]]:
    models = {
        script: [_model_of_words(_read_words(name)) for name in names.split()]
        for script, names in _WORD_LISTS.items()
    }
    models["thai"] = [_model_of_words(_THAI_WORDS.split())]
    for region in _LATIN_REGIONS:
        models[region].append(_model_of_words(_read_words("English")))
    models["asian"] = [_LanguageModel({}, letters | {" ": math.log(0.1)}) for letters in _asian_letters()]
    return models


def _read_words(name: str) -> list[str]:
    content = pkgutil.get_data("justext", f"stoplists/{name}.txt") or b""
    return content.decode("utf-8").split("\n")[:_MAX_WORDS]


def _model_of_words(words: Iterable[str]) -> _LanguageModel:
    """Of words, the most frequent first."""
    pairs: defaultdict[str, float] = defaultdict(float)
    for rank, word in enumerate(words):
        for pair in map(str.__add__, *_shifted(unicodedata.normalize("NFC", word.strip().lower()))):
            pairs[pair] += 1 / (rank + _RANK_OFFSET)
    firsts: defaultdict[str, float] = defaultdict(float)
    letters: defaultdict[str, float] = defaultdict(float)
    for pair, count in pairs.items():
        firsts[pair[0]] += count
        letters[pair[1]] += count
    total = sum(letters.values())
    alone = {char: (1 - _OWN_SHARE) * count / total for char, count in letters.items()}
    return _LanguageModel(
        {
            pair: math.log(_OWN_SHARE * count / firsts[pair[0]] + alone[pair[1]])
            for pair, count in pairs.items()
        },
        {char: math.log(share) for char, share in alone.items()},
    )


def _asian_letters() -> Iterable[dict[str, float]]:
    """Simplified and traditional Chinese, Japanese, Korean: characters by how frequent they are."""
    for codec, lead_bytes in (("gb2312", range(0xB0, 0xD8)), ("big5", range(0xA4, 0xC7))):
        table = _uniform(_level_chars(codec, lead_bytes), 0.45)
        yield table | _uniform([char for char in dict.fromkeys(_FREQUENT_HAN) if char in table], 0.55)
    kana = map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7), 0x30FC))
    yield (
        _uniform(_level_chars("shift_jis", range(0x88, 0x99)), 0.35)
        | _uniform(kana, 0.2)
        | _uniform(_FREQUENT_KANA, 0.45)
    )
    syllables: defaultdict[str, float] = defaultdict(float)
    for rank, word in enumerate(_read_words("Korean")):
        for char in word:
            syllables[char] += 1 / (rank + _RANK_OFFSET)
    total = sum(syllables.values())
    spread = _uniform(_level_chars("euc_kr", range(0xB0, 0xC9)), 0.15)
    yield spread | {
        char: math.log(0.85 * count / total + math.exp(spread[char]))
        for char, count in syllables.items()
        if char in spread
    }


def _uniform(chars: Iterable[str], mass: float) -> dict[str, float]:
    found = list(chars)
    return {char: math.log(mass / len(found)) for char in found}


def _level_chars(codec: str, lead_bytes: range) -> str:
    """The characters of an East Asian set whose first byte is one of ``lead_bytes``."""
    pairs = (
        bytes((lead, trail)).decode(codec, "ignore") for lead in lead_bytes for trail in range(0x40, 0xFF)
    )
    return "".join(dict.fromkeys(char for char in pairs if len(char) == 1 and char > "\x7f"))
