"""How the sources of one event frame it: all measures of a comparison, for app, command line and report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosslingual.disk import draft, keep_latest
from crosslingual.framing.axes import Compass, Stand, load_compass, stands
from crosslingual.framing.cells import Trace, cells_of, trace, vectors_of
from crosslingual.framing.differences import Divergence, differences
from crosslingual.framing.kept import space_digest
from crosslingual.framing.lexicon import Lexicon, lexicon
from crosslingual.framing.policy import Frames, Portion, fitted_frames, portions
from crosslingual.framing.quotes import Quotes, quotes
from crosslingual.framing.retold import Elsewhere, retold
from crosslingual.framing.silences import Silences, silences
from crosslingual.framing.words import Aligner
from crosslingual.types import Cell, Comparison, FloatArray

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.encode import SentenceEncoder
    from crosslingual.library import Library
    from crosslingual.settings import Settings

PAIRS = 120
"""Pairs of sentences of one statement that are looked at for differences; the likeliest sentences first."""

KEPT = 30
"""Results kept in a library, the latest used."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two sentences of ``statement`` (its id), of two sources, do not say alike.

    Sides of ``divergence`` count ``one`` as 0 and ``other`` as 1.
    """

    statement: str
    one: Trace
    other: Trace
    divergence: Divergence


@dataclass(frozen=True, slots=True)
class Framing:
    """The measures of one comparison; each names the sentences that it rests on.

    ``left`` counts pairs of sentences that were not looked at for differences, statements being too large.
    """

    silences: Silences
    differences: tuple[Difference, ...]
    left: int
    quotes: Quotes
    retold: tuple[Elsewhere, ...]
    lexicon: Lexicon
    stands: tuple[Stand, ...]
    portions: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class Instruments:
    """What measures: an encoder with its space, and what was made of the shipped axes and frames by it."""

    encoder: SentenceEncoder
    space: Space
    compass: Compass
    frames: Frames


def load_instruments(encoder: SentenceEncoder, space: Space, home: Path) -> Instruments:
    """The instruments of an encoder; axes and frames are fitted once and kept in ``home``.

    Raises:
        InputError: a shipped list is damaged.
    """
    return Instruments(
        encoder,
        space,
        load_compass(space, home, encoder.encode),
        fitted_frames(space, home, encoder.encode),
    )


def framing_of(
    library: Library,
    space: Space,
    comparison: Comparison,
    settings: Settings,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Framing:
    """As ``frame``, with the encoder and reader of ``settings``; at once where nothing changed since.

    What was measured is kept in the library, by all that it depends on: the comparison, the encoder's space,
    the reader and the measures' own code and lists. Where it is kept, no encoder is loaded.

    Raises:
        ModelError: the encoder cannot be loaded.
        LibraryError: the library lacks vectors of the encoder.
    """
    from crosslingual.models import load_encoder

    key = hashlib.sha256(
        f"{_recipe()}\0{space_digest(space)}\0{settings.reader}\0{comparison!r}".encode(errors="replace")
    )
    kept = library.path / "framing" / f"{key.hexdigest()[:24]}.json"
    with suppress(Exception):  # missing, or whatever a damaged file provokes
        framing = _form().validate_json(kept.read_bytes())
        kept.touch()
        return framing  # type: ignore[no-any-return]
    instruments = load_instruments(load_encoder(settings.encoder, settings.home), space, settings.home)
    framing = frame(library, instruments, comparison, reader=settings.reader, progress=progress)
    with suppress(OSError):  # derived: what cannot be kept is measured again
        _keep(framing, kept)
    return framing


def _keep(framing: Framing, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with draft(path) as new:
        new.write_bytes(_form().dump_json(framing))
    keep_latest(path.parent.glob("[!.]*.json"), KEPT)


@cache
def _form() -> Any:
    """What writes a ``Framing`` as JSON and reads it back."""
    from pydantic import TypeAdapter

    return TypeAdapter(Framing)


@cache
def _recipe() -> str:
    """The digest of the measures' code and lists: with another, nothing that was kept holds."""
    own = Path(__file__)
    digest = hashlib.sha256()
    for path in [own, *sorted((own.parent / "framing").rglob("*"))]:
        if path.suffix in (".py", ".toml", ".json"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def frame(
    library: Library,
    instruments: Instruments,
    comparison: Comparison,
    *,
    reader: str = "en",
    progress: Callable[[int, int], None] | None = None,
) -> Framing:
    """All measures of ``comparison``, which is of ``library``, for a reader of ``reader``.

    ``progress`` is told how many of how many sentences are read for their differences, the long part.

    Raises:
        LibraryError: the library lacks vectors of the encoder.
    """
    space, encoder = instruments.space, instruments.encoder
    cells = cells_of(comparison)
    vectors = vectors_of(library, space, cells)
    pairs = [
        (statement.id, one, other)
        for statement in comparison.statements
        for one, other in _pairs(statement.cells)
    ]
    apart = differences(
        [((one.text, one.lang), (other.text, other.lang)) for _, one, other in pairs],
        Aligner(encoder, space.tokens),
        progress=progress,
    )
    said = quotes(comparison)

    def similar(texts: Sequence[tuple[str, str]]) -> FloatArray:
        distinct = list(dict.fromkeys(text for text, _ in texts))
        places = {text: place for place, text in enumerate(distinct)}
        rows = encoder.encode(distinct)[[places[text] for text, _ in texts]]
        return space.centred_each(rows, [lang for _, lang in texts])

    return Framing(
        silences(comparison, vectors),
        tuple(
            Difference(id_, trace(one), trace(other), found)
            for (id_, one, other), found in zip(pairs, apart, strict=True)
        ),
        sum(_count(statement.cells) for statement in comparison.statements) - len(pairs),
        said,
        retold(comparison, said.quotes, similar),
        lexicon(comparison, reader),
        stands(cells, vectors, instruments.compass),
        portions(cells, vectors, instruments.frames),
    )


def _pairs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Pairs of cells of two sources, at most ``PAIRS``; those of the likeliest cells."""
    order = {id(cell): number for number, cell in enumerate(cells)}
    best = sorted(cells, key=lambda cell: -cell.probability)
    every = [(one, other) for one, other in combinations(best, 2) if one.source != other.source]
    for one, other in every[:PAIRS]:
        yield (one, other) if order[id(one)] < order[id(other)] else (other, one)


def _count(cells: Sequence[Cell]) -> int:
    return sum(one.source != other.source for one, other in combinations(cells, 2))
