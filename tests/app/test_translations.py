from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Semaphore
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crosslingual import model_store
from crosslingual.embeddings.encoder import Encoder
from crosslingual.errors import ModelError
from crosslingual.ingest.translation import TranslationOutcome
from crosslingual.library import Library
from crosslingual.serve import jobs
from crosslingual.settings import Settings
from crosslingual.types import Translation
from crosslingual.ui.translations import format_duration, summarize_outcome
from tests.helpers.app_driver import ask, html, name, run, shown

Use = Callable[[Settings], None]

SAME = "Niemand wurde verletzt."
TOLD = {
    "reuters": ("en", "A train left the rails near Lyon on Tuesday morning. Nobody was hurt."),
    "dw": ("de", f"Bei Lyon ist am Dienstagmorgen ein Zug entgleist. {SAME}"),
    "spiegel": ("de", f"Am Dienstagmorgen entgleiste bei Lyon ein Zug. {SAME}"),
    "xinhua": ("zh", "周二上午，一列火车在里昂附近脱轨。无人受伤。"),
}


@dataclass
class Gated:
    """An engine in miniature, from German: each text waits until a test lets it through."""

    name: str = "gated"
    batch_size: int = 2
    is_fast: bool = False
    gate: Semaphore = field(default_factory=lambda: Semaphore(0))

    def route(self, src: str, tgt: str) -> str:
        return f"de-ru 1, ru-{tgt} 2" if src == "de" else ""

    def translate(
        self, texts: Sequence[str], src: str, tgt: str, progress: Callable[[int, int], None] | None = None
    ) -> list[str]:
        for number in range(len(texts)):
            self.gate.acquire(timeout=600)
            if progress:
                progress(number + 1, len(texts))
        return [f"In {tgt}: {text}" for text in texts]


@pytest.fixture(scope="module")
def library(shelf: Callable[..., Settings]) -> Settings:
    return shelf(
        "told-twice",
        *(
            {"source": source, "lang": lang, "date": "2024-03-05", "title": "", "text": text}
            for source, (lang, text) in TOLD.items()
        ),
    )


@pytest.fixture
def event(use: Use, library: Settings) -> Iterator[Settings]:
    """One event of four sources, two of which have one sentence in common, without translations or jobs."""
    use(library)
    yield library
    if job := jobs.current_job(str(library.library)):
        job.stop()
        jobs.dismiss_job(str(library.library), ended(library).id)
    with Library(library.library) as opened, opened.memory._db.write_transaction() as db:
        db.execute("DELETE FROM translations")


@pytest.fixture
def gated(event: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gated]:
    engine = Gated()
    monkeypatch.setattr("crosslingual.ui.reading.load_engines", lambda *_: [engine])
    monkeypatch.setattr(model_store, "load_encoder", lambda *_: encoder)
    yield engine
    engine.gate.release(99)
    if job := jobs.current_job(str(event.library)):
        job.stop()
        ended(event)


def ended(settings: Settings) -> jobs.Job:
    job = jobs.current_job(str(settings.library))
    assert job
    until(lambda: not job.is_running)
    return job


