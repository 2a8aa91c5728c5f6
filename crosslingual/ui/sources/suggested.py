"""What a source's articles and domains suggest of it; a person says whether it is so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crosslingual.language.codes import country_name, language_name
from crosslingual.types import Source
from crosslingual.ui.sources.choices import country_names

_DOMAIN_COUNTRIES = {"uk": "GB", "su": "RU"}
"""Ends of domains that are no code of their country."""
_GENERIC_DOMAINS = frozenset(
    {"ai", "cc", "co", "eu", "fm", "gg", "im", "io", "la", "ly", "me", "nu", "sh", "st", "to", "tv", "ws"}
)
"""Ends that belong to a country and are used everywhere."""
_MIN_LANGUAGE_SHARE = 0.2
"""Share of a source's articles from which their language is one of it."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A ``country`` by a domain's end and ``languages`` by the articles; empty where there is none."""

    country: str = ""
    domain_end: str = ""
    languages: tuple[str, ...] = ()

    @property
    def description(self) -> str:
        """In words, with what it rests on."""
        parts = []
        if self.country:
            parts.append(f"{country_name(self.country)} (.{self.domain_end})")
        if self.languages:
            parts.append(f"{', '.join(map(language_name, self.languages))} (its articles)")
        return " · ".join(parts)

    def fill_missing(self, source: Source) -> Source:
        """``source`` with what it lacks as it is suggested."""
        return replace(
            source,
            country=source.country or self.country,
            languages=source.languages or self.languages,
        )


def suggest_facts(source: Source, language_counts: Mapping[str, int]) -> Suggestion:
    """What is suggested of what ``source`` lacks; ``language_counts`` are its number by language."""
    country, end = ("", "") if source.country else _guess_country(source.domains)
    total = sum(language_counts.values())
    ranked = sorted(language_counts, key=lambda lang: (-language_counts[lang], lang))
    languages = tuple(lang for lang in ranked if language_counts[lang] >= _MIN_LANGUAGE_SHARE * total)
    return Suggestion(country, end, () if source.languages else languages)


def _guess_country(domains: Iterable[str]) -> tuple[str, str]:
    for domain in domains:
        end = domain.rpartition(".")[2].lower()
        code = _DOMAIN_COUNTRIES.get(end, end.upper())
        if len(end) == 2 and end not in _GENERIC_DOMAINS and code in country_names():
            return code, end
    return "", ""


def count_languages(entries: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    """Of each source how many articles in which language, by ``entries`` of a source and a language."""
    found: dict[str, Counter[str]] = {}
    for source, lang in entries:
        found.setdefault(source, Counter())[lang] += 1
    return found
