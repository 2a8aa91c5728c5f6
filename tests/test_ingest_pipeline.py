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
from typing import Any

import numpy as np
import pytest

from crosslingual.align.space import Space
from crosslingual.embeddings.article_encoder import ArticleEncoder, complete_vectors
from crosslingual.embeddings.encoder import EncodedTexts, SentenceEncoder
from crosslingual.errors import InputError, LibraryError
from crosslingual.ingest import pipeline as module
from crosslingual.ingest.pipeline import add_files, add_items
from crosslingual.ingest.summary import AddSummary, Progress
from crosslingual.language.sentences import split_sentences
from crosslingual.library import Library, encodable_texts
from crosslingual.readers import File, Record, read_files
from crosslingual.types import Article, FloatArray, Source
from tests.helpers.library_folders import sqlite_connection

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

    def encode_with_tokens(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> EncodedTexts:
        vectors = self.encode(texts, progress=progress)
        ones = np.ones(1, np.float32)
        return EncodedTexts(vectors, tuple(row[None] for row in vectors), (ones,) * len(vectors))


class Packer:
    """Keeps the states as they are."""

    key = "letters/tokens"

    def pack(self, states: FloatArray, weights: FloatArray) -> bytes:
        return states.tobytes() + weights.tobytes()


def letters(encoder: LetterEncoder | None = None) -> ArticleEncoder:
    return ArticleEncoder(encoder or LetterEncoder(), Packer())


def no_encoder() -> ArticleEncoder:
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
    told = library.load_sentences([article.id])[article.id]
    texts = encodable_texts(article, told)
    whole = not (
        library.texts_without_vectors(model, texts) or library.texts_without_tokens(Packer.key, texts)
    )
    return whole and told == split_sentences(article)


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
    assert add_files([path], library, lambda: letters(encoder)) == AddSummary(3, 0, 0, 0, ())
    articles = library.load_articles()
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
    ownership = {source.id: source.ownership for source in library.stored_sources()}
    assert ownership == {"xinhua-demo": "state", "ria-demo": "state", "thevillageecho": "unknown"}


def test_what_is_known_costs_nothing_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *news(5), news(1)[0])
    assert add_files([path], library, letters) == AddSummary(5, 1, 0, 0, ())
    before = library.revision
    assert add_files([path], library, no_encoder) == AddSummary(0, 6, 0, 0, ())
    assert library.revision == before
    encoder = LetterEncoder()
    write(path, *news(6))
    assert add_files([path], library, lambda: letters(encoder)) == AddSummary(1, 5, 0, 0, ())
    assert len(encoder.encoded) == 5


def test_the_same_text_in_any_formatting_is_known(library: Library, tmp_path: Path) -> None:
    plain = {"source": "rt", "lang": "en", "title": "A meeting", "text": TEXTS["en"]}
    heading = plain | {"title": "", "text": f"A meeting\n\n**{TEXTS['en']}**"}
    spaced = plain | {"text": TEXTS["en"].replace(" ", "\u00a0 ")}
    tagged = plain | {"text": f"<p>{TEXTS['en']}</p>"}
    other = plain | {"source": "tass"}
    path = write(tmp_path / "a.jsonl", plain, heading, other)
    assert add_files([path], library, letters) == AddSummary(2, 1, 0, 0, ())
    before = library.revision
    again = add_files([write(path, heading, spaced, tagged, plain)], library, no_encoder)
    assert again == AddSummary(0, 4, 0, 0, ())
    assert again.article_ids == (library.article_ids()[0],)
    assert (again.operation_id, library.revision) == ("", before)


def test_a_sentence_that_is_surely_in_another_language_is_kept_as_such(
    library: Library, tmp_path: Path
) -> None:
    quoted = "The president said that the talks in Beijing had been long, open and useful for both sides."
    path = write(
        tmp_path / "a.jsonl",
        {"source": "rt", "lang": "ru", "text": f"{TEXTS['ru']}\n{quoted}\nOK.", "author": "А. Автор"},
    )
    add_files([path], library, letters)
    (article,) = library.load_articles()
    assert (article.lang, article.author) == ("ru", "А. Автор")
    assert [one.lang for one in library.load_sentences([article.id])[article.id]] == ["", "", "en", ""]


