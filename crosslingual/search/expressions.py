"""Which words a sentence has to have, in no store's own language: each writes it as it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Column = Literal["said", "heard"]
"""The words of a sentence in all their forms, and its names as they sound."""


@dataclass(frozen=True, slots=True)
class Words:
    """``forms`` that stand in a column side by side, in this order; mostly one."""

    column: Column
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of ``parts`` at least, of which there are some."""

    parts: tuple[WordExpression, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of ``parts``, of which there are some."""

    parts: tuple[WordExpression, ...]


WordExpression = Words | AnyOf | AllOf


def any_of(parts: Iterable[WordExpression | None]) -> WordExpression | None:
    """One of ``parts``; None, which nothing fits, is left out."""
    chosen = tuple(part for part in parts if part)
    return AnyOf(chosen) if chosen else None


def all_of(parts: Iterable[WordExpression | None]) -> WordExpression | None:
    """All of ``parts``; None where nothing fits one of them, or there are none."""
    chosen = tuple(parts)
    known = tuple(part for part in chosen if part)
    return AllOf(known) if known and len(known) == len(chosen) else None


def any_word(column: Column, forms: Iterable[str]) -> WordExpression | None:
    """One of ``forms`` in a column."""
    return any_of(Words(column, (form,)) for form in sorted(set(forms)))


def iterate_words(expression: WordExpression) -> Iterator[Words]:
    """All that an expression names, from left to right."""
    if isinstance(expression, Words):
        yield expression
        return
    for part in expression.parts:
        yield from iterate_words(part)
