"""What a library holds of stories: which events go on from one another, over weeks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from crosslingual.errors import InputError
from crosslingual.library.database import Repository
from crosslingual.library.event_corrections import find_event_number, record_event_correction
from crosslingual.library.events import (
    ENTRY_COLUMNS,
    NO_STORY,
    STORY_DENIED,
    STORY_NOT_FOUND,
    STORY_WAITS,
    EventEntry,
    add_merged,
    find_root,
    load_forwards,
    make_entry,
)
from crosslingual.library.history import OperationDraft, change_value, finish_operation
from crosslingual.library.session import Session
from crosslingual.types import Operation


class StoryRepository(Repository):
    """A story has the number of one of its events; its id is that event's, and stays while it grows.

    When a person takes this event out, the story is called by another of its events.
    """

    def waiting_stories(self) -> list[int]:
        """Numbers of the events that a story is to be looked for, in the order in which they were found."""
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            rows = db.execute("SELECT number FROM events WHERE story_number = ?", (STORY_WAITS,))
            return sorted({roots.get(number, number) for (number,) in rows})

    def story_numbers(self) -> dict[int, int]:
        """By the numbers of events, the number of their story, or ``STORY_DENIED``; only of those that have one."""
        with self._db.read_transaction() as db:
            return _load_stories(db)

    def story_ids(self) -> dict[str, str]:
        """By the ids of events, the id of their story; only of those that have one."""
        with self._db.read_transaction() as db:
            stories = {event: story for event, story in _load_stories(db).items() if story > 0}
            rows = db.execute(
                "SELECT number, id FROM events WHERE number IN (?numbers)",
                (sorted({*stories, *stories.values()}),),
            )
            ids = dict(rows.fetchall())
        return {ids[event]: ids[story] for event, story in stories.items()}

    def central_entries(
        self, first: str, last: str, n_articles: int, n_events: int
    ) -> dict[int, list[EventEntry]]:
        """The most central articles, ``n_articles`` at most, of events that have some from ``first`` to ``last``.

        Of events of two or more articles, by their numbers; the ``n_events`` that have most articles in these days.
        """
        with self._db.read_transaction() as db:
            roots = load_forwards(db)
            near = db.execute(
                """SELECT event_number FROM articles JOIN event_articles ON article_number = number
                WHERE date >= ? AND date < ? || '~'
                AND event_number IN (SELECT number FROM events WHERE story_number <> ?)
                GROUP BY event_number ORDER BY count(*) DESC, event_number DESC LIMIT ?""",
                (first, last, NO_STORY, n_events),
            )
            wanted = add_merged({roots.get(number, number) for (number,) in near}, roots)
            rows = db.execute(
                f"""SELECT * FROM (
                    SELECT {ENTRY_COLUMNS}, event_number, centrality, row_number() OVER (
                        PARTITION BY event_number ORDER BY centrality DESC, articles.number) AS place
                    FROM event_articles JOIN articles ON articles.number = article_number
                    WHERE event_number IN (?numbers))
                AS ranked WHERE place <= ?""",  # noqa: S608  # own constant
                (sorted(wanted), n_articles),
            )
            found: dict[int, list[EventEntry]] = defaultdict(list)
            for *row, _ in rows:
                entry = make_entry(tuple(row), roots)
                found[entry.event].append(entry)
        return {event: select_central(own, n_articles) for event, own in found.items()}

    def put_stories(self, stories: Mapping[int, int]) -> None:
        """Store the stories of events that have none; what another process stored meanwhile stays."""
        with self._db.write_transaction(is_derived=True) as db:
            roots = load_forwards(db)
            for event, story in stories.items():
                db.executemany(
                    "UPDATE events SET story_number = ? WHERE number = ? AND story_number IN (?, ?, ?)",
                    (
                        (
                            story if number == event else NO_STORY,
                            number,
                            STORY_WAITS,
                            STORY_NOT_FOUND,
                            NO_STORY,
                        )
                        for number in add_merged([event], roots)
                    ),
                )

    def join_story(self, event_id: str, other_id: str) -> Operation:
        """Put an event into the story of another; where that has none, they are one from now on.

        Raises:
            NotFoundError: there is no such event.
            InputError: they are one event, or in one story, or no event of the two can give the story its number.
        """
        with self._db.write_transaction() as db:
            event, other = find_event_number(db, event_id), find_event_number(db, other_id)
            if event == other:
                raise InputError(f"events {event_id} and {other_id}: one event; name two")
            stories = _load_stories(db)
            story = stories.get(other, 0)
            if story > 0 and stories.get(event) == story:
                raise InputError(f"events {event_id} and {other_id}: in one story already")
            operation = OperationDraft("edit", f"event {event_id} put into the story of event {other_id}")
            _take_number_back(db, operation, event)
            stories = _load_stories(db)
            story = stories.get(other, 0)
            if story <= 0:
                _take_number_back(db, operation, other)
                story = choose_story_number(event, other, _load_stories(db).values())
                if not story:
                    raise InputError(
                        f"events {event_id} and {other_id}: each has given its id to another story"
                    )
                _set_story(db, operation, other, story)
            _set_story(db, operation, event, story)
            record_event_correction(db, operation, "join", event, other)
            return finish_operation(db, operation)

    def leave_story(self, event_id: str) -> Operation:
        """Take an event out of its story; it is put into none by what is added later.

        Raises:
            NotFoundError: there is no such event.
            InputError: it is in no story.
        """
        with self._db.write_transaction() as db:
            event = find_event_number(db, event_id)
            story = _load_stories(db).get(event, 0)
            if story <= 0:
                raise InputError(f"event {event_id}: in no story; see: crosslingual stories")
            operation = OperationDraft("edit", f"event {event_id} taken out of its story")
            _take_number_back(db, operation, event)
            _set_story(db, operation, event, STORY_DENIED)
            record_event_correction(db, operation, "leave", event, story)
            return finish_operation(db, operation)


def select_central(entries: list[EventEntry], n_articles: int) -> list[EventEntry]:
    """The ``n_articles`` of ``entries`` that tell most of what the others tell."""
    return sorted(entries, key=lambda entry: (-entry.centrality, entry.number))[:n_articles]


def choose_story_number(event: int, other: int, taken: Collection[int]) -> int:
    """The number of a new story of two events: that of the first found whose number is no story's."""
    return next((number for number in sorted((event, other)) if number not in taken), 0)


