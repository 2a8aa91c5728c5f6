"""Stories: events that go on from one another, over weeks and across languages; what stands is not taken apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.errors import NotFoundError, UnwritableLibraryError
from crosslingual.events.article_names import name_weight
from crosslingual.events.evidence import name_matrix
from crosslingual.events.grouping import load_entry_profiles
from crosslingual.events.profiles import day_number
from crosslingual.library import Library
from crosslingual.library.events import STORY_DENIED, STORY_NOT_FOUND
from crosslingual.library.stories import choose_story_number, select_central
from crosslingual.types import Event, FloatArray, Story

STORY_DAYS = 45
"""Days without an event after which a story is over."""
N_CENTRAL = 4
"""Articles that stand for an event: those that tell most of what the others tell."""
MAX_EVENTS = 1_000
"""Events around the days of new ones that these are held against, the largest."""
EVENTS_PER_STEP = 200
MARGIN_WEIGHT, NAMES_WEIGHT, MIN_SCORE = 3.0, 2.0, 1.48
"""How alike two events of a story are, and must be at least: set by reading, see ``docs/evaluation.md``."""
N_USUAL, USUAL_COSINE = 10, 0.25
"""Nearest events of the weeks around that say what cosine is usual; what it is where there are fewer."""
COMMON_NAME, MIN_AROUND = 6.0, 30
"""A name that one of so many events of the weeks around has tells nothing; events that are taken to be around at
least."""
MIN_NAMED, MIN_COMMON = 8.0, 1.0
"""Weight of names, in nats, that an event is taken to have at least, and that two of a story have in common."""


@dataclass(frozen=True, slots=True)
class EventProfiles:
    """What n events are compared by, in the order of their first days.

    ``vectors`` (n, d) are of length 1; ``names[i]`` is what the central articles name, ``shared_names[i]`` what two or
    more of them do; ``spans`` (n, 2) are first and last day as numbers.
    """

    numbers: Sequence[int]
    vectors: FloatArray
    names: Sequence[frozenset[str]]
    shared_names: Sequence[frozenset[str]]
    spans: NDArray[np.float64]


def find_new_stories(library: Library, space: Space) -> None:
    """Find the story of each event that waits for one, and store it.

    An event joins the story that it goes on, or founds one with another event; else it has none until it grows.

    Raises:
        LibraryError: an article lacks vectors of the space's model; the library cannot be written.
    """
    waiting = library.waiting_stories()
    for start in range(0, len(waiting), EVENTS_PER_STEP):
        chosen = waiting[start : start + EVENTS_PER_STEP]
        profiles = _load_profiles(library, space, chosen)
        stories = assign_stories(profiles, set(chosen), library.story_numbers())
        library.put_stories(dict.fromkeys(chosen, STORY_NOT_FOUND) | stories)


def assign_stories(
    profiles: EventProfiles, waiting: Collection[int], stories: Mapping[int, int]
) -> dict[int, int]:
    """The story of each event whose story is found now, by their numbers.

    Two events are of one story if they are alike enough; an event is of a story that has several if it is so with
    them on average, of those within ``STORY_DAYS``.

    Args:
        profiles: the waiting events and those around their days.
        waiting: numbers of the events that a story is looked for.
        stories: what stands: events with the numbers of their stories, or ``STORY_DENIED``.
    """
    if not profiles.numbers:  # none that waits has a date
        return {}
    denied = {number for number, story in stories.items() if story == STORY_DENIED}
    known = {number: story for number, story in stories.items() if number not in denied}
    scorer = _EventScorer(profiles)
    for place, number in enumerate(profiles.numbers):
        if number not in waiting or number in known:
            continue
        members: dict[int, list[float]] = defaultdict(list)
        in_story = np.array([other in known for other in profiles.numbers])
        for at, score in scorer.score_event(place, in_story):
            other = profiles.numbers[at]
            if other not in denied:  # one without a story is by itself, under its number below 0
                members[known.get(other, -other)].append(score)
        means = {key: sum(own) / len(own) for key, own in members.items()}
        best = max(means, key=means.__getitem__, default=0)
        if means.get(best, 0.0) <= 0:
            continue
        story = best if best > 0 else choose_story_number(number, -best, set(known.values()))
        if story:
            known[number] = story
            known.setdefault(abs(best) if best < 0 else number, story)
    return {number: story for number, story in known.items() if stories.get(number) != story}


class _EventScorer:
    """By how much two events are more alike than those of one story need be.

    Alike are events that are nearer to each other than to what else happens in these weeks, and that name what few
    others name.
    """

    def __init__(self, profiles: EventProfiles) -> None:
        self._near = _find_gaps(profiles.spans) <= STORY_DAYS
        np.fill_diagonal(self._near, val=False)
        cosines = (profiles.vectors @ profiles.vectors.T).astype(np.float64)
        usual = np.array([_usual_cosine(row[own]) for row, own in zip(cosines, self._near, strict=True)])
        self._margins = cosines - (usual[:, None] + usual) / 2
        keys = {
            key: place for place, key in enumerate(sorted({key for own in profiles.names for key in own}))
        }
        self._named = name_matrix(profiles.names, keys)
        self._shared = name_matrix(profiles.shared_names, keys)
        self._general = np.array([name_weight(key) for key in keys])
        self._rows: dict[int, NDArray[np.float64]] = {}

    def score_event(self, place: int, wanted: NDArray[np.bool_]) -> Iterator[tuple[int, float]]:
        """Places of events near in time, with the lower of the scores that the weeks around either give.

        Of those that are ``wanted`` (n,), and those with a score above 0.
        """
        row = self._score_row(place)
        for other in map(int, np.flatnonzero(self._near[place] & (wanted | (row > 0)))):
            score = float(row[other])
            yield other, min(score, float(self._score_row(other)[place])) if score > 0 else score

    def _score_row(self, place: int) -> NDArray[np.float64]:
        """(n,): the scores of the event at ``place`` with each, as the weeks around it have it."""
        if place not in self._rows:
            others = self._near[place]
            # How many of the events around name it, but for one of the two.
            share = np.maximum(self._named[others].sum(axis=0) - 1, 0) / max(others.sum() - 1, MIN_AROUND)
            weighed = self._shared * (self._general * np.maximum(1 - COMMON_NAME * share, 0))
            totals = weighed.sum(axis=1)
            common = (weighed @ self._shared[[place]].T).toarray().ravel()
            names = common / (np.sqrt(totals * totals[place]) + MIN_NAMED)
            scores = MARGIN_WEIGHT * self._margins[place] + NAMES_WEIGHT * np.sqrt(names) - MIN_SCORE
            self._rows[place] = np.where(common < MIN_COMMON, np.minimum(scores, 0), scores)
        return self._rows[place]


def _find_gaps(spans: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n): days from the end of one event to the begin of the other; less than 0 where they overlap."""
    first, last = spans[:, 0], spans[:, 1]
    result: NDArray[np.float64] = np.maximum(first[:, None], first) - np.minimum(last[:, None], last)
    return result


