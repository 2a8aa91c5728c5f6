"""Adding, with a small deterministic encoder, and once with the real one.

Run as a programme, this file adds slowly, so that the tests can kill it in the middle.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crosslingual import add as module
from crosslingual.add import Progress, Summary, add, add_from
from crosslingual.align.space import Space
from crosslingual.encode import Reading, SentenceEncoder
from crosslingual.errors import InputError, LibraryError
from crosslingual.ingest import File, Record, read
from crosslingual.language.sentences import sentences
from crosslingual.library import Library, encodable
from crosslingual.reader import Reader, complete
from crosslingual.types import Article, FloatArray, Source

TEXTS = {
    "zh": "国家主席习近平16日在北京同俄罗斯总统普京会谈。两国元首签署了联合声明。",
    "ru": "Владимир Путин прибыл в Пекин с государственным визитом. Его встретил председатель КНР.",
    "en": "The leaders of China and Russia met in Beijing on Thursday. They signed a joint statement.",
}


class LetterEncoder:
    """Counts letters: the same text has the same vector, and it takes no time."""

    dimensions = 32

    def __init__(self, name: str = "letters") -> None:
        self.name = name
        self.encoded: list[str] = []

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        self.encoded += texts
        matrix = np.full((len(texts), self.dimensions), 0.1, np.float32)
        for row, text in enumerate(texts):
            np.add.at(matrix[row], [ord(char) % self.dimensions for char in text], 1)
            if progress:
                progress(row + 1, len(texts))
        unit: FloatArray = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        return unit

    def read(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> Reading:
        vectors = self.encode(texts, progress=progress)
        ones = np.ones(1, np.float32)
        return Reading(vectors, tuple(row[None] for row in vectors), (ones,) * len(vectors))


class Packer:
    """Keeps the states as they are."""

    key = "letters/tokens"

    def pack(self, states: FloatArray, weights: FloatArray) -> bytes:
        return states.tobytes() + weights.tobytes()


def letters(encoder: LetterEncoder | None = None) -> Reader:
    return Reader(encoder or LetterEncoder(), Packer())


def no_encoder() -> Reader:
    raise AssertionError("nothing is to be encoded")


def write(path: Path, *records: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def news(count: int, start: int = 0) -> list[dict[str, str]]:
    """Articles of four sentences and a title, no sentence in two of them."""
    return [
        {
            "source": "ria-demo",
            "lang": "ru",
            "title": f"Новость {number}",
            "text": " ".join(f"Предложение {part} новости {number}." for part in range(4)),
        }
        for number in range(start, start + count)
    ]


def is_complete(library: Library, article: Article, model: str = "letters") -> bool:
    told = library.sentences([article.id])[article.id]
    texts = encodable(article, told)
    whole = not (library.missing(model, texts) or library.without_tokens(Packer.key, texts))
    return whole and told == sentences(article)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as library:
        yield library


def test_articles_go_in_with_sentences_and_vectors(library: Library, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"source": "Xinhua (demo text)", "text": TEXTS["zh"], "title": "会谈", "date": "2024-05-16"},
        {"source": "ria-demo", "text": TEXTS["ru"], "url": "https://example.org/1"},
        {"source": "The Village Echo", "text": TEXTS["en"]},
    )
    encoder = LetterEncoder()
    assert add([path], library, lambda: letters(encoder)) == Summary(3, 0, 0, 0, ())
    articles = library.articles()
    assert [(article.source, article.lang) for article in articles] == [
        ("xinhua-demo", "zh"),
        ("ria-demo", "ru"),
        ("thevillageecho", "en"),
    ]
    assert (articles[0].title, articles[0].date, articles[1].url) == (
        "会谈",
        "2024-05-16",
        "https://example.org/1",
    )
    assert all(is_complete(library, article) for article in articles)
    ownership = {source.id: source.ownership for source in library.sources()}
    assert ownership == {"xinhua-demo": "state", "ria-demo": "state", "thevillageecho": "unknown"}


def test_what_is_known_costs_nothing_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *news(5), news(1)[0])
    assert add([path], library, letters) == Summary(5, 1, 0, 0, ())
    before = library.revision
    assert add([path], library, no_encoder) == Summary(0, 6, 0, 0, ())
    assert library.revision == before
    encoder = LetterEncoder()
    write(path, *news(6))
    assert add([path], library, lambda: letters(encoder)) == Summary(1, 5, 0, 0, ())
    assert len(encoder.encoded) == 5


def test_the_same_text_in_any_formatting_is_known(library: Library, tmp_path: Path) -> None:
    plain = {"source": "rt", "lang": "en", "title": "A meeting", "text": TEXTS["en"]}
    heading = plain | {"title": "", "text": f"A meeting\n\n**{TEXTS['en']}**"}
    spaced = plain | {"text": TEXTS["en"].replace(" ", "\u00a0 ")}
    tagged = plain | {"text": f"<p>{TEXTS['en']}</p>"}
    other = plain | {"source": "tass"}
    path = write(tmp_path / "a.jsonl", plain, heading, other)
    assert add([path], library, letters) == Summary(2, 1, 0, 0, ())
    before = library.revision
    again = add([write(path, heading, spaced, tagged, plain)], library, no_encoder)
    assert again == Summary(0, 4, 0, 0, ())
    assert again.articles == (library.ids()[0],)
    assert (again.batch, library.revision) == ("", before)


def test_a_sentence_that_is_surely_in_another_language_is_kept_as_such(
    library: Library, tmp_path: Path
) -> None:
    quoted = "The president said that the talks in Beijing had been long, open and useful for both sides."
    path = write(
        tmp_path / "a.jsonl",
        {"source": "rt", "lang": "ru", "text": f"{TEXTS['ru']}\n{quoted}\nOK.", "author": "А. Автор"},
    )
    add([path], library, letters)
    (article,) = library.articles()
    assert (article.lang, article.author) == ("ru", "А. Автор")
    assert [one.lang for one in library.sentences([article.id])[article.id]] == ["", "", "en", ""]


def test_an_add_is_one_batch_however_many_chunks_it_takes(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 20)
    monkeypatch.setattr(module, "_LOOKUP", 5)
    add([write(tmp_path / "a.jsonl", *news(5))], library, letters)
    held, sources = library.articles(), library.sources()
    records = [*news(30), {"lang": "ru", "text": "Чужая новость.", "url": "https://echo.example/1"}]
    tmx = Path(__file__).parent / "data" / "ingest"
    summary = add([write(tmp_path / "b.jsonl", *records), *tmx.glob("*.tmx")], library, letters)
    act = library.acts()[0]
    assert (act.id, act.kind, act.told) == (summary.batch, "add", "b.jsonl, memory.tmx")
    assert (act.articles, act.sources, act.translations) == (26, 1, summary.translations)
    assert summary.incomplete == ("echo-example",)
    library.undo(summary.batch)
    assert (library.articles(), library.sources()) == (held, sources)
    assert list(library.memory.entries(["memory"])) == []


def test_an_add_follows_the_users_word_on_sources(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"lang": "en", "text": TEXTS["en"], "url": "https://echo.example/1"})
    add([path], library, letters)
    whole = Source("echo", "Echo", languages=("en",), country="GB", ownership="private")
    library.edit_source(whole)
    library.merge_sources("echo-example", "echo")
    assert add([path], library, no_encoder).known == 1
    write(path, {"lang": "en", "text": TEXTS["en"] + " More.", "url": "https://www.echo.example/2"})
    summary = add([path], library, letters)
    assert (summary.added, summary.incomplete) == (1, ())
    assert {article.source for article in library.articles()} == {"echo"}
    assert library.sources()[0].country == "GB"


def test_a_sentence_is_encoded_once(library: Library, tmp_path: Path) -> None:
    encoder = LetterEncoder()
    path = write(
        tmp_path / "a.jsonl",
        *({"source": source, "lang": "ru", "text": TEXTS["ru"]} for source in ("ria-demo", "tass", "rt")),
    )
    assert add([path], library, lambda: letters(encoder)).added == 3
    assert len(encoder.encoded) == 2


def test_what_a_record_lacks_comes_from_the_options(library: Library, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"text": "NATO. OK."},
        {"text": TEXTS["zh"], "source": "cctv-demo", "lang": "zh"},
    )
    add([path], library, letters, source="RIA Novosti (demo text)", lang="de-AT")
    assert [(article.source, article.lang) for article in library.articles()] == [
        ("ria-demo", "de"),
        ("cctv-demo", "zh"),
    ]


def test_what_cannot_be_known_is_told(library: Library, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"text": TEXTS["ru"]},
        {"text": "NATO. OK.", "source": "rt"},
        {"text": TEXTS["en"], "url": "https://www.village-echo.org/1"},
    )
    summary = add([path], library, letters)
    assert [str(problem).removeprefix(f"{path}:") for problem in summary.problems] == [
        '1: no "source"; add it, or name the outlet with --source',
        "2: language not sure; give it with --lang",
    ]
    assert [article.source for article in library.articles()] == ["village-echo-org"]
    assert not summary.failed
    assert str(summary) == "1 article added, 2 problems"


def test_what_goes_in_with_a_flaw_has_not_failed(library: Library, tmp_path: Path) -> None:
    record = {"lang": "en", "source": "bbc", "text": TEXTS["en"], "date": "soon"}
    path = write(tmp_path / "a.jsonl", record, {"source": "bbc"})
    summary = add([path], library, letters)
    assert str(summary) == "1 article added, 1 problem, 1 flaw"
    assert [problem.line for problem in (*summary.failures, *summary.flaws)] == [2, 1]


def test_nothing_but_problems_is_a_failure(library: Library, tmp_path: Path) -> None:
    summary = add([tmp_path / "absent.txt"], library, no_encoder)
    assert summary.failed
    assert str(summary) == "0 articles added, 1 problem"
    assert not add([], library, no_encoder).failed
    with pytest.raises(InputError, match="'Russian': give an ISO 639-1 code"):
        add([], library, no_encoder, lang="Russian")


def test_translations_made_by_hand_are_found_again(library: Library) -> None:
    folder = Path(__file__).parent / "data" / "ingest"
    summary = add([folder], library, letters)
    assert (summary.added, summary.known, summary.translations) == (1, 2, 1)
    text = "Путин прибыл в Пекин.\nСи встретил его."
    found = library.memory.find([text], "ru", "en")[text]
    assert (found.text, found.engine) == ("Putin arrived in Beijing. Xi met him.", "memory")


def test_progress_reaches_its_end(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 20)
    monkeypatch.setattr(module, "_LOOKUP", 5)
    path = write(tmp_path / "a.jsonl", *news(30))
    seen: list[Progress] = []
    add([path], library, letters, progress=seen.append)
    size = path.stat().st_size
    assert seen == sorted(seen, key=lambda progress: (progress.done, progress.articles))
    assert seen[-1] == Progress(size, size, 30, path)
    assert len({progress.done for progress in seen}) > 50


def test_progress_names_each_file(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    paths = [write(folder / f"{n}.jsonl", *news(2, 2 * n)) for n in range(3)]
    seen: list[Progress] = []
    add([folder], library, letters, progress=seen.append)
    assert list(dict.fromkeys(progress.path for progress in seen)) == paths


def test_records_that_were_read_before_go_in_as_they_were_mended(library: Library, tmp_path: Path) -> None:
    items = list(read([write(tmp_path / "a.jsonl", *news(3), {"text": "NATO", "source": "x"}, {})]))
    mended = [
        replace(item, title="Mended", date="2024-05-16", author="Ann") if isinstance(item, Record) else item
        for item in items
    ]
    names = [tmp_path / "a.jsonl"]
    summary = add_from(lambda _at, _stop: iter(mended), names, library, letters)
    assert (summary.added, len(summary.problems)) == (3, 2)
    assert {(article.title, article.date) for article in library.articles()} == {("Mended", "2024-05-16")}
    assert add_from(lambda _at, _stop: iter(mended), names, library, no_encoder).known == 3
    with pytest.raises(InputError, match="ISO 639-1"):
        add_from(lambda _at, _stop: iter(mended), names, library, letters, lang="Russian")


def test_a_cancel_between_files_keeps_what_is_stored(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 20)
    monkeypatch.setattr(module, "_LOOKUP", 5)
    path = write(tmp_path / "a.jsonl", *news(30))
    summary = add([path], library, letters, cancelled=lambda: len(library.articles()) >= 10)
    assert summary.cancelled
    assert 10 <= summary.added < 30
    assert {article.id for article in library.articles()} == set(summary.articles)
    assert all(is_complete(library, article) for article in library.articles())
    rest = add([path], library, letters)
    assert (rest.added, rest.known, rest.cancelled) == (30 - summary.added, summary.added, False)


def test_a_cancel_while_encoding_leaves_the_chunk(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *news(30))
    event = threading.Event()

    def tell(progress: Progress) -> None:
        if 0 < progress.done < progress.total:
            event.set()

    summary = add([path], library, letters, progress=tell, cancelled=event.is_set)
    assert (summary.added, summary.articles, summary.cancelled) == (0, (), True)
    assert library.articles() == []
    assert add([path], library, letters, cancelled=lambda: True).cancelled


def test_pages_in_memory_and_in_archives_go_in(library: Library, tmp_path: Path) -> None:
    page = f"<html><body><article><p>{TEXTS['ru']}</p></article></body></html>"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.html", page)
    files: list[Path | File] = [File(Path("a.html"), page.encode("koi8-r")), tmp_path / "a.zip"]
    summary = add(files, library, letters, source="ria-demo")
    assert (summary.added, summary.known, summary.problems) == (1, 1, ())
    assert [(article.lang, article.text) for article in library.articles()] == [("ru", TEXTS["ru"])]


def test_the_author_goes_in(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {**news(1)[0], "author": "Ann"})
    add([path], library, letters)
    assert [article.author for article in library.articles()] == ["Ann"]


def test_another_encoders_vectors_can_be_completed(library: Library, tmp_path: Path) -> None:
    add([write(tmp_path / "a.jsonl", *news(30))], library, letters)
    ids = [article.id for article in library.articles()]
    other = LetterEncoder("other")
    seen: list[tuple[int, int]] = []
    assert complete(library, letters(other), ids[:20], lambda done, total: seen.append((done, total))) == 100
    assert seen[-1] == (100, 100)
    assert complete(library, letters(other), ids) == 50
    assert complete(library, letters(other), ids) == 0
    other_packer = Packer()
    other_packer.key = "other/tokens"
    assert complete(library, Reader(other, other_packer), ids) == 150, "another projection is another key"
    assert all(is_complete(library, article, "other") for article in library.articles())


def test_a_full_disk_is_told_and_nothing_is_lost(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHUNK", 20)
    monkeypatch.setattr(module, "_LOOKUP", 5)
    path = write(tmp_path / "a.jsonl", *news(400))
    add([write(tmp_path / "b.jsonl", *news(5))], library, letters)
    pages = library._db.connection.execute("PRAGMA page_count").fetchone()[0]
    library._db.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(LibraryError, match="the disk is full"):
        add([path], library, letters)
    with Library(library.path, create=False) as again:
        stored = again.articles()
        assert 5 < len(stored) < 400
        assert all(is_complete(again, article) for article in stored)
        assert add([path], again, letters).added == 400 - len(stored)


@pytest.mark.parametrize("chunks", [0, 1, 3, 7])
def test_a_kill_at_any_moment_loses_nothing_that_was_finished(chunks: int, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *news(60))
    command = [sys.executable, __file__, str(tmp_path / "library"), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        # One line when the first chunk begins, one when a chunk is stored; then at some instant of the next.
        finished = [int(process.stdout.readline()) for _ in range(chunks + 1)][-1]
        time.sleep(0.004 * chunks)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with Library(tmp_path / "library", create=False) as library:
        stored = library.articles()
        assert 5 * chunks <= finished <= len(stored) < 60
        assert all(is_complete(library, article) for article in stored)
        assert add([path], library, letters) == Summary(60 - len(stored), len(stored), 0, 0, ())
        assert [article.title for article in library.articles()] == [record["title"] for record in news(60)]
        assert all(is_complete(library, article) for article in library.articles())
        for act in library.acts():  # what was finished before the kill is a batch as well
            library.undo(act.id)
        assert (library.articles(), library.sources()) == ([], [])


def test_the_real_encoder_knows_what_is_alike(
    library: Library, tmp_path: Path, encoder: SentenceEncoder, demo_space: Space
) -> None:
    path = write(tmp_path / "a.jsonl", *({"source": "rt", "text": text} for text in TEXTS.values()))
    add([path], library, lambda: Reader(encoder, demo_space.tokens, demo_space.judge))
    texts = [sentence.text for article in library.articles() for sentence in sentences(article)]
    vectors = library.vectors(encoder.name, texts)
    # Both Chinese sentences are nearest to the English ones that say the same.
    assert (vectors[:2] @ vectors[4:].T).argmax(axis=1).tolist() == [0, 1]


class _SlowEncoder(LetterEncoder):
    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        time.sleep(0.02)
        return super().encode(texts, progress=progress)


def _add_slowly(folder: str, path: str) -> None:
    vars(module).update(CHUNK=20, _LOOKUP=5)
    seen = -1

    def tell(progress: Progress) -> None:
        nonlocal seen
        if progress.articles > seen:
            seen = progress.articles
            print(seen, flush=True)  # noqa: T201  # what the test waits for

    with Library(Path(folder)) as library:
        add([Path(path)], library, lambda: letters(_SlowEncoder()), progress=tell)


if __name__ == "__main__":
    _add_slowly(*sys.argv[1:])
