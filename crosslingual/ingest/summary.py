"""What adding tells of itself: how far it is, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from crosslingual.readers.record import Problem


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: ``bytes_done`` of ``total_bytes`` bytes of input, ``n_added`` articles stored as new.

    ``path`` is the file that is being read.
    """

    bytes_done: int
    total_bytes: int
    n_added: int
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class AddSummary:
    """What came of it: articles ``n_added``, articles ``n_known`` before or given twice, files ``n_skipped``.

    ``article_ids`` are those of all that were given, new or known; ``new_ids`` of those that it put in.
    ``changed_ids`` are of those that have another version now than before: a new one took their place, or went behind.
    ``operation_id`` is what undoes it, empty if nothing was stored; ``incomplete_sources`` are ids of sources
    whose country, ownership or language is not known.
    ``is_cancelled`` says that it was ended early: what is counted is stored, and the rest was left.
    """

    n_added: int
    n_known: int
    n_translations: int
    n_skipped: int
    problems: tuple[Problem, ...]
    article_ids: tuple[str, ...] = field(default=(), compare=False)
    new_ids: tuple[str, ...] = field(default=(), compare=False)
    operation_id: str = field(default="", compare=False)
    incomplete_sources: tuple[str, ...] = field(default=(), compare=False)
    is_cancelled: bool = False
    changed_ids: tuple[str, ...] = field(default=(), compare=False)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems of articles that were read all the same."""
        return tuple(problem for problem in self.problems if problem.is_warning)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The other problems: what did not go in."""
        return tuple(problem for problem in self.problems if not problem.is_warning)

    @property
    def has_failed(self) -> bool:
        """Whether something did not go in, and nothing did."""
        return bool(self.errors) and not (self.n_added or self.n_known or self.n_translations)

    def __str__(self) -> str:
        parts = [f"{self.n_added:,} {'article' if self.n_added == 1 else 'articles'} added"]
        if self.changed_ids:
            parts.append(f"{len(self.changed_ids):,} changed since (see crosslingual versions)")
        parts += [f"{self.n_known:,} known already"] if self.n_known else []
        parts += [f"{self.n_translations:,} translations"] if self.n_translations else []
        parts += [f"{self.n_skipped:,} files skipped (of no known format)"] if self.n_skipped else []
        failures, flaws = len(self.errors), len(self.warnings)
        parts += [f"{failures:,} {'problem' if failures == 1 else 'problems'}"] if failures else []
        parts += [f"{flaws:,} {'flaw' if flaws == 1 else 'flaws'}"] if flaws else []
        return ", ".join(parts)
