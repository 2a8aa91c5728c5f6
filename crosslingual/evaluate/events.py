"""Events found in a stream of labelled articles, and how likely pairs are held to be on one, against people.

A file of a stream holds one article a line: ``{"source", "lang", "date", "title", "text"}``, and ``"event"``, its
label; without it the file's name is the label. Articles marked ``headline_only`` or ``digest`` are left out. A
text that has two labels has none. A file of ratings is JSON Lines (``a``, ``b``, ``lang_a``, ``lang_b``,
``label``, ``pair_id``) or CSV (``text1``, ``text2``, ``lang1``, ``lang2``, ``Overall``, ``pair_id``): 1 is the
same event, 4 another.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crosslingual.align.space import Space
from crosslingual.errors import InputError
from crosslingual.events.evidence import WINDOW_DAYS, ArticleProfiles, day_distances, score_articles
from crosslingual.events.grouping import ARTICLES_PER_STEP
from crosslingual.events.linkage import group_articles
from crosslingual.events.profiles import N_NAMED_SENTENCES, day_number, make_profile, vector_texts
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library
from crosslingual.types import Article, FloatArray

MAX_DISTANCE_DAYS = 6
"""Days from every labelled article beyond which a distractor cannot change what these are grouped with."""
_MAX_RATED_CHARS = 1_000_000
_TEXTS_PER_CHUNK = 250

ScoresByName = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article and its event; empty of a distractor, and of one whose label is in doubt."""

    article: Article
    event: str


@dataclass(frozen=True, slots=True)
class RatedPair:
    """Two articles, and how unlike people found them, from 1 to 4."""

    id: str
    left: Article
    right: Article
    rating: float


def read_stream(paths: Sequence[Path], distractors: Sequence[Path] = ()) -> list[LabelledArticle]:
    """The articles of ``paths`` with their events, and those of ``distractors`` without, by date.

    Raises:
        InputError: a file cannot be read, or a line is no article.
    """
    found: dict[str, LabelledArticle] = {}
    for path in (*paths, *distractors):
        for record, location in _read_records(path):
            if record.get("headline_only") or record.get("digest"):
                continue
            article = _parse_article(record, location)
            event = str(record.get("event") or path.stem) if path in paths else ""
            known = found.get(article.id)
            if known is None:
                found[article.id] = LabelledArticle(article, event)
            elif event and known.event != event:
                found[article.id] = replace(known, event="")
    return sorted(found.values(), key=lambda one: (one.article.date, one.article.id))


