"""Sentence splitting: seconds by the length of the text, which is to grow no faster than the text does.

    python bench/segment.py [CHARACTERS …]

Texts of 100,000 and 1,000,000 characters when none is given: prose in four scripts, and what might make a
splitter look back or ahead without end: one line without a stop, stops and quotation marks without words,
abbreviations in a row, hard-wrapped lines. ``ratio`` is the time of the longest by that of the shortest, a
character; 1 is linear.
"""

from __future__ import annotations

import sys
import time

from crosslingual.language.sentences import split_sentences
from crosslingual.types import Article

SIZES = (100_000, 1_000_000)
KINDS = {
    "English": (
        "en",
        'The minister said on May 16 that "it is over". Mr. Smith of the U.S. Senate disagreed. ',
    ),
    "Chinese": ("zh", "两国领导人周四在北京举行会谈。“这是谁?”他问。双方签署了联合声明！"),
    "Russian": ("ru", "В 1998 г. Петров А. С. сказал: «Всё кончено». Переговоры, т. е. встречи, прошли. "),
    "German": ("de", "Am 3. Mai sagte z. B. Dr. Weber, es sei vorbei. „Nein“, sagte sie. "),
    "no stop": ("en", "word "),
    "no space": ("zh", "字"),
    "stops": ("en", ". "),
    "quotes": ("en", '." "'),
    "initials": ("en", "A. B. "),
    "wrapped": ("en", "These lines are all of them filled to the same width by somebody\nwho "),
    "empty lines": ("en", ".\n\n"),
}


def seconds(lang: str, part: str, size: int) -> tuple[float, int]:
    """Processor time for a text of ``size`` characters, and how many sentences it has."""
    article = Article("bench", lang, (part * (size // len(part) + 1))[:size])
    start = time.process_time()
    found = len(split_sentences(article))
    return time.process_time() - start, found


def main() -> None:
    sizes = sorted(int(one) for one in sys.argv[1:]) or SIZES
    print(f"{'text':12}" + "".join(f"{size:>14,}" for size in sizes) + f"{'sentences':>12}{'ratio':>7}")
    for name, (lang, part) in KINDS.items():
        spent = [seconds(lang, part, size) for size in sizes]
        ratio = spent[-1][0] / sizes[-1] / max(spent[0][0] / sizes[0], 1e-9)
        print(f"{name:12}" + "".join(f"{one:13.2f}s" for one, _ in spent) + f"{spent[-1][1]:12,}{ratio:7.2f}")


if __name__ == "__main__":
    main()
