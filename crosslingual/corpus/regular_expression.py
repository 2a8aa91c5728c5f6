"""Regular expressions that are looked for in many texts at once, in linear time."""

from __future__ import annotations

from collections.abc import Sequence

from crosslingual.corpus.patterns import Span
from crosslingual.errors import InputError

MAX_PATTERN_CHARS = 500
"""Characters of a regular expression."""
_MARKS = str.maketrans("\x02\x03", "  ")


class RegularExpression:
    """A regular expression in the syntax of RE2, which matches in time linear in the text.

    It goes by way of pyarrow. Backreferences and look-around, which cannot be linear, are no part of that syntax.
    """

    def __init__(self, pattern: str) -> None:
        """Of ``pattern``.

        Raises:
            InputError: it is no such expression, or longer than ``MAX_PATTERN_CHARS``.
        """
        if len(pattern) > MAX_PATTERN_CHARS:
            raise InputError(
                f"the regular expression has {len(pattern):,} characters; give at most {MAX_PATTERN_CHARS}"
            )
        try:
            pattern.encode()
        except UnicodeEncodeError:
            raise InputError("the regular expression has half a character; type it anew") from None
        self._pattern = pattern
        self.find_spans([""], [""])

    def find_spans(self, texts: Sequence[str], langs: Sequence[str]) -> list[list[Span]]:  # noqa: ARG002  # as of all
        """Where it stands in each text; a match of nothing is none."""
        import pyarrow as pa
        import pyarrow.compute as pc

        plain = pa.array([text.translate(_MARKS) for text in texts], pa.string())
        try:
            fitting = pc.fill_null(pc.match_substring_regex(plain, self._pattern), fill_value=False)
            marked = pc.replace_substring_regex(plain.filter(fitting), self._pattern, "\x02\\0\x03")
        except pa.ArrowInvalid as error:
            raise InputError(
                f"/{self._pattern[:60]}/: {str(error).partition(': ')[2] or error}; the syntax is that of RE2"
            ) from None
        found = iter(marked.to_pylist())
        return [_marked_spans(next(found)) if fits else [] for fits in fitting.to_pylist()]


def _marked_spans(text: str) -> list[Span]:
    spans, place = [], 0
    before, *parts = text.split("\x02")
    place = len(before)
    for part in parts:
        match, _, rest = part.partition("\x03")
        if match:
            spans.append((place, place + len(match)))
        place += len(match) + len(rest)
    return spans
