"""Fit the judge of pairs to labelled real coverage: upper layers of the encoder and a small head.

Example: python scripts/fit_judge.py ../shared/eval judge.pt --model MODEL --without 0 --without 1

Late interaction (ColBERT: Khattab and Zaharia 2020) over the states of an event's tokens. A batch is an
event: each of its sentences is encoded once, the layers below ``CUT`` frozen and kept, and every pair of
sentences of two articles is judged. The folder EVAL holds ``real/``, ``pairs/`` and ``statements/``; what it
holds may be fitted to by its own README. Events go by a hash of their subject into five folds, an event and
its variants into one: ``--without 0`` leaves out the first, so that it can be measured on. What has been
reached is written after every epoch.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
import time
import zlib
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor, nn
from torch.nn import functional

LANGUAGES = ("zh", "ru", "en", "de", "fr", "uk")
LENGTH = 96  # tokens of a sentence, what is beyond is cut
FOLDS = 5
SHAPE = {"cut": 4, "top": 8, "size": 128, "heads": 2}
"""Layers below ``cut`` are frozen, those from ``top`` on left out; dimensions of a token, ways to weigh
them."""
SEEN = 24  # events of each file of translations
RATE, DROPOUT, DROP = 5e-5, 0.1, 0.1
"""Of the layers: learning rate, dropout, share of tokens that are dropped."""
ROOM = 130  # sentences of a batch; a larger event is taken in parts
Pair = tuple[int, int, int, int]


@dataclass
class Labelled:
    """An event: ``articles`` of (language, sentence), its ``links``, and pairs that count neither way.

    ``sources`` are those of the articles, where known.
    """

    name: str
    file: str
    articles: list[list[tuple[str, str]]]
    links: dict[Pair, float]
    unknown: set[Pair] = field(default_factory=set)
    only: set[Pair] | None = None  # where given, nothing else is labelled
    weight: float = 1.0
    sources: list[str] = field(default_factory=list)


def fold_of(event: str) -> int:
    """Which of ``FOLDS`` an event stands in: by its month where its name has one, for its follow-ups."""
    subject = event.split("+")[0]
    if subject[:4].isdigit() and subject[4:5] == "-":
        subject = subject[:7]
    return hashlib.sha256(f"104{subject}".encode()).digest()[0] % FOLDS


def rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    return [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]


def real_events(folder: Path) -> list[Labelled]:
    """Labelled coverage: a link of other values counts, but less."""
    found = []
    for file in ("events", "reports", "pairs", "translated"):
        for event in rows(folder / "real" / f"{file}.jsonl"):
            marks = {tuple(link[:4]): link[4] for link in event["links"]}
            found.append(
                Labelled(
                    event["event"],
                    file,
                    [[(one["lang"], text) for text in one["sentences"]] for one in event["articles"]],
                    {pair: 0.7 if mark == "v" else 1.0 for pair, mark in marks.items() if mark != "?"},
                    {pair for pair, mark in marks.items() if mark == "?"},
                    sources=[one.get("source") or str(place) for place, one in enumerate(event["articles"])],
                )
            )
    return found


def translations(folder: Path, count: int) -> list[Labelled]:
    """Events made of translated documents of the half that other weights are fitted to as well."""
    found = []
    for langs in ("zh-en", "ru-en", "zh-ru-en"):
        events = rows(folder / "statements" / f"ntrex.{langs}.jsonl")
        events = [one for one in events if zlib.crc32(one["event"].encode()) % 2 == 0]
        random.Random(1).shuffle(events)
        for event in events[:count]:
            links = {
                (int(a), i, int(b), j): 1.0
                for told in event["statements"]
                for a in told
                for b in told
                if int(a) < int(b)
                for i in told[a]
                for j in told[b]
            }
            texts = [[(one["lang"], text) for text in one["sentences"]] for one in event["articles"]]
            found.append(Labelled(event["event"], "translations", texts, links))
    return found


SETS = ("itn.multi", "terra.ru", "rte3.fr", "ecbplus-events.en", "superpal-multinews.en", "tgcontest.ru")


def label_of(name: str, row: dict[str, Any]) -> bool | None:
    """Whether a pair of the set ``name`` says the same, by its README; None where that is not told."""
    label = row["label"]
    if name == "itn.multi":
        return True if label == 1 else None
    if name == "ecbplus-events.en" and label:  # to share an event is less than to say the same
        return True if label >= 2 and row["overlap"] >= 0.5 else None
    return label in ("entailment", "0", "OK") if isinstance(label, str) else bool(label > 0)


def pair_sets(folder: Path, count: int) -> list[Labelled]:
    """Pairs of sentences labelled by people, two dozen a batch, of most of which only they are labelled.

    Of lines on one event all pairs are.
    """
    found = []
    for name in SETS:
        told = [(row, label_of(name, row)) for row in rows(folder / "pairs" / f"{name}.jsonl")]
        known = [(row, label) for row, label in told if label is not None]
        random.Random(3).shuffle(known)
        for start in range(0, min(len(known), count) - 12, 24):
            part = known[start : min(start + 24, count)]
            left, right = ([(row[f"lang_{side}"], row[side]) for row, _ in part] for side in "ab")
            links = {(0, i, 1, i): 1.0 for i, (_, label) in enumerate(part) if label}
            only: set[Pair] | None = {(0, i, 1, i) for i in range(len(part))}
            if name == "itn.multi":
                only = None
                links |= {
                    (0, i, 1, j): 1.0
                    for i, (row, _) in enumerate(part)
                    for j, (other, _) in enumerate(part)
                    if row["event"] == other["event"]
                }
            found.append(Labelled(f"{name}{start}", name, [left, right], links, only=only, weight=0.5))
    return found


def part_of(event: Labelled, rng: random.Random) -> Labelled:
    """Some articles of a large event, at least two."""
    order = list(range(len(event.articles)))
    rng.shuffle(order)
    kept: list[int] = []
    size = 0
    for place in order:
        if len(kept) < 2 or size + len(event.articles[place]) <= ROOM:
            kept.append(place)
            size += len(event.articles[place])
    new = {old: place for place, old in enumerate(sorted(kept))}

    def moved(pairs: Any) -> Iterator[tuple[Pair, Pair]]:
        for a, i, b, j in pairs:
            if a in new and b in new:
                yield (a, i, b, j), (new[a], i, new[b], j)

    return Labelled(
        event.name,
        event.file,
        [event.articles[place] for place in sorted(kept)],
        {there: event.links[here] for here, there in moved(event.links)},
        {there for _, there in moved(event.unknown)},
        event.only,
        event.weight,
    )


class Lower:
    """What the frozen layers make of each sentence, in half precision."""

    def __init__(self, path: Path, cut: int) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(path)
        self.network = AutoModel.from_pretrained(path).eval().float()
        self.cut = cut
        self.prompt = "query: "
        self.skipped = 1 + len(self.tokenizer(self.prompt.strip(), add_special_tokens=False)["input_ids"])
        self.kept: dict[str, Tensor] = {}

    @torch.no_grad()
    def add(self, texts: Sequence[str]) -> None:
        """Read what is new."""
        new = sorted({text for text in texts if text not in self.kept}, key=len)
        for start in range(0, len(new), 32):
            chunk = new[start : start + 32]
            told = self.tokenizer(
                [self.prompt + text for text in chunk],
                padding=True,
                truncation=True,
                max_length=LENGTH,
                return_tensors="pt",
            )
            mask = (1 - told["attention_mask"][:, None, None, :].float()) * -1e4
            states = self.network.embeddings(told["input_ids"])
            for layer in self.network.encoder.layer[: self.cut]:
                states = first(layer(states, mask))
            for text, row, here in zip(chunk, states, told["attention_mask"], strict=True):
                self.kept[text] = row[: int(here.sum())].half().clone()

    def batch(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """States (n, l, h) of ``texts``, padded, and which are there (n, l)."""
        told = [self.kept[text] for text in texts]
        longest = max(map(len, told))
        states, here = torch.zeros(len(told), longest, told[0].shape[1]), torch.zeros(len(told), longest)
        for place, one in enumerate(told):
            states[place, : len(one)] = one.float()
            here[place, : len(one)] = 1
        return states, here


def first(result: Any) -> Tensor:
    """What a layer gives, in whichever version of transformers."""
    found: Tensor = result[0] if isinstance(result, tuple) else result
    return found


class Judge(nn.Module):
    """Upper layers, a projection of their states, weights of tokens by ``heads``, and the head."""

    FEATURES = 9

    def __init__(self, lower: Lower, top: int, size: int, heads: int, dropout: float) -> None:
        super().__init__()
        layers = lower.network.encoder.layer
        width = lower.network.config.hidden_size
        self.skipped = lower.skipped
        self.upper = nn.ModuleList(deepcopy(layers[lower.cut : top]))
        for module in self.upper.modules():
            if isinstance(module, nn.Dropout):
                module.p = dropout
        self.mean = nn.Parameter(torch.zeros(len(LANGUAGES), width))
        self.pooled_mean = nn.Parameter(torch.zeros(len(LANGUAGES), width))
        self.project = nn.Linear(width, size, bias=False)
        self.pool = nn.Linear(width, size, bias=False)
        self.weigh = nn.Sequential(nn.Linear(width, 16), nn.Tanh(), nn.Linear(16, heads))
        count = 4 * heads + self.FEATURES
        self.linear = nn.Linear(count, 1)
        self.mixed = nn.Sequential(nn.Linear(count, 32), nn.Tanh(), nn.Linear(32, 1))
        for last in (self.weigh[2], self.mixed[2]):
            if isinstance(last, nn.Linear):
                nn.init.normal_(last.weight, std=0.02)
                nn.init.zeros_(last.bias)
        with torch.no_grad():
            self.linear.weight.zero_()
            self.linear.weight[0, : 2 * heads] = 8.0 / heads
            self.linear.weight[0, 2 * heads : 4 * heads] = 4.0 / heads
            self.linear.weight[0, 4 * heads] = 4.0
            self.linear.bias.fill_(-11.0)

    def states(self, states: Tensor, here: Tensor, langs: Sequence[str], drop: float) -> tuple[Tensor, ...]:
        """Of n sentences tokens (n, l, size), weights (n, l, heads) that sum to 1, who is there, means."""
        if self.training and drop:
            lost = (torch.rand_like(here) < drop) & (here > 0)
            lost[:, : self.skipped] = False
            here = here * (~lost).float()
        mask = (1 - here[:, None, None, :]) * -1e4
        for layer in self.upper:
            states = first(layer(states, mask))
        lang = torch.tensor([LANGUAGES.index(one) if one in LANGUAGES else 2 for one in langs])
        pooled = (states * here[:, :, None]).sum(1) / here.sum(1, keepdim=True)
        pooled = functional.normalize(self.pool(pooled - self.pooled_mean[lang]), dim=-1)
        own = here.clone()
        own[:, : self.skipped] = 0  # the mark of the beginning and the prompt
        ends = (torch.arange(here.shape[1])[None] * (here > 0)).argmax(1)
        own[torch.arange(len(own)), ends] = torch.where(
            own.sum(1) > 1, 0.0, own[torch.arange(len(own)), ends]
        )
        moved = states - self.mean[lang][:, None]
        weights = functional.softplus(self.weigh(moved) + 0.54) * own[:, :, None]
        weights = weights / (weights.sum(1, keepdim=True) + 1e-6)
        return functional.normalize(self.project(moved), dim=-1) * own[:, :, None], weights, own, pooled

    def judge(
        self, tokens: Tensor, weights: Tensor, own: Tensor, pooled: Tensor, article: Tensor, lang: Tensor
    ) -> Tensor:
        """Logits (s, s) of all sentences of an event, which stand in ``article`` (s,)."""
        return self.score(self.features(tokens, weights, own, pooled, article, lang))

    def score(self, features: Tensor) -> Tensor:
        """Logits (s, s) from features (s, s, f)."""
        found: Tensor = (self.linear(features) + self.mixed(features)).squeeze(-1)
        return found

    def features(
        self, tokens: Tensor, weights: Tensor, own: Tensor, pooled: Tensor, article: Tensor, lang: Tensor
    ) -> Tensor:
        """What the head is told of each pair: (s, s, f)."""
        count, length, _ = tokens.shape
        flat = tokens.reshape(count * length, -1)
        best = []
        for start in range(0, count, 16):  # of each token the nearest of every sentence
            cosines = (flat @ tokens[start : start + 16].reshape(-1, tokens.shape[2]).T).reshape(
                count, length, -1, length
            )
            best.append((cosines - 2 * (1 - own[start : start + 16])[None, None]).amax(3))
        nearest = torch.cat(best, 2)  # (s, l, s)
        covered = torch.einsum("ilj,ilh->hij", nearest, weights)
        back = covered.transpose(1, 2)
        least, most = torch.minimum(covered, back), torch.maximum(covered, back)
        middle = (covered + back).mean(0) / 2
        across = article[:, None] != article[None]
        away = (middle * across).sum(1) / across.sum(1).clamp(min=1)  # how near a sentence is to all
        centred = (
            covered - (covered * across).sum(2, keepdim=True) / across.sum(1).clamp(min=1)[None, :, None]
        )
        cback = centred.transpose(1, 2)
        ahead = self.ahead(middle, article)
        length_of = own.sum(1).log()
        rivals = middle.masked_fill(~across, -1.0)
        first_of = rivals.topk(min(3, count), dim=1).values[:, -1]
        own_features = [
            *least,
            *most,
            *torch.minimum(centred, cback),
            *torch.maximum(centred, cback),
            pooled @ pooled.T,
            torch.minimum(ahead, ahead.T),
            torch.maximum(ahead, ahead.T),
            torch.minimum(middle - first_of[:, None], middle - first_of[None]),
            torch.maximum(middle - first_of[:, None], middle - first_of[None]),
            away[:, None] + away[None],
            (length_of[:, None] - length_of[None]).abs(),
            torch.minimum(length_of[:, None], length_of[None]),
            (lang[:, None] == lang[None]).float(),
        ]
        return torch.stack(own_features, -1)

    @staticmethod
    def ahead(middle: Tensor, article: Tensor) -> Tensor:
        """(s, s): how far j is ahead, for i, of the best other of its article, at least .3."""
        found = torch.empty_like(middle)
        for one in torch.unique(article):
            here = article == one
            block = middle[:, here]
            if block.shape[1] < 2:
                found[:, here] = block - 0.3
                continue
            best = block.topk(2, dim=1).values
            rival = torch.where(block >= best[:, :1], best[:, 1:], best[:, :1])
            found[:, here] = block - rival.clamp(min=0.3)
        return found


def encode(judge: Judge, lower: Lower, event: Labelled, drop: float = 0.0) -> tuple[Tensor, ...]:
    """What ``Judge.judge`` is told of an event's sentences: tokens, weights, which are there, means."""
    texts = [text for own in event.articles for _, text in own]
    langs = [lang for own in event.articles for lang, _ in own]
    order = sorted(range(len(texts)), key=lambda place: len(lower.kept[texts[place]]))
    longest = len(lower.kept[texts[order[-1]]])
    found: list[Any] = [None] * len(texts)
    for start in range(0, len(order), 24):
        chunk = order[start : start + 24]
        states, here = lower.batch([texts[place] for place in chunk])
        tokens, weights, own, pooled = judge.states(states, here, [langs[place] for place in chunk], drop)
        more = longest - tokens.shape[1]
        tokens, weights, own = (
            functional.pad(tokens, (0, 0, 0, more)),
            functional.pad(weights, (0, 0, 0, more)),
            functional.pad(own, (0, more)),
        )
        for row, place in enumerate(chunk):
            found[place] = tokens[row], weights[row], own[row], pooled[row]
    return tuple(torch.stack(column) for column in zip(*found, strict=True))


