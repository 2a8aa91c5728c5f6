"""How often a page's day is found: the test pages of flairNLP/fundus, beside htmldate.

python bench/dates.py FUNDUS/tests/resources/parser/test_data

A day counts as right if it is one of those that fundus holds for the publisher's pages.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from htmldate import find_date

from crosslingual.errors import InputError
from crosslingual.language.dates import read_date
from crosslingual.readers.encoding import decode_markup
from crosslingual.readers.json_ld import list_json_ld
from crosslingual.readers.page_dates import find_page_date
from crosslingual.readers.page_tree import parse_html


def main(folder: Path) -> None:
    """Print a line for each way: tried, right, wrong, told, none."""
    ours, theirs = Counter[str](), Counter[str]()
    for gold_path in sorted(folder.glob("*/*.json")):
        versions = json.loads(gold_path.read_text("utf-8")).values()
        days = {str(one["publishing_date"])[:10] for one in versions if one.get("publishing_date")}
        urls = json.loads((gold_path.parent / "meta.info").read_text("utf-8"))
        for path in sorted(gold_path.parent.glob(f"{gold_path.stem}_2*.html.gz")) if days else ():
            content = gzip.decompress(path.read_bytes())
            try:
                tree = parse_html(decode_markup(content))
            except InputError:
                tree = None
            if tree is None:
                ours["refused"] += 1
                continue
            url = urls.get(path.name, {}).get("url", "")
            found = find_page_date(tree, url, list_json_ld(tree))
            day = read_date(found.text).resolve()
            word = "right" if day in days else "wrong" if day else "told" if found.text else "none"
            ours[f"{word}, with a flaw" if found.others else word] += 1
            other = find_date(tree, url=url, original_date=True)
            theirs["right" if other in days else "wrong" if other else "none"] += 1
    print(f"tried {ours.total()}")  # a bench prints
    for name, counts in (("crosslingual", ours), ("htmldate", theirs)):
        print(name, dict(counts.most_common()))  # as above


if __name__ == "__main__":
    main(Path(sys.argv[1]))