def until(true: Callable[[], bool]) -> None:
    for _ in range(60_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


def sentences(app: AppTest) -> list[dict[str, Any]]:
    return [sentence for article in shown(app)["articles"] for sentence in article["sentences"]]


def has_button(app: AppTest, key: str) -> bool:
    return f"compare.{key}" in [button.key for button in app.button]


def wish(app: AppTest, text: object, action: str = "translate", **more: object) -> dict[str, Any]:
    """What the browser asks when a reader translates the sentence that two articles have."""
    data = shown(app)
    (article, *_) = [n for n, one in enumerate(data["articles"]) if one["lang"] == "de"]
    asked = {"event": data["event"], "seen": data["key"], "reader": data["reader"], "action": action}
    return dict(ask(app, **(asked | {"one": [name(data, article, 1)], "text": text} | more)))


def made(app: AppTest) -> list[tuple[str | None, str | None]]:
    return [(one["translation"], one.get("engine")) for one in sentences(app) if one["text"] == SAME]


def test_a_readers_translation_is_shown_wherever_the_sentence_stands_and_taken_back(event: Settings) -> None:
    app = run()
    assert made(app) == [(None, None)] * 2
    said = wish(app, " Nobody\nwas injured. ")
    assert (said["text"], said["wrong"]) == ("Your translation is saved.", False)
    assert made(app) == [("Nobody was injured.", "corrected by you")] * 2
    wish(app, "No one was hurt.")
    assert made(app)[1] == ("No one was hurt.", "corrected by you")
    said = wish(app, "", "restore", one=said["restore"])
    assert said["text"] == "Your translation is taken back."
    assert made(app) == [("Nobody was injured.", "corrected by you")] * 2
    wish(app, "", "restore")
    assert made(app) == [(None, None)] * 2
    said = wish(app, "", "restore")
    assert said["wrong"]
    assert "undone already" in said["text"]


def test_a_readers_translation_goes_before_a_machines_and_ends_its_doubts(event: Settings) -> None:
    with Library(event.library) as library:
        doubted = Translation("Noone", "en", "argostranslate", "de-en 1.0", ("length",))
        library.memory.put_translations([(SAME, "de", doubted)])
    app = run()
    assert [bool(one.get("doubts")) for one in sentences(app) if one["text"] == SAME] == [True, True]
    wish(app, "Nobody was injured.")
    assert made(app)[0] == ("Nobody was injured.", "corrected by you")
    assert not [one for one in sentences(app) if one.get("doubts")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"one": [["0" * 16, 0]]},
        {"one": []},
        {"one": None},
        {"one": [["x", "0"]]},
        {"reader": "zh"},
        {"event": "another"},
        {"text": "\u202e \n"},
        {"text": None},
        {"text": "x" * 10_001},
    ],
)
def test_what_the_browser_says_is_not_trusted(event: Settings, wrong: dict[str, Any]) -> None:
    app = run()
    said = wish(app, **({"text": "Nobody was injured."} | wrong))
    assert said["wrong"]
    assert said["text"].startswith("Not done: ")
    assert made(app) == [(None, None)] * 2


def test_a_sentence_in_the_readers_language_is_not_translated(event: Settings) -> None:
    app = run()
    data = shown(app)
    (article,) = [n for n, one in enumerate(data["articles"]) if one["lang"] == "en"]
    assert "reader's language" in wish(app, "x", one=[name(data, article, 0)])["text"]


def test_the_language_to_read_in_is_chosen_and_kept_in_the_address(event: Settings) -> None:
    app = run()
    assert app.selectbox(key="compare.reader").options[:3] == ["English", "中文", "Русский"]
    wish(app, "Nobody was injured.")
    app.selectbox(key="compare.reader").set_value("zh").run()
    assert shown(app)["reader"] == "zh"
    assert made(app) == [(None, None)] * 2
    assert app.query_params["read"] in ("zh", ["zh"])
    # What is written in it needs none.
    assert "无人受伤。" in [one["text"] for one in sentences(app)]
    assert "zh" not in shown(app)["lacking"]
    wish(app, "没有人受伤。")
    assert made(run(read="zh"))[0][0] == "没有人受伤。"
    assert made(run(read="<script>"))[0][0] == "Nobody was injured."


def test_an_event_is_translated_in_the_background_and_every_window_sees_it(
    event: Settings, gated: Gated
) -> None:
    app = run()
    assert "4 sentences have no English translation yet." in html(app)
    app.button(key="compare.translate").click().run()
    gated.gate.release(1)
    until(lambda: jobs.current_job(str(event.library)).done == 1)  # type: ignore[union-attr]
    other = run()
    for window in (app.run(), other):
        assert "1 of 3" in html(window)
        assert not has_button(window, "translate")
    gated.gate.release(2)
    ended(event)
    for window in (app.run(), other.run()):
        assert "3 translated by gated (de-ru 1, then ru-en 2)" in html(window)
        assert made(window) == [(f"In en: {SAME}", "gated")] * 2
        assert not has_button(window, "translate")
    assert "translated by" not in html(run())  # which saw nothing of it
    app.button(key="compare.close").click().run()
    assert "translated by" not in html(app)