def _load_stories(db: Session) -> dict[int, int]:
    """An event that was merged into another gives it its story, unless that has one of its own."""
    roots = load_forwards(db)
    rows = db.execute(
        "SELECT number, story_number FROM events WHERE story_number > 0 OR story_number = ?", (STORY_DENIED,)
    ).fetchall()
    own = {number: story for number, story in rows if number not in roots}
    # A story whose event went into another is that one: so it is where leaving was undone.
    moved = {number: story for number, story in own.items() if story not in (number, STORY_DENIED)}
    found = {roots[number]: story for number, story in rows if number in roots} | own
    return {number: find_root(story, moved) for number, story in found.items()}


def _take_number_back(db: Session, operation: OperationDraft, event: int) -> None:
    """Call a story that has the number of ``event`` by that of another of its events, if it has others."""
    roots = load_forwards(db)
    rows = db.execute("SELECT number, story_number FROM events WHERE story_number > 0").fetchall()
    others = [(number, story) for number, story in rows if roots.get(number, number) != event]
    stories, taken = _load_stories(db), {story for _, story in rows}
    for own in sorted({story for _, story in others if roots.get(story, story) == event}):
        members = {number for number, story in stories.items() if story == own} - {event}
        if free := members - taken:
            for number in (number for number, story in others if story == own):
                _set_story(db, operation, number, min(free))


def _set_story(db: Session, operation: OperationDraft, event: int, story: int) -> None:
    change_value(db, operation, "events", ("number", event), "story_number", story)
