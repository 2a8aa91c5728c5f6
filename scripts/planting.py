"""Differences planted into one side of a translation, to fit ``crosslingual/framing/divergence.json``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

from babel import Locale

CARDINALS = (
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "twenty",
)
DAYS = {
    "zh": ["周一", "周二", "周三", "周四", "周五", "周六", "周日"],
    "ru": ["понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"],
    "uk": ["понеділок", "вівторок", "середу", "четвер", "п'ятницю", "суботу", "неділю"],
}
VERBS = {
    # Forms that stand for one another in a sentence: what is common first, behind the stroke what is not.
    "en": [
        "said told stated reported added announced explained noted replied wrote | denied claimed admitted "
        "threatened boasted insisted alleged complained conceded lied bragged warned vowed wondered joked",
        "says adds reports explains states notes | denies claims admits threatens boasts insists complains "
        "warns lies brags vows",
        "saying adding stating | denying claiming admitting threatening boasting insisting lying warning",
        "say report | deny claim admit threaten boast insist warn",
    ],
    "ru": [
        "сказал заявил сообщил отметил добавил рассказал | отрицал признал похвастался пригрозил утверждал "
        "соврал предупредил пообещал",
        "сказала заявила сообщила отметила добавила рассказала | отрицала признала похвасталась "
        "пригрозила утверждала соврала предупредила пообещала",
        "сказали заявили сообщили отметили | отрицали признали пригрозили утверждали предупредили пообещали",
        "говорит сообщает отмечает | отрицает признаёт хвастается угрожает утверждает предупреждает",
    ],
    "uk": [
        "сказав заявив повідомив зазначив додав | "
        "заперечив визнав похвалився пригрозив стверджував попередив",
        "сказала заявила повідомила зазначила додала | заперечила визнала похвалилася пригрозила попередила",
    ],
    "zh": ["说 表示 称 指出 宣布 报道 告诉 | 否认 承认 声称 威胁 吹嘘 警告 谎称 强调 承诺"],
    "de": [
        "sagte erklärte berichtete teilte | bestritt drohte behauptete prahlte gestand log warnte leugnete"
    ],
    "fr": [
        "déclaré dit annoncé expliqué indiqué ajouté | nié admis prétendu menacé avoué averti",
        "dit déclare explique indique | nie admet prétend menace avoue avertit",
    ],
}
HELPING = {
    "en": (
        r"\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|should|may|might|must|do|does|did)"
        r"\b"
    ),
    "ru": r"\b\w{3,}(?:ет|ут|ют|ит|ят|ал|ила|али|или|ала|ил|ел|ела)\b",
    "uk": r"\b\w{3,}(?:ить|ють|ать|ував|ала|али|или|ила)\b",
    "zh": "(?=[会能是要应将可在想知打愿])",
    "de": r"\b(?:ist|sind|war|waren|wird|werden|kann|können|wurde|wurden|hatte|hatten|hat|haben)\b",
    "fr": r"\b(?:est|sont|était|étaient|sera|peut|peuvent|doit|vont)\b",
}
NEGATED = {
    "en": r"\s(?:not|never)\b|n't\b|\bno\b",
    "ru": r"\bне\b",
    "uk": r"\bне\b",
    "zh": "不|没有|并未|未",
    "de": r"\snicht\b",
    "fr": r"\bne\b|\bpas\b",
}
SOFTENED = {
    "en": ("allegedly", "reportedly", "perhaps", "possibly", "probably"),
    "ru": ("якобы", "возможно,", "вероятно,"),
    "uk": ("нібито", "можливо,", "ймовірно,"),
    "zh": ("据称", "可能", "或许"),
    "de": ("angeblich", "vielleicht", "vermutlich"),
    "fr": ("peut-être", "apparemment", "probablement"),
}
COUNTRIES = [
    "US", "CN", "RU", "GB", "FR", "DE", "JP", "IN", "UA", "IR", "IQ", "IL", "TR",
    "EG", "SY", "ES", "IT", "MX", "CA", "AU", "BR", "AR", "PL", "SE", "NO", "KR",
    "SA", "PK", "VN", "TH", "GR", "BE", "NL", "CH", "AT", "NG", "KE", "CU"
]  # fmt: skip

Change = tuple[int, int, str]
"""Characters from, to, and what stands there instead."""


KINDS = ("number", "date", "name", "negation", "attribution", "hedge", "clause", "words")
NAME = r"(?<=[a-zа-яіїє,«\"“] )[A-ZА-ЯІЇ]\w{3,}"


def _word(lang: str) -> str:
    return r"[\u4e00-\u9fff]{2}" if lang == "zh" else r"(?<=\s)[a-zа-яіїєßäöüéèà]{5,}\b"


class Planter:
    """Puts differences into sentences; names and words that it puts there are of ``texts`` by language."""

    def __init__(self, texts: Mapping[str, Sequence[str]], chance: Random) -> None:
        self.chance = chance
        self.names: dict[str, list[str]] = {}
        self.others: dict[str, list[str]] = {}
        for lang, lines in texts.items():
            # German writes every noun with a capital.
            name = "(?!)" if lang in ("zh", "de") else NAME
            self.names[lang] = [found for line in lines for found in re.findall(name, line)]
            self.others[lang] = [found for line in lines for found in re.findall(_word(lang), line)]

    def plant(self, text: str, lang: str, kind: str) -> tuple[str, tuple[int, int]] | None:
        """``text`` with one difference of ``kind``, and where; None where there is nothing to change."""
        change: Change | None = getattr(self, kind)(text, lang)
        if change is None:
            return None
        start, end, new = change
        changed = text[:start] + new + text[end:]
        return (changed, (start, start + len(new))) if changed != text else None

    def number(self, text: str, lang: str) -> Change | None:
        """Another number, one digit or all of them; in English also one in words."""
        if lang == "en" and self.chance.random() < 0.15:
            return self._swap(text, [rf"\b{word}\b" for word in CARDINALS], CARDINALS)
        found = list(re.finditer(r"\d+", text))
        if not found:
            return None
        match = self.chance.choice(found)
        digits = list(match[0])
        places = (
            range(len(digits))
            if self.chance.random() < 0.3
            else [self.chance.randrange(len(digits)) if self.chance.random() < 0.5 else 0]
        )
        for place in places:
            digits[place] = self.chance.choice([one for one in "123456789" if one != digits[place]])
        return *match.span(), "".join(digits)

    def date(self, text: str, lang: str) -> Change | None:
        """Another month or day of the week."""
        locale = Locale.parse(lang)
        days = DAYS.get(lang) or [str(locale.days["format"]["wide"][place]) for place in range(7)]
        months = [str(locale.months["format"]["wide"][place]) for place in range(1, 13)]
        edge = "" if lang == "zh" else r"\b"
        sets = [days, months]
        self.chance.shuffle(sets)
        for words in sets:
            if change := self._swap(text, [f"{edge}{word}{edge}" for word in words], words):
                return change
        return None

    def name(self, text: str, lang: str) -> Change | None:
        """Another country, city or, where names have a capital, anybody."""
        locale = Locale.parse(lang)
        countries = [str(locale.territories[code]) for code in COUNTRIES]
        zones = locale.time_zones
        cities = [
            str(zone["city"])
            for key, zone in zones.items()
            if "city" in zone and key.startswith(("Europe/", "Asia/", "America/"))
        ]
        edge = "" if lang == "zh" else r"\b"
        for words in (countries, cities):
            change = self._swap(text, [f"{edge}{re.escape(word)}{edge}" for word in words], words)
            if change and self.chance.random() < 0.7:
                return change
        found = list(re.finditer(NAME, text)) if self.names[lang] else []
        if not found:
            return None
        match = self.chance.choice(found)
        return *match.span(), self.chance.choice(self.names[lang])

    def negation(self, text: str, lang: str) -> Change | None:
        """A negation more or one less."""
        there = list(re.finditer(NEGATED[lang], text))
        if there and lang != "fr" and self.chance.random() < 0.4:
            return *self.chance.choice(there).span(), ""
        found = list(re.finditer(HELPING[lang], text))
        if not found:
            return None
        match = self.chance.choice(found)
        if lang == "en":
            return match.end(), match.end(), self.chance.choice((" not", " not", " not", " never", "n't"))
        if lang == "fr":
            return *match.span(), f"ne {match[0]} pas"
        before = {"ru": "не ", "uk": "не ", "zh": self.chance.choice(("不", "没有", "并不", "未"))}.get(lang)
        return (match.start(), match.start(), before) if before else (match.end(), match.end(), " nicht")

    def attribution(self, text: str, lang: str) -> Change | None:
        """Another verb of saying: one that takes a stance for one that does not, seldom back."""
        sets = [[half.split() for half in line.split("|")] for line in VERBS[lang]]
        edge = "" if lang == "zh" else r"\b"
        for plain, marked in self.chance.sample(sets, len(sets)):
            one, other = (marked, plain) if self.chance.random() < 0.15 else (plain, marked)
            found = [match for word in one for match in re.finditer(f"{edge}{word}{edge}", text)]
            if found:
                return *self.chance.choice(found).span(), self.chance.choice(other)
        return None

    def hedge(self, text: str, lang: str) -> Change | None:
        """A word of doubt more."""
        found = list(re.finditer(HELPING[lang], text))
        if not found:
            return None
        place = self.chance.choice(found).end()
        word = self.chance.choice(SOFTENED[lang])
        return place, place, word if lang == "zh" else f" {word}"

    def clause(self, text: str, lang: str) -> Change | None:
        """What stands before the first comma, behind the last, or between two is cut; some words at least."""
        commas = [match.start() for match in re.finditer("[,，;；—]", text)]
        body = len(text.rstrip(' ."”»。!?！？')) if self.chance.random() < 0.8 else len(text)
        options = []
        least = 6 if lang == "zh" else 18
        if commas and body - commas[-1] > least and commas[-1] > least:
            options += [(commas[-1], body, "")] * 3
        if commas and commas[0] > least and body - commas[0] > least:
            options.append((0, commas[0] + 1, ""))
        options += [(a, b, "") for a, b in pairwise(commas) if b - a > least]
        return self.chance.choice(options) if options else None

    def words(self, text: str, lang: str) -> Change | None:
        """Another word from anywhere."""
        found = list(re.finditer(_word(lang), text))
        return (*self.chance.choice(found).span(), self.chance.choice(self.others[lang])) if found else None

    def _swap(self, text: str, patterns: Sequence[str], words: Sequence[str]) -> Change | None:
        found = [
            (match, place) for place, pattern in enumerate(patterns) for match in re.finditer(pattern, text)
        ]
        if not found:
            return None
        match, place = self.chance.choice(found)
        return *match.span(), self.chance.choice([word for at, word in enumerate(words) if at != place])
