"""A small comparison with a framing, made by hand, with whatever text a test puts everywhere."""

from __future__ import annotations

import numpy as np

from crosslingual.embeddings.token_states import normalize_rows
from crosslingual.framing.axes import Axis, AxisModel, score_axes
from crosslingual.framing.cells import collect_cells, make_trace
from crosslingual.framing.differences import DifferenceSpan, Divergence
from crosslingual.framing.lexicon import build_lexicon
from crosslingual.framing.omissions import find_omissions
from crosslingual.framing.pipeline import Difference, Framing
from crosslingual.framing.policy import Frame, FrameModel, score_frames
from crosslingual.framing.quote_reuse import find_quote_reuse
from crosslingual.framing.quotes import find_quotes
from crosslingual.types import (
    Article,
    Cell,
    Comparison,
    Event,
    Link,
    MergeEdge,
    Source,
    SourceSummary,
    Statement,
    Translation,
)


def comparison(text: str = "", *, url: str = "https://example.org/1", sources: int = 3) -> Comparison:
    """A statement of the first two ``sources``, a sentence that only the last has; ``text`` everywhere."""
    names = ("one", "two", "three")[:sources]
    articles = tuple(
        Article(
            name,
            lang,
            f"{text}{name} says “{text} so it is, {text}” today.",
            f"{text}{name}",
            "2024-05-16",
            url,
        )
        for name, lang in zip(names, ("zh", "en", "en"), strict=False)
    )
    cells = [
        Cell(
            one.source,
            one.id,
            0,
            0,
            len(one.text),
            one.lang,
            one.text,
            Translation(f"{text}told", "en", f"{text}engine", "1", (f"names:{text}",))
            if one.lang != "en"
            else None,
            1.2,
            0.98765,
        )
        for one in articles
    ]
    shared = cells[:2] if sources > 1 else []
    return Comparison(
        event=Event("event", f"{text}title", "2024-05-16", "2024-05-17", (), (), ("zh", "en")),
        source_summaries=tuple(
            SourceSummary(
                Source(name, f"{text}{name}", f"{text}{name}", owner=text),
                1,
                1,
                name != "three",
                name == "three",
            )
            for name in names
        ),
        articles=articles,
        statements=(Statement("0123456789", tuple(shared), 2, sources, 1.2, 0.9),) if shared else (),
        exclusives=tuple(cells[2:] if shared else cells),
        encoder="letters@1",
        threshold=0.5,
        merge_edges=(MergeEdge((0, 0), (1, 0), 0.9),) if shared else (),
        links=(Link((0, 0), (1, 0), 0.98765, 1.23456),) if shared else (),
        corrections=(),
        translation_pairs=((articles[0].id, articles[1].id),) if shared else (),
    )


def framing(of: Comparison, about: str = "") -> Framing:
    """The measures of ``of`` by vectors made of nothing, and one difference that says ``about``."""
    cells = collect_cells(of)
    vectors = normalize_rows(np.random.default_rng(3).standard_normal((len(cells), 4)).astype(np.float32))
    one, half = np.ones(1, dtype=np.float32), np.eye(4, 1, dtype=np.float32)
    found = find_quotes(of)
    return Framing(
        find_omissions(of, vectors),
        tuple(
            Difference(
                statement.id,
                make_trace(statement.cells[0]),
                make_trace(statement.cells[1]),
                Divergence(
                    0.91239, {"number": 0.9}, (DifferenceSpan(0, 0, 4, "number", f"{about}3 against 4"),)
                ),
            )
            for statement in of.statements
        ),
        0,
        found,
        find_quote_reuse(of, found.quotes),
        build_lexicon(of),
        score_axes(cells, vectors, AxisModel((Axis("a", "high", "low", {}),), half, {}, one * 0, one)),
        score_frames(cells, vectors, FrameModel((Frame("f", "A frame", {}),), half)),
    )