def test_cancelling_keeps_what_is_done_and_the_rest_can_be_done_later(event: Settings, gated: Gated) -> None:
    app = run()
    app.button(key="compare.translate").click().run()
    gated.gate.release(2)
    until(lambda: len([one for one in sentences(app.run()) if one.get("engine") == "gated"]) == 3)
    app.button(key="compare.cancel").click().run()
    assert "cancelling" in html(app)
    gated.gate.release(1)
    assert ended(event).message == "Cancelled: 2 of 3 translated, and kept."
    app.run()
    assert "and kept" in html(app)
    app.button(key="compare.translate").click().run()
    gated.gate.release(1)
    assert ended(event).message.startswith("1 translated by")


def test_an_installed_package_translates(event: Settings, chinese: Callable[[], None]) -> None:
    """A real engine, found while the app runs; its package says only t, which is doubted."""
    app = run()
    assert not has_button(app, "translate")
    chinese()
    app.run()
    assert "2 sentences have no English translation yet." in html(app)
    app.button(key="compare.translate").click().run()
    assert "2 translated by argostranslate (zh-en 1.9) · 2 doubted." in ended(event).message
    found = [one for one in sentences(app.run()) if one.get("engine")]
    assert [one["by"] for one in found] == ["translated by argostranslate (zh-en 1.9)"] * 2
    assert all(one["doubts"] for one in found)


def test_without_a_translator_it_is_said_how_to_get_one_and_installed_when_asked(
    event: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def install(name: str, home: Path, *, progress: Callable[[str, float], None], index: object) -> None:
        asked.append(name)
        progress(f"downloading {name}", 0.5)
        if name == "zh-en":
            raise ModelError("zh-en: cannot be fetched (timed out); try again later")

    monkeypatch.setattr(model_store, "install_model", install)
    monkeypatch.setattr(model_store, "fetch_index", lambda _home: asked.append("the index"))
    app = run()
    page = html(app)
    assert "No translator from Chinese and German into English is installed; 6 sentences" in page
    assert "crosslingual models install zh-en de-en" in page
    assert "crosslingual models install translator" in page
    assert shown(app)["lacking"]["zh"]["get"] == "crosslingual models install zh-en"
    assert not has_button(app, "translate")
    assert asked == []
    app.button(key="compare.install.packages").click().run()
    job = ended(event)
    assert asked == ["the index", "zh-en", "de-en"]
    assert job.has_failed
    assert "zh-en: cannot be fetched (timed out); try again later (de-en is installed)" in html(app.run())
    app.button(key="compare.install.model").click().run()
    assert ended(event).message == "translator is installed."
    assert asked[3:] == ["translator"]


def test_the_language_model_is_not_offered_for_what_it_would_not_translate(event: Settings) -> None:
    app = run(read="fr")
    assert "crosslingual models install translator" not in html(app)
    assert has_button(app, "install.packages")
    assert not has_button(app, "install.model")
    assert {one["model"] for one in shown(app)["lacking"].values()} == {""}


def test_a_translator_that_cannot_be_loaded_is_told_and_the_page_stands(use: Use, event: Settings) -> None:
    use(replace(event, translators="/no/such/folder"))
    app = run()
    assert "/no/such/folder: no translation model here" in html(app)
    assert len(shown(app)["columns"]) == 4


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "5 s"),
        (22, "20 s"),
        (57, "1 min"),
        (200, "3 min"),
        (3560, "59 min"),
        (4200, "1 h 10 min"),
        (7200, "2 h"),
    ],
)
def test_durations_are_as_exact_as_estimates_are(seconds: float, said: str) -> None:
    assert format_duration(seconds) == said


def test_what_came_of_a_translation_is_one_line() -> None:
    outcome = TranslationOutcome(
        400, 12, 3, ("argostranslate: zh-en 1.9", "argostranslate: uk-ru 1.2, ru-en 1.9"), ()
    )
    assert summarize_outcome(outcome) == (
        "400 translated by argostranslate (zh-en 1.9); argostranslate (uk-ru 1.2, then ru-en 1.9)"
        " · 12 doubted · 3 failed."
    )
