"""Who is quoted, and by which verb: rules by language on the words around a quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from crosslingual.language.names import find_countries
from crosslingual.language.people import person_key
from crosslingual.language.phonetics import sound_skeleton
from crosslingual.language.quote_rules import load_quote_rules
from crosslingual.language.speech_verbs import quoting_verbs, verb_alternatives

_CONTEXT_CHARS = 160
"""Characters around a quotation in which its verb is looked for."""
_CLAUSE_END = re.compile(r"[.!?…;。！？；\n]")
_CAPITAL_LETTER = "[A-ZÀ-ÖØ-ÞĞŞİА-ЯЁІЇЄҐ]"
_CAPITALIZED_WORD = rf"{_CAPITAL_LETTER}[\w’'-]*"
_INITIALS = rf"(?:{_CAPITAL_LETTER}\.[ \u00a0]?)"
_NAME = re.compile(
    rf"(?<!\w){_INITIALS}{{0,2}}{_CAPITALIZED_WORD}"
    rf"(?:[ \u00a0](?:(?:de|von|van|der|al|bin|ben|el|du|la)[ \u00a0])?{_INITIALS}{{0,2}}{_CAPITALIZED_WORD}){{0,4}}"
)

SpeakerKind = Literal["named", "role", "pronoun", "unknown"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it as far as the words around tell.

    ``name`` is as written, empty where ``kind`` is "unknown"; ``verb`` as written, empty where none was
    found.
    """

    name: str
    kind: SpeakerKind
    verb: str


UNKNOWN_SPEAKER = Speaker("", "unknown", "")


def find_speaker(before: str, after: str, lang: str) -> Speaker:
    """Who says what stands between ``before`` and ``after``, the rest of its sentence in ``lang``.

    Other quotations in them are to be blanked. Tags right after ("…", said X) go before what introduces
    (X said: "…"), and both before "according to X". What is unsure is unknown, never guessed.
    """
    if lang not in load_quote_rules() or lang == "people":
        return UNKNOWN_SPEAKER
    before, after = before[-_CONTEXT_CHARS:], after[:_CONTEXT_CHARS]
    if lang == "zh":
        return _chinese_speaker(before, after)
    return (
        _speaker_after(after, lang)
        or _speaker_before(before, lang)
        or _speaker_according_to(before, after, lang)
        or UNKNOWN_SPEAKER
    )


def introduces_quotation(before: str, lang: str) -> bool:
    """Whether ``before`` ends with a verb of speech, bar a few words: what follows in marks is someone's."""
    if lang not in load_quote_rules():
        return False
    if lang == "zh":
        return bool(
            re.search(rf"(?:{verb_alternatives('zh', 'quote')})[^，。；、]{{0,14}}[：:，,]?\s*$", before)
        )
    last = _last_match(quoting_verbs(lang), before)
    return (
        last is not None
        and len(before[last.end() :].split()) <= 10
        and not _CLAUSE_END.search(before[last.end() :])
    )


def _speaker_after(after: str, lang: str) -> Speaker | None:
    """What comes right after: said X, or X said."""
    clause = _first_clause(after)
    verb = quoting_verbs(lang).search(clause[:80])
    if not verb:
        return None
    between = clause[: verb.start()].strip(" ,—–-")
    if len(between.split()) > 7:
        return None
    who = _find_subject(between, lang, take_last=True) or _find_subject(
        re.split(r"[,:—–]", clause[verb.end() :])[0], lang, take_last=False
    )
    return _build_speaker(who, verb[0])


def _speaker_before(before: str, lang: str) -> Speaker | None:
    """X said: "…"; he called it "…"."""
    clause = re.split(r"[.!?…;](?:\s|$)", before)[-1] if not before.rstrip().endswith(":") else before
    verb = _last_match(quoting_verbs(lang), clause)
    if not verb:
        return None
    head, tail = clause[: verb.start()], clause[verb.end() :]
    inverted = (
        _find_subject(re.split(r"[,:—–(]", tail)[0], lang, take_last=False)
        if lang in ("ru", "uk", "de", "fr")
        else None
    )
    participle = lang == "en" and verb[0].endswith("ing")  # X did this, saying: the subject stands first
    who = _find_subject(re.split(r"[;:]", head)[-1], lang, take_last=not participle)
    if inverted and (not who or who[1] != "named") and inverted[1] != "role":
        who = inverted
    return _build_speaker(who or inverted, verb[0])