def judged(judge: Judge, lower: Lower, event: Labelled, drop: float = 0.0) -> Tensor:
    """Logits (s, s) of an event."""
    sizes = [len(own) for own in event.articles]
    article = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    langs = [lang for own in event.articles for lang, _ in own]
    lang = torch.tensor([LANGUAGES.index(one) if one in LANGUAGES else 2 for one in langs])
    tokens, weights, own, pooled = encode(judge, lower, event, drop)
    return judge.judge(tokens, weights, own, pooled, article, lang)


def targets(event: Labelled) -> tuple[Tensor, Tensor]:
    """(s, s) labels and how much each counts, the upper triangle only."""
    sizes = [len(own) for own in event.articles]
    starts = [sum(sizes[:place]) for place in range(len(sizes) + 1)]
    article = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    truth = torch.zeros(starts[-1], starts[-1])
    counts = (article[:, None] < article[None]).float()
    if event.only is not None:
        counts = torch.zeros_like(counts)
        for a, i, b, j in event.only:
            counts[starts[a] + i, starts[b] + j] = 1
    for (a, i, b, j), weight in event.links.items():
        truth[starts[a] + i, starts[b] + j] = 1
        counts[starts[a] + i, starts[b] + j] = weight
    for a, i, b, j in event.unknown:
        counts[starts[a] + i, starts[b] + j] = 0
    return truth, counts


