"""How often the encoding of a text is told without a word of it, beside charset-normalizer on the same bytes.

    python bench/encodings.py

Each of the tests' samples (``tests/data/readers/languages.tsv``) in each encoding that its language is kept in, whole
and its first 40 characters: right, refused, wrong without a word.
"""

from __future__ import annotations

import time
import unicodedata
from collections import Counter

from charset_normalizer import from_bytes

from crosslingual.readers.encoding import decode_text
from crosslingual.readers.encoding_detection import UndecodableError
from tests.helpers.language_samples import SAMPLES, UNICODE_ENCODINGS, encode_sample, legacy_encodings


def decode_ours(content: bytes) -> str | None:
    """What crosslingual reads; None where it refuses."""
    try:
        return decode_text(content)
    except UndecodableError:
        return None


def decode_theirs(content: bytes) -> str | None:
    """What charset-normalizer reads; None where it finds nothing."""
    best = from_bytes(content).best()
    return None if best is None else str(best)


def main() -> None:
    """Print a table in Markdown."""
    print("| | text | encodings | right | refused | wrong | ms a text |\n|---|---|---|---|---|---|---|")
    for name, decode in (("crosslingual", decode_ours), ("charset-normalizer", decode_theirs)):
        decode(SAMPLES["ru"].encode("koi8-r"))  # what is loaded once
        for kind, encodings_of in (("legacy", legacy_encodings), ("Unicode", lambda _: UNICODE_ENCODINGS)):
            for size in (None, 40):
                results: Counter[str] = Counter()
                started = time.process_time()
                for lang, sample in SAMPLES.items():
                    for encoding in encodings_of(lang):
                        content, text = encode_sample(sample[:size], encoding)
                        found = decode(content)
                        is_right = found and unicodedata.normalize("NFC", found).lstrip("\ufeff") == text
                        results["refused" if found is None else "right" if is_right else "wrong"] += 1
                spent = 1_000 * (time.process_time() - started) / results.total()
                cells = (results["right"], results["refused"], results["wrong"], f"{spent:.0f}")
                length = f"{size} characters" if size else "whole"
                print(f"| {name} | {length} | {kind} | {' | '.join(map(str, cells))} |")


if __name__ == "__main__":
    main()
