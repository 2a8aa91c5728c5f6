from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslingual.errors import InputError
from crosslingual.language.codes import country_name, language_name
from crosslingual.sources import (
    MAX_NAME_CHARS,
    check_source,
    load_sources,
    merge_source_records,
    resolve_source,
)
from crosslingual.types import Source

Write = Callable[..., Path]

KNOWN = tuple(load_sources().values())
ENTRY = {
    "id": '"tribune"',
    "name": '"The Tribune"',
    "languages": '["en"]',
    "country": '"GB"',
    "ownership": '"private"',
    "kind": '"newspaper"',
    "owner": '"Somebody"',
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a list of one entry, with some fields other than usual (None: left out)."""

    def write(*entries: dict[str, str | None]) -> Path:
        path = tmp_path / "sources.toml"
        tables = []
        for changed in entries:
            fields = {name: value for name, value in (ENTRY | changed).items() if value is not None}
            tables.append("[[source]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items()))
        path.write_text("\n".join(tables), encoding="utf-8")
        return path

    return write


def test_shipped_list_has_the_outlets_that_are_compared() -> None:
    outlets = [source for source in KNOWN if not source.demo]
    assert len(outlets) >= 40
    assert {
        *(
            "xinhua",
            "cctv",
            "peoples-daily",
            "global-times",
            "ria",
            "tass",
            "rt",
            "1tv",
            "kommersant",
            "meduza",
        ),
        *("reuters", "ap", "afp", "bbc", "guardian", "nyt", "dw", "lemonde", "ukrinform", "nhk", "nokta"),
    } <= {source.id for source in outlets}
    assert all(source.domains for source in outlets)


def test_feeds_of_the_shipped_list_are_of_one_source_each() -> None:
    feeds = [(feed, source) for source in KNOWN for feed in source.feeds]
    assert len(feeds) >= 30
    assert len({feed for feed, _ in feeds}) == len(feeds)
    for feed, source in feeds:
        assert feed.startswith("https://")
        assert resolve_source("", feed, KNOWN) == source


def test_a_merged_source_takes_over_what_named_the_other() -> None:
    paper = Source("paper", "The Paper", domains=("paper.example",), feeds=("https://paper.example/rss",))
    gone = Source(
        "zeitung",
        "paper",
        "Die Zeitung",
        ("de",),
        "DE",
        "private",
        "newspaper",
        "Somebody",
        ("zeitung.example", "paper.example"),
        feeds=("https://zeitung.example/rss",),
        aliases=("Blatt",),
    )
    found = merge_source_records(gone, paper)
    assert found == Source(
        "paper",
        "The Paper",
        "",
        ("de",),
        "DE",
        "private",
        "newspaper",
        "Somebody",
        ("paper.example", "zeitung.example"),
        feeds=("https://paper.example/rss", "https://zeitung.example/rss"),
        aliases=("zeitung", "Die Zeitung", "Blatt"),
    )
    assert merge_source_records(gone, found) == found
    assert check_source(found) == found
    for name in ("zeitung", "die ZEITUNG", "Blatt", "www.zeitung.example"):
        assert resolve_source(name, "", [found]) == found
    assert resolve_source("", "https://zeitung.example/rss", [found]) == found


def test_what_is_not_known_may_be_empty_in_the_users_word_only(write: Write) -> None:
    bare = Source("tribune", "Tribune")
    assert check_source(bare, [bare]) == bare
    assert not bare.is_complete
    with pytest.raises(InputError, match="'tribune' is already an id, name or domain of 'other'"):
        check_source(bare, [Source("other", "TRIBUNE")])
    with pytest.raises(InputError, match="country cannot be ''"):
        load_sources(write({"country": '""'}))
    with pytest.raises(InputError, match=r"feeds cannot be \['tribune.example/rss'\]; give addresses"):
        load_sources(write({"feeds": '["tribune.example/rss"]'}))


def test_codes_of_the_shipped_list_have_names() -> None:
    for source in KNOWN:
        assert country_name(source.country) != source.country
        assert all(language_name(code) != code for code in source.languages)


def test_demo_sources_are_marked_and_have_the_facts_of_their_outlet() -> None:
    sources = load_sources()
    demos = [source for source in sources.values() if source.demo]
    assert {source.id for source in demos} == {
        *("xinhua-demo", "cctv-demo", "ria-demo", "reuters-demo"),
        *("bbc-demo", "dw-demo", "lemonde-demo", "ukrinform-demo"),
    }
    for demo in demos:
        outlet = sources[demo.id.removesuffix("-demo")]
        assert demo == replace(
            outlet,
            id=demo.id,
            name=f"{outlet.name} (demo text)",
            native_name=demo.native_name,
            languages=demo.languages,
            domains=(),
            feeds=(),
            demo=True,
        )
        assert set(demo.languages) <= set(outlet.languages)


def test_callers_cannot_change_the_list_for_one_another() -> None:
    load_sources().clear()
    assert load_sources()


def test_a_list_of_ones_own(write: Write) -> None:
    sources = load_sources(write({"native_name": '"Tribune"', "domains": '["tribune.example"]'}))
    assert sources == {
        "tribune": Source(
            id="tribune",
            name="The Tribune",
            native_name="Tribune",
            languages=("en",),
            country="GB",
            ownership="private",
            kind="newspaper",
            owner="Somebody",
            domains=("tribune.example",),
        )
    }


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"bias": '"left"'}, r"unknown field 'bias'; known are id, name"),
        ({"owner": None}, r"no 'owner'; add it"),
        ({"id": None}, r"source 1: no 'id'; add it"),
        ({"id": '"The Tribune"'}, r"id cannot be 'The Tribune'; give small ASCII letters"),
        ({"id": '"../tribune"'}, r"id cannot be '../tribune'"),
        ({"id": "7"}, r"id cannot be 7; give a text"),
        ({"name": '""'}, r"name cannot be ''; give 1 to 120 characters"),
        ({"country": '"UK "'}, r"country cannot be 'UK '; give an ISO 3166-1"),
        ({"country": '"gb"'}, r"country cannot be 'gb'"),
        ({"languages": "[]"}, r"languages cannot be \[\]; give ISO 639-1 codes"),
        ({"languages": '"en"'}, r"languages cannot be 'en'; give a list of texts"),
        ({"languages": '["english"]'}, r"languages cannot be \['english'\]"),
        ({"ownership": '"unknown"'}, r"ownership cannot be 'unknown'; give one of state, public, private"),
        ({"kind": '"blog"'}, r"kind cannot be 'blog'; give one of news agency"),
        ({"owner": '""'}, r"owner cannot be ''"),
        ({"domains": '["https://tribune.example/"]'}, r"domains cannot be .*; give small letters"),
        ({"domains": '["localhost"]'}, r"domains cannot be \['localhost'\]"),
        ({"demo": '"yes"'}, r"demo cannot be 'yes'; give true or false"),
    ],
)
def test_fault_is_named_with_its_entry(write: Write, changed: dict[str, str | None], message: str) -> None:
    with pytest.raises(
        InputError, match=r"sources\.toml: source 1( \(.*\))?: " + message.removeprefix("source 1: ")
    ):
        load_sources(write(changed))


@pytest.mark.parametrize(
    ("second", "taken"),
    [
        ({"name": '"Other"'}, "tribune"),
        ({"id": '"other"'}, "thetribune"),
        ({"id": '"other"', "name": '"Other"', "native_name": '"the TRIBUNE"'}, "thetribune"),
        ({"id": '"other"', "name": '"Other"', "domains": '["tribune.example"]'}, r"tribune\.example"),
    ],
)
def test_two_sources_cannot_share_what_names_them(
    write: Write, second: dict[str, str | None], taken: str
) -> None:
    path = write({"domains": '["tribune.example"]'}, second)
    with pytest.raises(InputError, match=f"'{taken}' is already an id, name or domain of 'tribune'"):
        load_sources(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[[source]", "not valid TOML"),
        (b"\xff", "not valid TOML"),
        (b"", r"must hold \[\[source\]\] entries and nothing else"),
        (b"source = 7", "must hold"),
        (b"source = [7]", r"source 1: not a table"),
        (b'title = "x"\n[[source]]\nid = "x"', "must hold"),
    ],
)
def test_what_is_not_a_list_of_sources(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_sources(path)


def test_missing_list(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: cannot be read"):
        load_sources(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("name", "url", "outlet"),
    [
        ("xinhua", "", "xinhua"),
        ("新华社", "", "xinhua"),
        ("  ria   NOVOSTI ", "", "ria"),
        ("RIA-Novosti", "", "ria"),
        ("РИА Новости", "", "ria"),
        ("People’s Daily", "", "peoples-daily"),
        ("theguardian", "", "guardian"),
        ("Suddeutsche", "https://www.sueddeutsche.de/politik/x", "sueddeutsche"),
        ("SÜDDEUTSCHE ZEITUNG", "", "sueddeutsche"),
        ("1tv.ru", "", "1tv"),
        ("nokta.md", "", "nokta"),
        ("www.rt.com", "", "rt"),
        ("WWW.BBC.CO.UK", "", "bbc"),
        ("xinhua-demo", "", "xinhua-demo"),
        ("Xinhua (demo text)", "", "xinhua-demo"),
        ("CCTV Xinwen Lianbo", "http://tv.cctv.com/2023/03/21/x.shtml", "cctv"),
        ("", "https://user@edition.CNN.com:443/a?b#c", "cnn"),
        ("", "https://www.nytimes.com./", "nyt"),
        ("Reuters", "https://www.theguardian.com/world/x", "reuters"),
        ("中国中央电视台新闻联播", "https://tv.cctv.com/x", "cctv"),
        ("https://www.bbc.co.uk/news", "", "bbc"),
    ],
)
def test_record_means_a_known_outlet(name: str, url: str, outlet: str) -> None:
    assert resolve_source(name, url, KNOWN).id == outlet


def test_longest_domain_decides() -> None:
    paper = Source("paper", "Paper", domains=("paper.example",))
    radio = Source("radio", "Radio", domains=("radio.paper.example",))
    for known in ([paper, radio], [radio, paper]):
        assert resolve_source("", "https://www.radio.paper.example/x", known) == radio
        assert resolve_source("", "https://tv.paper.example/x", known) == paper
        assert resolve_source("", "https://notpaper.example/x", known).id == "notpaper-example"


@pytest.mark.parametrize(
    ("name", "url", "new"),
    [
        ("Le Parisien", "", Source("leparisien", "Le Parisien")),
        ("Télé-Loisirs", "", Source("teleloisirs", "Télé-Loisirs")),
        (
            "evedomosti.md",
            "https://www.evedomosti.md/x",
            Source("evedomosti-md", "evedomosti.md", domains=("evedomosti.md",)),
        ),
        (
            "",
            "https://www.lenta.example/x",
            Source("lenta-example", "lenta.example", domains=("lenta.example",)),
        ),
        ("Harbour Echo", "https://tv.cctv.com/x", Source("harbourecho", "Harbour Echo")),
        ("", "", Source("unknown", "unknown")),
        ("\x00\u202e \n", "not a url", Source("unknown", "unknown")),
        ("../../etc/passwd", "file:///etc/passwd", Source("etcpasswd", "../../etc/passwd")),
        ("<script>alert(1)</script>", "", Source("scriptalert1script", "<script>alert(1)</script>")),
        ("Daily\x1b[31m\nNews", "http://[bad", Source("daily31mnews", "Daily [31m News")),
    ],
)
def test_record_of_an_unknown_outlet_gives_a_new_source(name: str, url: str, new: Source) -> None:
    assert resolve_source(name, url, KNOWN) == new


def test_names_in_other_scripts_have_ids_of_their_own() -> None:
    ids = {
        resolve_source(name, "", KNOWN).id
        for name in ("Лента", "Рента", "澎湃新闻", "AP 通讯", "हिंदी", "हद", "!!!", "???")
    }
    assert len(ids) == 8
    assert resolve_source("ЛЕНТА ", "", KNOWN).id == resolve_source("Лента", "", KNOWN).id
    assert resolve_source("AP 通讯", "", KNOWN).id.startswith("ap-")


def test_new_id_is_not_a_known_sources() -> None:
    known = [Source("tele", "Something else")]
    new = resolve_source("Télé", "", known)
    assert re.fullmatch("tele-[0-9a-f]{12}", new.id)


def test_enormous_name_is_bounded() -> None:
    new = resolve_source("x" * 10_000_000, "https://" + "a." * 5_000_000, KNOWN)
    assert len(new.name) == MAX_NAME_CHARS
    assert len(new.id) < 80


def test_sources_looked_in_are_those_of_the_call() -> None:
    first, second = Source("tribune", "Tribune", country="GB"), Source("tribune", "Tribune", country="US")
    for source in (first, second, first):
        assert resolve_source("Tribune", "", iter([source])) is source
    assert resolve_source("Tribune", "", []).country == ""


@settings(deadline=None)
@given(name=st.text(max_size=200), url=st.text(max_size=50) | st.from_regex(r"https?://[a-z.]{1,20}/"))
def test_every_record_has_a_harmless_source_that_is_found_again(name: str, url: str) -> None:
    source = resolve_source(name, url, KNOWN)
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", source.id)
    assert source.name.isprintable()
    assert 0 < len(source.name) <= MAX_NAME_CHARS
    if source not in KNOWN:
        assert source.ownership == "unknown"
        assert source.id not in {known.id for known in KNOWN}
    known = (*KNOWN, source)
    assert resolve_source(name, url, known) == source
    assert resolve_source(source.name, "", known) == source
    assert resolve_source(source.id, "", known) == source


def test_names_of_countries_and_languages() -> None:
    assert [country_name(code) for code in ("CN", "RU", "gb")] == ["China", "Russia", "United Kingdom"]
    assert [language_name(code) for code in ("zh", "uk", "FR")] == ["Chinese", "Ukrainian", "French"]
    assert (country_name("CN", "ru"), language_name("ru", "zh-CN")) == ("Китай", "俄语")
    assert (country_name("QQ"), language_name("q!"), country_name("")) == ("QQ", "q!", "")
    assert country_name("CN", "../xx") == country_name("CN", "xx") == "China"
