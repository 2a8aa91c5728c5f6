"""What the processes of ``bench/soak.py`` do, each until it is killed, and the journals that they keep.

A journal is written before and after each step, so that what was acknowledged is known whenever its writer
dies. A group is the texts of one add; each line of a journal says what is true of one group from there on.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import crosslingual as cl
from crosslingual.errors import CrosslingualError, NotFoundError
from crosslingual.types import Source

LIVE_GROUPS = 5
"""Adds of each writer that stay; beyond, the oldest is undone, so that the library does not grow."""
N_DEMO = 22
"""Articles of the demo, which stay."""
LANGS = ("en", "ru", "zh", "de", "fr")
PAGES = ("compare", "search", "framing", "sources", "add")
SURE = {"added": "all", "undone": "none", "kept": "all"}
"""What holds of a group after a line; of any other, all of its texts are there or none."""


@dataclass(frozen=True, slots=True)
class Journal:
    """One process's file of steps, appended to by those that take its place."""

    path: Path

    def note(self, step: str, group: str, **more: object) -> None:
        """Write down that ``step`` begins or is done."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"step": step, "group": group, **more}) + "\n")

    def steps(self) -> list[dict[str, Any]]:
        """All that was written; a line that a kill cut short is left out."""
        lines = self.path.read_text(encoding="utf-8").split("\n")[:-1] if self.path.exists() else []
        return [json.loads(line) for line in lines]

    def groups(self) -> dict[str, dict[str, Any]]:
        """The last step of each group, with what all its steps told."""
        known: dict[str, dict[str, Any]] = {}
        for step in self.steps():
            if step["group"]:
                known[step["group"]] = known.get(step["group"], {}) | step
        return known


class Writer:
    """Adds, undoes, merges and takes merges back; on its own outlets, beside other writers."""

    def __init__(self, library: cl.Library, folder: Path, name: str, chance: random.Random) -> None:
        self.library, self.folder, self.name, self.chance = library, folder, name, chance
        self.journal = Journal(folder / f"{name}.journal")
        self.sentences: dict[str, list[str]] = {lang: [] for lang in LANGS}
        for article in library.articles()[:N_DEMO]:
            self.sentences.setdefault(article.lang, []).extend(one.text for one in library.sentences(article))
        self.n_groups = len(self.journal.groups())

    def work(self) -> None:
        """Complete what a kill cut short, then go on."""
        for group, last in self.journal.groups().items():
            if last["step"] == "adding":
                self._add(group)
        for number in range(2):  # outlets that merges go back and forth between
            self.library.store.edit_source(Source(f"{self.name}{number}", f"{self.name.title()} {number}"))
        while True:
            live = [
                group for group, last in self.journal.groups().items() if last["step"] in ("added", "kept")
            ]
            if len(live) > LIVE_GROUPS or (live and self.chance.random() < 0.15):
                self._undo(live[0])
            elif self.chance.random() < 0.15:
                self._merge()
            else:
                self.n_groups += 1
                self._add(f"{self.name}-{self.n_groups}")

    def _add(self, group: str) -> None:
        path = self.folder / f"{group}.jsonl"
        if not path.exists():
            path.write_text("".join(self._make_records(group)), encoding="utf-8")
        self.journal.note("adding", group)
        summary = self.library.add(path)
        if summary.errors or summary.n_added + summary.n_known != 2:
            raise AssertionError(f"{group}: {summary} {[str(one) for one in summary.problems]}")
        if summary.operation_id:
            self.journal.note("added", group, operation=summary.operation_id)
        else:  # the add before had done it
            self.journal.note("added", group)

    def _make_records(self, group: str) -> list[str]:
        """Two articles that retell the demo's events, each with a name that stands nowhere else."""
        records = []
        for number in range(2):
            lang = self.chance.choice(LANGS)
            own = [f"Mark {group}-{number}-.", *self.chance.sample(self.sentences[lang], 3)]
            outlet = f"{self.name}{self.chance.randrange(2)}"
            record = {"text": "\n\n".join(own), "source": outlet, "lang": lang, "date": "2024-05-16"}
            records.append(json.dumps(record, ensure_ascii=False) + "\n")
        return records

    def _undo(self, group: str) -> None:
        operation = self.journal.groups()[group].get("operation")
        if operation is None:  # nothing undoes it: it was stored by an add that was killed
            self.journal.note("stays", group)
            return
        self.journal.note("undoing", group)
        try:
            self.library.store.undo_operation(operation)
        except CrosslingualError as error:
            self.journal.note("kept", group, refused=str(error)[-60:])
            if "was undone" in str(error):
                self.journal.note("undone", group)
            return
        self.journal.note("undone", group)

    def _merge(self) -> None:
        first, second = self.chance.sample((0, 1), 2)
        self.journal.note("merging", "")
        try:
            merge = self.library.store.merge_sources(f"{self.name}{first}", f"{self.name}{second}")
            self.journal.note("merged", "")
            self.library.store.undo_operation(merge.id)
            self.journal.note("taken apart", "")
        except CrosslingualError as error:
            self.journal.note("merge refused", "", refused=str(error)[-60:])
            self.library.store.edit_source(Source(f"{self.name}{first}", f"{self.name.title()} {first}"))


