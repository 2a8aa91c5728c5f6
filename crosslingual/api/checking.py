"""Checking an open library: questions about its comparisons, answers, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from crosslingual.api.opened import ProgressCallback

if TYPE_CHECKING:
    from crosslingual.align.matching import PairProbabilities
    from crosslingual.api import Library
    from crosslingual.check.item_view import ItemView
    from crosslingual.check.results import CheckResults
    from crosslingual.library.judgements import CheckItem, CheckSample
    from crosslingual.types import Event, ProbabilityCalibration


class LibraryCheck:
    """What :attr:`Library.check` gives: its comparisons, judged by a person.

    A sample is drawn, its items are answered one by one; the answers measure the comparisons and, where they are put
    into use, calibrate their probabilities.
    """

    def __init__(self, library: Library, progress: ProgressCallback) -> None:
        """Of an open library; ``progress`` is told how far a step is."""
        self._library, self._progress = library, progress

    def draw(
        self, event: Event | str | None = None, *, size: int | None = None, seed: int | None = None
    ) -> CheckSample:
        """Draw questions about ``event``, or all of the library, and keep them there.

        Raises:
            NotFoundError: there is no such event.
            InputError: ``size`` is none, or there is nothing left to ask.
        """
        from crosslingual.check.session import DEFAULT_SAMPLE_SIZE, draw_sample

        library = self._library
        found = None if event is None else library.event(event)
        return draw_sample(
            library.store,
            library.space,
            library.events() if found is None else [found],
            self._score_event,
            event_id=found.id if found else "",
            size=DEFAULT_SAMPLE_SIZE if size is None else size,
            seed=seed,
            progress=partial(self._progress, "comparing"),
        )

    def samples(self, event: Event | str | None = None) -> list[CheckSample]:
        """The samples that count together: of the latest one's event, or of ``event``; "" is the whole library."""
        from crosslingual.check.session import find_open_samples
        from crosslingual.compare.pair_cache import scoring_key

        key = scoring_key(self._library.space)
        return find_open_samples(self._library.store, key, self._event_id(event))

    def open_items(self, event: Event | str | None = None) -> Iterator[ItemView]:
        """What is not answered yet of :meth:`samples`, in order, with context and translations."""
        from crosslingual.check.session import iterate_open_items

        settings = self._library.settings
        return iterate_open_items(
            self._library.store, self.samples(event), settings.target_lang, settings.engine_priority
        )

    def answer(self, item: CheckItem, answer: str) -> None:
        """Keep what was answered to ``item``: same, part, values, different or unsure.

        Raises:
            InputError: it is none of these, or the question is gone.
        """
        from crosslingual.check.session import store_answer

        store_answer(self._library.store, item, answer)

    def undo(self, event: Event | str | None = None) -> CheckItem | None:
        """Take the last answer back; None where there is none."""
        return self._library.store.take_back_answer([one.id for one in self.samples(event)])

    def results(self, event: Event | str | None = None) -> CheckResults:
        """What the answers say, of the latest sample's event or library, or of ``event``."""
        from crosslingual.check.session import measure_library

        return measure_library(self._library.store, self._library.space, self._event_id(event))

    def apply(self) -> ProbabilityCalibration:
        """Have all comparisons of the library calibrated by the answers so far.

        Raises:
            InputError: there are too few.
        """
        from crosslingual.check.session import apply_calibration

        return apply_calibration(self._library.store, self._library.space)

    def reset(self, *, answers: bool = False) -> tuple[int, int]:
        """Take calibrations out of use, and with ``answers`` forget all answers; how many there were of each."""
        store = self._library.store
        return store.remove_calibrations(), store.remove_check_samples() if answers else 0

    def export(self, path: str | Path) -> tuple[int, int]:
        """Write the answers as gold for ``evaluate statements``; how many events and judged pairs there are in it.

        Raises:
            InputError: there is no answer, or the file cannot be written.
        """
        from crosslingual.check.gold_export import export_gold

        return export_gold(
            self._library.store, self._library.store.load_check_samples(), Path(path).expanduser()
        )

    def _event_id(self, event: Event | str | None) -> str | None:
        if event is None:
            return None
        return self._library.event(event).id if event else ""

    def _score_event(self, event: Event) -> PairProbabilities:
        from crosslingual.compare.comparison import score_event_pairs

        library = self._library
        return library.retry_with_vectors(
            lambda: score_event_pairs(library.store, library.space, event), event.articles
        )