def _speaker_according_to(before: str, after: str, lang: str) -> Speaker | None:
    rules = load_quote_rules()[lang]
    sources = "|".join(map(re.escape, rules["sources"]))
    for text in (after, before):
        if match := _last_match(re.compile(rf"(?<!\w)(?:{sources})(?!\w)", re.IGNORECASE), text):
            who = _find_subject(re.split(r"[,:—–]", text[match.end() :])[0], lang, take_last=False)
            if who:
                return _build_speaker(who, match[0])
    for word in rules["after"]:
        if match := re.search(rf"(?<!\w){word}(?!\w)", before):
            return _build_speaker(_find_subject(before[: match.start()], lang, take_last=True), word)
    return None


def _build_speaker(subject: tuple[str, SpeakerKind] | None, verb: str) -> Speaker:
    return Speaker(*subject, verb.strip()) if subject else Speaker("", "unknown", verb.strip())


def _find_subject(text: str, lang: str, *, take_last: bool) -> tuple[str, SpeakerKind] | None:
    """The name nearest to the verb; without one a pronoun that is nearer than any role, else the role."""
    rules = load_quote_rules()[lang]
    he = "|".join(rules["he"])
    pronouns = list(re.finditer(rf"(?<![\w’'-])(?:{he})(?![\w’'-])", text, re.IGNORECASE))
    names = [name for name, bound in _find_names(text, lang) if not bound]
    if names:
        name = names[-1 if take_last else 0]
        if take_last and pronouns and pronouns[-1].start() > text.rfind(name):
            return pronouns[-1][0], "pronoun"
        if lang in ("ru", "uk") and re.fullmatch(r"\w+[ыи]е?", name) and text.lstrip().startswith(name):
            return name, "role"  # a plural that begins a sentence: Террористы указали
        return name, "named"
    roles = "|".join(map(re.escape, sorted(rules["roles"], key=len, reverse=True)))
    found = list(
        re.finditer(
            rf"(?<![\w-])(?:{roles})(?![\w-])(?:\s[\w-]+)?", text, 0 if lang == "de" else re.IGNORECASE
        )
    )
    if pronouns and not found:
        return pronouns[-1 if take_last else 0][0], "pronoun"
    if found:
        role = found[-1 if take_last else 0]
        return re.sub(
            r"\s(?:said|says|that|в|на|о|об|что|що|und|et|and|qui|que|de|of|has|had|hat|a)$", "", role[0]
        ), "role"
    return None


def find_people(text: str, lang: str) -> set[str]:
    """Keys of all who are named in ``text``, and of what may be a place: somebody else to be careful of."""
    if lang == "zh":
        import rjieba

        known = {person for person, forms in load_quote_rules()["people"].items() if forms[0] in text}
        for person in known:
            text = text.replace(load_quote_rules()["people"][person][0], "□")
        return known | {word for word, tag in rjieba.tag(text) if tag.startswith("nr") and len(word) > 1}
    return (
        {person_key(name, lang) for name, _ in _find_names(text, lang)}
        if lang in load_quote_rules()
        else set()
    )


def is_certain_person(name: str, lang: str) -> bool:
    """Whether ``name`` is a person's and no place's: of two words, or known."""
    return lang == "zh" or " " in name or person_key(name, lang) in load_quote_rules()["people"]


def is_title(word: str, lang: str) -> bool:
    """Whether ``word`` may stand before a name, written large, without being part of it: a title, a role."""
    return lang in load_quote_rules() and lang != "people" and word.lower() in _excluded_names(lang)


def _find_names(text: str, lang: str) -> Iterator[tuple[str, bool]]:
    """Names in ``text``, and whether a preposition binds them: capitalised words less what is none.

    That is titles, countries, months and weekdays, pronouns, and in German all that is in the dictionary.
    """
    named = [(start, end) for _, start, end in find_countries(text, lang)]
    titles = _excluded_names(lang)
    for match in _NAME.finditer(text):
        words: list[str] = []
        for word in re.finditer(r"\S+", match[0]):
            start, end = match.start() + word.start(), match.start() + word.end()
            country = any(one < end and start < other for one, other in named)
            title = re.sub(r"[’']s$|\.$", "", word[0]).lower() in titles or (
                word[0].isupper() and len(word[0]) > 1
            )
            if country or title:
                words = []
            else:
                words.append(word[0])
        if lang == "de" and words and is_german_noun(words[-1]):
            continue
        name = re.sub(r"[’']s$", "", " ".join(words)).strip(" .,’'-")
        if len(name) > 1 and sound_skeleton(name.split()[-1]) + name.casefold():
            yield (
                name,
                bool(re.search(r"[’']s$", match[0]) or _PREPOSITION_BEFORE.search(text[: match.start()])),
            )


