"""Differences of meaning that people marked in texts of two languages, sentence by sentence and word by word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.framing.differences import TextWithLang

EXCLUDED_LABEL = -1.0
"""Label of a token that nobody judged."""
_REFRESD_COLUMNS = 6
_REFRESD_LANGUAGES = ("en", "fr")
_N_ANNOTATORS = 3
_MAX_TEXT_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two texts of tokens parted by blanks, and how much each token differs: 0 to 1, or ``EXCLUDED_LABEL``.

    ``kind`` is what people called the pair, empty where only its tokens were judged; ``is_divergent`` whether that
    is a difference of meaning.
    """

    left: TextWithLang
    right: TextWithLang
    left_labels: tuple[float, ...]
    right_labels: tuple[float, ...]
    kind: str = ""
    is_divergent: bool = False


def is_labelled(path: Path) -> bool:
    """Whether ``path`` is a file of REFreSD or SwissGov-RSD, by how it begins."""
    first = next(iter(read_lines(path)), "")
    return first.startswith("#binary_label") or '"labels_a"' in first


def read_labelled_pairs(path: Path) -> list[LabelledPair]:
    """Pairs of ``REFreSD_rationale``, tab-separated, or of a JSON Lines file of SwissGov-RSD.

    Raises:
        InputError: the file cannot be read, or a line is no such pair.
    """
    lines = read_lines(path)
    parse = _parse_refresd if lines and lines[0].startswith("#") else _parse_swissgov
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#binary_label"):
            try:
                found.append(_check_labels(parse(line)))
            except (ValueError, KeyError, TypeError, RecursionError):
                raise InputError(
                    f"{path}:{number}: no pair with a label, -1 or 0 to 1, of each token; see docs/evaluation.md"
                ) from None
    if not found:
        raise InputError(f"{path}: has no pairs; give REFreSD_rationale or a gold file of SwissGov-RSD")
    _check_classes(path, found)
    return found


def _parse_refresd(line: str) -> LabelledPair:
    columns = line.split("\t")
    if len(columns) != _REFRESD_COLUMNS:
        raise ValueError("columns")
    binary, kind, left, right, *rationales = columns
    labels = [tuple(int(one) / _N_ANNOTATORS for one in rationale.split()) for rationale in rationales]
    texts = [(text, lang) for text, lang in zip((left, right), _REFRESD_LANGUAGES, strict=True)]
    return LabelledPair(texts[0], texts[1], labels[0], labels[1], kind, binary == "divergent")


def _parse_swissgov(line: str) -> LabelledPair:
    row: Mapping[str, Any] = json.loads(line)
    lang = str(row["subset"]).rpartition("_")[2]
    labels = [tuple(float(one) for one in row[name]) for name in ("labels_a", "labels_b")]
    return LabelledPair((str(row["text_a"]), "en"), (str(row["text_b"]), lang), labels[0], labels[1])


def _check_labels(pair: LabelledPair) -> LabelledPair:
    for (text, _), labels in ((pair.left, pair.left_labels), (pair.right, pair.right_labels)):
        if len(text) > _MAX_TEXT_CHARS or not labels or len(text.split()) != len(labels):
            raise ValueError("labels")
        if not all(label == EXCLUDED_LABEL or 0 <= label <= 1 for label in labels):
            raise ValueError("label")
    return pair


def _check_classes(path: Path, pairs: Sequence[LabelledPair]) -> None:
    """Refuse what no score can be of: pairs that all differ or all do not, tokens likewise."""
    labels = (label for pair in pairs for label in (*pair.left_labels, *pair.right_labels))
    if len({label > 0 for label in labels if label != EXCLUDED_LABEL}) < 2:
        raise InputError(f"{path}: its tokens all differ, or none does; give a file that has both")
    if any(pair.kind for pair in pairs) and len({pair.is_divergent for pair in pairs}) < 2:
        raise InputError(f"{path}: its pairs all differ, or none does; give a file that has both")


def token_spans(text: str) -> Sequence[tuple[int, int]]:
    """Where the tokens of ``text`` stand, which blanks part."""
    found, position = [], 0
    for token in text.split():
        start = text.index(token, position)
        position = start + len(token)
        found.append((start, position))
    return found
