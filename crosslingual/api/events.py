"""The events and stories of a library: asking for them, and correcting them by hand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from crosslingual.api.opened import OneOrMany, OpenLibrary, list_values
from crosslingual.errors import InputError
from crosslingual.types import Article, Event, EventCorrection, Operation, Story

if TYPE_CHECKING:
    from crosslingual.events.listing import EventFilters, EventSummary


class EventLibrary(OpenLibrary):
    """An open library, as far as its events go."""

    def group_articles(self) -> int:
        """Find an event for every article that has none yet, and their stories, as asking does; how many there were.

        Raises:
            ModelError: the encoder is not installed.
            LibraryError: the library cannot be written.
        """
        from crosslingual.events.grouping import group_new_articles
        from crosslingual.events.stories import find_new_stories

        report_step = partial(self._report_progress, "finding events")
        n_grouped = self.retry_with_vectors(lambda: group_new_articles(self.store, self.space, report_step))
        self.retry_with_vectors(lambda: find_new_stories(self.store, self.space))
        return n_grouped

    def events(
        self,
        *,
        title: str = "",
        entity: str = "",
        lang: OneOrMany = (),
        source: OneOrMany = (),
        since: str = "",
        until: str = "",
        order: str = "date",
    ) -> list[Event]:
        """The events, newest first: two or more articles on one happening.

        All filters must hold; of one with several values, any.

        Args:
            title: words that all stand in one title, the event's or of its articles.
            entity: who, where or which organisation an article names, in any script.
            lang: ISO 639-1 codes of languages, of which it has articles.
            source: ids of sources, of which it has articles.
            since: the first day, ISO 8601.
            until: the last day, ISO 8601.
            order: date, added, sources, articles or languages; most or latest first.

        Raises:
            InputError: a day is none, the days are the wrong way round, or there is no such order.
            NotFoundError: the library has nothing in this language, or of this source.
            ModelError: the encoder is not installed.
        """
        from crosslingual.events.listing import EventFilters

        filters = EventFilters(
            title,
            frozenset(code.lower() for code in list_values(lang)),
            frozenset(list_values(source)),
            since,
            until,
        )
        return [summary.event for summary in self.list_events(filters, entity=entity, order=order)]

    def list_events(
        self, filters: EventFilters, *, entity: str = "", order: str = "date"
    ) -> list[EventSummary]:
        """As :meth:`events`, with its filters in one and with what a list says of each event."""
        from dataclasses import replace

        from crosslingual.events.clustering import summarize_events
        from crosslingual.events.listing import EVENT_ORDERS, select_events
        from crosslingual.search import Filters
        from crosslingual.search.availability import check_filters
        from crosslingual.search.naming import find_naming_articles

        if order not in EVENT_ORDERS:
            raise InputError(f"order {order[:40]!r}: give one of {', '.join(EVENT_ORDERS)}")
        check_filters(
            self.store,
            Filters(filters.langs, filters.sources, since=filters.since, until=filters.until),
        )
        settings = self.settings
        found = self.retry_with_vectors(
            lambda: summarize_events(
                self.store, self.space, target_lang=settings.target_lang, engines=settings.engine_priority
            )
        )
        if entity:
            naming = self.retry_with_vectors(lambda: find_naming_articles(self.index, entity))
            filters = replace(filters, articles=naming)
        return select_events(found, filters, order)

    def event(self, name: Event | str) -> Event:
        """The event with this id, or one that begins so, or that has an article with this id.

        Raises:
            NotFoundError: there is none, or several.
        """
        from crosslingual.events.clustering import find_event

        if not isinstance(name, str):
            return name
        events = self.events()  # which may merge some
        return find_event(name, events, self.store.event_forwards())

    def stories(self) -> list[Story]:
        """The stories, newest first: two or more events that go on from one another, over weeks.

        Raises:
            ModelError: the encoder is not installed.
        """
        from crosslingual.events.stories import load_stories

        events = self.events()
        return self.retry_with_vectors(lambda: load_stories(self.store, self.space, events))

    def story(self, name: Story | Event | str) -> Story:
        """The story with this id, or that has this event, or an event or article with this id.

        Raises:
            NotFoundError: there is none, or several.
        """
        from crosslingual.events.stories import find_story

        if isinstance(name, Story):
            return name
        stories = self.stories()
        return find_story(name if isinstance(name, str) else name.id, stories, self.store.event_forwards())

    # Correcting events and stories by hand. Each is an operation that can be undone.

    def merge_events(self, event: Event | str, other: Event | str) -> Operation:
        """Put the articles of ``other`` into ``event``; its id leads there from now on.

        Args:
            event: an event, its id, or the id of an article.
            other: the same.

        Raises:
            NotFoundError: there is no such event.
            InputError: they are one event.
        """
        kept = self._event_id(event)
        done = self.store.merge_events(kept, self._event_id(other))
        self._update_centralities(kept)
        return done

    def split_event(self, event: Event | str, articles: Iterable[Article | str]) -> tuple[Operation, str]:
        """Make an event of its own of some ``articles`` of ``event``; the id of the new one comes second.

        What is added later does not bring the two together again.

        Raises:
            NotFoundError: there is no such event, or an article is not on it.
            InputError: no article would be left, or none is named.
        """
        kept = self._event_id(event)
        ids = [article if isinstance(article, str) else article.id for article in articles]
        done, new_id = self.store.split_event(kept, ids)
        self._update_centralities(kept, new_id)
        return done, new_id

    def move_article(self, article: Article | str, event: Event | str) -> Operation:
        """Put an article onto ``event``.

        Raises:
            NotFoundError: there is no such article or event.
            InputError: it is on that event.
        """
        kept = self._event_id(event)
        done = self.store.move_article(article if isinstance(article, str) else article.id, kept)
        self._update_centralities(kept)
        return done

    def rename_event(self, event: Event | str, title: str) -> Operation:
        """Call ``event`` by a title; an empty one gives it back that of its articles.

        Raises:
            NotFoundError: there is no such event.
            InputError: the title is too long.
        """
        return self.store.rename_event(self._event_id(event), title)

    def join_story(self, event: Event | str, other: Event | str) -> Operation:
        """Put ``event`` into the story of ``other``; where that has none, the two are one from now on.

        Raises:
            NotFoundError: there is no such event.
            InputError: they are one event, or in one story.
        """
        return self.store.join_story(self._event_id(event), self._event_id(other))

    def leave_story(self, event: Event | str) -> Operation:
        """Take ``event`` out of its story; what is added later puts it into none.

        Raises:
            NotFoundError: there is no such event.
            InputError: it is in no story.
        """
        return self.store.leave_story(self._event_id(event))

    def event_corrections(self) -> list[EventCorrection]:
        """What was corrected by hand, oldest first."""
        return self.store.load_event_corrections()

    def _event_id(self, event: Event | str) -> str:
        """The id of an event that is named; also of one that has a single article."""
        if not isinstance(event, str):
            return event.id
        self.group_articles()
        return self.store.find_event_id(event)

    def _update_centralities(self, *event_ids: str) -> None:
        from crosslingual.events.grouping import update_centralities

        numbers = self.store.event_numbers(event_ids)
        self.retry_with_vectors(lambda: update_centralities(self.store, self.space, numbers))