_PREPOSITION_BEFORE = re.compile(
    r"(?<!\w)(?:in|of|about|at|from|to|for|on|with|by|into|against|в|во|на|из|с|со|к|от|у|о|об|для|про|під|від|до|з|із|і|за|при"
    r"|de|du|des|d['’]|à|aux?|en|avec|par|von|vom|aus|nach|mit|bei|zu|zum|zur|im|am|über|gegen)\s*(?:the\s|la\s|les\s|der\s|dem\s|den\s)?$",
    re.IGNORECASE,
)


@cache
def _excluded_names(lang: str) -> frozenset[str]:
    from babel import Locale

    locale, rules = Locale.parse(lang), load_quote_rules()[lang]
    words = {*rules["titles"], *rules["he"], *rules["roles"]}
    for table in (locale.months, locale.days):
        words |= {str(word) for form in table.values() for word in form["wide"].values()}
    return frozenset(word.lower() for word in words)


@cache
def is_german_noun(word: str) -> bool:
    """Whether a word written large is in the dictionary, so that it may be no name."""
    from simplemma import is_known

    return bool(is_known(word, lang="de", low_memory=True))


def _first_clause(text: str) -> str:
    match = _CLAUSE_END.search(text)
    return text[: match.start()] if match else text


def _last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for found in pattern.finditer(text):  # noqa: B007  # the last one is what is wanted
        pass
    return found


def _chinese_speaker(before: str, after: str) -> Speaker:
    """The subject stands at the head of the clause that the verb closes."""
    tail = re.match(
        rf"[，,]?\s*([^，。；“]{{0,20}}?)({verb_alternatives('zh', 'quote')})(?=[，。,]|$)", after
    )
    sentence = re.split("[。！？；\n]", before)[-1] if not before.rstrip().endswith(("：", ":")) else before
    sentence = re.split("[。！？\n]", sentence)[-1]
    verb = None
    for verb in re.finditer(rf"(?:{verb_alternatives('zh', 'quote')})(?!明|法|服|为)", sentence):  # noqa: B007
        pass
    if tail and not verb:
        return _build_speaker(_chinese_subject(tail[1]), tail[2])
    if not verb:
        return UNKNOWN_SPEAKER
    clauses = re.split("[，,]", sentence[: verb.start()])
    for clause in reversed(clauses):
        if who := _chinese_subject(clause):
            return _build_speaker(who, verb[0])
    return Speaker("", "unknown", verb[0])


def _chinese_subject(clause: str) -> tuple[str, SpeakerKind] | None:
    """A person named in ``clause``; else the first role, with what stands before it; else a pronoun."""
    for forms in load_quote_rules()["people"].values():
        if forms[0] in clause:
            return forms[0], "named"
    person, role = _chinese_nouns(clause)
    if person:
        return person, "named"
    if role:
        return role, "role"
    match = re.search("|".join(load_quote_rules()["zh"]["he"]), clause)
    return (match[0], "pronoun") if match else None


def _chinese_nouns(clause: str) -> tuple[str, str]:
    """The first person, and the first run of nouns that ends with a role; empty where there is none."""
    import rjieba

    roles = tuple(load_quote_rules()["zh"]["roles"])
    person, role, run = "", "", ""
    for word, tag in [*rjieba.tag(clause), ("", "x")]:
        if tag.startswith("nr") or tag == "zg":
            person += word
        elif len(person) > 1:
            return person, role
        else:
            person = ""
        noun = tag[0] in "nljbi" or word in ("（", "）", "的", "相关")
        run = run + word if noun else ""
        if run and word.endswith(roles) and len(run) > 1 and (not role or run.startswith(role)):
            role = run
    return "", role.strip("的（")