def loss_of(judge: Judge, lower: Lower, event: Labelled, drop: float) -> Tensor:
    """Binary cross-entropy of all labelled pairs, which grows with the links and hardly with what is none."""
    truth, counts = targets(event)
    losses = functional.binary_cross_entropy_with_logits(
        judged(judge, lower, event, drop), truth, reduction="none"
    )
    positives = float((truth * (counts > 0)).sum())
    scale = positives * 3 + float(counts.sum()) * 0.01 + 3
    if event.only is not None:
        scale = float(counts.sum()) + 3
    return event.weight * (losses * counts).sum() / scale


def average_precision(scored: list[tuple[float, bool]]) -> tuple[float, float, float]:
    """Average precision, best F1, and recall at a precision of .85."""
    scored = sorted(scored, reverse=True)
    every = max(sum(right for _, right in scored), 1)
    found, area, best, recall = 0, 0.0, 0.0, 0.0
    for rank, (_, right) in enumerate(scored, 1):
        found += right
        area += right * found / rank
        best = max(best, 2 * found / (rank + every))
        if found / rank >= 0.85:
            recall = found / every
    return round(area / every, 3), round(best, 3), round(recall, 3)


@torch.no_grad()
def logits_of(judge: Judge, lower: Lower, events: Sequence[Labelled]) -> list[Tensor]:
    """Logits of events, nothing dropped."""
    judge.eval()
    found = [judged(judge, lower, event) for event in events]
    judge.train()
    return found