def test_an_add_is_one_batch_however_many_chunks_it_takes(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SENTENCES_PER_CHUNK", 20)
    monkeypatch.setattr(module, "_ARTICLES_PER_LOOKUP", 5)
    add_files([write(tmp_path / "a.jsonl", *news(5))], library, letters)
    held, sources = library.load_articles(), library.stored_sources()
    records = [*news(30), {"lang": "ru", "text": "Чужая новость.", "url": "https://echo.example/1"}]
    tmx = Path(__file__).parent / "data" / "readers"
    summary = add_files([write(tmp_path / "b.jsonl", *records), *tmx.glob("*.tmx")], library, letters)
    act = library.load_operations()[0]
    assert (act.id, act.kind, act.description) == (summary.operation_id, "add", "b.jsonl, memory.tmx")
    assert (act.articles, act.sources, act.translations) == (26, 1, summary.n_translations)
    assert summary.incomplete_sources == ("echo-example",)
    library.undo_operation(summary.operation_id)
    assert (library.load_articles(), library.stored_sources()) == (held, sources)
    assert list(library.memory.iterate_translations(["memory"])) == []


def test_an_add_follows_the_users_word_on_sources(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"lang": "en", "text": TEXTS["en"], "url": "https://echo.example/1"})
    add_files([path], library, letters)
    whole = Source("echo", "Echo", languages=("en",), country="GB", ownership="private")
    library.edit_source(whole)
    library.merge_sources("echo-example", "echo")
    assert add_files([path], library, no_encoder).n_known == 1
    write(path, {"lang": "en", "text": TEXTS["en"] + " More.", "url": "https://www.echo.example/2"})
    summary = add_files([path], library, letters)
    assert (summary.n_added, summary.incomplete_sources) == (1, ())
    assert {article.source for article in library.load_articles()} == {"echo"}
    assert library.stored_sources()[0].country == "GB"


def test_a_sentence_is_encoded_once(library: Library, tmp_path: Path) -> None:
    encoder = LetterEncoder()
    path = write(
        tmp_path / "a.jsonl",
        *({"source": source, "lang": "ru", "text": TEXTS["ru"]} for source in ("ria-demo", "tass", "rt")),
    )
    assert add_files([path], library, lambda: letters(encoder)).n_added == 3
    assert len(encoder.encoded) == 2


def test_what_a_record_lacks_comes_from_the_options(library: Library, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"text": "NATO. OK."},
        {"text": TEXTS["zh"], "source": "cctv-demo", "lang": "zh"},
    )
    add_files([path], library, letters, source="RIA Novosti (demo text)", lang="de-AT")
    assert [(article.source, article.lang) for article in library.load_articles()] == [
        ("ria-demo", "de"),
        ("cctv-demo", "zh"),
    ]


def test_the_users_word_on_an_outlet_goes_before_what_a_page_calls_its_site(
    library: Library, tmp_path: Path
) -> None:
    for text in (TEXTS["en"], TEXTS["ru"]):
        (tmp_path / "a.html").write_text(
            f"<meta charset='utf-8'><meta property='og:site_name' content='Echo'><article><p>{text}</p></article>",
            "utf-8",
        )
        add_files([tmp_path / "a.html"], library, letters, source="rt" if text is TEXTS["en"] else None)
    assert {(one.lang, one.source) for one in library.load_articles()} == {("en", "rt"), ("ru", "echo")}


def test_what_cannot_be_known_is_told(library: Library, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"text": TEXTS["ru"]},
        {"text": "NATO. OK.", "source": "rt"},
        {"text": TEXTS["en"], "url": "https://www.village-echo.org/1"},
    )
    summary = add_files([path], library, letters)
    assert [str(problem).removeprefix(f"{path}:") for problem in summary.problems] == [
        '1: no "source"; name the outlet with --source, or as "source" in the file',
        "2: language not sure; give it with --lang",
    ]
    assert [article.source for article in library.load_articles()] == ["village-echo-org"]
    assert not summary.has_failed
    assert str(summary) == "1 article added, 2 problems"


def test_what_goes_in_with_a_flaw_has_not_failed(library: Library, tmp_path: Path) -> None:
    record = {"lang": "en", "source": "bbc", "text": TEXTS["en"], "date": "soon"}
    path = write(tmp_path / "a.jsonl", record, {"source": "bbc"})
    summary = add_files([path], library, letters)
    assert str(summary) == "1 article added, 1 problem, 1 flaw"
    assert [problem.line for problem in (*summary.errors, *summary.warnings)] == [2, 1]


def test_nothing_but_problems_is_a_failure(library: Library, tmp_path: Path) -> None:
    summary = add_files([tmp_path / "absent.txt"], library, no_encoder)
    assert summary.has_failed
    assert str(summary) == "0 articles added, 1 problem"
    assert not add_files([], library, no_encoder).has_failed
    with pytest.raises(InputError, match="'Russian': give an ISO 639-1 code"):
        add_files([], library, no_encoder, lang="Russian")


