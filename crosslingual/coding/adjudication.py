"""Where coders differ, what was decided, and what a unit has in the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crosslingual.library.codebook import Code
from crosslingual.library.coding_values import CodingUnit


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A ``unit`` whose coders have all finished it and did not give it the same codes.

    ``disputed`` are ids of codes that some gave and others did not, or to the words of other articles. ``is_decided``
    is whether someone has settled it.
    """

    unit: CodingUnit
    coders: tuple[str, ...]
    disputed: frozenset[str]

    @property
    def is_decided(self) -> bool:
        """Whether it was adjudicated."""
        return self.unit.decision is not None


def find_disagreements(units: Iterable[CodingUnit]) -> list[Disagreement]:
    """Units with two coders or more who differ, in order. Whoever has not finished a unit sees nobody's codes of it."""
    found = []
    for unit in units:
        coders = finished_coders(unit)
        if len(coders) < 2 or len(coders) < len(unit.tasks):
            continue
        sets = [unit.places_of(coder) for coder in coders]
        if disputed := frozenset(code for code, _ in frozenset.union(*sets) - frozenset.intersection(*sets)):
            found.append(Disagreement(unit, coders, disputed))
    return found


def finished_coders(unit: CodingUnit) -> tuple[str, ...]:
    """Those who were offered ``unit`` and have finished it."""
    return tuple(task.coder for task in unit.tasks if task.done_order)


def settle_codes(unit: CodingUnit) -> frozenset[str] | None:
    """Ids of the codes that ``unit`` has in the end: what was decided, else what all its coders gave it alike.

    None where it is open: a coder has not finished, or they differ and nobody has decided. Codes that go to other
    articles' words differ. A unit that nobody was
    offered has what was given to it.
    """
    if unit.decision is not None:
        return unit.decision.codes
    if not unit.tasks:
        return frozenset(one.code for one in unit.codings)
    coders = finished_coders(unit)
    sets = {unit.places_of(coder) for coder in coders}
    if len(coders) < len(unit.tasks) or len(sets) > 1:
        return None
    return unit.codes_of(coders[0])


def was_judged(unit: CodingUnit, code: Code) -> bool:
    """Whether what a unit has in the end says anything of ``code``: it was there when that was decided, or finished."""
    if unit.decision is not None:
        return unit.decision.created_at >= code.created_at
    return all(task.done_at >= code.created_at for task in unit.tasks)


def code_articles(unit: CodingUnit, code_id: str) -> frozenset[str]:
    """The articles of a unit that carry a code it has in the end: those of its words where nobody gave it whole.

    Whoever has not finished it, or was not offered it, does not count.
    """
    own = frozenset(
        article for name in finished_coders(unit) for code, article in unit.places_of(name) if code == code_id
    )
    return own or frozenset(one.article for one in unit.passages)


def list_coders(units: Sequence[CodingUnit]) -> list[str]:
    """All who were offered something or coded something, by name."""
    names = {task.coder for unit in units for task in unit.tasks}
    return sorted(names | {one.coder for unit in units for one in unit.codings})
