"""Speed of the argostranslate engine against ``argostranslate.translate.translate()`` called per sentence.

    python bench/translate.py

Both use the same package, made by ``bench/package.py`` in the size of the real ones, the same beam and the
demo corpus's Chinese and Russian sentences, each also with its halves swapped. argostranslate has its own
settings, except that its splitter, for which nothing can be had offline, is first replaced by one that gives
the text back: the fairer comparison. What MiniSBD costs beside, with a model that only looks characters up,
is timed by itself. The two take turns, and the best of each counts. The last line is JSON.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.package import make_package
from crosslingual.align.space import DEMO_FOLDER
from crosslingual.tmx import MemoryEntry, read_tmx
from crosslingual.translation.argos import ArgosEngine
from scripts.train_fixture import splitter

SRC, TGT = "zh", "en"  # what the package is called; its cipher takes any language
ROUNDS = 2


class Whole:
    """A splitter that does not split."""

    def split_sentences(self, text: str) -> list[str]:
        return [text]


def demo() -> list[MemoryEntry]:
    found = [entry for path in sorted(DEMO_FOLDER.glob("*/*.tmx")) for entry in read_tmx(path, "en")]
    return [entry for entry in found if entry.src_lang in {"zh", "ru"}]


def swapped(text: str) -> str:
    middle = text.find(" ", len(text) // 2) if " " in text else len(text) // 2
    return f"{text[middle:].strip()} {text[:middle]}".strip()


def stock(home: Path) -> Any:
    """argostranslate's ``translate`` module, which keeps all it writes in ``home``."""
    os.environ |= {f"XDG_{name}_HOME": str(home / name) for name in ("DATA", "CONFIG", "CACHE")}
    os.environ["ARGOS_PACKAGES_DIR"] = str(home / "packages")
    from argostranslate import translate

    return translate


def timed(work: Callable[[], list[str]]) -> tuple[float, list[str]]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def main(home: Path) -> None:
    entries = demo()
    texts = [text for entry in entries for text in (entry.src, swapped(entry.src))]
    learnt = [text for entry in entries for text in (entry.src, entry.tgt)]
    package = make_package(home / "packages" / "random", SRC, TGT, learnt)
    (package / "minisbd").mkdir()
    (package / "minisbd" / "table.onnx").write_bytes(splitter())
    argos = stock(home)
    translation = argos.get_translation_from_codes(SRC, TGT).underlying
    split, translation.sentencizer = translation.sentencizer.split_sentences, Whole()
    engine = ArgosEngine({(SRC, TGT): package})

    def plain() -> list[str]:
        return [argos.translate(text, SRC, TGT) for text in texts]

    def ours() -> list[str]:
        return engine.translate(texts, SRC, TGT)

    argos.translate("", SRC, TGT), split(texts[0]), engine.translate(texts[:1], SRC, TGT)  # loads the models
    rounds = [(timed(ours), timed(plain)) for _ in range(ROUNDS)]
    splitting, _ = timed(lambda: [part for text in texts for part in split(text)])
    fast, slow = (min(took for took, _ in side) for side in zip(*rounds, strict=True))
    (_, made), (_, theirs) = rounds[0]
    same = sum(one == other for one, other in zip(made, theirs, strict=True)) / len(texts)
    count = len(texts)
    print(f"{count} sentences of {sum(map(len, texts)) / count:.0f} characters, {os.cpu_count()} cores")
    print(f"argostranslate, no splitter {count / slow:6.2f} sentences/s")
    print(f"argostranslate, MiniSBD     {count / (slow + splitting):6.2f} sentences/s")
    print(f"crosslingual                {count / fast:6.2f} sentences/s, {slow / fast:.2f} times as many")
    print(f"same translations           {same:6.1%}")
    figures = {"sentences": count, "stock": count / slow, "ours": count / fast, "ratio": slow / fast}
    figures |= {"ratio_with_splitter": (slow + splitting) / fast, "same": same}
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(folder))