def measure(judge: Judge, lower: Lower, events: Sequence[Labelled]) -> dict[str, tuple[float, float, float]]:
    """By file: average precision, best F1, recall at a precision of .85."""
    scored: dict[str, list[tuple[float, bool]]] = {}
    for event, logits in zip(events, logits_of(judge, lower, events), strict=True):
        truth, counts = targets(event)
        here = counts > 0
        scored.setdefault(event.file, []).extend(
            zip(logits[here].tolist(), (truth[here] > 0).tolist(), strict=True)
        )
    return {file: average_precision(own) for file, own in scored.items()}


def start_means(judge: Judge, lower: Lower, events: Sequence[Labelled]) -> None:
    """The languages' means and the projection onto the directions in which tokens differ most."""
    texts: dict[str, list[str]] = {}
    for event in events:
        for article in event.articles:
            for lang, text in article[:8]:
                texts.setdefault(lang, []).append(text)
    kept = []
    judge.eval()
    with torch.no_grad():
        for lang, own in texts.items():
            random.Random(2).shuffle(own)
            if lang not in LANGUAGES:
                continue
            states, here = lower.batch(own[:300])
            mask = (1 - here[:, None, None, :]) * -1e4
            for layer in judge.upper:
                states = first(layer(states, mask))
            tokens = torch.cat(
                [row[judge.skipped : int(n) - 1] for row, n in zip(states, here.sum(1), strict=True)]
            )
            pooled = (states * here[:, :, None]).sum(1) / here.sum(1, keepdim=True)
            judge.mean[LANGUAGES.index(lang)] = tokens.mean(0)
            judge.pooled_mean[LANGUAGES.index(lang)] = pooled.mean(0)
            kept.append((tokens - tokens.mean(0), pooled - pooled.mean(0)))
        for layer, told in (
            (judge.project, [one for one, _ in kept]),
            (judge.pool, [one for _, one in kept]),
        ):
            stacked = functional.normalize(torch.cat(told), dim=-1)
            values, vectors = torch.linalg.eigh(stacked.T @ stacked / len(stacked))
            best = values.argsort(descending=True)[: layer.weight.shape[0]]
            layer.weight.copy_((vectors[:, best] / values[best].clamp(min=1e-9) ** 0.125).T)
    judge.train()


