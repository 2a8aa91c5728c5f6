"""What events are called for a reader of a language, found for many of them at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crosslingual.events.title_ranking import rank_titles
from crosslingual.library import Library
from crosslingual.library.events import EventEntry


def choose_titles(
    library: Library, events: Mapping[int, Sequence[EventEntry]], target_lang: str, engines: Sequence[str]
) -> dict[int, tuple[str, str]]:
    """By the numbers of ``events``, a title of their articles with its language.

    It is the one that names the event best in the reader's language, or one translated into it, or the best of any
    language; where no article has a title, the first words of the most central.
    """
    central = {
        number: sorted(own, key=lambda entry: (-entry.centrality, entry.article))
        for number, own in events.items()
    }
    titled = {number: [entry for entry in own if entry.title] for number, own in central.items()}
    readable = {number: [one for one in own if one.lang == target_lang] for number, own in titled.items()}
    found = {number: (rank_titles(own)[0].title, target_lang) for number, own in readable.items() if own}
    foreign = {number: rank_titles(own) for number, own in titled.items() if own and number not in found}
    titles = ((entry.title, entry.lang) for own in foreign.values() for entry in own)
    known = library.memory.find_best_of_all(titles, target_lang, engines)
    for number, own in foreign.items():
        translated = (known.get((entry.title, entry.lang)) for entry in own)
        made = next(filter(None, translated), None)
        found[number] = (made.text, target_lang) if made else (own[0].title, own[0].lang)
    bare = {number: central[number][0] for number in events.keys() - found.keys()}
    openings = library.text_openings([entry.article for entry in bare.values()])
    return found | {number: (openings[entry.article], entry.lang) for number, entry in bare.items()}
