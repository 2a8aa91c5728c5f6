"""How the sources of one event frame it: all measures of a comparison, for app, command line and report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosslingual.align.array_cache import space_digest
from crosslingual.files import atomic_write, keep_latest
from crosslingual.framing.axes import AxisModel, AxisScore, load_axis_model, score_axes
from crosslingual.framing.cells import SentenceTrace, collect_cells, load_cell_vectors, make_trace
from crosslingual.framing.claims import Claim, find_claims
from crosslingual.framing.counterparts import AnalyzedSentence
from crosslingual.framing.differences import Divergence, analyze_sentences, compare_pairs
from crosslingual.framing.lexicon import Lexicon, build_lexicon
from crosslingual.framing.naming import NamedReferent, find_naming
from crosslingual.framing.omissions import Omissions, find_omissions
from crosslingual.framing.policy import FrameModel, FrameShare, load_frame_model, score_frames
from crosslingual.framing.quote_reuse import QuoteReuse, find_quote_reuse
from crosslingual.framing.quotes import Quotes, find_quotes
from crosslingual.framing.word_vectors import WordEncoder
from crosslingual.library.folder import FRAMING_FOLDER
from crosslingual.types import Cell, Comparison, FloatArray

if TYPE_CHECKING:
    from crosslingual.align.space import Space
    from crosslingual.embeddings.encoder import SentenceEncoder
    from crosslingual.embeddings.quick_encoder import QuickEncoder
    from crosslingual.library import Library
    from crosslingual.settings import Settings

MAX_PAIRS_PER_STATEMENT = 120
"""Pairs of sentences of one statement that are looked at for differences; the likeliest sentences first."""

MAX_CACHED_RESULTS = 30
"""Results kept in a library, the latest used."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two sentences of ``statement`` (its id), of two sources, do not say alike.

    Sides of ``divergence`` count ``left`` as 0 and ``right`` as 1.
    """

    statement: str
    left: SentenceTrace
    right: SentenceTrace
    divergence: Divergence


@dataclass(frozen=True, slots=True)
class Framing:
    """The measures of one comparison; each names the sentences that it rests on.

    ``n_skipped_pairs`` counts pairs of sentences that were not looked at for differences, statements being
    too large.
    """

    omissions: Omissions
    differences: tuple[Difference, ...]
    n_skipped_pairs: int
    quotes: Quotes
    quote_reuse: tuple[QuoteReuse, ...]
    lexicon: Lexicon
    axis_scores: tuple[AxisScore, ...]
    frame_shares: tuple[FrameShare, ...]
    naming: tuple[NamedReferent, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Instruments:
    """What measures: an encoder with its space, and what was made of the shipped axes and frames by it."""

    encoder: SentenceEncoder | QuickEncoder
    space: Space
    axis_model: AxisModel
    frame_model: FrameModel


def load_instruments(encoder: SentenceEncoder | QuickEncoder, space: Space, home: Path) -> Instruments:
    """The instruments of an encoder; axes and frames are fitted once and kept in ``home``.

    Raises:
        InputError: a shipped list is damaged.
    """
    return Instruments(
        encoder,
        space,
        load_axis_model(space, home, encoder.encode),
        load_frame_model(space, home, encoder.encode),
    )


def cached_framing(
    library: Library,
    space: Space,
    comparison: Comparison,
    settings: Settings,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Framing:
    """As ``measure_framing``, with the encoder and reader of ``settings``; at once where nothing changed since.

    What was measured is kept in the library, by all that it depends on: the comparison, the encoder's space,
    the reader and the measures' own code and lists. Where it is kept, no encoder is loaded; else for few
    sentences the one that needs no PyTorch.

    Raises:
        ModelError: the encoder cannot be loaded.
        LibraryError: the library lacks vectors of the encoder.
    """
    from crosslingual.model_store import load_encoder_for

    key = hashlib.sha256(
        f"{_code_digest()}\0{space_digest(space)}\0{settings.target_lang}\0{comparison!r}".encode(
            errors="replace"
        )
    )
    kept = library.path / FRAMING_FOLDER / f"{key.hexdigest()[:24]}.json"
    with suppress(Exception):  # missing, or whatever a damaged file provokes
        framing = _json_adapter().validate_json(kept.read_bytes())
        kept.touch()
        return framing  # type: ignore[no-any-return]
    texts = {cell.text for statement in comparison.statements for cell in statement.cells}
    encoder = load_encoder_for(len(texts), settings.encoder, settings.home)
    instruments = load_instruments(encoder, space, settings.home)
    framing = measure_framing(
        library, instruments, comparison, target_lang=settings.target_lang, progress=progress
    )
    with suppress(OSError):  # derived: what cannot be kept is measured again
        _write_cache(framing, kept)
    return framing


def _write_cache(framing: Framing, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    with atomic_write(path) as new:
        new.write_bytes(_json_adapter().dump_json(framing))
    keep_latest(path.parent.glob("[!.]*.json"), MAX_CACHED_RESULTS)


@cache
def _json_adapter() -> Any:
    """What writes a ``Framing`` as JSON and reads it back."""
    from pydantic import TypeAdapter

    return TypeAdapter(Framing)


@cache
def _code_digest() -> str:
    """The digest of the measures' code and lists: with another, nothing that was kept holds."""
    digest = hashlib.sha256()
    for path in _code_files():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code_files() -> list[Path]:
    """The measures' own code and lists, and what they know of languages and attributions."""
    own = Path(__file__).parent
    rooms = (own, *(own.parent / name for name in ("language", "attribution")))
    found = [path for room in rooms for path in room.rglob("*")]
    return sorted(path for path in found if path.suffix in (".py", ".toml", ".json", ".csv"))


