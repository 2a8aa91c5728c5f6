"""Files in worker processes: in order, stopped when they find no end, and none of it holds up the rest."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crosslingual.readers import File, Problem, Record, pool, read_files, worker
from crosslingual.readers.formats import read_items
from tests.helpers.file_samples import STORIES, docx, page, pdf, typeset

ROOT = Path(__file__).parents[1]
EN = STORIES[3]


def files(count: int) -> list[File]:
    """Pages and documents, each with its number in its text."""
    made = []
    for number in range(count):
        story = replace(EN, text=f"{EN.text} It was number {number}.")
        made.append(
            File(Path(f"{number}.html"), page(story).encode())
            if number % 3
            else File(Path(f"{number}.docx"), docx(story))
        )
    return made


def children() -> set[int]:
    own = str(os.getpid())
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == own and fields[0] != "Z":
            found.add(int(entry.parent.name))
    return found


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that do what a file's text says: hang, sleep, die, or take all memory."""
    script = tmp_path / "sitecustomize.py"
    script.write_text(
        textwrap.dedent(
            """
            import os, pathlib, signal, sys
            if "crosslingual.readers.worker" in " ".join(sys.orig_argv):
                from crosslingual.readers import formats, worker
                plain = formats.SANDBOXED_READERS[".html"]
                def read(file):
                    text = (file.content or b"")[:20]
                    if text == b"hang":
                        left, _ = signal.getitimer(signal.ITIMER_PROF)
                        assert 0 < left < worker.CPU_SECONDS + 1
                        signal.setitimer(signal.ITIMER_PROF, 0.5)  # of what is left that much is worked off
                        while True:
                            pass
                    if text == b"sleep":
                        import time
                        pathlib.Path(os.environ["ASLEEP"], str(os.getpid())).touch()
                        time.sleep(600)
                    if text == b"die":
                        os.abort()
                    if text == b"memory":
                        bytearray(8 * 2**30)
                    if text == b"first":
                        yield from plain(formats.File(file.path, os.environ["PAGE"].encode()))
                        os.abort()
                    if text == b"raise":
                        raise KeyError("x")
                    yield from plain(file)
                formats.SANDBOXED_READERS[".html"] = read
            """
        )
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("PAGE", page(EN))
    monkeypatch.setenv("ASLEEP", str(tmp_path))


class QuickNights:
    """A clock that runs on while two workers sleep, which is all there are: nothing else is waited for then."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._slept = folder, 0.0

    def monotonic(self) -> float:
        if sum(Path("/proc", one.name).exists() for one in self._folder.glob("[0-9]*")) == 2:
            self._slept += worker.CPU_SECONDS
        return time.monotonic() + self._slept


def test_many_files_come_in_their_order_and_no_process_stays() -> None:
    before = children()
    found = [item for item in read_files(files(30)) if isinstance(item, Record)]
    assert [item.path.stem for item in found] == [str(number) for number in range(30)]
    assert all(item.text.endswith(f"number {number}.") for number, item in enumerate(found))
    assert children() == before


def test_workers_give_what_readers_give() -> None:
    made = files(4)
    assert list(read_files(made)) == [item for file in made for item in read_items(file)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"hang", "nothing came of it within"),
        (b"sleep", "nothing came of it within"),
        (b"die", "it broke the reader"),
        (b"memory", "needs too much memory"),
        (b"raise", "damaged, or not what its suffix says (KeyError: 'x')"),
    ],
)
def test_a_file_that_breaks_its_reader_costs_one_line(
    text: bytes, message: str, broken: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text == b"sleep":
        monkeypatch.setattr(pool, "_count_cores", lambda: 2)
        monkeypatch.setattr(pool, "time", QuickNights(tmp_path))
    made = files(8)
    made[1] = made[4] = File(Path("bad.html"), text)
    found = list(read_files(made))
    problems = [str(item) for item in found if isinstance(item, Problem)]
    assert len(problems) == 2
    assert all(line.startswith(f"bad.html: {message}") for line in problems)
    assert [item.path.stem for item in found if isinstance(item, Record)] == ["0", "2", "3", "5", "6", "7"]


def test_what_a_file_gave_before_it_broke_its_reader_counts(broken: None) -> None:
    found = list(read_files([File(Path("bad.html"), b"first"), *files(1)]))
    assert [type(item) for item in found] in ([Record, Problem, Record], [Problem, Record])


def test_a_pdf_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A form that draws itself many times over, each level ten times: to be read, it would take for ever."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nif 'crosslingual.readers.worker' in ' '.join(sys.orig_argv):\n"
        "    from crosslingual.readers import worker\n    worker.CPU_SECONDS = 2\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = pdf([typeset(EN.lines)])
    levels = 12
    first = 50
    forms = b"".join(
        b"%d 0 obj\n<< /Type /XObject /Subtype /Form /BBox [0 0 600 800] "
        b"/Resources << /XObject << /X %d 0 R >> >> /Length 50 >>\nstream\n%s\nendstream\nendobj\n"
        % (first + n, first + n + 1, b"/X Do " * 8 + b"  ")
        for n in range(levels)
    )
    end = made.index(b"xref\n")
    hostile = made[:end].replace(b"/Resources << /Font", b"/Resources << /XObject << /X 50 0 R >> /Font")
    hostile = hostile.replace(b"BT /F1", b"/X Do BT /F1", 1) + forms
    hostile += b"trailer << /Root 1 0 R /Size 70 >>\n%%EOF"
    found = list(read_files([File(Path("endless.pdf"), hostile), *files(1)]))
    assert [type(item) for item in found] == [Problem, Record]
    assert "nothing came of it within" in str(found[0])


def test_closing_the_reading_early_stops_the_workers() -> None:
    before = children()
    reading = read_files(files(30))
    assert isinstance(next(iter(reading)), Record)
    assert children() != before
    reading.close()  # type: ignore[attr-defined]  # a generator
    assert children() == before


def test_a_cancel_ends_the_reading_and_keeps_what_came() -> None:
    before = children()
    found: list[Record] = []
    for item in read_files(files(30), cancelled=lambda: len(found) >= 3):
        assert isinstance(item, Record)
        found.append(item)
    assert [item.path.stem for item in found] == ["0", "1", "2"]
    assert children() == before


def test_progress_counts_bytes_and_names_the_file(tmp_path: Path) -> None:
    made = files(5)
    seen: list[tuple[int, int, Path]] = []
    list(read_files(made, lambda *at: seen.append(at)))
    total = sum(file.size for file in made)
    assert [path for _, _, path in seen] == [file.path for file in made]
    assert [done for done, _, _ in seen] == [sum(file.size for file in made[:n]) for n in range(5)]
    assert {whole for _, whole, _ in seen} == {total}


def test_no_more_is_held_than_is_soon_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large archive goes through piece by piece."""
    taken = 0

    def many() -> Iterator[tuple[int, File | None]]:
        nonlocal taken
        for number, file in enumerate(files(3) * 100):
            taken += 1
            yield number, file

    reading = pool.parse_files(many(), lambda: False)
    next(reading)
    assert taken <= pool._QUEUED_PER_WORKER * 8
    reading.close()  # type: ignore[attr-defined]  # a generator
    monkeypatch.setattr(pool, "_MAX_QUEUED_BYTES", 1)
    taken = 0
    reading = pool.parse_files(many(), lambda: False)
    next(reading)
    assert taken == 1
    reading.close()  # type: ignore[attr-defined]


def test_reading_works_in_a_programme_that_has_no_file_of_its_own() -> None:
    """As in Streamlit or a notebook, where starting the main module anew would start the app."""
    code = (
        "from pathlib import Path\nfrom crosslingual.readers import File, read_files\n"
        "print(len(list(read_files([File(Path('a.html'), b'<p>x</p>')]))))"
    )
    done = subprocess.run(
        [sys.executable, "-"],
        input=code,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stdout == "1\n"


def test_workers_are_as_many_as_processors_and_no_more_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    plain = pool._Worker.__init__

    def counted(self: pool._Worker[object]) -> None:
        started.append(self)
        plain(self)

    monkeypatch.setattr(pool._Worker, "__init__", counted)
    list(read_files(files(1)))
    assert len(started) == 1
    started.clear()
    list(read_files([File(Path("a.txt"), EN.text.encode())]))
    assert started == []
    list(read_files(files(20)))
    assert len(started) == min(len(os.sched_getaffinity(0)), 8)


def test_a_flaw_comes_from_a_worker_as_one() -> None:
    file = File(Path("a.html"), b"")
    items = [Problem(file.path, 3, "no date", is_warning=True), Problem(file.path, 4, "no text")]
    assert [
        item for batch in worker.encode_batches(items) for item in worker.decode_batch(batch, file)
    ] == items
