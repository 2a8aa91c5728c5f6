"""Checking a library: drawing samples, asking, taking back, putting a calibration into use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from crosslingual.align.matching import PairProbabilities
from crosslingual.align.space import Space
from crosslingual.check.fitting import fit_calibration
from crosslingual.check.item_view import ItemView, load_item_view
from crosslingual.check.results import (
    CheckResults,
    agrees,
    list_judged_pairs,
    measure_samples,
    pair_key,
    select_samples,
)
from crosslingual.check.sampling import CellTable, ItemKey, choose_events, count_cells, draw_items, list_cells
from crosslingual.compare.comparison import compare_event
from crosslingual.compare.pair_cache import scoring_key
from crosslingual.errors import InputError
from crosslingual.library import Library
from crosslingual.library.judgements import CheckItem, CheckSample
from crosslingual.types import Event, ProbabilityCalibration

DEFAULT_SAMPLE_SIZE, MAX_SAMPLE_SIZE = 60, 2_000
MAX_EVENTS = 40
"""Events of a library that a sample is drawn from; of more, some at random."""


def draw_sample(
    library: Library,
    space: Space,
    events: Sequence[Event],
    score_event: Callable[[Event], PairProbabilities],
    *,
    event_id: str = "",
    size: int = DEFAULT_SAMPLE_SIZE,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> CheckSample:
    """Draw ``size`` questions about ``events`` and store them.

    The sample goes on with the one before, whose cells are not drawn again, unless these have changed since.

    Args:
        library: keeps them.
        space: what the sentences are compared in.
        events: that with ``event_id``, or all of the library.
        score_event: gives an event's pairs with their shipped probabilities.
        event_id: of the one event; empty for the library.
        size: how many questions.
        seed: of the random numbers; without it one that is drawn. It is stored.
        progress: called with how many events are compared of how many.

    Raises:
        InputError: ``size`` is none, or there is nothing left to ask.
        LibraryError: the library cannot be written.
    """
    if not 1 <= size <= MAX_SAMPLE_SIZE:
        raise InputError(f"a sample of {size}: give 1 to {MAX_SAMPLE_SIZE:,}")
    seed = uuid4().int % 2**31 if seed is None else seed
    if seed < 0:
        raise InputError(f"seed {seed}: give 0 or more")
    key = scoring_key(space)
    active = library.load_calibration(key)
    calibration_id = active.id if active else ""
    alike = [one for one in library.load_check_samples() if one.calibration_id == calibration_id]
    series = select_samples(alike, key, event_id)
    # The events of the series' first sample: with others its cells would be others.
    chosen = choose_events(events, MAX_EVENTS, series[0].seed if series else seed)
    tables = _list_tables(library, space, chosen, score_event, progress)
    if series and not _is_population(series[0], tables, len(events)):
        series, anew = [], choose_events(events, MAX_EVENTS, seed)
        if anew != chosen:
            chosen, tables = anew, _list_tables(library, space, anew, score_event, progress)
    items, sizes = draw_items(tables, size, seed, _known_cells(series))
    if not items:
        raise InputError(
            "nothing to ask: there is no event with two sources, or all has been asked; add articles with:"
            " crosslingual add PATH"
        )
    sample = CheckSample(
        uuid4().hex[:12],
        datetime.now(UTC).isoformat(timespec="seconds"),
        event_id,
        seed,
        key,
        calibration_id,
        len(chosen),
        len(events),
        sizes,
        tuple(items),
    )
    library.add_check_sample(sample)
    return next(one for one in library.load_check_samples() if one.id == sample.id)


def find_open_samples(library: Library, key: str, event_id: str | None = None) -> list[CheckSample]:
    """The samples that are being asked, as :func:`select_samples` says."""
    return select_samples(library.load_check_samples(), key, event_id)


def iterate_open_items(
    library: Library, samples: Sequence[CheckSample], target_lang: str = "en", engines: Sequence[str] = ()
) -> Iterator[ItemView]:
    """What is not answered yet, in order; what names articles that are gone is passed over."""
    for sample in samples:
        for item in sample.items:
            if not item.answer and (view := load_item_view(library, item, target_lang, engines)):
                yield view


def store_answer(library: Library, item: CheckItem, answer: str) -> None:
    """Keep what was answered to ``item``, and to the same two sentences where its sample asks the other way round.

    Raises:
        InputError: the question is gone, or there is no such answer.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    own = next((one.items for one in library.load_check_samples() if item in one.items), ())
    same = [
        one.number
        for one in own
        if item.kind == one.kind == "pair" and not one.answer and pair_key(one) == pair_key(item)
    ]
    library.store_answer(sorted({item.number, *same}), answer, now)


def measure_library(library: Library, space: Space, event_id: str | None = None) -> CheckResults:
    """What the answers so far say: of the latest sample's event or library, or of ``event_id``."""
    key = scoring_key(space)
    return measure_samples(library.load_check_samples(), key, library.load_calibration(key), event_id)


def measure_event(library: Library, space: Space, event_id: str) -> CheckResults | None:
    """What is known of how right an event's rows are: by answers on it, else on the library; None without any."""
    for scope in (event_id, ""):
        results = measure_library(library, space, scope)
        if results.n_judged:
            return results
    return None


def apply_calibration(library: Library, space: Space) -> ProbabilityCalibration:
    """Map the library's probabilities by all answers so far; what was in use before is kept below it.

    Raises:
        InputError: there are too few answers.
    """
    key = scoring_key(space)
    pairs = list_judged_pairs(library.load_check_samples(), key)
    made = fit_calibration([one.probability for one in pairs], [agrees(one) for one in pairs], key)
    library.add_calibration(made)
    return made


def _list_tables(
    library: Library,
    space: Space,
    events: Sequence[Event],
    score_event: Callable[[Event], PairProbabilities],
    progress: Callable[[int, int], None] | None,
) -> list[CellTable]:
    tables: list[CellTable] = []
    for done, event in enumerate(events):
        if progress:
            progress(done, len(events))
        tables.append(_list_event_cells(library, space, event, score_event(event)))
    if progress:
        progress(len(events), len(events))
    return tables


def _is_population(sample: CheckSample, tables: Sequence[CellTable], n_all_events: int) -> bool:
    """Whether ``sample`` was drawn from as many cells of each stratum, of as many events."""
    counts = (len(tables), n_all_events, count_cells(tables))
    return counts == (sample.n_events, sample.n_all_events, dict(sample.stratum_sizes))


def _list_event_cells(library: Library, space: Space, event: Event, shipped: PairProbabilities) -> CellTable:
    comparison = compare_event(library, space, event, pair_probabilities=shipped)
    sentences = library.load_sentences([article.id for article in comparison.articles])
    return list_cells(comparison, shipped, [sentences[article.id] for article in comparison.articles])


def _known_cells(samples: Sequence[CheckSample]) -> set[ItemKey]:
    return {(item.article, item.start, item.source) for sample in samples for item in sample.items}
