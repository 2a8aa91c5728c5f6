"""How long the matrix of a large event takes in a real browser, and whether it scrolls smoothly.

Run: .venv/bin/python bench/matrix.py [statements] [sources]

Prints the processor time that Python needs for what the browser is given, the browser's until the matrix stands, and
frames while it scrolls from top to bottom. Without a graphics card the processor draws: frames are fewer.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from crosslingual.ui.serialize import serialize_comparison
from tests.helpers.bare_page import made, mount
from tests.helpers.browser import launched

SCROLL = """
() => new Promise((done) => {
  const area = document.querySelector(".matrix.wide") ?? document.scrollingElement;
  const times = [];
  let at = 0;
  const step = (now) => {
    times.push(now);
    at += 60;
    area.scrollTop = at;
    const end = at > area.scrollHeight - area.clientHeight;
    if (end || times.length > 600) done(times.slice(1).map((time, number) => time - times[number]));
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})
"""


def main() -> None:
    statements, sources = (int(text) for text in (*sys.argv[1:3], *("250", "60")[len(sys.argv) - 1 :]))
    comparison = made(sources, statements)
    start = time.process_time()
    data = serialize_comparison(comparison, "en")
    print(f"{statements} statements, {sources} sources; {len(data['rows'])} rows at all thresholds")
    print(f"payload      {time.process_time() - start:6.2f} s")
    with launched() as browser:
        for what, groups in (("collapsed", ""), ("every source", "?groups=en,zh,ru,de,fr,uk")):
            times = []
            for _ in range(5):
                page = browser.new_page(viewport={"width": 1280, "height": 720})
                times.append(mount(page, comparison, f"http://localhost/{groups}"))
                frames = page.evaluate(SCROLL)
                page.close()
            slow = statistics.quantiles(frames, n=20)[-1] if len(frames) > 1 else 0.0
            pace = 1000 / statistics.mean(frames) if frames else 0.0
            least, usual = min(times) / 1000, statistics.median(times) / 1000
            print(f"{what:13}{least:6.2f} s at least until it stands, median {usual:.2f} s")
            print(f"{'':13}{pace:6.0f} frames a second while scrolling, 19 of 20 within {slow:.0f} ms")


if __name__ == "__main__":
    main()
