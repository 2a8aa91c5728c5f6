"""How well it is found who is said to have said what, against labelled attributions."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from crosslingual.attribution.values import Attribution, Span
from crosslingual.errors import InputError
from crosslingual.evaluate.lines import read_lines
from crosslingual.evaluate.scores import Scores
from crosslingual.language.scripts import HAN

Role = Literal["source", "cue", "content"]
_TOKEN = re.compile(rf"[{HAN}]|(?:(?![{HAN}_])\w)+")
_BRAT_SPAN = re.compile(r"(T\d+)\t(Source|Cue|Content) (\d+ \d+(?:;\d+ \d+)*)\t")
_BRAT_ROLE = re.compile(r"(Source|Cue|Content)\d*:(T\d+)")


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with all its attributions."""

    lang: str
    text: str
    attributions: tuple[Attribution, ...]


@dataclass(frozen=True, slots=True)
class RoleScores:
    """How well the spans of one role are found.

    ``exact``: all tokens are the same. ``overlap``: partial credit by span (Pareti et al. 2013): recall is the mean
    share of a labelled span's tokens that one found span has, precision that of a found one's. ``tokens``: partial
    credit by token: a token counts as often as there are tokens.
    """

    n_labelled: int
    n_found: int
    exact: Scores
    overlap: Scores
    tokens: Scores


def read_labelled(path: Path) -> list[LabelledText]:
    """Labelled texts: of a folder of PolNeAR, ``attributions`` (brat) beside ``text``, or of a file of JSON Lines.

    A line is ``{"lang", "text", "attributions": [{"source", "cue", "content"}]}``, each a list of [start, end].

    Raises:
        InputError: a file cannot be read or is none such.
    """
    return _read_brat_folder(path) if path.is_dir() else _read_json_lines(path)


def _read_json_lines(path: Path) -> list[LabelledText]:
    found = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            found.append(_parse_line(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise InputError(
                f"{path}: line {number} has no labelled attributions; see docs/evaluation.md"
            ) from None
    return found


def _parse_line(row: Mapping[str, Any]) -> LabelledText:
    text = str(row["text"])
    attributions = []
    for one in row["attributions"]:
        roles = {role: tuple((int(start), int(end)) for start, end in one[role]) for role in get_args(Role)}
        if not all(0 <= start < end <= len(text) for spans in roles.values() for start, end in spans):
            raise ValueError("span")
        attributions.append(_make_attribution(roles))
    return LabelledText(str(row["lang"]), text, tuple(attributions))


def _make_attribution(roles: Mapping[str, Sequence[Span]]) -> Attribution:
    source, cue, content = (tuple(sorted(roles.get(role, ()))) for role in get_args(Role))
    return Attribution(source, cue, content)


def _read_brat_folder(folder: Path) -> list[LabelledText]:
    by_text: dict[Path, Path] = {}
    for labels in sorted((folder / "attributions").glob("*.ann")):
        text = folder / "text" / f"{labels.stem.rpartition('_')[0]}.txt"
        by_text.setdefault(text, labels)  # some texts were labelled twice, by another annotator
    if not by_text:
        raise InputError(f"{folder}: has no attributions/*.ann; give a folder of PolNeAR")
    return [_read_brat(text, labels) for text, labels in by_text.items()]


def _read_brat(text_path: Path, labels_path: Path) -> LabelledText:
    text = "\n".join(read_lines(text_path))
    spans: dict[str, tuple[Span, ...]] = {}
    attributions = []
    for line in read_lines(labels_path):
        if match := _BRAT_SPAN.match(line):
            pairs = (pair.split() for pair in match[3].split(";"))
            spans[match[1]] = tuple((int(start), int(end)) for start, end in pairs)
        elif line.startswith("E"):
            roles: dict[str, list[Span]] = defaultdict(list)
            for role, name in _BRAT_ROLE.findall(line):
                roles[role.lower()] += spans.get(name, ())
            attributions.append(_make_attribution(roles))
    if any(
        end > len(text) for one in attributions for role in get_args(Role) for _, end in getattr(one, role)
    ):
        raise InputError(
            f"{labels_path}: labels characters that {text_path.name} lacks; give the text it is of"
        )
    return LabelledText("en", text, tuple(attributions))


def score_attributions(
    texts: Iterable[LabelledText], find: Callable[[str, str], Sequence[Attribution]]
) -> dict[str, dict[Role, RoleScores]]:
    """By language and role, how well ``find``, given a text and its language, finds what is labelled."""
    pairs: dict[str, list[tuple[LabelledText, Sequence[Attribution]]]] = defaultdict(list)
    for one in texts:
        pairs[one.lang].append((one, find(one.text, one.lang)))
    return {
        lang: {role: _score_role(role, own) for role in get_args(Role)} for lang, own in sorted(pairs.items())
    }


def _score_role(role: Role, pairs: Sequence[tuple[LabelledText, Sequence[Attribution]]]) -> RoleScores:
    n_exact = n_shared = n_labelled_tokens = n_found_tokens = 0
    recalls: list[float] = []
    precisions: list[float] = []
    for labelled, attributions in pairs:
        starts = [match.start() for match in _TOKEN.finditer(labelled.text)]
        gold = _token_sets(starts, [getattr(one, role) for one in labelled.attributions])
        found = _token_sets(starts, [getattr(one, role) for one in attributions])
        n_exact += len(set(gold) & set(found))
        recalls += [_best_share(one, found) for one in gold]
        precisions += [_best_share(one, gold) for one in found]
        all_gold, all_found = frozenset().union(*gold), frozenset().union(*found)
        n_shared += len(all_gold & all_found)
        n_labelled_tokens += len(all_gold)
        n_found_tokens += len(all_found)
    return RoleScores(
        len(recalls),
        len(precisions),
        Scores.from_counts(n_exact, len(precisions), len(recalls)),
        _harmonic_scores(_mean(precisions), _mean(recalls)),
        Scores.from_counts(n_shared, n_found_tokens, n_labelled_tokens),
    )


def _token_sets(starts: Sequence[int], roles: Iterable[Sequence[Span]]) -> list[frozenset[int]]:
    """The places of the tokens that begin in each role's spans; roles without any are left out, as are repeats."""
    found = {
        frozenset(
            place
            for start, end in spans
            for place in range(bisect_left(starts, start), bisect_left(starts, end))
        ): None
        for spans in roles
    }
    return [one for one in found if one]


def _best_share(one: frozenset[int], others: Sequence[frozenset[int]]) -> float:
    return max((len(one & other) / len(one) for other in others), default=0.0)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _harmonic_scores(precision: float, recall: float) -> Scores:
    both = precision + recall
    return Scores(precision, recall, 2 * precision * recall / both if both else 0.0)
