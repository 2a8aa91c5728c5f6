"""What a library holds of its user's codebook: codes with what they mean, below one another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from crosslingual.errors import InputError, NotFoundError
from crosslingual.library.coding_values import can_be_seen
from crosslingual.library.database import Repository, replace_surrogates
from crosslingual.library.history import OperationDraft, delete_recorded, finish_operation, record_change
from crosslingual.library.session import Session
from crosslingual.types import Operation

MAX_CODES, MAX_DEPTH = 2_000, 12
MAX_NAME_CHARS, MAX_NOTE_CHARS = 200, 20_000
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#f0e442", "#666666")
"""Those that a code without one is given in turn: Okabe and Ito's, which all eyes tell apart."""
PATH_SEPARATOR = "/"
_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Code:
    """What passages are marked as.

    ``color`` is ``#rrggbb``, ``parent`` the id of the code above it, or empty. ``id`` is a GUID, by which other
    programs know it too. What was finished before ``created_at`` says nothing of it.
    """

    name: str
    definition: str = ""
    examples: str = ""
    color: str = ""
    parent: str = ""
    id: str = field(default_factory=lambda: str(uuid4()))
    created_at: str = field(default="", compare=False)


class CodebookRepository(Repository):
    """Codes in the order they came in. Each change is an operation that can be undone."""

    def load_codes(self) -> list[Code]:
        """All codes; one whose parent is gone, or that undone changes put below itself, stands at the top."""
        with self._db.read_transaction() as db:
            return _read_codes(db)

    def add_codes(self, codes: Sequence[Code], description: str = "") -> Operation:
        """Put ``codes`` in, all or none, each after the one above it; whoever lacks a colour is given one.

        Raises:
            InputError: a name, colour or parent is none, or is taken.
            LibraryError: the library cannot be written.
        """
        told = description or f"code added: {', '.join(one.name for one in codes)}"
        with self._db.write_transaction(is_derived=True) as db:
            operation = OperationDraft("code", told)
            known = _read_codes(db)
            now = datetime.now(UTC).isoformat(timespec="seconds")
            for code in codes:
                color = code.color or COLORS[len(known) % len(COLORS)]
                made = check_code(replace(code, color=color, created_at=now), known)
                row = _code_row(made)
                names = ", ".join(row)
                (number,) = db.execute(
                    f"INSERT INTO codes ({names}) VALUES ({', '.join('?' * len(row))}) RETURNING number",  # noqa: S608  # own names
                    (*row.values(),),
                ).fetchone()
                record_change(db, operation, "codes", None, {"number": number, **row})
                known.append(made)
            return finish_operation(db, operation)

    def edit_code(self, code_id: str, **changes: Any) -> Operation:
        """Change fields of the code with this id, and no others: another may have changed these.

        Raises:
            InputError: a name, colour or parent is none, or is taken, or nothing would be changed.
            NotFoundError: there is no such code.
        """
        with self._db.write_transaction(is_derived=True) as db:
            known = _read_codes(db)
            former = next((one for one in known if one.id == code_id), None)
            if former is None:
                raise NotFoundError(_gone_message(self.name))
            made = check_code(replace(former, **changes), [one for one in known if one.id != code_id])
            if made == former:
                raise InputError(f"{former.name}: nothing to change, it is so already")
            operation = OperationDraft("code", f"code changed: {made.name}")
            _write_row(db, operation, made)
            return finish_operation(db, operation)

    def remove_code(self, code_id: str) -> Operation:
        """Take a code out with what was coded with it; the codes below it go up to the one above it.

        Raises:
            InputError: a code below it has the name of one above.
            NotFoundError: there is no such code.
        """
        with self._db.write_transaction(is_derived=True) as db:
            known = _read_codes(db)
            gone = next((one for one in known if one.id == code_id), None)
            if gone is None:
                raise NotFoundError(_gone_message(self.name))
            operation = OperationDraft("code", f"code removed: {gone.name}")
            left = [one for one in known if one.id != code_id]
            for child in [one for one in left if one.parent == code_id]:
                moved = check_code(
                    replace(child, parent=gone.parent), [one for one in left if one.id != child.id]
                )
                _write_row(db, operation, moved)
            delete_recorded(db, operation, "codes", {"id": code_id})
            return finish_operation(db, operation)


def check_code(code: Code, others: Sequence[Code]) -> Code:
    """``code`` as it is kept beside ``others``.

    Raises:
        InputError: a name, colour or parent is none, or is taken; the codebook is full.
    """
    name = " ".join(replace_surrogates(code.name).split())
    if len(name) > MAX_NAME_CHARS or not can_be_seen(name):
        raise InputError(
            f"a code's name has 1 to {MAX_NAME_CHARS} characters that can be seen: {name[:40]!r}"
        )
    color = code.color.strip().lower()
    if not is_color(color):
        raise InputError(f"{name}: {color[:20]!r} is no colour; give one as #0072b2")
    if len(color) == 4:
        color = f"#{''.join(2 * digit for digit in color[1:])}"
    if not is_guid(code.id):
        raise InputError(f"{name}: {code.id[:50]!r} is no GUID")
    if any(one.id == code.id for one in others):
        raise InputError(f"{name}: a code with this id is there already; edit that one")
    if len(others) >= MAX_CODES:
        raise InputError(f"a codebook holds {MAX_CODES:,} codes")
    _check_parent(replace(code, name=name), others)
    twin = next(
        (one for one in others if one.parent == code.parent and one.name.lower() == name.lower()), None
    )
    if twin:
        raise InputError(f"{twin.name}: there is such a code already; give this one another name or parent")
    definition, examples = (replace_surrogates(text).strip() for text in (code.definition, code.examples))
    if max(len(definition), len(examples)) > MAX_NOTE_CHARS:
        raise InputError(f"{name}: a definition or examples of more than {MAX_NOTE_CHARS:,} characters")
    return Code(name, definition, examples, color, code.parent, code.id, code.created_at)


