"""What ``data/attribution.toml`` and ``data/speech.toml`` say of how a language tells who said what."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_type_hints

from crosslingual.language.lexicons import compile_words, lexicon_patterns
from crosslingual.language.speech_verbs import stance_patterns, verb_alternatives

RULES_PATH = Path(__file__).parent / "data" / "attribution.toml"


@dataclass(frozen=True, slots=True)
class AttributionRules:
    """The words of one language; the head of the file says what each is for."""

    lang: str
    saying: re.Pattern[str]
    taking: re.Pattern[str]
    sources: re.Pattern[str]
    sources_after: re.Pattern[str]
    linkers: frozenset[str]
    firm_linkers: frozenset[str]
    helpers: frozenset[str]
    adverbs: frozenset[str]
    openers: frozenset[str]
    relatives: frozenset[str]
    links: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]
    places: frozenset[str]
    pronouns: frozenset[str]
    ambiguous: frozenset[str]
    headline_sources: frozenset[str]
    times: frozenset[str]
    topics: frozenset[str]
    possessives: frozenset[str]
    as_words: frozenset[str]
    agents: frozenset[str]
    infinitives: frozenset[str]
    objects: frozenset[str]
    conditionals: frozenset[str]
    irrealis: frozenset[str]
    limits: frozenset[str]
    late_negations: frozenset[str]
    expletives: frozenset[str]
    expletive_verbs: frozenset[str]
    passives: frozenset[str]
    reflexives: frozenset[str]
    passive_verbs: re.Pattern[str]
    negations: re.Pattern[str]
    denying: re.Pattern[str]
    participles: re.Pattern[str]


@cache
def load_attribution_rules(lang: str) -> AttributionRules | None:
    """The rules of ``lang``; none where the file has none."""
    table = tomllib.loads(RULES_PATH.read_text(encoding="utf-8")).get(lang)
    if table is None:
        return None

    def compile_list(words: list[str]) -> re.Pattern[str]:
        return compile_words("|".join(filter(None, words)) or "(?!)", lang)

    words = {
        name: frozenset(table.get(name, "").split())
        for name, kind in get_type_hints(AttributionRules).items()
        if kind == frozenset[str]
    }
    return AttributionRules(
        lang=lang,
        saying=compile_list([*table["saying"], verb_alternatives(lang, "quote")]),
        taking=compile_list(table.get("taking", [])),
        sources=compile_list(table["sources"]),
        sources_after=compile_list(table.get("sources_after", [])),
        participles=compile_list([table.get("participles", "")]),
        passive_verbs=compile_list([table.get("passive_verbs", "")]),
        negations=compile_list([lexicon_patterns("negation", lang)["firm"].pattern, table.get("unsaid", "")]),
        denying=stance_patterns(lang)["denying"],
        **words,
    )
