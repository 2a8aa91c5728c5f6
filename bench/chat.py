"""Speed of the language model as translator against the plain call: same model, prompt and sentences.

    python bench/chat.py SRC FILE [REF] [--sentences N] [--rounds N]

FILE holds a sentence a line in language SRC, REF their translations into English, for BLEU. The plain calls
are ``generate_batch`` with the prompt as static prompt, cached, sorted by length, 16 at once, up to 256
tokens: "plain" with all else as it is by default, "prefilled" with ``include_prompt_in_result=False``, which
reads a sentence at once instead of token by token. All take turns, each in a process of its own; the
median of a side's seconds counts. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from crosslingual.model_store import installed_models
from crosslingual.model_store.qwen import MODEL_NAME
from crosslingual.settings import data_home
from crosslingual.translation.chat import ChatEngine

SIDES = ("plain", "prefilled", "ours")
PLAIN_BATCH, PLAIN_LENGTH = 16, 256


def engine() -> ChatEngine:
    model = next(model for model in installed_models(data_home()) if model.name == MODEL_NAME)
    return ChatEngine(model.path, model.name, model.digest)


def plain(
    texts: list[str], src: str, *, prefilled: bool
) -> tuple[Callable[[], list[str]], Callable[[], object]]:
    """The plain call, and what makes it ready."""
    import ctranslate2

    ours = engine()
    prompt = ours._build_prompt(src, "en")
    generator = ctranslate2.Generator(str(ours._path), device="cpu", intra_threads=os.cpu_count() or 1)
    rows = [[*ours._encode_text(text), *prompt.after] for text in texts]
    options: dict[str, Any] = {"static_prompt": [*prompt.before], "cache_static_prompt": True}
    options |= {"end_token": ours._end_tokens, "include_prompt_in_result": not prefilled}

    def run() -> list[str]:
        order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
        said = [""] * len(rows)
        for start in range(0, len(order), PLAIN_BATCH):
            batch = order[start : start + PLAIN_BATCH]
            asked = [rows[i] for i in batch]
            # Where the answer holds the sentence, the sentence counts.
            length = PLAIN_LENGTH + (0 if prefilled else max(map(len, asked)))
            results = generator.generate_batch(asked, max_length=length, **options)
            for i, result in zip(batch, results, strict=True):
                answer = result.sequences_ids[0][0 if prefilled else len(rows[i]) :]
                said[i] = ours._tokenizer.decode(answer, skip_special_tokens=True).strip()
        return said

    return run, lambda: generator.generate_batch([["a"]], max_length=2, **options)


def side(name: str, src: str, texts: list[str]) -> dict[str, Any]:
    run: Callable[[], list[str]]
    ready: Callable[[], object]
    if name == "ours":
        model = engine()
        run, ready = partial(model.translate, texts, src, "en"), partial(model.translate, ["a"], src, "en")
    else:
        run, ready = plain(texts, src, prefilled=name == "prefilled")
    ready()
    start, used = time.perf_counter(), time.process_time()
    said = run()
    return {"seconds": time.perf_counter() - start, "cpu": time.process_time() - used, "said": said}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("src")
    parser.add_argument("file", type=Path)
    parser.add_argument("reference", type=Path, nargs="?")
    parser.add_argument("--sentences", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sides", nargs="+", choices=SIDES, default=SIDES)
    parser.add_argument("--one", choices=SIDES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    texts = given.file.read_text(encoding="utf-8").splitlines()[: given.sentences]
    if given.one:
        print(json.dumps(side(given.one, given.src, texts)))
        return
    told: dict[str, list[dict[str, Any]]] = {name: [] for name in given.sides}
    for _ in range(given.rounds):
        for name in given.sides:
            command = [sys.executable, __file__, given.src, str(given.file), f"--sentences={given.sentences}"]
            done = subprocess.run([*command, f"--one={name}"], capture_output=True, text=True, check=True)
            told[name].append(json.loads(done.stdout.splitlines()[-1]))
    figures: dict[str, Any] = {"sentences": len(texts), "rounds": given.rounds}
    base = {kind: median(run[kind] for run in told[given.sides[0]]) for kind in ("seconds", "cpu")}
    for name, runs in told.items():
        took, used = (median(run[kind] for run in runs) for kind in ("seconds", "cpu"))
        figures[name] = {"per_second": round(len(texts) / took, 3), "cpu_seconds": round(used, 1)}
        figures[name] |= {
            "ratio": round(base["seconds"] / took, 2),
            "cpu_ratio": round(base["cpu"] / used, 2),
        }
        if given.reference:
            import sacrebleu

            references = given.reference.read_text(encoding="utf-8").splitlines()[: len(texts)]
            figures[name]["bleu"] = round(sacrebleu.corpus_bleu(runs[0]["said"], [references]).score, 1)
        print(name, figures[name])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
