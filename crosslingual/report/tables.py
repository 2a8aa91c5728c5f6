"""The report's tables: flat rows of a comparison and its framing, as CSV and as JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from crosslingual.corrections import by_hand
from crosslingual.report.framing import rounded
from crosslingual.types import Article, Cell, Comparison

if TYPE_CHECKING:  # the tables of a search need no measures
    from crosslingual.frame import Framing
    from crosslingual.framing.cells import Trace

Row = dict[str, Any]
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet read a cell as a formula, or begin another cell."""
_LIST = "; "


def tables(comparison: Comparison, framing: Framing) -> dict[str, list[Row]]:
    """The rows of each table by its name; rows of a table have the same columns."""
    writing = _Writing(comparison)
    made = {
        "statements": writing.statements(),
        "exclusives": writing.exclusives(framing),
        "differences": writing.differences(framing),
        "silences": writing.silences(framing),
        "overlap": (vars_of(pair) for pair in framing.silences.pairs),
        "quotes": writing.quotes(framing),
        "quotes-elsewhere": writing.elsewhere(framing),
        "voices": (vars_of(voice) for voice in framing.quotes.voices),
        "lexicon": writing.lexicon(framing),
        "axes": writing.axes(framing),
        "frames": writing.frames(framing),
    }
    return {name: [rounded(row) for row in rows] for name, rows in made.items()}


def statement_rows(comparison: Comparison) -> list[Row]:
    """The rows of the table ``statements`` alone, which needs no framing."""
    return [rounded(row) for row in _Writing(comparison).statements()]


def csv_bytes(rows: Iterable[Row]) -> bytes:
    """``rows`` as RFC 4180 has it, in UTF-8 with the mark by which spreadsheets know it.

    A text that a spreadsheet would take for a formula gets a ' before it. Lists are joined by "; ".
    """
    out = io.StringIO(newline="")
    writer: Any = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(out, list(row))
            writer.writeheader()
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue().encode("utf-8-sig", errors="replace")


def jsonl_bytes(rows: Iterable[Row]) -> bytes:
    """``rows``, an object a line, in UTF-8."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode(errors="replace")


def vars_of(value: Any) -> Row:
    """The fields of a dataclass with slots."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        value = _LIST.join(map(str, value))
    if isinstance(value, Mapping):
        value = _LIST.join(f"{name} {one}" for name, one in value.items())
    if isinstance(value, str):
        value = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return f"'{value}" if value.startswith(_ACTIVE) else value
    return value


class _Writing:
    """A comparison with what its rows need to name one another."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._articles = {article.id: article for article in comparison.articles}
        every = [cell for one in comparison.statements for cell in one.cells]
        self._cells = {(cell.article, cell.sentence): cell for cell in (*every, *comparison.exclusives)}

    def statements(self) -> Iterator[Row]:
        made = by_hand(self._comparison)
        for statement in self._comparison.statements:
            told = [(cell, "says it") for cell in statement.cells]
            for cell, state in (*told, *((cell, "perhaps") for cell in statement.perhaps)):
                yield {
                    "statement": statement.id,
                    "state": state,
                    "coverage": statement.coverage,
                    "of": statement.of,
                    "probability": statement.probability,
                    "by_hand": statement.id in made,
                    **self._sentence(cell),
                    "cell_probability": cell.probability,
                    "margin_score": cell.score,
                }

    def exclusives(self, framing: Framing) -> Iterator[Row]:
        for one in framing.silences.exclusives:
            yield {
                **self._sentence(self._of(one.cell)),
                "times": one.times,
                "centrality": one.centrality,
                "doubtful": one.doubtful,
                **_near(one.near.cell if one.near else None, one.near.probability if one.near else None),
            }

    def differences(self, framing: Framing) -> Iterator[Row]:
        """A row for each span; of a pair without any, one row with an empty kind."""
        for one in framing.differences:
            pair = {
                "statement": one.statement,
                "score": one.divergence.score,
                **_side("one", one.one, self._of(one.one)),
                **_side("other", one.other, self._of(one.other)),
            }
            texts = (one.one, one.other)
            for span in one.divergence.spans:
                yield pair | {
                    "in": texts[span.side].source,
                    "kind": span.kind,
                    "about": span.about,
                    "words": texts[span.side].text[span.start : span.end],
                    "start": span.start,
                    "end": span.end,
                }
            if not one.divergence.spans:
                yield pair | dict.fromkeys(("in", "kind", "about", "words", "start", "end"), "")

    def silences(self, framing: Framing) -> Iterator[Row]:
        told = {one.id: one.cells[0].text for one in self._comparison.statements}
        for one in framing.silences.silences:
            yield {
                "source": one.source,
                "statement": one.statement,
                "first_told": told[one.statement],
                "carriers": len(one.carriers),
                "of": one.of,
                "carried_by": one.carriers,
                "centrality": one.centrality,
                "articles_looked_at": one.articles,
                "sentences_looked_at": one.sentences,
                "doubtful": one.doubtful,
                **_near(one.near.cell if one.near else None, one.near.probability if one.near else None),
            }

    def quotes(self, framing: Framing) -> Iterator[Row]:
        for one in framing.quotes.quotes:
            row = vars_of(one)
            del row["sentences"]
            yield row | {"url": self._articles[one.article].url}

    def elsewhere(self, framing: Framing) -> Iterator[Row]:
        for one in framing.retold:
            row = vars_of(one)
            cell = row.pop("cell")
            yield row | {"sentence": _place(cell), "text": cell.text if cell else ""}

    def lexicon(self, framing: Framing) -> Iterator[Row]:
        for group, terms in (("original", framing.lexicon.original), ("across", framing.lexicon.across)):
            for term in terms:
                row = vars_of(term)
                row["cells"] = [_place(cell) for cell in term.cells]
                yield {"counted_in": group} | row

    def axes(self, framing: Framing) -> Iterator[Row]:
        for one in framing.stands:
            row = vars_of(one)
            for end in ("towards_high", "towards_low"):
                row[end] = [_place(mover.cell) for mover in row[end]]
            yield row

    def frames(self, framing: Framing) -> Iterator[Row]:
        for one in framing.portions:
            yield vars_of(one) | {"evidence": [_place(found.cell) for found in one.evidence]}

    def _of(self, place: Trace) -> Cell:
        return self._cells[place.article, place.sentence]

    def _sentence(self, cell: Cell) -> Row:
        article: Article = self._articles[cell.article]
        made = cell.translation
        return {
            "source": cell.source,
            "article": cell.article,
            "sentence": cell.sentence,
            "start": cell.start,
            "end": cell.end,
            "lang": cell.lang,
            "text": cell.text,
            "translation": made.text if made else "",
            "translation_lang": made.lang if made else "",
            "engine": made.engine if made else "",
            "engine_version": made.version if made else "",
            "doubts": made.doubts if made else (),
            "date": article.date,
            "title": article.title,
            "url": article.url,
        }


def _side(name: str, place: Trace, cell: Cell) -> Row:
    return {
        f"{name}_source": place.source,
        f"{name}_sentence": _place(place),
        f"{name}_lang": cell.lang,
        f"{name}_text": place.text,
    }


def _near(cell: Trace | None, probability: float | None) -> Row:
    return {
        "nearest_sentence": _place(cell),
        "nearest_text": cell.text if cell else "",
        "nearest_probability": probability,
    }


def _place(cell: Trace | None) -> str:
    """``ARTICLE:SENTENCE``, the article's id and the sentence's index in it."""
    return f"{cell.article}:{cell.sentence}" if cell else ""