class Fitting:
    """One run: the head alone for a moment, then the layers with it, their averages kept (Polyak 1990)."""

    def __init__(
        self, lower: Lower, train: list[Labelled], aux: list[Labelled], shape: dict[str, int], epochs: int
    ) -> None:
        self.lower, self.train, self.aux = lower, train, aux
        self.rng = random.Random(0)
        self.judge = Judge(lower, shape["top"], shape["size"], shape["heads"], DROPOUT)
        start_means(self.judge, lower, train)
        self.upper = list(self.judge.upper.parameters())
        tuned = {id(one) for one in self.upper}
        self.head = [one for one in self.judge.parameters() if id(one) not in tuned]
        self._warm()
        self.averaged = deepcopy(self.judge.state_dict())
        self.optimizer = torch.optim.AdamW(
            [{"params": self.upper, "lr": RATE}, {"params": self.head, "lr": 1e-3}], weight_decay=0.01
        )
        self.epochs = [self._parts() for _ in range(epochs)]
        self.steps = max(sum(map(len, self.epochs)), 1)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)
        self.done = 0

    def _rate(self, step: int) -> float:
        """A short rise, then half a cosine."""
        fall = 0.5 * (1 + math.cos(math.pi * min(step / self.steps, 1)))
        return min(1, (step + 1) / 60) * (0.03 + 0.97 * fall)

    def _parts(self) -> list[Labelled]:
        parts = [
            part_of(event, self.rng)
            for event in self.train
            for _ in range(max(1, round(sum(map(len, event.articles)) / ROOM)))
        ]
        parts += self.rng.sample(self.aux, min(len(self.aux) // 2, max(len(parts) // 4, 1)))
        self.rng.shuffle(parts)
        return parts

    def _warm(self) -> None:
        for one in self.upper:
            one.requires_grad = False
        optimizer = torch.optim.AdamW(self.head, lr=2e-3)
        for event in random.Random(5).sample(self.train, min(40, len(self.train))):
            self._step(optimizer, part_of(event, self.rng))
        for one in self.upper:
            one.requires_grad = True

    def _step(self, optimizer: torch.optim.Optimizer, event: Labelled) -> float:
        optimizer.zero_grad()
        loss = loss_of(self.judge, self.lower, event, DROP)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own gap
        nn.utils.clip_grad_norm_(self.judge.parameters(), 1.0)
        optimizer.step()
        return float(loss.detach())

    def run(self, events: list[Labelled], began: float) -> None:
        """One epoch."""
        losses = []
        for event in events:
            losses.append(self._step(self.optimizer, event))
            self.schedule.step()
            self.done += 1
            decay = min(0.99, self.done / (self.done + 20))
            with torch.no_grad():
                for name, value in self.judge.state_dict().items():
                    self.averaged[name].mul_(decay).add_(value, alpha=1 - decay)
            if self.done % 50 == 0:
                loss = sum(losses[-50:]) / len(losses[-50:])
                print(
                    f"{self.done} of {self.steps}, {time.time() - began:.0f} s, loss {loss:.4f}", flush=True
                )

    def measured(self, tests: list[Labelled]) -> dict[str, tuple[float, float, float]]:
        """What the averages reach on ``tests``."""
        own = deepcopy(self.judge.state_dict())
        self.judge.load_state_dict(self.averaged)
        found = measure(self.judge, self.lower, tests)
        self.judge.load_state_dict(own)
        return found


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), required=True, help="The encoder's folder.")
@click.option("--without", type=int, multiple=True, help="Leave out this fold, and measure on it.")
@click.option(
    "--kept", type=click.Path(path_type=Path), help="Keep what the frozen layers make in this file."
)
@click.option("--epochs", type=int, default=2)
@click.option("--threads", type=int, default=1)
def main(
    data: Path, out: Path, model: Path, without: tuple[int, ...], kept: Path | None, epochs: int, threads: int
) -> None:
    """Fit the judge to the folds that are not left out."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    began = time.time()
    real = real_events(data)
    train = [one for one in real if fold_of(one.name) not in without]
    tests = [one for one in real if fold_of(one.name) in without]
    aux = translations(data, SEEN) + pair_sets(data, 1000)
    lower = Lower(model, SHAPE["cut"])
    if kept and kept.exists():
        lower.kept = torch.load(kept)
    lower.add([text for event in real + aux for own in event.articles for _, text in own])
    if kept and not kept.exists():
        torch.save(lower.kept, kept)
    fitting = Fitting(lower, train, aux, SHAPE, epochs)
    for events in fitting.epochs:
        fitting.run(events, began)
        torch.save({"state": fitting.averaged, "without": without, **SHAPE}, out)
        if tests:
            print(fitting.measured(tests), flush=True)


if __name__ == "__main__":
    main()
