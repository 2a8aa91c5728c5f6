"""Whether what stands beside a verb of saying can say something: a person, an organisation, an outlet."""

from __future__ import annotations

import re
from functools import cache

from simplemma import is_known, lemmatize

from crosslingual.language.known_names import find_known_names, load_known_names
from crosslingual.language.quote_rules import load_quote_rules
from crosslingual.language.speakers import is_title

_OPENING_CHARS = " «„“\"'—–-"
_MARKS = re.compile("[,:—–]")
_PLURAL = re.compile(r"\w+(?:ки|ти|ды|ты|ны|ры|лы|ции|ния|ення|ия)")
"""How nouns end that no surname is: Поставки, Доходы, Продажи."""
NO_NOUN = re.compile(
    r"(?:в|во|на|и|с|по|у|за|також|также|уже|еще|ещё|вчера|сегодня|ранее|накануне|позже|затем|потом|тогда|вже|вчора"
    r"|сьогодні|раніше|напередодні|пізніше|потім|тоді|не|он|она|він|вона)"
)
"""Russian and Ukrainian words behind a name that are no noun which the name describes."""
_WORD = re.compile(r"[^\W\d_]+")


def may_speak(name: str, text: str, verb: str, lang: str) -> bool:
    """Whether ``name``, which ``text`` has beside ``verb``, is a person's or that of a body, and the verb's subject.

    A word at the head of a sentence is written large whatever it is: "Exports" and "Взаимный товарооборот" are no
    speakers. In Russian and Ukrainian a person whom the verb is about ("назвал Трампу") is none either.
    """
    if _has_body(name, lang):
        return True
    start = text.find(name)
    if start < 0 or not _is_subject(name, text, start, verb, lang):
        return False
    if find_known_names(name, lang):
        return lang not in ("ru", "uk") or _follows_source(text, start, lang) or _is_nominative(name, lang)
    if text[:start].strip(_OPENING_CHARS):
        return True
    words = _WORD.findall(name)
    if len(words) > 1:
        return all(word[0].isupper() for word in words)
    small = name.lower()
    # "Exports" is a form of a word, "Smith" is a whole one; Slavic surnames are forms of words: Заречная.
    is_form = lang in ("en", "fr") and lemmatize(small, lang=lang, low_memory=True).lower() != small
    return not (is_form and is_known(small, lang=lang, low_memory=True)) and not (
        lang in ("ru", "uk") and bool(_PLURAL.fullmatch(small))
    )


def _is_subject(name: str, text: str, start: int, verb: str, lang: str) -> bool:
    """Whether no other noun stands between ``name`` and the verb behind it: Trade, analysts said."""
    end = start + len(name)
    at = text.find(verb, end) if verb else -1
    if at < 0:
        return True
    between = text[end:at]
    if len(_MARKS.findall(between)) % 2:
        return False  # the clause of the verb begins behind the mark
    following = _WORD.match(between.strip()) if not _MARKS.match(between.strip()) else None
    is_first = not text[:start].strip(_OPENING_CHARS)
    return not following or not _is_noun(following[0], lang, is_first=is_first)


def _is_noun(word: str, lang: str, *, is_first: bool) -> bool:
    """Whether a small word behind a name may be what that, an adjective if it ``is_first``, only describes."""
    if lang == "en":
        return word.islower() and not word.endswith("ly") and word not in _ENGLISH_SMALL_WORDS
    return lang in ("ru", "uk") and is_first and word.islower() and not NO_NOUN.fullmatch(word)


_ENGLISH_SMALL_WORDS = frozenset(
    {
        "a",
        "after",
        "again",
        "also",
        "an",
        "and",
        "as",
        "at",
        "before",
        "by",
        "first",
        "for",
        "from",
        "further",
        "had",
    }
    | {
        "has",
        "have",
        "however",
        "in",
        "last",
        "later",
        "earlier",
        "of",
        "on",
        "the",
        "then",
        "this",
        "to",
        "too",
    }
    | {"was", "when", "while", "who", "will", "with", "would"}
)


def _has_body(name: str, lang: str) -> bool:
    return any(_bodies_pattern(lang).fullmatch(word) or _is_role(word, lang) for word in _WORD.findall(name))


def _is_role(word: str, lang: str) -> bool:
    roles = load_quote_rules().get(lang, {}).get("roles", ())
    return word.casefold() in {role.casefold() for role in roles} or (len(word) > 2 and is_title(word, lang))


@cache
def _bodies_pattern(lang: str) -> re.Pattern[str]:
    return re.compile(load_quote_rules().get(lang, {}).get("bodies") or "(?!)", re.IGNORECASE)


def _follows_source(text: str, start: int, lang: str) -> bool:
    """Whether "according to" or the like, which no subject follows, stands before the name."""
    before = text[:start].casefold()
    return any(source in before for source in load_quote_rules()[lang]["sources"])


def _is_nominative(name: str, lang: str) -> bool:
    """Whether the last word of a listed name is written as in the list: Трамп, not Трампу."""
    last = name.split()[-1].casefold()
    forms = (
        form
        for one in find_known_names(name, lang)
        if one.key in load_known_names()
        for form in load_known_names()[one.key].forms.get(lang, ())
    )
    known = {word.casefold() for form in forms for word in form.split()}
    return not known or last in known
