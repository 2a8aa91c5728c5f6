"""Who takes from whom as a picture: those who take on the left, those they take from on the right (SVG)."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from crosslingual.citations.values import CitationEdge, CitationGraph, EdgeKind
from crosslingual.formatting import format_count, shorten_title, strip_control_chars

MAX_OUTLETS = 25
"""Outlets that each side has at most, those of most sentences; the table has all."""
_ROW_HEIGHT, _MARGIN = 24, 14
_CHAR_WIDTH = 7.2
"""Pixels of a letter, about; a letter of Chinese takes two."""
_EDGE_LOOKS: Mapping[EdgeKind, tuple[str, str]] = {
    "citation": ("#0072b2", ""),
    "copy": ("#d55e00", "9 4"),
    "translated copy": ("#a34a80", "2 4"),
}
"""Colour and dashes of each kind, of the palette of Okabe and Ito."""
_MIN_STROKE, _MAX_STROKE = 1.6, 9
"""Pixels of a line for one sentence, and at most."""


def draw_citations(graph: CitationGraph, names: Mapping[str, str], width: int) -> str:
    """``graph`` as an SVG of ``width`` pixels, empty where it has no edges.

    Args:
        graph: of an event or a library.
        names: what sources of the library are called, by id.
        width: in pixels; names are cut so that lines have a third of it.
    """
    edges = _choose_edges(graph.edges)
    if not edges:
        return ""
    left = _order_by_count(edge.citing for edge in edges for _ in range(edge.n_items))
    right = _order_by_neighbours(edges, left)
    label_width = width // 3 - _MARGIN
    height = _ROW_HEIGHT * max(len(left), len(right)) + 2 * _MARGIN
    left_rows, right_rows = _spread(left, height), _spread(right, height)
    cited_names = {edge.cited: names.get(edge.cited, edge.cited_name) for edge in edges}
    inside = {edge.cited for edge in edges if edge.is_in_library}
    start, end = label_width + _MARGIN, width - label_width - _MARGIN
    parts = [
        *_draw_edges(edges, left_rows, right_rows, start, end),
        *(
            _draw_label(names.get(id_, id_), start - 8, y, "end", label_width, is_inside=True)
            for id_, y in left_rows.items()
        ),
        *(
            _draw_label(cited_names[id_], end + 8, y, "start", label_width, is_inside=id_ in inside)
            for id_, y in right_rows.items()
        ),
    ]
    title = f"Who takes from whom: {format_count(len(edges), 'pair')} of outlets"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' role="img" aria-label="{title}; the same in the table below" font-family="sans-serif" font-size="13">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _choose_edges(edges: Sequence[CitationEdge]) -> list[CitationEdge]:
    """Those between the outlets of most sentences on either side."""
    citing, cited = Counter[str](), Counter[str]()
    for edge in edges:
        citing[edge.citing] += edge.n_items
        cited[edge.cited] += edge.n_items
    first = {id_ for id_, _ in citing.most_common(MAX_OUTLETS)}
    second = {id_ for id_, _ in cited.most_common(MAX_OUTLETS)}
    return [edge for edge in edges if edge.citing in first and edge.cited in second]


def _order_by_count(ids: Iterator[str]) -> list[str]:
    return [id_ for id_, _ in Counter(ids).most_common()]


def _order_by_neighbours(edges: Sequence[CitationEdge], left: Sequence[str]) -> list[str]:
    """Cited outlets by the mean place of those who cite them, so that few lines cross."""
    rows = {id_: row / len(left) for row, id_ in enumerate(left)}
    totals, weights = defaultdict[str, float](float), Counter[str]()
    for edge in edges:
        totals[edge.cited] += rows[edge.citing] * edge.n_items
        weights[edge.cited] += edge.n_items
    return sorted(weights, key=lambda id_: (totals[id_] / weights[id_], id_))


def _spread(ids: Sequence[str], height: int) -> dict[str, float]:
    step = (height - 2 * _MARGIN) / len(ids)
    return {id_: round(_MARGIN + step * (row + 0.5), 1) for row, id_ in enumerate(ids)}


def _draw_edges(
    edges: Sequence[CitationEdge], left: Mapping[str, float], right: Mapping[str, float], start: int, end: int
) -> Iterator[str]:
    beside = Counter((edge.citing, edge.cited) for edge in edges)
    drawn = Counter[tuple[str, str]]()
    middle = (start + end) / 2
    for edge in edges:
        color, dashes = _EDGE_LOOKS[edge.kind]
        both = edge.citing, edge.cited
        shift = 6 * (drawn[both] - (beside[both] - 1) / 2)
        drawn[both] += 1
        width = min(_MIN_STROKE * math.sqrt(edge.n_items), _MAX_STROKE)
        y, y2 = left[edge.citing] + shift, right[edge.cited] + shift
        opacity = 0.4 if edge.n_doubtful == edge.n_items else 0.8
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        head = 5 + width / 2
        yield (
            f'<g opacity="{opacity}"><path d="M{start} {y} C{middle} {y} {middle} {y2} {end - head} {y2}" fill="none"'
            f' stroke="{color}" stroke-width="{width:.1f}"{dash}/>'
            f'<path d="M{end - head - 1:.1f} {y2 - head:.1f} L{end} {y2} L{end - head - 1:.1f} {y2 + head:.1f} Z"'
            f' fill="{color}"/></g>'
        )


def _draw_label(text: str, x: int, y: float, anchor: str, width: int, *, is_inside: bool) -> str:
    cells = sum(2 if ord(char) > 0x2E80 else 1 for char in text)
    limit = int(width / _CHAR_WIDTH)
    shown = text if cells <= limit else shorten_title(text, max(limit - 1, 4))
    color = "#1b1f27" if is_inside else "#596373"
    style = "" if is_inside else ' font-style="italic"'
    return (
        f'<text x="{x}" y="{y + 4.5:.1f}" text-anchor="{anchor}" fill="{color}"{style}>'
        f"{escape(strip_control_chars(shown))}</text>"
    )