def select_near(stream: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """Without distractors so far from all labelled articles that they cannot change what these are grouped with."""
    days = {day_number(one.article.date) for one in stream if one.event}
    near = {day + shift for day in days for shift in range(-MAX_DISTANCE_DAYS, MAX_DISTANCE_DAYS + 1)}
    return [
        one for one in stream if one.event or np.isnan(day := day_number(one.article.date)) or day in near
    ]


def read_ratings(paths: Sequence[Path], seen: Sequence[Path] = ()) -> list[RatedPair]:
    """The rated pairs, each once, without those that have an article which a file of ``seen`` names by its number.

    Raises:
        InputError: a file cannot be read, or a line is no rated pair.
    """
    used = {
        number
        for path in seen
        for record, _ in _read_records(path)
        for number in _article_numbers(str(record.get("event", "")))
    }
    found: dict[str, RatedPair] = {}
    for path in paths:
        for record, location in _read_records(path):
            pair = _parse_pair(record, location)
            if not used & _article_numbers(pair.id):
                found.setdefault(pair.id, pair)
    return list(found.values())


def build_profiles(
    articles: Sequence[Article],
    encode: Callable[[Sequence[str]], FloatArray],
    space: Space,
    cache: Library,
    progress: Callable[[int, int], None] | None = None,
) -> ArticleProfiles:
    """The profiles of ``articles``, as a library makes them; the vectors stay in ``cache``."""
    leads = [[one.text for one in split_sentences(article)[:N_NAMED_SENTENCES]] for article in articles]
    texts = [vector_texts(article, lead) for lead, article in zip(leads, articles, strict=True)]
    wanted = cache.texts_without_vectors(space.model, (text for own in texts for text in own))
    for start in range(0, len(wanted), _TEXTS_PER_CHUNK):
        chunk = wanted[start : start + _TEXTS_PER_CHUNK]
        cache.put_vectors(space.model, chunk, encode(chunk))
        if progress:
            progress(min(start + _TEXTS_PER_CHUNK, len(wanted)), len(wanted))
    rows, names = [], []
    for article, lead, own in zip(articles, leads, texts, strict=True):
        row, named = make_profile(article, lead, cache.load_vectors(space.model, own))
        rows.append(space.project_vectors(row[None], article.lang))
        names.append(named)
    days = np.array([day_number(article.date) for article in articles], dtype=np.float64)
    return ArticleProfiles(days, [article.lang for article in articles], np.concatenate(rows), names)


def group_stream(profiles: ArticleProfiles) -> NDArray[np.int64]:
    """(n,): the event of each article, as if they had been added in their order."""
    events = np.zeros(len(profiles), dtype=np.int64)
    n_events = 0
    for start in range(0, len(profiles), ARTICLES_PER_STEP):
        new = np.arange(start, min(start + ARTICLES_PER_STEP, len(profiles)))
        far = day_distances(profiles.days[:start], profiles.days[new]) > WINDOW_DAYS
        standing = np.flatnonzero(~far.all(axis=1))
        spans = np.full((n_events + 1, 2), np.nan)
        np.fmin.at(spans[:, 0], events[:start], profiles.days[:start])
        np.fmax.at(spans[:, 1], events[:start], profiles.days[:start])
        found = group_articles(
            profiles.select_articles(new),
            profiles.select_articles(standing),
            events[standing],
            spans[events[standing]],
        )
        for event, into in found.merges.items():
            events[events == event] = into
        fresh = {
            home: n_events + place for place, home in enumerate(np.unique(found.homes[found.homes < 0]), 1)
        }
        events[new] = [fresh.get(home, home) for home in found.homes]
        n_events += len(fresh)
    return events


def score_b_cubed(found: NDArray[Any], gold: NDArray[Any]) -> ScoresByName:
    """Precision, recall and F1 of groups, over all articles (Bagga and Baldwin 1998)."""
    ours, theirs = found[:, None] == found[None, :], gold[:, None] == gold[None, :]
    both = (ours & theirs).sum(axis=1)
    precision = float((both / ours.sum(axis=1)).mean()) if len(found) else 0.0
    recall = float((both / theirs.sum(axis=1)).mean()) if len(found) else 0.0
    total = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / total if total else 0.0}


def average_precision(is_right: NDArray[np.bool_], scores: NDArray[np.float64]) -> float | None:
    """Of pairs by falling score; None where none is right. Of equal scores the wrong come first."""
    if not is_right.any():
        return None
    ordered = is_right[np.lexsort((is_right, -scores))]
    precisions = np.cumsum(ordered) / np.arange(1, len(ordered) + 1)
    return float(precisions[ordered].mean())


