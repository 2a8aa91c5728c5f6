"""Time and memory of the whole statement table of a large event, from vectors and tokens that exist.

    python bench/statements.py [ARTICLES [SENTENCES]]

The articles (50 of 40 sentences when nothing is given) are drawn from the sentences of the demo corpus, read
with the default encoder and shaken a little, so that they are linked as real coverage is. Beside it the
obvious alternative on the same tokens, each pair of sentences compared by itself, on a sample of pairs;
and what the last article costs when the others were compared before.
The last line is JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import replace

import numpy as np

from crosslingual.align.judge import Judge
from crosslingual.align.matching import EncodedArticle, score_pairs
from crosslingual.align.pair_coverage import measure_pair_coverage
from crosslingual.align.space import DEMO_FOLDER, load_article_encoder, load_space
from crosslingual.compare.statements import DEFAULT_THRESHOLD, build_merge_forest, cut_forest
from crosslingual.embeddings.token_states import TokenVectors, normalize_rows
from crosslingual.evaluate.gold_events import read_events
from crosslingual.evaluate.statements import encode_events
from crosslingual.settings import Settings

SAMPLE = 20_000


def event(articles: int, sentences: int) -> tuple[list[EncodedArticle], Judge | None]:
    settings = Settings.load()
    encoder = load_article_encoder(settings.encoder, settings.home).encoder
    space = load_space(settings.encoder, settings.home)
    gold = [
        one for path in sorted((DEMO_FOLDER.parent / "gold").glob("*.jsonl")) for one in read_events(path)
    ]
    texts = [text for one in gold for article in one.sentences for text in article]
    told = [telling for one in encode_events(gold, encoder, space) for telling in one]
    vectors = np.concatenate([telling.vectors for telling in told])
    tokens = [one for telling in told for one in telling.tokens]
    judged = [one for telling in told for one in telling.judge_inputs]
    chance = np.random.default_rng(1)
    made = []
    for article in range(articles):
        chosen = np.sort(chance.choice(len(texts), sentences, replace=False))
        shaken = [
            TokenVectors(
                normalize_rows(one.vectors + 0.02 * chance.standard_normal(one.vectors.shape, np.float32)),
                one.weights,
            )
            for one in (tokens[place] for place in chosen)
        ]
        made.append(
            EncodedArticle(
                str(article),
                ("zh", "ru", "en", "de", "fr", "uk")[article % 6],
                [texts[place] for place in chosen],
                normalize_rows(
                    vectors[chosen] + 0.01 * chance.standard_normal((sentences, vectors.shape[1]), np.float32)
                ),
                shaken,
                [
                    replace(
                        one,
                        vectors=normalize_rows(
                            one.vectors + 0.02 * chance.standard_normal(one.vectors.shape, np.float32)
                        ),
                    )
                    for one in (judged[place] for place in chosen)
                ],
            )
        )
    return made, space.judge


def pair_by_pair(told: list[EncodedArticle]) -> float:
    """Seconds for all pairs of sentences, estimated from a sample."""
    chance = np.random.default_rng(2)
    sentences = [one.vectors for telling in told for one in telling.tokens]
    pairs = chance.integers(len(sentences), size=(SAMPLE, 2))
    start = time.perf_counter()
    for one, other in pairs:
        cosines = sentences[one] @ sentences[other].T
        cosines.max(axis=0), cosines.max(axis=1)
    return (time.perf_counter() - start) / SAMPLE * len(sentences) ** 2 / 2


def one_article_more(articles: list[EncodedArticle], judge: Judge) -> float:
    """Seconds for all when all but the last were compared before."""
    sentences = [one for article in articles for one in article.judge_inputs]
    starts = np.cumsum([0, *(len(article.texts) for article in articles)]).astype(np.intp)
    known = measure_pair_coverage(sentences[: starts[-2]], starts[:-1])
    rows = np.arange(len(sentences))
    rows[starts[-2] :] = -1
    start = time.perf_counter()
    score_pairs(articles, judge, (), measure_pair_coverage(sentences, starts, known, rows))
    return round(time.perf_counter() - start, 2)


def main(articles: int = 50, sentences: int = 40) -> None:
    told, judge = event(articles, sentences)
    score_pairs(told[:3], judge)  # what is loaded at the first call is not counted
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    likeness = score_pairs(told, judge)
    compared = time.perf_counter()
    bonds = build_merge_forest(likeness)
    rows = cut_forest(bonds, DEFAULT_THRESHOLD, [telling.source for telling in told])
    done = time.perf_counter()
    more = one_article_more(told, judge) if judge else None
    result = {
        "articles": articles,
        "sentences": articles * sentences,
        "compare": round(compared - start, 2),
        "join": round(done - compared, 2),
        "seconds": round(done - start, 2),
        "megabytes": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
        "one article more": more,
        "statements": len(rows),
        "tokens pair by pair": round(pair_by_pair(told), 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
