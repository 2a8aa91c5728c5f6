from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosslingual.align.space import DEMO_FOLDER, Space
from crosslingual.compare.comparison import compare_event
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.events.clustering import find_events
from crosslingual.framing import pipeline as module
from crosslingual.framing.cells import collect_cells
from crosslingual.framing.pipeline import (
    Framing,
    Instruments,
    cached_framing,
    load_instruments,
    measure_framing,
)
from crosslingual.ingest.pipeline import add_files
from crosslingual.library import Library
from crosslingual.model_store import DEFAULT_ENCODER
from crosslingual.settings import Settings
from crosslingual.types import Comparison, FloatArray

if TYPE_CHECKING:
    from crosslingual.embeddings.encoder import SentenceEncoder

Small = tuple[Library, Settings, Comparison]


@pytest.fixture
def small(
    instruments: Instruments, article_encoder: ArticleEncoder, demo_space: Space, home: Path, tmp_path: Path
) -> Iterator[Small]:
    """A library of two articles of the demo, compared; ``instruments`` are kept in the home."""
    with Library(tmp_path / "library") as library:
        files = [DEMO_FOLDER / "fukushima-water" / f"{name}-demo.md" for name in ("bbc", "lemonde")]
        add_files(files, library, lambda: article_encoder)
        (event,) = find_events(library, demo_space)
        yield (
            library,
            Settings(home, library.path, DEFAULT_ENCODER),
            compare_event(library, demo_space, event),
        )


def test_every_measure_rests_on_sentences_of_the_event(small: Small, instruments: Instruments) -> None:
    library, _, comparison = small
    told: list[tuple[int, int]] = []
    framing = measure_framing(
        library,
        instruments,
        comparison,
        progress=lambda *counts: told.append(counts),
    )
    traces = [
        *(place for one in framing.differences for place in (one.left, one.right)),
        *(one.cell for one in framing.omissions.exclusives),
        *(place for one in framing.quotes.quotes for place in one.sentences),
        *(place for one in framing.lexicon.across for place in one.cells),
        *(one.cell for stand in framing.axis_scores for one in (*stand.towards_high, *stand.towards_low)),
        *(one.cell for portion in framing.frame_shares for one in portion.evidence),
    ]
    articles = {article.id: article for article in comparison.articles}
    assert traces
    for place in traces:
        assert articles[place.article].text[place.start : place.end] == place.text
    assert {one.statement for one in framing.differences} == {one.id for one in comparison.statements}
    assert all(one.left.source != one.right.source for one in framing.differences)
    assert told[-1][0] == told[-1][1] > 0


def test_what_did_not_change_is_not_measured_again(
    small: Small, encoder: SentenceEncoder, demo_space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, settings, comparison = small
    loaded = []

    def load(name: str, home: Path) -> SentenceEncoder:
        loaded.append(name)
        return encoder

    monkeypatch.setattr("crosslingual.model_store.load_query_encoder", load)

    def measured(of: Comparison = comparison, by: Settings = settings) -> Framing:
        return cached_framing(library, demo_space, of, by)

    first = measured()
    assert measured() == first
    assert len(loaded) == 1
    (kept,) = (library.path / "framing").iterdir()

    kept.write_bytes(kept.read_bytes()[:-9])
    assert measured() == first, "what is damaged is measured again"
    assert len(loaded) == 2

    assert measured(replace(comparison, statements=comparison.statements[1:])) != first
    measured(by=replace(settings, target_lang="fr"))
    monkeypatch.setattr(module, "_code_digest", lambda: "other code")
    assert measured() == first
    assert len(loaded) == 5

    monkeypatch.setattr(module, "MAX_CACHED_RESULTS", 2)
    measured(replace(comparison, threshold=0.9))
    assert len(list((library.path / "framing").iterdir())) == 2


def test_what_was_kept_hangs_on_the_word_lists_too() -> None:
    package = Path(module.__file__).parents[1]
    counted = {path.relative_to(package).as_posix() for path in module._code_files()}
    assert {"framing/quotes.py", "language/speakers.py", "language/data/speech.toml"} <= counted


def test_many_sentences_are_read_by_the_encoder_for_many(
    small: Small, encoder: SentenceEncoder, demo_space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, settings, comparison = small
    loaded: list[str] = []

    def note_load(name: str) -> SentenceEncoder:
        loaded.append(name)
        return encoder

    for name in ("load_encoder", "load_query_encoder"):
        monkeypatch.setattr(f"crosslingual.model_store.{name}", lambda *_, name=name: note_load(name))
    n_sentences = len({cell.text for statement in comparison.statements for cell in statement.cells})
    for limit in (n_sentences, n_sentences - 1):
        monkeypatch.setattr("crosslingual.model_store.MAX_QUICK_TEXTS", limit)
        cached_framing(library, demo_space, replace(comparison, threshold=limit / 1000), settings)
    assert loaded == ["load_query_encoder", "load_encoder"]


def test_a_library_that_cannot_be_written_is_measured_all_the_same(
    small: Small, loaded_encoder: SentenceEncoder, demo_space: Space
) -> None:
    library, settings, comparison = small
    (library.path / "framing").write_text("in the way", encoding="utf-8")
    assert cached_framing(library, demo_space, comparison, settings).axis_scores


def test_of_a_large_statement_some_pairs_are_looked_at_and_the_rest_is_counted(
    small: Small, instruments: Instruments, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, _, comparison = small
    every = tuple(cell for cell in collect_cells(comparison) if cell.probability)
    large = replace(comparison, statements=(replace(comparison.statements[0], cells=every),))
    monkeypatch.setattr(module, "MAX_PAIRS_PER_STATEMENT", 5)
    framing = measure_framing(library, instruments, large)
    best = max(cell.probability for cell in every)
    sources = [cell.source for cell in every]
    assert len(framing.differences) == 5
    assert framing.n_skipped_pairs == sources.count("bbc-demo") * sources.count("lemonde-demo") - 5
    likely = {(cell.article, cell.sentence) for cell in every if cell.probability == best}
    for one in framing.differences:
        assert {(place.article, place.sentence) for place in (one.left, one.right)} & likely
        assert one.left.source == every[0].source, "in the order of the table"


def test_kept_directions_are_those_that_were_made(
    encoder: SentenceEncoder,
    demo_space: Space,
    encode_once: Callable[[Sequence[str]], FloatArray],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encoder, "encode", encode_once)
    made = load_instruments(encoder, demo_space, tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(encoder, "encode", None)
        kept = load_instruments(encoder, demo_space, tmp_path)
    assert (kept.frame_model.directions == made.frame_model.directions).all()
    assert (kept.axis_model.directions == made.axis_model.directions).all()