def _usual_cosine(cosines: NDArray[np.float64]) -> float:
    """Mean of the ``N_USUAL`` highest; what is missing counts as ``USUAL_COSINE``."""
    highest = np.sort(cosines)[::-1][:N_USUAL]
    filled = np.sort(np.append(highest, [USUAL_COSINE] * N_USUAL))[::-1][:N_USUAL]
    return float(filled.mean())


def load_stories(library: Library, space: Space, events: Sequence[Event]) -> list[Story]:
    """The stories that have two or more of ``events``, newest first; called as their event of most sources.

    Events that wait for a story get one first; those of a library that cannot be written go on waiting.

    Raises:
        LibraryError: an article lacks vectors of the space's model.
    """
    with suppress(UnwritableLibraryError):
        find_new_stories(library, space)
    ids = library.story_ids()
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        if event.id in ids:
            found[ids[event.id]].append(event)
    stories = [_make_story(id_, own) for id_, own in found.items() if len(own) > 1]
    return sorted(stories, key=lambda story: (story.end, story.id), reverse=True)


def find_story(name: str, stories: Sequence[Story], forwards: Mapping[str, str]) -> Story:
    """The story ``name``: its id, that of one of its events or articles, or how only one of these begins.

    ``forwards`` are ids of events that were merged into others, with the ids that lead on.

    Raises:
        NotFoundError: there is none, or there are several.
    """
    wanted = forwards.get(name, name)

    def ids_of(story: Story) -> set[str]:
        return {story.id, *(event.id for event in story.events)}

    exact = [
        one for one in stories if name == one.id
    ]  # which may be that of an event merged into another story
    exact = exact or [
        one for one in stories if any(wanted == event.id or name in event.articles for event in one.events)
    ]
    found = exact or [one for one in stories if name and any(id_.startswith(name) for id_ in ids_of(one))]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFoundError(f"story {name!r}: events of {len(found)} stories begin so; give more of it")
    raise NotFoundError(f"story {name!r}: not in this library; list what is with: crosslingual stories")


def _make_story(id_: str, events: Sequence[Event]) -> Story:
    ordered = sorted(events, key=lambda event: (event.start, event.id))
    widest = max(ordered, key=lambda event: (len(event.sources), len(event.articles)))
    return Story(id_, widest.title, tuple(ordered))


def _load_profiles(library: Library, space: Space, chosen: Sequence[int]) -> EventProfiles:
    """Of the events ``chosen`` that have a date, and of those around their days."""
    days = library.event_days(chosen)
    found = {number: own for number, own in library.event_entries(chosen).items() if number in days}
    reach = timedelta(days=STORY_DAYS)
    for first, last in _join_stretches([days[number] for number in found], reach):
        found |= library.central_entries(first, last, N_CENTRAL, MAX_EVENTS)
    central = {number: select_central(own, N_CENTRAL) for number, own in found.items()}
    days = library.event_days(central)
    numbers = sorted(central, key=lambda number: (days[number], number))
    profiles = load_entry_profiles(library, space, [entry for number in numbers for entry in central[number]])
    ends = np.cumsum([0, *(len(central[number]) for number in numbers)])
    own = [profiles.select_articles(np.arange(*span)) for span in pairwise(ends)]
    return EventProfiles(
        numbers,
        np.array([_mean_vector(one.vectors) for one in own], dtype=np.float32),
        [frozenset[str]().union(*one.names) for one in own],
        [_shared_keys(one.names) for one in own],
        np.array([[day_number(day) for day in days[number]] for number in numbers]).reshape(-1, 2),
    )


def _join_stretches(spans: Iterable[tuple[str, str]], reach: timedelta) -> Iterator[tuple[str, str]]:
    """The days within ``reach`` of ``spans``, in as few stretches as there are gaps."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        start, end = _shift_day(first, -reach), _shift_day(last, reach)
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return ((start.isoformat(), end.isoformat()) for start, end in found)


def _shift_day(iso_date: str, by: timedelta) -> date:
    try:
        return date.fromisoformat(iso_date[:10]) + by
    except (ValueError, OverflowError):
        return date.min


def _mean_vector(vectors: FloatArray) -> FloatArray:
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def _shared_keys(names: Sequence[frozenset[str]]) -> frozenset[str]:
    """What two or more of an event's articles name, without days: those are of one event."""
    counts = Counter(key for own in names for key in own if not key.startswith("t:"))
    return frozenset(key for key, count in counts.items() if count > 1)
