"""What is offered to coders: rows, cells or sentences of a comparison, hits of a search, a list of passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library import Library, SentenceKey
from crosslingual.library.coding_values import (
    ALL_OFFERED,
    CodingOffer,
    CodingUnit,
    Passage,
    check_coder,
    make_passage,
)
from crosslingual.types import Article, Cell, Comparison, Sentence

MAX_LIST_BYTES = 2**20
_PLACE = re.compile(r"([0-9a-f]{16}):(\d{1,9})(?:-(\d{1,9}))?")


def list_event_units(comparison: Comparison, library: Library, kind: str) -> list[CodingUnit]:
    """All units of a ``kind`` in a comparison, in its order.

    A sentence that only one source has is a row, and a cell, of its own.

    Raises:
        InputError: a comparison has no units of this kind.
    """
    texts = {article.id: article.text for article in comparison.articles}
    if kind == "sentence":
        sentences = library.load_sentences(texts)
        return [
            CodingUnit(kind, (make_passage(id_, text, one.start, one.end),))
            for id_, text in texts.items()
            for one in sentences[id_]
        ]
    if kind not in ("statement", "cell"):
        raise InputError(f"{kind[:40]!r}: of an event statements, cells or sentences are offered")
    rows = [statement.cells for statement in comparison.statements]
    rows += [(cell,) for cell in comparison.exclusives]
    units: list[CodingUnit] = []
    for cells in rows:
        parts = [cells] if kind == "statement" else _split_by_source(cells)
        units += [CodingUnit(kind, _cell_passages(part, texts)) for part in parts]
    return list({unit.key: unit for unit in units}.values())


def offer_event_units(
    library: Library,
    comparison: Comparison,
    kind: str,
    coders: Sequence[str],
    size: int | None,
    seed: int = 0,
) -> tuple[CodingOffer, int]:
    """Offer ``size`` units of a ``kind`` of a comparison, or all, to ``coders``: the offer, and its tasks.

    They are drawn from those that not all of ``coders`` have.

    Raises:
        InputError: there are no such units, or nobody to offer them to.
    """
    units = list_event_units(comparison, library, kind)
    return offer_sample(library, units, coders, f"{kind}s of event {comparison.event.id}", size, seed)


def offer_sample(
    library: Library,
    units: Sequence[CodingUnit],
    coders: Sequence[str],
    described: str,
    size: int | None,
    seed: int,
) -> tuple[CodingOffer, int]:
    """Offer ``size`` of ``units``, or all, to ``coders``: the offer, ``described`` so, and its tasks.

    They are drawn from those that not all of ``coders`` have.

    Raises:
        InputError: there are no such units, or nobody to offer them to.
    """
    if size is not None:
        units = _leave_known(units, library.load_coding_units(), coders)
    return library.offer_units(draw_units(units, size, seed), coders, described, seed)


def list_hit_units(library: Library, keys: Iterable[SentenceKey]) -> list[CodingUnit]:
    """A unit for each of these sentences, as ``(article id, sentence index)``, which the library has."""
    wanted = list(dict.fromkeys(keys))
    articles, sentences = _load_texts(library, (article for article, _ in wanted))
    return [
        CodingUnit("sentence", (_sentence_passage(articles[id_], sentences[id_][index]),))
        for id_, index in wanted
        if id_ in articles and index < len(sentences[id_])
    ]


def parse_places(library: Library, places: Iterable[str]) -> list[CodingUnit]:
    """A unit for each place: ``ARTICLE:SENTENCE`` as reports have it, or ``ARTICLE:START-END`` in characters.

    Raises:
        InputError: a text is no place, or its article has no such characters.
        NotFoundError: the library lacks the article.
    """
    found = []
    for text in places:
        match = _PLACE.fullmatch(text.strip())
        if match is None:
            raise InputError(f"{text[:60]!r} is no passage; give ARTICLE:SENTENCE or ARTICLE:START-END")
        found.append((match[1], int(match[2]), None if match[3] is None else int(match[3])))
    articles, sentences = _load_texts(library, (article for article, *_ in found))
    units = []
    for id_, first, last in found:
        if id_ not in articles:
            raise NotFoundError(
                f"{id_}: no such article in the library; list them with: crosslingual events show"
            )
        article = articles[id_]
        if last is None:
            if first >= len(sentences[id_]):
                raise InputError(
                    f"{id_}: it has {len(sentences[id_]):,} sentences, counted from 0; not {first:,}"
                )
            units.append(CodingUnit("sentence", (_sentence_passage(article, sentences[id_][first]),)))
        elif not first < last <= len(article.text):
            raise InputError(f"{id_}: it has {len(article.text):,} characters; not {first:,} to {last:,}")
        else:
            units.append(CodingUnit("span", (make_passage(id_, article.text, first, last),)))
    return units


def read_places(file: Path) -> list[str]:
    """The lines of a list of passages; empty ones, and those that begin with #, are left out.

    Raises:
        InputError: it cannot be read, or is too large.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    if len(content) > MAX_LIST_BYTES:
        raise InputError(f"{file}: larger than {MAX_LIST_BYTES // 2**20} MB; split the list")
    lines = (line.strip() for line in content.decode("utf-8-sig", errors="replace").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def draw_units(units: Sequence[CodingUnit], size: int | None, seed: int) -> list[CodingUnit]:
    """``size`` of ``units`` at random, in their order; all without a size, or where there are no more.

    Raises:
        InputError: ``size`` or ``seed`` make no sense, or there are no units.
    """
    if not units:
        raise InputError("nothing to offer: there are no such passages")
    if (size is not None and size < 1) or seed < 0:
        raise InputError(f"a sample of {size}, seed {seed}: give 1 or more, and 0 or more")
    if size is None or size >= len(units):
        return list(units)
    chosen = np.random.default_rng(seed).choice(len(units), size=size, replace=False)
    return [units[number] for number in sorted(chosen.tolist())]


def _leave_known(
    units: Sequence[CodingUnit], known: Iterable[CodingUnit], coders: Iterable[str]
) -> list[CodingUnit]:
    """``units`` without those that all of ``coders`` have been offered, of the ``known`` ones.

    Raises:
        InputError: they have all, or a coder's name is none.
    """
    names = {check_coder(name) for name in coders}
    had = {one.key for one in known if names <= {task.coder for task in one.tasks}}
    left = [one for one in units if one.key not in had]
    if units and not left:
        raise InputError(ALL_OFFERED)
    return left


def _split_by_source(cells: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    by_source: dict[str, list[Cell]] = {}
    for cell in cells:
        by_source.setdefault(cell.source, []).append(cell)
    return [tuple(own) for own in by_source.values()]


def _cell_passages(cells: Iterable[Cell], texts: Mapping[str, str]) -> tuple[Passage, ...]:
    return tuple(make_passage(cell.article, texts[cell.article], cell.start, cell.end) for cell in cells)


def _sentence_passage(article: Article, sentence: Sentence) -> Passage:
    return make_passage(article.id, article.text, sentence.start, sentence.end)


def _load_texts(
    library: Library, ids: Iterable[str]
) -> tuple[dict[str, Article], dict[str, tuple[Sentence, ...]]]:
    here = library.existing_ids(set(ids))
    return {one.id: one for one in library.load_articles(sorted(here))}, library.load_sentences(here)