def check_unique_names(db: Session) -> None:
    """Raise where an undo has put two codes with one name beside one another.

    Raises:
        InputError: it has.
    """
    names = Counter((one.parent, one.name.lower()) for one in _read_codes(db))
    (_, name), count = max(names.items(), key=lambda item: item[1], default=(("", ""), 0))
    if count > 1:
        raise InputError(f"two codes would have the name {name!r} beside one another; rename one first")


def is_color(text: str) -> bool:
    """Whether ``text`` is ``#rrggbb`` or ``#rgb`` in small letters."""
    return _COLOR.fullmatch(text) is not None


def is_guid(text: str) -> bool:
    """Whether ``text`` is a GUID in small letters, without braces."""
    return _GUID.fullmatch(text) is not None


def _check_parent(code: Code, others: Sequence[Code]) -> None:
    parents = {one.id: one.parent for one in others}
    if code.parent and code.parent not in parents:
        raise InputError(f"{code.name}: the code above it is not in the codebook, or is itself")
    above, depth = code.parent, 1
    while above:
        depth += 1
        above = parents.get(above, "")
        if above == code.id:
            raise InputError(f"{code.name}: it would stand below itself")
    if depth + _height(code.id, others) > MAX_DEPTH:
        raise InputError(f"{code.name}: codes stand at most {MAX_DEPTH} deep")


def _height(code_id: str, others: Sequence[Code]) -> int:
    """How many levels of ``others`` stand below a code."""
    level, height = {code_id}, 0
    while level := {one.id for one in others if one.parent in level}:
        height += 1
        if height > MAX_DEPTH:
            break
    return height


def code_paths(codes: Iterable[Code]) -> dict[str, str]:
    """The names that lead to each code, by its id, as in ``Blame / Government``."""
    by_id = {one.id: one for one in codes}

    def lead(code: Code) -> str:
        above = by_id.get(code.parent)
        return f"{lead(above)} {PATH_SEPARATOR} {code.name}" if above else code.name

    return {id_: lead(code) for id_, code in by_id.items()}


def sort_codes(codes: Iterable[Code]) -> list[Code]:
    """Each code behind the one above it, else in their order."""
    below: dict[str, list[Code]] = {}
    for one in codes:
        below.setdefault(one.parent, []).append(one)

    def walk(parent: str) -> Iterable[Code]:
        for one in below.get(parent, ()):
            yield one
            yield from walk(one.id)

    return [*walk("")]


def find_code(codes: Sequence[Code], wanted: str) -> Code:
    """The code with this id, path (``Blame/Government``) or name.

    Raises:
        NotFoundError: there is none, or several have that name.
    """
    paths = code_paths(codes)
    text = _fold_path(wanted)
    by_path = [one for one in codes if one.id == wanted.strip().lower() or _fold_path(paths[one.id]) == text]
    found = by_path or [one for one in codes if _fold_path(one.name) == text]
    if len(found) == 1:
        return found[0]
    if found:
        texts = Counter(_fold_path(paths[one.id]) for one in found)
        choices = "; ".join(
            paths[one.id] if texts[_fold_path(paths[one.id])] == 1 else one.id for one in found[:5]
        )
        raise NotFoundError(f"{wanted[:80]!r}: several codes have that name; give one as: {choices}")
    raise NotFoundError(f"no code {wanted[:80]!r}; list them with: crosslingual code codebook")


def _fold_path(text: str) -> str:
    return PATH_SEPARATOR.join(" ".join(part.split()).lower() for part in text.split(PATH_SEPARATOR))


def _read_codes(db: Session) -> list[Code]:
    rows = db.execute(
        "SELECT name, definition, examples, color, parent_id, id, created_at FROM codes ORDER BY number"
    ).fetchall()
    parents = {row[5]: row[4] for row in rows}

    def is_rooted(code_id: str) -> bool:
        for _ in parents:
            if not code_id:
                return True
            code_id = parents.get(code_id, "")
        return not code_id

    return [
        Code(
            name,
            definition,
            examples,
            color,
            parent if parent in parents and is_rooted(id_) else "",
            id_,
            created_at,
        )
        for name, definition, examples, color, parent, id_, created_at in rows
    ]


def _write_row(db: Session, operation: OperationDraft, code: Code) -> None:
    columns = ("number", *_code_row(code))
    found = db.execute(f"SELECT {', '.join(columns)} FROM codes WHERE id = ?", (code.id,)).fetchone()  # noqa: S608
    before = dict(zip(columns, found, strict=True))
    after = {"number": before["number"], **_code_row(code)}
    if before != after:
        changed = ", ".join(f"{name} = ?" for name in _code_row(code))
        db.execute(f"UPDATE codes SET {changed} WHERE id = ?", (*_code_row(code).values(), code.id))  # noqa: S608
        record_change(db, operation, "codes", before, after)


def _code_row(code: Code) -> dict[str, str]:
    row = asdict(code)
    row["parent_id"] = row.pop("parent")
    names = ("id", "name", "definition", "examples", "color", "parent_id", "created_at")
    return {name: row[name] for name in names}


def _gone_message(library: str) -> str:
    return f"{library}: that code is gone; list them with: crosslingual code codebook"
