"""How names sound: strictly, so that a key tells, and loosely, so that two can be held against each other."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_TRANSCRIPTION_CHARS = frozenset(
    "阿埃艾爱安奥巴白拜班邦保鲍贝本比彼宾波伯博布查达大戴丹当道德登邓狄迪蒂丁东杜敦顿多厄恩尔法范菲费芬丰弗福夫富盖甘冈高戈格根古哈海汉"
    "豪赫黑亨洪胡华怀霍基吉加贾简杰金京卡凯坎康考科柯克肯孔库昆拉莱兰朗劳勒雷蕾里利莉连良列林琳龙隆卢鲁路伦罗洛马玛迈麦曼芒毛梅门蒙"
    "米密明摩莫默姆穆拿纳娜南内尼妮宁纽努诺欧帕派潘庞佩彭皮平珀普齐奇乔切钦琼屈让热日荣茹儒瑞若萨塞赛桑瑟森沙莎山尚绍舍申圣施什史士"
    "斯松苏孙所索塔泰坦汤唐陶特滕提田铁廷图托瓦万旺威韦维魏温文翁沃乌武西希锡夏显香肖谢辛欣休许雪逊雅亚延扬杨耶叶伊衣易因英永尤于约"
    "云泽扎詹占张章哲珍治朱兹宗祖佐勋丽琪翰朴宾森姬妲娅薇丝柏蓓茨赖诶梵佛吕骆戛噶珊黛蕊芭芙荻藤蕾伍坡迭涅捷季"
    "愛奧貝賓達當鄧東頓爾範費豐蓋岡漢懷賈簡傑凱柯萊蘭勞連龍隆盧魯倫羅馬瑪邁麥門蒙納內寧紐諾歐龐齊喬欽瓊讓熱榮薩賽紹聖蘇孫湯陶鐵圖託"
    "萬維溫烏錫顯謝許遜亞揚楊葉約雲澤紮詹張茲麗韋"
)
_LOOSE_SOUND_RULES = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        ("tsch|tch|sch|sh|zh|ch|cz|ts|tz|dzh|dz|dj", "s"),
        ("ph", "f"),
        ("th", "t"),
        ("kh|gh", "h"),
        ("ck|q", "k"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("x", "ks"),
        ("[zj]", "s"),
        ("[vw]", "f"),
        ("g", "k"),
        ("d", "t"),
        ("p", "b"),
        ("r", "l"),
        ("ng", "n"),
        ("[aeiouy]+", ""),
        (r"(.)\1+", r"\1"),
    )
)
_SYLLABLE_RULES = (
    (re.compile("^(?:zh|ch|sh|[zcsjqx])"), "s"),
    (re.compile("^[wf]"), "f"),
    (re.compile("^[gk]"), "k"),
    (re.compile("^[dt]"), "t"),
    (re.compile("^[bp]"), "b"),
    (re.compile("^(?:er|r|l)"), "l"),
)
_SUBSTITUTION_COSTS = {
    frozenset(pair): cost
    for pair, cost in {
        "bf": 0.4, "ts": 0.5, "ks": 0.5, "kh": 0.4, "hf": 0.5, "hs": 0.5, "mn": 0.3, "fm": 0.8, "ln": 0.7,
    }.items()
}  # fmt: skip
_DELETION_COSTS = {"l": 0.4, "h": 0.4, "f": 0.6, "n": 0.7, "k": 0.8}
_INSERTION_COSTS = {"h": 0.5, "f": 0.6, "l": 0.6}


_CYRILLIC_SOUNDS = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфхыэіґ", "abvgdeziiklmnoprstufhieig", strict=True)),
        **dict(zip("ёєїюящшчжц", ("e", "e", "i", "u", "a", "S", "S", "S", "S", "s"), strict=True)),
        **dict.fromkeys("ьъ'’ʼ", ""),
    }
)
_SOUND_RULES = tuple(
    (re.compile(letters), by)
    for letters, by in (
        ("tsch|tch|sch|sh|zh|ch", "S"),
        ("kh", "h"),
        ("ph", "f"),
        ("th", "t"),
        ("ck|q", "k"),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        ("tz|ts|z", "s"),
        ("w", "v"),
        ("x", "ks"),
        ("j", "i"),
    )
)
_TITLE_SKELETONS = {
    "pr*s*d*nt", "m*n*st*r", "m*n*str", "k*nsl*r", "g*n*r*l", "s*kr*t*r", "d*r*kt*r", "k*m*s*r", "pr*f*s*r",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def sound_skeleton(word: str) -> str:
    """How a word of Latin or Cyrillic letters sounds: its consonants, ``*`` where vowels are.

    Three consonants are too few to go by alone, so that then the vowels are told apart, but for e and i; with
    fewer, and for titles (president), it is empty.
    """
    sound = re.sub(r"([^*])\1+", r"\1", phonetic_form(word))
    runs = re.sub(r"[aeiouy]+", "*", sound).rstrip("*")
    consonants = len(runs.replace("*", ""))
    if len(word) < 4 or consonants < 3 or runs in _TITLE_SKELETONS:
        return ""
    if consonants > 3:
        return runs
    vowels = re.sub(r"ou", "u", re.sub(r"[ae][iy]", "e", sound))
    vowels = re.sub(r"[aeiouy]+", lambda run: "e" if run[0][0] in "eiy" else run[0][0], vowels)
    return vowels.rstrip("aeou")


def phonetic_form(word: str) -> str:
    """Latin letters for what a word of Latin or Cyrillic letters sounds like, ``S`` for any sh, zh, ch."""
    sound = to_latin(word.lower())
    for letters, by in _SOUND_RULES:
        sound = letters.sub(by, sound)
    return sound


def to_latin(word: str) -> str:
    """Latin letters for a word of Latin or Cyrillic ones, in small letters; ``S`` for any sh, zh, ch."""
    plain = unicodedata.normalize(
        "NFKD", word.replace("й", "i").replace("ё", "e").replace("ї", "i").translate(_CYRILLIC_SOUNDS)
    )
    return re.sub(r"[^a-zS]", "", plain.replace("ß", "ss").replace("ł", "l").replace("ø", "o"))


@lru_cache(maxsize=50_000)
def loose_consonants(word: str) -> str:
    """The consonants of a name in an alphabet, those that languages mix up as one: Clinton → kltn."""
    sound = re.sub("[^a-z]", "", anyascii(word.replace("’s", "").replace("'s", "")).lower())
    for letters, by in _LOOSE_SOUND_RULES:
        sound = letters.sub(by, sound)
    return sound


@lru_cache(maxsize=50_000)
def find_transcriptions(text: str) -> tuple[tuple[int, int, str], ...]:
    """Runs of two or more characters that Chinese writes foreign names with, and their consonants."""
    found = []
    start = None
    for place, char in enumerate(text + "\0"):
        if char in _TRANSCRIPTION_CHARS:
            start = place if start is None else start
        elif start is not None:
            if place - start > 1:
                found.append((start, place, "".join(map(_syllable_consonants, text[start:place]))))
            start = None
    return tuple(found)


def transcribed_consonants(name: str) -> str:
    """The consonants of a name in Chinese, whatever characters it is written with."""
    return "".join(map(_syllable_consonants, name))


@lru_cache(maxsize=10_000)
def _syllable_consonants(char: str) -> str:
    sound = anyascii(char).lower()
    ending = "n" if re.search("ng?$", sound) and len(sound) > 2 else ""
    first = sound[:1]
    for pattern, by in _SYLLABLE_RULES:
        if pattern.match(sound):
            first = by
            break
    return (first if first not in "aeiouy" else "") + ending


@lru_cache(maxsize=200_000)
def sounds_alike(name: str, other: str, *, inside: bool = False) -> bool:
    """Whether consonants ``name`` could be ``other``, or some part of it if ``inside``.

    The fewer they are the less may differ; endings of cases count for nothing.
    """
    if not name or not other:
        return False
    distance = _sound_distance(name, other, inside=inside)
    if not inside:
        distance = min(distance, _sound_distance(name, other[: len(name) + 1], inside=False))
    return distance <= max(0.1, 0.5 * len(name) - 0.9)


def _sound_distance(name: str, other: str, *, inside: bool) -> float:
    row = [
        0.0 if inside else sum(_INSERTION_COSTS.get(char, 1) for char in other[:place])
        for place in range(len(other) + 1)
    ]
    for char in name:
        lost = _DELETION_COSTS.get(char, 1.0)
        new = [row[0] + lost]
        for place, here in enumerate(other):
            swap = 0.0 if char == here else _SUBSTITUTION_COSTS.get(frozenset((char, here)), 1.0)
            new.append(
                min(row[place] + swap, row[place + 1] + lost, new[place] + _INSERTION_COSTS.get(here, 1.0))
            )
        row = new
    return min(row) if inside else row[-1]


def to_pinyin(text: str) -> str:
    """``text`` in Latin letters, small, with nothing between: Xi Jinping and 习近平 are one."""
    return re.sub("[^a-z]", "", anyascii(text).lower())
