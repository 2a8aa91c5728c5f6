"""Speed of reading by format, against trafilatura in a loop; a large ZIP; the stages of a whole ``add_files``.

    python bench/ingest.py DATA [ARTICLES [PAGES]]

DATA is a folder of articles as JSON Lines; ARTICLES of them (default: all) are written into files of each
format and read; PAGES (default: 5,000) go into a ZIP file of some 200 MB. The pages are made large as real
ones are, by what stands around an article. Told are articles a second; for HTML also those of trafilatura
called in a loop in this process, the ratio, and the processors' time for each page (on a machine that is
shared the ratio is that of what was left of it); of the ZIP the most memory of this process and its workers
together; of the ``add_files``, into a library of its own, the seconds and the share of each stage. The last
line is JSON.
"""

from __future__ import annotations

import base64
import json
import os
import random
import sys
import tempfile
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial, wraps
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

from crosslingual.align.space import load_article_encoder
from crosslingual.embeddings.article_encoder import ArticleEncoder
from crosslingual.ingest import pipeline as adding
from crosslingual.library import Library
from crosslingual.readers import Record, read_files
from crosslingual.settings import Settings

sys.path.append(str(Path(__file__).parents[1]))
from tests.helpers import file_samples

HEADER = ("date", "headline", "body", "source", "link")
ZIP_BYTES = 200 * 2**20


def stories(data: Path, limit: int | None) -> list[Any]:
    found = (item for item in read_files([data]) if isinstance(item, Record))
    return [file_samples.Story(item.lang, item.title, item.text, item.url, item.date[:10]) for item in found][
        :limit
    ]


def page(story: Any) -> str:
    """A page of some 60 kB, most of it links, teasers and scripts."""
    return str(file_samples.page(story)).replace("</body>", _around() + "</body>")


@cache
def _around() -> str:
    teasers = "".join(
        f'<div class="teaser"><a href="/news/{n}"><img src="/i/{n}.jpg" alt=""><h3>Headline {n}</h3></a>'
        f'<span class="time">12:{n % 60:02}</span></div>'
        for n in range(100)
    )
    scripts = "".join(f"<script>var a{n} = {{'key': [{n}, {n + 1}]}};</script>" for n in range(200))
    return f'<aside class="sidebar">{teasers}</aside><div class="related">{teasers}</div>{scripts}'


def single(folder: Path, suffix: str, content: Callable[[Any], bytes], chosen: list[Any]) -> None:
    for number, story in enumerate(chosen):
        (folder / f"{number:05}.{suffix}").write_bytes(content(story))


def whole(folder: Path, suffix: str, content: Callable[[list[Any]], bytes | str], chosen: list[Any]) -> None:
    data = content(chosen)
    (folder / f"all.{suffix}").write_bytes(data.encode() if isinstance(data, str) else data)


FORMATS: dict[str, Callable[[Path, list[Any]], None]] = {
    "html": lambda folder, chosen: single(folder, "html", lambda one: page(one).encode(), chosen),
    "txt": lambda folder, chosen: single(folder, "txt", lambda one: one.text.encode(), chosen),
    "pdf": lambda folder, chosen: single(
        folder, "pdf", lambda one: file_samples.pdf([file_samples.typeset(one.lines)]), chosen[:200]
    ),
    "docx": lambda folder, chosen: single(folder, "docx", file_samples.docx, chosen[:200]),
    "epub": lambda folder, chosen: whole(folder, "epub", file_samples.epub, chosen),
    "csv": lambda folder, chosen: whole(folder, "csv", file_samples.table, chosen),
    "xlsx": lambda folder, chosen: whole(
        folder, "xlsx", lambda some: file_samples.xlsx(file_samples.rows(some, HEADER)), chosen
    ),
    "parquet": lambda folder, chosen: whole(
        folder, "parquet", lambda some: file_samples.parquet(file_samples.rows(some, HEADER)), chosen
    ),
    "json": lambda folder, chosen: whole(folder, "json", file_samples.objects, chosen),
    "rss": lambda folder, chosen: whole(folder, "rss", file_samples.feed, chosen),
    "warc.gz": lambda folder, chosen: whole(
        folder, "warc.gz", partial(file_samples.warc, packed=True), chosen
    ),
}


