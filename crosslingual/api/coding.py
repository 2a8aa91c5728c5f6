"""Coding an open library: a codebook, offers, codings, agreement, decisions, exchange."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosslingual.api import Library
    from crosslingual.coding.adjudication import Disagreement
    from crosslingual.coding.agreement import Agreement
    from crosslingual.coding.prevalence import CodePrevalence
    from crosslingual.coding.refi_codebook import ImportedCodebook
    from crosslingual.coding.refi_project import ExportedProject
    from crosslingual.coding.unit_view import UnitView
    from crosslingual.library.codebook import Code
    from crosslingual.library.coding_values import Coding, CodingOffer, CodingUnit
    from crosslingual.types import Article, Event, Operation


class LibraryCoding:
    """What :attr:`Library.coding` gives: its passages, coded by people with a codebook of their own.

    A code is named by its id, its path (``Blame/Government``) or its name. Changes of the codebook are operations,
    which ``crosslingual undo`` takes back.
    """

    def __init__(self, library: Library) -> None:
        """Of an open library."""
        self._library = library

    def codes(self) -> list[Code]:
        """The codebook, each code behind the one above it."""
        from crosslingual.library.codebook import sort_codes

        return sort_codes(self._library.store.load_codes())

    def code(self, code: Code | str) -> Code:
        """The code that is named so.

        Raises:
            NotFoundError: there is none, or several have that name.
        """
        from crosslingual.library.codebook import find_code

        return find_code(self._library.store.load_codes(), code if isinstance(code, str) else code.id)

    def add_code(
        self,
        name: str,
        *,
        definition: str = "",
        examples: str = "",
        color: str = "",
        parent: Code | str | None = None,
    ) -> Code:
        """Put a code into the codebook, below ``parent``; without a ``color`` (``#rrggbb``) it is given one.

        Raises:
            InputError: the name or colour is none, or is taken.
            NotFoundError: there is no such parent.
        """
        from crosslingual.library.codebook import Code

        above = self.code(parent).id if parent else ""
        made = Code(name, definition, examples, color, above)
        self._library.store.add_codes([made])
        return self.code(made.id)

    def edit_code(self, code: Code | str, **changes: Any) -> Operation:
        """Change ``name``, ``definition``, ``examples``, ``color`` or ``parent`` (None: the top) of a code.

        Raises:
            InputError: a value is none, or is taken, or nothing would be changed.
            NotFoundError: there is no such code or parent.
        """
        if "parent" in changes:
            changes["parent"] = self.code(changes["parent"]).id if changes["parent"] else ""
        return self._library.store.edit_code(self.code(code).id, **changes)

    def remove_code(self, code: Code | str) -> Operation:
        """Take a code out with what was coded with it; those below it go up.

        Raises:
            NotFoundError: there is no such code.
        """
        return self._library.store.remove_code(self.code(code).id)

    def offer(
        self,
        coders: Sequence[str],
        event: Event | str | None = None,
        *,
        kind: str = "statement",
        query: str | None = None,
        places: Iterable[str] | None = None,
        again: str | None = None,
        size: int | None = None,
        seed: int = 0,
    ) -> tuple[CodingOffer, int]:
        """Put passages into the queues of ``coders``; what one of them has already is not offered again.

        They are drawn from one of ``event``, ``query``, ``places``, ``again``.

        Args:
            coders: names.
            event: one, its id, or the id of one of its articles.
            kind: what of the event: statement, cell or sentence.
            query: a search, whose best sentences are offered: ``size`` of them, by default 20.
            places: ``ARTICLE:SENTENCE`` or ``ARTICLE:START-END``.
            again: the id of an offer, whose units others are to code as well.
            size: how many, at random, of those that not all of ``coders`` have; by default all.
            seed: of the random numbers.

        Returns:
            The offer, and how many tasks it has: units times coders.

        Raises:
            InputError: it is drawn from none or several of these, or there is nothing to offer.
            NotFoundError: there is no such event, article or offer.
        """
        from crosslingual.coding.units import (
            list_hit_units,
            offer_event_units,
            offer_sample,
            parse_places,
        )
        from crosslingual.errors import InputError, NotFoundError

        library = self._library
        if sum(one is not None for one in (event, query, places, again)) != 1:
            raise InputError("offer passages of one of: an event, a search, a list, an earlier offer")
        if event is not None:
            return offer_event_units(library.store, library.compare(event), kind, coders, size, seed)
        if query is not None:
            hits = library.search(query, limit=size or 20).hits
            units = list_hit_units(library.store, (hit.sentence_key for hit in hits))
            described, size = f"search: {query}", None
        elif places is not None:
            units, described = parse_places(library.store, places), "a list of passages"
        else:
            units = [one for one in self.units() if any(task.offer == again for task in one.tasks)]
            described = f"those of offer {again}"
            if not units:
                raise NotFoundError(
                    f"{str(again)[:40]!r}: no such offer; list them with: crosslingual code offers"
                )
        return offer_sample(library.store, units, coders, described, size, seed)

    def withdraw_offer(self, offer: CodingOffer | str, coder: str = "") -> int:
        """Take what is not finished of an offer out of the queues, or of ``coder``'s alone; how many tasks went.

        Raises:
            InputError: there is no such offer.
        """
        return self._library.store.withdraw_offer(offer if isinstance(offer, str) else offer.id, coder)

    def offers(self) -> list[CodingOffer]:
        """What was offered, oldest first."""
        return self._library.store.load_coding_offers()

    def units(self) -> list[CodingUnit]:
        """All units with their tasks, codings and decisions, in the order they were offered or coded."""
        return self._library.store.load_coding_units()

    def queue(self, coder: str) -> Iterator[UnitView]:
        """What ``coder`` has still to do, in order, with context and translations, and with nobody else's codes."""
        from crosslingual.coding.unit_view import iterate_queue, load_unit_view
        from crosslingual.library.coding_values import check_coder

        settings = self._library.settings
        for unit in iterate_queue(self.units(), check_coder(coder)):
            yield load_unit_view(self._library.store, unit, settings.target_lang, settings.engine_priority)

    def apply(self, code: Code | str, unit: CodingUnit | str, coder: str, memo: str = "") -> Coding:
        """Give a unit a code: one of :meth:`units`, its id, or a place as for :meth:`offer`.

        Raises:
            InputError: the unit or the coder's name is none, or the coder cannot change the unit any more.
            NotFoundError: there is no such code, unit or article.
        """
        from crosslingual.library.coding_values import Coding

        return self._library.store.add_coding(self.unit(unit), Coding(self.code(code).id, coder, memo))

    def unit(self, unit: CodingUnit | str) -> CodingUnit:
        """A unit by its id, or the one at a place, which need not have been offered.

        Raises:
            InputError: it is neither.
            NotFoundError: the library lacks the article.
        """
        from crosslingual.coding.units import parse_places

        if not isinstance(unit, str):
            return unit
        units = self.units()
        known = next((one for one in units if one.id == unit), None)
        if known is not None:
            return known
        (named,) = parse_places(self._library.store, [unit])
        return next((one for one in units if one.key == named.key), named)

    def take_back(self, code: Code | str, unit: CodingUnit | str, coder: str) -> int:
        """Take a code off a unit that ``coder`` gave it; how many codings went.

        Raises:
            InputError: the unit or the coder's name is none, or the coder cannot change the unit any more.
            NotFoundError: there is no such code, unit or article.
        """
        from crosslingual.library.coding_values import check_coder

        wanted, code_id, name = self.unit(unit).id, self.code(code).id, check_coder(coder)
        codings = [one for known in self.units() if known.id == wanted for one in known.codings]
        return self._library.store.remove_codings(
            one.id for one in codings if (one.code, one.coder) == (code_id, name)
        )

    def finish(self, unit: CodingUnit | str, coder: str) -> None:
        """Say that ``coder`` is done with a unit: it has the codes that it was given, and no others.

        Raises:
            InputError: it was not offered to ``coder``.
        """
        self._library.store.finish_task(self.unit(unit).id, coder)

    def reopen(self, coder: str) -> str:
        """Put what ``coder`` finished last back into the queue; its id, empty without any.

        Raises:
            InputError: all its coders have finished it, or it is decided.
        """
        return self._library.store.reopen_task(coder)

    def agreement(self) -> list[Agreement]:
        """How far coders agree: on all codes and each, by kind of unit, by language and by pair of coders."""
        from crosslingual.coding.agreement import measure_agreement

        units = self.units()
        return measure_agreement(units, self.codes(), self.coded_articles(units))

    def disagreements(self) -> list[Disagreement]:
        """Units that all their coders have finished and coded differently."""
        from crosslingual.coding.adjudication import find_disagreements

        return find_disagreements(self.units())

    def decide(self, unit: CodingUnit | str, codes: Iterable[Code | str], coder: str, memo: str = "") -> None:
        """Settle that a unit has ``codes`` and no others; ``coder`` decides.

        Raises:
            InputError: the unit is gone, or the coder's name is none.
            NotFoundError: there is no such code.
        """
        from crosslingual.library.coding_values import CodingDecision

        chosen = frozenset(self.code(one).id for one in codes)
        self._library.store.add_decision(self.unit(unit).id, CodingDecision(coder, chosen, memo))

    def counts(self, event: Event | str) -> CodePrevalence:
        """Who carries which code in ``event``: by source and language, in shared statements and alone.

        Raises:
            NotFoundError: there is no such event.
        """
        from crosslingual.coding.prevalence import count_codes

        return count_codes(self._library.compare(event), self.units(), self.codes())

    def coded_articles(self, units: Iterable[CodingUnit] | None = None) -> dict[str, Article]:
        """The articles of ``units``, or of all, that are in the library, by id."""
        from crosslingual.coding.unit_view import load_coded_articles

        return load_coded_articles(self._library.store, self.units() if units is None else units)

    def export(self, path: str | Path) -> ExportedProject | None:
        """Write what ``path`` ends with: ``.qdc`` the codebook, ``.qdpx`` the project (REFI-QDA), ``.csv`` the codings.

        Returns:
            What is in the project; None of the others.

        Raises:
            InputError: it ends otherwise, there is nothing to write, or it cannot be written.
        """
        from crosslingual.report.coding_export import export_coding

        return export_coding(self._library.store, Path(path).expanduser())

    def import_codebook(self, path: str | Path) -> ImportedCodebook:
        """Put the codes of a ``.qdc`` file in; those that are known by their id stay as they are.

        Returns:
            The codes that are new, and what could not be taken over as it stands.

        Raises:
            InputError: it cannot be read, or is no such codebook.
        """
        from crosslingual.coding.refi_codebook import add_imported, read_codebook

        file = Path(path).expanduser()
        return add_imported(self._library.store, read_codebook(file), file.name)