def test_translations_made_by_hand_are_found_again(library: Library) -> None:
    folder = Path(__file__).parent / "data" / "readers"
    summary = add_files([folder], library, letters)
    assert (summary.n_added, summary.n_known, summary.n_translations) == (1, 2, 1)
    text = "Путин прибыл в Пекин.\nСи встретил его."
    found = library.memory.find_best([text], "ru", "en")[text]
    assert (found.text, found.engine) == ("Putin arrived in Beijing. Xi met him.", "memory")


def test_progress_reaches_its_end(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SENTENCES_PER_CHUNK", 20)
    monkeypatch.setattr(module, "_ARTICLES_PER_LOOKUP", 5)
    path = write(tmp_path / "a.jsonl", *news(30))
    seen: list[Progress] = []
    add_files([path], library, letters, progress=seen.append)
    size = path.stat().st_size
    assert seen == sorted(seen, key=lambda progress: (progress.bytes_done, progress.n_added))
    assert seen[-1] == Progress(size, size, 30, path)
    assert len({progress.bytes_done for progress in seen}) > 50


def test_progress_names_each_file(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    paths = [write(folder / f"{n}.jsonl", *news(2, 2 * n)) for n in range(3)]
    seen: list[Progress] = []
    add_files([folder], library, letters, progress=seen.append)
    assert list(dict.fromkeys(progress.path for progress in seen)) == paths


def test_records_that_were_read_before_go_in_as_they_were_mended(library: Library, tmp_path: Path) -> None:
    items = list(read_files([write(tmp_path / "a.jsonl", *news(3), {"text": "NATO", "source": "x"}, {})]))
    mended = [
        replace(item, title="Mended", date="2024-05-16", author="Ann") if isinstance(item, Record) else item
        for item in items
    ]
    names = [tmp_path / "a.jsonl"]
    summary = add_items(lambda _at, _stop: iter(mended), names, library, letters)
    assert (summary.n_added, len(summary.problems)) == (3, 2)
    assert {(article.title, article.date) for article in library.load_articles()} == {
        ("Mended", "2024-05-16")
    }
    assert add_items(lambda _at, _stop: iter(mended), names, library, no_encoder).n_known == 3
    with pytest.raises(InputError, match="ISO 639-1"):
        add_items(lambda _at, _stop: iter(mended), names, library, letters, lang="Russian")


def test_a_cancel_between_files_keeps_what_is_stored(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SENTENCES_PER_CHUNK", 20)
    monkeypatch.setattr(module, "_ARTICLES_PER_LOOKUP", 5)
    path = write(tmp_path / "a.jsonl", *news(30))
    summary = add_files([path], library, letters, cancelled=lambda: len(library.load_articles()) >= 10)
    assert summary.is_cancelled
    assert 10 <= summary.n_added < 30
    assert {article.id for article in library.load_articles()} == set(summary.article_ids)
    assert all(is_complete(library, article) for article in library.load_articles())
    rest = add_files([path], library, letters)
    assert (rest.n_added, rest.n_known, rest.is_cancelled) == (30 - summary.n_added, summary.n_added, False)


def test_a_cancel_while_encoding_leaves_the_chunk(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *news(30))
    event = threading.Event()

    def tell(progress: Progress) -> None:
        if 0 < progress.bytes_done < progress.total_bytes:
            event.set()

    summary = add_files([path], library, letters, progress=tell, cancelled=event.is_set)
    assert (summary.n_added, summary.article_ids, summary.is_cancelled) == (0, (), True)
    assert library.load_articles() == []
    assert add_files([path], library, letters, cancelled=lambda: True).is_cancelled


def test_pages_in_memory_and_in_archives_go_in(library: Library, tmp_path: Path) -> None:
    page = f"<html><body><article><p>{TEXTS['ru']}</p></article></body></html>"
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.html", page)
    files: list[Path | File] = [File(Path("a.html"), page.encode("koi8-r")), tmp_path / "a.zip"]
    summary = add_files(files, library, letters, source="ria-demo")
    assert (summary.n_added, summary.n_known, summary.problems) == (1, 1, ())
    assert [(article.lang, article.text) for article in library.load_articles()] == [("ru", TEXTS["ru"])]


def test_the_author_goes_in(library: Library, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {**news(1)[0], "author": "Ann"})
    add_files([path], library, letters)
    assert [article.author for article in library.load_articles()] == ["Ann"]


def test_another_encoders_vectors_can_be_completed(library: Library, tmp_path: Path) -> None:
    add_files([write(tmp_path / "a.jsonl", *news(30))], library, letters)
    ids = [article.id for article in library.load_articles()]
    other = LetterEncoder("other")
    seen: list[tuple[int, int]] = []
    assert (
        complete_vectors(library, letters(other), ids[:20], lambda done, total: seen.append((done, total)))
        == 100
    )
    assert seen[-1] == (100, 100)
    assert complete_vectors(library, letters(other), ids) == 50
    assert complete_vectors(library, letters(other), ids) == 0
    other_packer = Packer()
    other_packer.key = "other/tokens"
    assert complete_vectors(library, ArticleEncoder(other, other_packer), ids) == 150, (
        "another projection is another key"
    )
    assert all(is_complete(library, article, "other") for article in library.load_articles())


def test_a_full_disk_is_told_and_nothing_is_lost(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SENTENCES_PER_CHUNK", 20)
    monkeypatch.setattr(module, "_ARTICLES_PER_LOOKUP", 5)
    path = write(tmp_path / "a.jsonl", *news(400))
    add_files([write(tmp_path / "b.jsonl", *news(5))], library, letters)
    pages = sqlite_connection(library).execute("PRAGMA page_count").fetchone()[0]
    sqlite_connection(library).execute(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(LibraryError, match="the disk is full"):
        add_files([path], library, letters)
    with Library(library.path, create=False) as again:
        stored = again.load_articles()
        assert 5 < len(stored) < 400
        assert all(is_complete(again, article) for article in stored)
        assert add_files([path], again, letters).n_added == 400 - len(stored)


@pytest.mark.parametrize("chunks", [0, 1, 3, 7])
def test_a_kill_at_any_moment_loses_nothing_that_was_finished(chunks: int, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *news(60))
    command = [sys.executable, "-m", __name__, str(tmp_path / "library"), str(path)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        # One line when the first chunk begins, one when a chunk is stored; then at some instant of the next.
        finished = [int(process.stdout.readline()) for _ in range(chunks + 1)][-1]
        time.sleep(0.004 * chunks)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    with Library(tmp_path / "library", create=False) as library:
        stored = library.load_articles()
        assert 5 * chunks <= finished <= len(stored) < 60
        assert all(is_complete(library, article) for article in stored)
        assert add_files([path], library, letters) == AddSummary(60 - len(stored), len(stored), 0, 0, ())
        assert [article.title for article in library.load_articles()] == [
            record["title"] for record in news(60)
        ]
        assert all(is_complete(library, article) for article in library.load_articles())
        for act in library.load_operations():  # what was finished before the kill is a batch as well
            library.undo_operation(act.id)
        assert (library.load_articles(), library.stored_sources()) == ([], [])


def test_the_real_encoder_knows_what_is_alike(
    library: Library, tmp_path: Path, encoder: SentenceEncoder, demo_space: Space
) -> None:
    path = write(tmp_path / "a.jsonl", *({"source": "rt", "text": text} for text in TEXTS.values()))
    add_files([path], library, lambda: ArticleEncoder(encoder, demo_space.tokens, demo_space.judge))
    texts = [sentence.text for article in library.load_articles() for sentence in split_sentences(article)]
    vectors = library.load_vectors(encoder.name, texts)
    # Both Chinese sentences are nearest to the English ones that say the same.
    assert (vectors[:2] @ vectors[4:].T).argmax(axis=1).tolist() == [0, 1]


class _SlowEncoder(LetterEncoder):
    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None
    ) -> FloatArray:
        time.sleep(0.02)
        return super().encode(texts, progress=progress)


def _add_slowly(folder: str, path: str) -> None:
    vars(module).update(SENTENCES_PER_CHUNK=20, _ARTICLES_PER_LOOKUP=5)
    seen = -1

    def tell(progress: Progress) -> None:
        nonlocal seen
        if progress.n_added > seen:
            seen = progress.n_added
            print(seen, flush=True)  # noqa: T201  # what the test waits for

    with Library(Path(folder)) as library:
        add_files([Path(path)], library, lambda: letters(_SlowEncoder()), progress=tell)


if __name__ == "__main__":
    _add_slowly(*sys.argv[1:])


def test_what_is_forgotten_while_it_is_added_again_is_encoded_again(tmp_path: Path) -> None:
    file = write(tmp_path / "a.jsonl", *news(2))
    with Library(tmp_path / "library") as library:
        add_files([file], library, letters)
        articles = library.load_articles()
        library.remove_articles(library.article_ids())

        class Forgetting(LetterEncoder):
            """While it is asked, somebody compacts the library."""

            def encode_with_tokens(self, texts: Sequence[str], **options: Any) -> EncodedTexts:
                library.forget_removed()
                return super().encode_with_tokens(texts, **options)

        summary = add_files([file], library, lambda: letters(Forgetting()))
        assert (summary.n_added, summary.problems) == (2, ())
        assert all(is_complete(library, one) for one in articles)
        assert library.undo_operation(summary.operation_id).articles == 2
