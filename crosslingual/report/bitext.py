"""The aligned bitext of an event: what of two languages says the same, as a translation memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from crosslingual.compare.corrections import manual_statements
from crosslingual.formatting import MANUAL_LABEL, format_sureness
from crosslingual.tmx import MAX_TEXT_CHARS, MemoryEntry
from crosslingual.types import Article, Bead, Comparison, Sentence

BeadsByPair = Mapping[tuple[str, str], Sequence[Bead]]
"""Beads of two articles, by their ids."""


def bitext_entries(comparison: Comparison, beads: BeadsByPair) -> Iterator[MemoryEntry]:
    """Pairs of sentences in two languages, each pair of texts once.

    First those of each statement that are linked to one another, not only through a third; then the ``beads``
    of articles that are translations of one another. Notes name the event and how sure it is.
    """
    seen = set()
    for entry in (*_statement_entries(comparison), *_bead_entries(comparison, beads)):
        pair = (entry.src_lang, entry.tgt_lang, entry.src, entry.tgt)
        if pair not in seen and max(len(entry.src), len(entry.tgt)) <= MAX_TEXT_CHARS:
            seen.add(pair)
            yield entry


def _statement_entries(comparison: Comparison) -> Iterator[MemoryEntry]:
    numbers = {article.id: number for number, article in enumerate(comparison.articles)}
    links = {(link.left, link.right): link.probability for link in comparison.links}
    manual_ids = manual_statements(comparison)
    for statement in comparison.statements:
        about = f"{comparison.event.id} · statement {statement.id} · "
        for left, right in combinations(statement.cells, 2):
            indexes = sorted((numbers[cell.article], cell.sentence) for cell in (left, right))
            probability = links.get((indexes[0], indexes[1]))
            if left.lang == right.lang or (probability is None and statement.id not in manual_ids):
                continue
            sure = MANUAL_LABEL if probability is None else format_sureness(probability)
            yield MemoryEntry(left.lang, right.lang, left.text, right.text, about + sure)


def _bead_entries(comparison: Comparison, beads: BeadsByPair) -> Iterator[MemoryEntry]:
    articles = {article.id: article for article in comparison.articles}
    for (first, second), aligned in beads.items():
        src_article, tgt_article = articles[first], articles[second]
        about = f"{comparison.event.id} · {first} and {second}, aligned in order · cosine "
        for bead in aligned:
            if bead.src and bead.tgt:
                yield MemoryEntry(
                    src_article.lang,
                    tgt_article.lang,
                    _joined_text(src_article, bead.src),
                    _joined_text(tgt_article, bead.tgt),
                    f"{about}{bead.score:.2f}",
                )


def _joined_text(article: Article, sentences: Sequence[Sentence]) -> str:
    """What stands in ``article`` from the first to the last of neighbours, on one line."""
    return " ".join(article.text[sentences[0].start : sentences[-1].end].split())
