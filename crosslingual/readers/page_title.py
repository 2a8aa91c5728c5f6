"""The title of a page, without the name of its site, its section or the day beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crosslingual.language.scripts import HAN_RUN
from crosslingual.readers.page_data import PageData
from crosslingual.readers.page_tree import element_text
from crosslingual.sources import find_source, load_sources

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_TITLE_CHARS = 1_000
_TITLE_KEYS = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
_SITE_KEYS = (
    "og:site_name",
    "application-name",
    "apple-mobile-web-app-title",
    "al:ios:app_name",
    "dc.publisher",
)
# What stands between a title and a site's name: a sign with space around it, or one that needs none.
_SEPARATOR = re.compile(
    r"\s+(?:[-–—―·•|¦*/»«›‹~]|::|<|>)+\s+|\s*[_|｜ㅣ│¦：]\s*|(?<=[^\s\d\-A-Za-z])--?(?=[^\s\d\-A-Za-z])"
)
_AFTER_HEADING = re.compile(r"\s*(?:[-–—―·•|¦*/»«›‹~_｜ㅣ│：]|::)\s*|,\s+")
_KICKER_END = re.compile(r"(?::\s+|\s+[-–—|]\s+|\s*[｜：])")
_MIN_HEADING_CHARS = 12  # of a title below a kicker
_STRONG_SIGNS = frozenset("_|｜ㅣ│¦")
_HOST_NAME = re.compile(r"(?:[\w-]{1,60}\.){1,4}[A-Za-z]{2,12}")
_DAY = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}\.? \w{3,12},? \d{4}|\w{3,12} \d{1,2}, \d{4}"
)
_SITE_WORDS = re.compile(
    "(?:网|網|网站|网络|日报|日報|晚报|晚報|时报|時報|新闻|新聞|通讯社|通信社|电视台|ニュース|デジタル|オンライン|Web|뉴스|일보|신문|"
    "news|times|post|online|zeitung|radio|tv|magazin|magazine|daily|herald|tribune|journal|press|media|новости|газета|новини)$",
    re.IGNORECASE,
)
_SITE_ENDING = re.compile(
    r"(?:网|網|网站|日报|日報|晚报|晚報|时报|時報|新聞|新聞デジタル|일보|신문|뉴스)(?:\([\w.-]{1,60}\))?$"
)
_TRAILING_DAY = re.compile(r",\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$")
_MAX_NAME_WORDS, _MAX_LONE_WORDS = 8, 3
_QUOTES = str.maketrans("’‘“”„«»", '\'\'"""""')


def choose_title(tree: HtmlElement, data: PageData, url: str) -> str:
    """The title of the page in ``tree``, in one line; empty where it has none.

    What its data gives for sharing comes before headings and the title of the window. What follows a heading of the
    page is cut off; so is a name that is the site's by its own data, its address or its form.
    """
    metas = _read_metas(tree)
    headings = [text for element in tree.iter("h1") if (text := element_text(element))]
    window = next((element_text(element) for element in tree.iter("title")), "")
    sites = [
        name
        for name in _texts([*(metas.get(key, "") for key in _SITE_KEYS), *data.sites])
        if name not in data.headlines and name not in headings
    ]
    shared = _texts([*(metas.get(key, "") for key in _TITLE_KEYS[:1]), *data.headlines])
    others = _texts([*(metas.get(key, "") for key in _TITLE_KEYS[1:]), *headings[:1], window])
    host = _host(url or metas.get("og:url", ""))
    for title in (*shared, *others):
        if not _is_site(title, sites, host):
            known = _texts([*headings, *data.headlines, *shared])
            kept = strip_site_name(title, known, sites, host, data.sections)
            return strip_kicker(
                complete_title(kept, [*headings[:1], *data.headlines]), [*headings, *data.headlines]
            )
    return next(iter((*headings, *shared, *others)), "")


def strip_site_name(
    title: str, headings: Iterable[str], sites: Sequence[str], host: str, sections: Sequence[str] = ()
) -> str:
    """``title`` without what names its site.

    Args:
        title: one line.
        headings: titles that the page gives elsewhere; one with which ``title`` begins is it.
        sites: names of the site.
        host: of the page's address, or empty.
        sections: of the site that the article is in.
    """
    if len(title) > _MAX_TITLE_CHARS:
        return title
    folded = _fold(title)
    for heading in sorted(headings, key=len):
        start = folded.find(_fold(heading))
        if not 4 <= len(heading) < len(title) or (start and not _is_kicker(title[:start], heading)):
            continue
        rest = title[start + len(heading) :]
        if (match := _AFTER_HEADING.match(rest)) and _is_short(rest[match.end() :]):
            return title[: start + len(heading)].rstrip()
    end, named = len(title), ""
    for match in reversed([*_SEPARATOR.finditer(title)]):
        name = _TRAILING_DAY.sub("", title[match.end() : end].strip())
        head = title[: match.start()].strip()
        sign = match[0].strip()
        if not head:
            break
        if (
            _is_site(name, sites, host)
            or _HOST_NAME.fullmatch(name)
            or (not sites and _has_name_form(name, sign, head))
        ):
            named = sign
        elif not (_DAY.fullmatch(name) or (named and _is_section(name, sections, same_sign=sign == named))):
            break
        end = match.start()
    kept = title[:end].strip() if named else title
    first = _SEPARATOR.search(kept)
    if first and "：" not in first[0] and _is_site(kept[: first.start()].strip(), sites, host):
        kept = kept[first.end() :].strip()
    return kept or title