def read_on(library: cl.Library, folder: Path, name: str, chance: random.Random) -> None:
    """Search, compare, list duplicates; what the library lacks by then is no fault."""
    journal = Journal(folder / f"{name}.journal")
    while True:
        step = chance.choice(("search", "search", "search", "compare", "duplicates"))
        try:
            if step == "search":
                article = chance.choice(library.articles())
                library.search(chance.choice(library.sentences(article)).text[:120])
            elif step == "compare":
                library.compare(chance.choice(library.events()))
            else:
                library.duplicates()
        except NotFoundError:
            step = "gone meanwhile"
        journal.note(step, "")


def visit_app(library: cl.Library, folder: Path, name: str, chance: random.Random, port: int) -> None:
    """Open the app's pages over its WebSocket as a browser would, each in a session of its own."""
    journal = Journal(folder / f"{name}.journal")
    sentences = [one.text for article in library.articles()[:N_DEMO] for one in library.sentences(article)]
    while True:
        page = chance.choice(PAGES)
        open_page(port, page, search_words(chance.choice(sentences)) if page == "search" else "")
        journal.note(page, "")
        time.sleep(chance.random() * 2)


def search_words(sentence: str) -> str:
    """The query string of a search for the first words of a sentence."""
    return "q=" + "+".join(word for word in sentence.split()[:6] if word.isalnum())


def open_page(port: int, page: str, query: str = "") -> None:
    """Open a page of the app in a session of its own, and wait until it is whole.

    Raises:
        AssertionError: it shows an exception.
    """
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect
    from websockets.typing import Origin, Subprotocol

    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    with connect(
        f"ws://localhost:{port}/_stcore/stream",
        origin=Origin(f"http://localhost:{port}"),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as opened:
        opened.send(asked.SerializeToString())
        while True:
            said = ForwardMsg()
            said.ParseFromString(bytes(opened.recv(decode=False)))
            if said.HasField("delta") and said.delta.new_element.HasField("exception"):
                shown = said.delta.new_element.exception
                raise AssertionError(f"{page}: {shown.type}: {shown.message}")
            if said.HasField("script_finished"):
                return


def count_steps(folder: Path) -> dict[str, int]:
    """How often each step was taken, by all."""
    found = (step["step"] for path in folder.glob("*.journal") for step in Journal(path).steps())
    return dict(sorted(Counter(found).items()))


def main(folder: Path, name: str, seed: int, port: int) -> None:
    """Do what ``name`` does until killed."""
    chance = random.Random(seed)  # noqa: S311  # draws what to do, guards nothing
    with cl.open(folder / "library", create=False) as library:
        if name.startswith("writer"):
            Writer(library, folder, name, chance).work()
        elif name == "reader":
            read_on(library, folder, name, chance)
        else:
            visit_app(library, folder, name, chance, port)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