def score_stream(
    stream: Sequence[LabelledArticle], profiles: ArticleProfiles, found: NDArray[np.int64]
) -> ScoresByName:
    """B-cubed of the labelled articles, alone and by pair of languages, and average precision of their pairs.

    By pair of languages are counted the pairs of articles in these: precision and recall of being together.
    """
    places = np.flatnonzero([bool(one.event) for one in stream])
    gold = np.array([stream[place].event for place in places.tolist()])
    ours, own = found[places], profiles.select_articles(places)
    scores = score_articles(own, own)
    left, right = np.triu_indices(len(places), 1)
    together, same = ours[left] == ours[right], gold[left] == gold[right]
    pairs = np.array(
        [_pair_name(own.langs[a], own.langs[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    )
    by_langs: dict[str, Any] = {}
    for name in sorted(set(pairs[same].tolist())):
        asked = pairs == name
        hits = int((together & same & asked).sum())
        by_langs[name] = {
            "pairs": int((same & asked).sum()),
            "precision": hits / max(int((together & asked).sum()), 1),
            "recall": hits / max(int((same & asked).sum()), 1),
            "average_precision": average_precision(same[asked], scores[left[asked], right[asked]]),
        }
    return {
        "articles": len(places),
        "events": len(set(gold.tolist())),
        "distractors": sum(not one.event for one in stream),
        "b_cubed": score_b_cubed(ours, gold),
        "average_precision": average_precision(same, scores[left, right]),
        "languages": by_langs,
    }


def score_ratings(pairs: Sequence[RatedPair], profiles: ArticleProfiles) -> ScoresByName:
    """Spearman's correlation with people, over all pairs and by pair of languages.

    ``profiles`` are those of all left articles, then of all right ones.
    """
    from scipy.stats import spearmanr

    half = len(pairs)
    scores = np.array(
        [
            float(
                score_articles(
                    profiles.select_articles(np.array([k])), profiles.select_articles(np.array([half + k]))
                )[0, 0]
            )
            for k in range(half)
        ]
    )
    likeness = -np.array([pair.rating for pair in pairs])
    by_langs: dict[str, list[int]] = defaultdict(list)
    for place, pair in enumerate(pairs):
        by_langs[_pair_name(pair.left.lang, pair.right.lang)].append(place)
    return {
        "pairs": half,
        "spearman": float(spearmanr(scores, likeness).statistic),
        "languages": {
            name: {"pairs": len(own), "spearman": float(spearmanr(scores[own], likeness[own]).statistic)}
            for name, own in sorted(by_langs.items())
            if len(own) > 2
        },
    }


def _pair_name(left: str, right: str) -> str:
    return "-".join(sorted((left, right)))


def _article_numbers(name: str) -> set[str]:
    return set(re.findall(r"\d{6,}", name))


def _parse_article(record: dict[str, Any], location: str) -> Article:
    try:
        return Article(
            str(record["source"]),
            str(record["lang"]),
            str(record["text"]),
            str(record.get("title", "")),
            str(record.get("date", "")),
        )
    except KeyError as error:
        raise InputError(f"{location}: no article: {error} is missing; see docs/evaluation.md") from None


def _parse_pair(record: dict[str, Any], location: str) -> RatedPair:
    names = ("a", "b", "lang_a", "lang_b", "label")
    if "text1" in record:
        names = ("text1", "text2", "lang1", "lang2", "Overall")
    try:
        left, right, left_lang, right_lang, rating = (record[name] for name in names)
        return RatedPair(
            str(record["pair_id"]),
            Article("", str(left_lang), str(left)[:_MAX_RATED_CHARS]),
            Article("", str(right_lang), str(right)[:_MAX_RATED_CHARS]),
            float(rating),
        )
    except (KeyError, ValueError) as error:
        raise InputError(f"{location}: no rated pair ({error}); see docs/evaluation.md") from None


def _read_records(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """The records of a file of JSON Lines or CSV, each with where it stands."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            if path.suffix == ".csv":
                csv.field_size_limit(_MAX_RATED_CHARS * 4)
                for number, row in enumerate(csv.DictReader(lines), 2):
                    yield row, f"{path}:{number}"
                return
            yield from _parse_lines(path, lines)
    except OSError as error:
        raise InputError(
            f"{path}: cannot be read ({error.strerror}); check the name and permissions"
        ) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read ({error}); give JSON Lines or CSV in UTF-8") from None


def _parse_lines(path: Path, lines: Iterable[str]) -> Iterator[tuple[dict[str, Any], str]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}:{number}: no JSON ({error}); see docs/evaluation.md") from None
        if not isinstance(record, dict):
            raise InputError(f"{path}:{number}: no record; see docs/evaluation.md")
        yield record, f"{path}:{number}"