def busy() -> float:
    """Seconds of processors that this process and its workers have used."""
    return sum(used.ru_utime + used.ru_stime for used in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def rate(path: Path) -> tuple[int, float]:
    """Articles read, and how many a second."""
    start = time.perf_counter()
    count = sum(isinstance(item, Record) for item in read_files([path]))
    return count, count / (time.perf_counter() - start)


def loop(folder: Path) -> float:
    """Pages a second of trafilatura in a loop."""
    from trafilatura import bare_extraction

    paths = sorted(folder.glob("*.html"))
    bare_extraction(paths[0].read_bytes(), with_metadata=True)
    start = time.perf_counter()
    for path in paths:
        bare_extraction(path.read_bytes(), include_comments=False, with_metadata=True)
    return len(paths) / (time.perf_counter() - start)


class Memory:
    """The most bytes that this process and those that it started have held at once."""

    def __enter__(self) -> Memory:
        self.most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self.most = max(self.most, sum(_resident()))


def _resident() -> Iterator[int]:
    own = os.getpid()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if own in (parent, int(entry.name)):
                yield int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue


def large_zip(path: Path, chosen: list[Any], count: int) -> None:
    """A ZIP file of so many pages; a picture in each, which nothing packs, makes it large."""
    chance = random.Random(1)  # noqa: S311  # nothing secret
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            picture = base64.b64encode(chance.randbytes(ZIP_BYTES // count)).decode()
            text = page(chosen[number % len(chosen)]).replace(
                "</article>", f'<img src="data:image/png;base64,{picture}"></article>'
            )
            archive.writestr(f"{number:05}.html", text)


def timed(spent: dict[str, float], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def run(*args: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return function(*args, **named)
        finally:
            spent[name] += time.perf_counter() - start

    return run


def reading(spent: dict[str, float], plain: Callable[..., Any]) -> Callable[..., Any]:
    def run(*args: Any) -> Any:
        items = iter(plain(*args))
        while True:
            start = time.perf_counter()
            item = next(items, None)
            spent["reading"] += time.perf_counter() - start
            if item is None:
                return
            yield item

    return run


class TimedReader:
    """A reader whose encoding and packing are timed."""

    def __init__(self, spent: dict[str, float], plain: ArticleEncoder) -> None:
        self.encoder, self.packer, self._plain = plain.encoder, plain.token_packer, plain
        self.read = timed(spent, "encoding", plain.encode)


def stages(folder: Path) -> dict[str, float]:
    """Seconds of each stage of adding a folder."""
    settings = Settings.load()
    spent: dict[str, float] = defaultdict(float)
    plain = {name: getattr(adding, name) for name in ("read_files", "split_sentences", "detect_language")}
    changed = {
        "read_files": reading(spent, plain["read_files"]),
        "split_sentences": timed(spent, "segmenting", plain["split_sentences"]),
        "detect_language": timed(spent, "language", plain["detect_language"]),
    }
    for name, function in changed.items():
        setattr(adding, name, function)
    try:
        with tempfile.TemporaryDirectory() as place, Library(Path(place)) as library:
            for name in ("add_articles", "existing_ids", "texts_without_vectors", "put_sources"):
                setattr(library, name, timed(spent, "storing", getattr(library, name)))
            reader = TimedReader(spent, load_article_encoder(settings.encoder, settings.home))
            start = time.perf_counter()
            summary = adding.add_files([folder], library, lambda: reader, source="bench")  # type: ignore[arg-type,return-value]
            spent["all"] = time.perf_counter() - start
            print(summary)
    finally:
        for name, function in plain.items():
            setattr(adding, name, function)
    return spent


def main(data: str, limit: str = "0", pages: str = "5000") -> None:
    chosen = stories(Path(data), int(limit) or None)
    told: dict[str, Any] = {"articles": len(chosen), "cores": len(os.sched_getaffinity(0))}
    with tempfile.TemporaryDirectory() as place:
        for name, write in FORMATS.items():
            folder = Path(place) / name
            folder.mkdir()
            write(folder, chosen)
            before = busy()
            count, told[name] = rate(folder)
            told[f"{name} processor"] = (busy() - before) / count
            print(f"{name}: {count} articles, {told[name]:.0f} a second")
        before = busy()
        told["loop"] = loop(Path(place) / "html")
        told["loop processor"] = (busy() - before) / len(chosen)
        told["ratio"] = told["html"] / told["loop"]
        print(f"trafilatura in a loop: {told['loop']:.0f} a second; ratio {told['ratio']:.2f}")
        own, other = told["html processor"], told["loop processor"]
        print(f"seconds of a processor for each page: {own:.4f}, trafilatura {other:.4f}")
        if int(pages):
            path = Path(place) / "large.zip"
            large_zip(path, chosen, int(pages))
            with Memory() as memory:
                count, told["zip"] = rate(path)
            told["zip_mb"], told["memory_mb"] = path.stat().st_size >> 20, memory.most >> 20
            print(f"ZIP of {told['zip_mb']} MB: {count} articles, {told['zip']:.0f} a second")
            print(f"most memory: {told['memory_mb']} MB")
        spent = stages(Path(place) / "html")
    for name, seconds in spent.items():
        print(f"{name}: {seconds:.2f} s, {seconds / spent['all']:.1%}")
    print(json.dumps(told | {"stages": spent}))


if __name__ == "__main__":
    main(*sys.argv[1:])