def complete_title(title: str, headings: Iterable[str]) -> str:
    """The heading that goes on where ``title`` was cut off at a quotation mark, as unescaped markup is; else it."""
    folded = _fold(title)
    for heading in headings:
        if _fold(heading).startswith(folded) and heading[len(title) :].lstrip()[:1] == '"':
            return heading
    return title


def strip_kicker(title: str, headings: Iterable[str]) -> str:
    """``title`` without the words above it, where a heading of the page is the rest and none has those words."""
    match = _KICKER_END.search(title)
    if not match:
        return title
    words, kept = _fold(title[: match.start()]), title[match.end() :]
    folded = [_fold(heading) for heading in headings]
    has_words = any(heading.startswith(words) for heading in folded)
    return (
        kept if _fold(kept) in folded and not has_words and _is_kicker(title[: match.end()], kept) else title
    )


def _is_kicker(words: str, title: str) -> bool:
    """Whether ``words``, with the sign behind them, can stand above a title."""
    return bool(_KICKER_END.search(words)) and len(words) <= len(title) and len(title) >= _MIN_HEADING_CHARS


def _is_site(name: str, sites: Sequence[str], host: str) -> bool:
    """Whether ``name`` is the site's own by what it calls itself, or by its address."""
    key = _key(name)
    if len(key) < 2:
        return False
    if any(
        key == _key(site) or (len(key) > 4 and key in _key(site)) or _extends(key, _key(site))
        for site in sites
    ):
        return True
    labels = [_key(label) for label in host.split(".")[:-1] if len(label) > 1]
    lead, _, last = name.rpartition(" ")
    if _SITE_WORDS.fullmatch(last) and _key(lead) in (*map(_key, sites), *labels):
        return True
    if _key(host) == key or key in labels:
        return True
    if any(len(label) > 3 and (label in key and len(label) * 2 > len(key)) for label in labels):
        return True
    known = _find_outlet(name)
    return bool(known) and any(host == domain or host.endswith(f".{domain}") for domain in known)


def _extends(key: str, site: str) -> bool:
    """Whether a name is the site's with a little more, such as "Sport" or "Online"."""
    return len(site) > 3 and site in key and len(site) * 2 > len(key)


def _has_name_form(name: str, sign: str, head: str) -> bool:
    """Whether ``name`` can be nothing but a site's where the page itself names none.

    Behind a dash it may be who is quoted; only what is in the form of an East Asian site's name is none of those.
    """
    if not _is_short(name):
        return False
    if sign in _STRONG_SIGNS:
        is_lone = len(name.split()) <= _MAX_LONE_WORDS and len(name) <= len(head)
        return bool(is_lone or _SITE_WORDS.search(name) or _SITE_ENDING.search(name) or _find_outlet(name))
    return sign != "：" and len(name) <= len(head) and bool(_SITE_ENDING.search(name))


def _is_section(name: str, sections: Sequence[str], *, same_sign: bool) -> bool:
    """Whether ``name``, which stands before a site's, is a section of it."""
    return _key(name) in map(_key, sections) or (
        same_sign and len(name) <= 6 and bool(HAN_RUN.fullmatch(name))
    )


@cache
def _find_outlet(name: str) -> tuple[str, ...]:
    """The domains of the shipped outlet of that name."""
    found = find_source(name, load_sources().values()) if len(name) <= 60 else None
    return found.domains if found else ()


def _is_short(text: str) -> bool:
    return len(text) <= 80 and len(text.split()) <= 2 * _MAX_NAME_WORDS


def _read_metas(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or ""
        value = " ".join((meta.get("content") or "").split())
        if value and key:
            metas.setdefault(key.lower(), value)
    return metas


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _texts(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value))


def _fold(text: str) -> str:
    """The same for titles that differ in case and quotation marks only, and as long as ``text``."""
    folded = text.translate(_QUOTES)
    return "".join(low if len(low := char.lower()) == 1 else char for char in folded)


def _key(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name[:200]).casefold()
    return "".join(char for char in folded if char.isalnum())