def measure_framing(
    library: Library,
    instruments: Instruments,
    comparison: Comparison,
    *,
    target_lang: str = "en",
    progress: Callable[[int, int], None] | None = None,
) -> Framing:
    """All measures of ``comparison``, which is of ``library``, for a reader of ``target_lang``.

    ``progress`` is told how many of how many sentences are read for their differences, the long part.

    Raises:
        LibraryError: the library lacks vectors of the encoder.
    """
    space, encoder = instruments.space, instruments.encoder
    cells = collect_cells(comparison)
    vectors = load_cell_vectors(library, space, cells)
    pairs = [
        (statement.id, one, other)
        for statement in comparison.statements
        for one, other in _likeliest_pairs(statement.cells)
    ]
    words = WordEncoder(encoder, space.tokens)
    analyzed = analyze_sentences(
        ((cell.text, cell.lang) for _, *both in pairs for cell in both), words, progress=progress
    )

    def analyze_more(texts: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], AnalyzedSentence]:
        return analyzed | analyze_sentences((text for text in texts if text not in analyzed), words)

    apart = compare_pairs(
        [(analyzed[one.text, one.lang], analyzed[other.text, other.lang]) for _, one, other in pairs]
    )
    said = find_quotes(comparison)

    def embed_texts(texts: Sequence[tuple[str, str]]) -> FloatArray:
        distinct = list(dict.fromkeys(text for text, _ in texts))
        places = {text: place for place, text in enumerate(distinct)}
        rows = encoder.encode(distinct)[[places[text] for text, _ in texts]]
        return space.center_by_language(rows, [lang for _, lang in texts])

    return Framing(
        find_omissions(comparison, vectors),
        tuple(
            Difference(id_, make_trace(one), make_trace(other), found)
            for (id_, one, other), found in zip(pairs, apart, strict=True)
        ),
        sum(_count_pairs(statement.cells) for statement in comparison.statements) - len(pairs),
        said,
        find_quote_reuse(comparison, said.quotes, embed_texts),
        build_lexicon(comparison, target_lang),
        score_axes(cells, vectors, instruments.axis_model),
        score_frames(cells, vectors, instruments.frame_model),
        find_naming(comparison, analyze_more, target_lang),
        find_claims(comparison),
    )


def _likeliest_pairs(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    """Pairs of cells of two sources, at most ``MAX_PAIRS_PER_STATEMENT``; those of the likeliest cells."""
    order = {id(cell): number for number, cell in enumerate(cells)}
    best = sorted(cells, key=lambda cell: -cell.probability)
    every = [(one, other) for one, other in combinations(best, 2) if one.source != other.source]
    for one, other in every[:MAX_PAIRS_PER_STATEMENT]:
        yield (one, other) if order[id(one)] < order[id(other)] else (other, one)


def _count_pairs(cells: Sequence[Cell]) -> int:
    return sum(one.source != other.source for one, other in combinations(cells, 2))
