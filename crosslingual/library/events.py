"""What a library holds of events: which article is on which, and where an event went that was merged."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crosslingual.errors import NotFoundError
from crosslingual.library.database import Repository, replace_surrogates, words_for_damage
from crosslingual.library.session import Session
from crosslingual.types import Article, FloatArray

NO_STORY, STORY_WAITS, STORY_NOT_FOUND, STORY_DENIED = 0, -1, -2, -3
"""In place of the number of an event's story: an event of one article has none; it is to be looked for; none was
found; a person said there is none."""
ENTRY_COLUMNS = "articles.number, articles.id, source_id, lang, title, date"


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An article without its text, by its ``number`` in the library, and the event that it is on.

    ``event`` is the event's number, 0 before the article is grouped. The higher its ``centrality``, the more
    it tells what the others of its event tell.
    """

    number: int
    article: str
    source: str
    lang: str
    title: str
    date: str
    event: int
    centrality: float


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be stored under ``id`` if that is free, else with digits of ``suffix`` behind it."""

    id: str
    suffix: str


class EventRepository(Repository):
    """Every article is on one event, most of them alone; an event keeps its id while it grows."""

    def ungrouped_entries(self) -> list[EventEntry]:
        """The articles that no event was found for yet, by date."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"""SELECT {ENTRY_COLUMNS}, 0, 0.0 FROM event_articles JOIN articles ON number = article_number
                WHERE event_number IS NULL ORDER BY date, number"""  # noqa: S608  # own constant
            )
            return [make_entry(row, {}) for row in rows]

    def articles_by_number(self, numbers: Iterable[int] | None = None) -> dict[int, Article]:
        """The articles with these numbers, by default all, in the order they came in, as far as they are there."""
        condition = "true"
        parameters: tuple[list[int], ...] = ()
        if numbers is not None:
            condition = "number IN (?numbers)"
            parameters = (list(numbers),)
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"""SELECT number, source_id, lang, text, title, date, url, author FROM articles
                WHERE {condition} ORDER BY number""",  # noqa: S608  # own texts
                parameters,
            )
            return {number: Article(*row) for number, *row in rows}

    def entries_between(self, first: str, last: str, limit: int) -> list[EventEntry]:
        """Grouped articles dated from ``first`` to before ``last``, ISO 8601, at most the ``limit`` latest added.

        Both empty: those without a date.
        """
        condition = "date >= ? AND date < ?" if last else "date = ? AND ? = ''"
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            rows = db.execute(
                f"""SELECT {ENTRY_COLUMNS}, event_number, centrality
                FROM articles JOIN event_articles ON article_number = number
                WHERE {condition} AND event_number IS NOT NULL ORDER BY number DESC LIMIT ?""",  # noqa: S608
                (first, last, limit),
            )
            return [make_entry(row, roots) for row in rows]

    def event_entries(self, events: Iterable[int] | None = None) -> dict[int, list[EventEntry]]:
        """The articles of events by the number of the event; without numbers, of all events of two or more."""
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            if events is None:
                condition = """event_number IN (SELECT event_number FROM event_articles
                    GROUP BY event_number HAVING count(*) > 1)
                    OR event_number IN (?numbers)"""
                wanted = {*roots, *roots.values()}
            else:
                condition = "event_number IN (?numbers)"
                wanted = add_merged(events, roots)
            rows = db.execute(
                f"""SELECT {ENTRY_COLUMNS}, event_number, centrality
                FROM event_articles JOIN articles ON number = article_number
                WHERE {condition} ORDER BY articles.number""",  # noqa: S608  # own texts
                (sorted(wanted),),
            )
            found: dict[int, list[EventEntry]] = defaultdict(list)
            for row in rows:
                entry = make_entry(row, roots)
                found[entry.event].append(entry)
        return {event: own for event, own in found.items() if events is not None or len(own) > 1}

    def event_days(self, events: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Date of the first and of the last article of events, by their numbers; of those that have dated ones."""
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            wanted = add_merged(events, roots)
            rows = db.execute(
                """SELECT event_number, min(date), max(date)
                FROM event_articles JOIN articles ON number = article_number
                WHERE event_number IN (?numbers) AND date <> '' GROUP BY event_number""",
                (sorted(wanted),),
            )
            found: dict[int, tuple[str, str]] = {}
            for number, first, last in rows:
                root = roots.get(number, number)
                before = found.get(root, (first, last))
                found[root] = min(before[0], first), max(before[1], last)
        return found

    def find_event_id(self, name: str) -> str:
        """The id, as it is now, of the event ``name``, of one whose id begins so, or of that of an article.

        Raises:
            NotFoundError: there is none, or there are several.
        """
        plain = replace_surrogates(name)
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            of_article = """number = (SELECT event_number FROM event_articles JOIN articles
                ON articles.number = article_number WHERE articles.id = ?)"""
            begins_so = "substr(id, 1, ?) = ? AND ? <> '' LIMIT 50"
            for condition, *values in (
                ("id = ?", plain),
                (of_article, plain),
                (begins_so, len(plain), plain, plain),
            ):
                rows = db.execute(f"SELECT number FROM events WHERE {condition}", values)  # noqa: S608
                found = sorted({roots.get(number, number) for (number,) in rows})
                if len(found) == 1:
                    row = db.execute("SELECT id FROM events WHERE number = ?", (found[0],)).fetchone()
                    return str(row[0])
                if found:
                    raise NotFoundError(
                        f"event {name[:80]!r}: the ids of several events begin so; give more of it"
                    )
        raise NotFoundError(
            f"event {name[:80]!r}: not in this library; list what is with: crosslingual events"
        )

    def event_numbers(self, ids: Iterable[str]) -> list[int]:
        """The numbers, as they are now, of the events with these ids; unknown ones are left out."""
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            rows = db.execute(
                "SELECT number FROM events WHERE id IN (?texts) ORDER BY number",
                (list(ids),),
            )
            return [roots.get(number, number) for (number,) in rows]

    def event_names(self, events: Iterable[int]) -> dict[int, tuple[str, str]]:
        """Id, and the title that a person gave or an empty one, of events by their numbers."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                "SELECT number, id, title FROM events WHERE number IN (?numbers)",
                (list(events),),
            )
            return {number: (id_, title) for number, id_, title in rows}

    def event_forwards(self) -> dict[str, str]:
        """Ids of events that were merged into others, with the ids that these have now."""
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            rows = db.execute(
                "SELECT number, id FROM events WHERE number IN (?numbers)",
                (sorted({*roots, *roots.values()}),),
            )
            ids = dict(rows.fetchall())
        return {ids[number]: ids[root] for number, root in roots.items()}

    def separated_events(self) -> set[tuple[int, int]]:
        """Pairs of events, smaller number first, that a person said are two."""
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            rows = db.execute(
                "SELECT event_number, other_number FROM event_corrections WHERE kind IN ('split', 'move')"
            )
            pairs = {tuple(sorted((roots.get(one, one), roots.get(other, other)))) for one, other in rows}
        return {(one, other) for one, other in pairs if one != other}

    def store_grouping(
        self,
        homes: Mapping[int, int],
        new_events: Mapping[int, NewEvent],
        merges: Mapping[int, int],
    ) -> dict[int, int]:
        """Store which event articles are on, all or nothing; what another process grouped meanwhile stays.

        Args:
            homes: article number → event number, negative for one of ``new_events``.
            new_events: events to be made, under negative numbers.
            merges: number of an event → number of the one that it is merged into.

        Returns:
            The numbers that the new events got.
        """
        with self._db.write_transaction() as db:
            free = {
                number
                for (number,) in db.execute(
                    """SELECT article_number FROM event_articles
                    WHERE event_number IS NULL AND article_number IN (?numbers)""",
                    (list(homes),),
                )
            }
            own = {number: event for number, event in homes.items() if number in free}
            made = {
                event: insert_event(db, new_events[event])
                for event in dict.fromkeys(own.values())
                if event < 0
            }
            db.executemany(
                "UPDATE event_articles SET event_number = ? WHERE article_number = ?",
                ((made.get(event, event), number) for number, event in own.items()),
            )
            db.executemany(
                "UPDATE events SET merged_into = ? WHERE number = ? AND merged_into = 0",
                ((into, number) for number, into in merges.items()),
            )
            db.executemany(
                """UPDATE events SET story_number = ? WHERE number = ? AND story_number IN (?, ?)
                AND 1 < (SELECT count(*) FROM event_articles WHERE event_number = number)""",
                (
                    (STORY_WAITS, made.get(event, event), NO_STORY, STORY_NOT_FOUND)
                    for event in set(own.values())
                ),
            )
        return made

    def put_centralities(self, centralities: Mapping[int, float]) -> None:
        """Store how central articles, by their numbers, are to their events."""
        with self._db.write_transaction() as db:
            db.executemany(
                "UPDATE event_articles SET centrality = ? WHERE article_number = ?",
                ((value, number) for number, value in centralities.items()),
            )

    def load_profiles(self, key: str, numbers: Sequence[int]) -> dict[int, tuple[FloatArray, frozenset[str]]]:
        """What these articles are about, (d,) each, and what they name, as far as stored under ``key``."""
        with self._db.read_transaction() as db, words_for_damage(self.name):
            rows = db.execute(
                """SELECT article_number, vector, names FROM article_profiles
                WHERE model_number = (SELECT number FROM models WHERE name = ?)
                AND article_number IN (?numbers)""",
                (key, list(numbers)),
            )
            return {
                number: (np.frombuffer(vector, "<f2").astype(np.float32), frozenset(json.loads(names)))
                for number, vector, names in rows
            }

    def put_profiles(self, key: str, profiles: Mapping[int, tuple[FloatArray, frozenset[str]]]) -> None:
        """Store profiles of articles under ``key``; of an article that is gone meanwhile nothing is stored."""
        with self._db.write_transaction(is_derived=True, is_shared=True) as db:
            db.execute("INSERT INTO models (name, dimensions) VALUES (?, 0) ON CONFLICT DO NOTHING", (key,))
            db.executemany(
                """INSERT INTO article_profiles (model_number, article_number, vector, names)
                SELECT models.number, articles.number, ?, ? FROM models, articles
                WHERE models.name = ? AND articles.number = ?
                ON CONFLICT (model_number, article_number)
                DO UPDATE SET vector = excluded.vector, names = excluded.names""",
                (
                    (
                        vector.astype("<f2").tobytes(),
                        json.dumps(sorted(names), ensure_ascii=False),
                        key,
                        number,
                    )
                    for number, (vector, names) in sorted(profiles.items())
                ),
            )


def find_root(event: int, merged_into: Mapping[int, int]) -> int:
    """The event that ``event`` went into in the end; of a circle, its smallest."""
    seen = [event]
    while into := merged_into.get(seen[-1], 0):
        if into in seen:
            return min(seen[seen.index(into) :])
        seen.append(into)
    return seen[-1]


def load_forwards(db: Session) -> dict[int, int]:
    """Numbers of events that were merged, with that of the event they went into in the end."""
    merged_into = dict(db.execute("SELECT number, merged_into FROM events WHERE merged_into <> 0").fetchall())
    found = {number: find_root(number, merged_into) for number in merged_into}
    return {number: root for number, root in found.items() if number != root}


def add_merged(events: Iterable[int], roots: Mapping[int, int]) -> set[int]:
    """Numbers of events, with those of the events that went into them, by ``load_forwards``."""
    wanted = set(events)
    return wanted | {number for number, root in roots.items() if root in wanted}


def make_entry(row: tuple[Any, ...], roots: Mapping[int, int]) -> EventEntry:
    """Of a row of ``ENTRY_COLUMNS``, number of the event and centrality; ``roots`` by ``load_forwards``."""
    number, article, source, lang, title, date, event, centrality = row
    return EventEntry(number, article, source, lang, title, date, roots.get(event, event), centrality)


def insert_event(db: Session, new: NewEvent) -> int:
    """The number of a new event, whose id is made longer until it is its own."""
    for length in range(len(new.suffix) + 1):
        made = db.execute(
            "INSERT INTO events (id) VALUES (?) ON CONFLICT DO NOTHING RETURNING number",
            (new.id + new.suffix[:length],),
        ).fetchall()
        if made:
            return int(made[0][0])
    made = db.execute(
        """INSERT INTO events (id) SELECT ? || '-' || (coalesce(max(number), 0) + 1) FROM events
        WHERE true RETURNING number""",
        (new.id,),
    ).fetchall()
    return int(made[0][0])
