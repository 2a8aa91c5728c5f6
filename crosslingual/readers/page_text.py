"""The text of a page by trafilatura, compared with what it dropped and with what the page's data says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosslingual.language.scripts import EAST_ASIAN_CHAR
from crosslingual.readers.page_data import PageData
from crosslingual.readers.page_tree import element_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DIFFERENT_DATA = "its text and the text in the page's data differ; compare it with the page"
TEXT_FROM_DATA = "its text is from the page's data, not from what the page shows; compare it with the page"
LIVE_PART = (
    "a live blog that shows only its last entries; only those went in: save the page with all of them shown"
)

_MIN_LIVE_CHARS, _MIN_LIVE_ENTRIES = 4_000, 3  # of a live blog that shows enough to be an article
_MIN_STORED_CHARS = 200
_STUB_CHARS = 120
_MIN_PROSE_CHARS = 60
_SENTENCE = re.compile("[.!?。！？؟।]")
_WAITING = re.compile(
    "javascript|loading|please wait|just a moment|checking your browser|chargement|wird geladen|cargando|"
    "загрузка|подождите|завантаження|加载|載入|请稍候|読み込み",
    re.IGNORECASE,
)
_AROUND = re.compile(
    "comment|related|teaser|promo|newsletter|subscri|cookie|consent|footer|sidebar|share|social|caption|credit|byline|"
    "author|recommend|more-|read-?more|paywall-|banner|breadcrumb|tags|meta|widget|nav|popular|trending|disclaimer|"
    "signup|card|gallery|copyright|legal|correction|notice|popup|modal|login",
    re.IGNORECASE,
)
_CARD_TAGS = ("article", "div", "li", "section", "tr")
_MIN_CARDS = 5
_MAX_CARD_CHARS = 700
_MIN_LINK_CHARS = 8  # letters of an alphabet, and words of menus, stand in any text


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page, a line for each block, and what is doubtful about it, if anything."""

    text: str
    doubt: str = ""


def complete_text(tree: HtmlElement, text: str, title: str, data: PageData) -> PageText:
    """``text`` as it was taken from ``tree``, or the fuller text where more of the article is there."""
    text = _add_dropped(tree, text)
    if _shows_entries(text, data.updates):
        return PageText(text, LIVE_PART if len(data.body) > 1.1 * len(text) else "")
    if data.body:
        return _weigh_body(tree, text, data.body)
    if len(data.stored) >= max(_MIN_STORED_CHARS, 2 * len(text)) and _is_about(data.stored, title):
        if is_placeholder(text):
            return PageText(data.stored, TEXT_FROM_DATA)
        if _share_in(text, data.stored) >= 0.7:
            return PageText(data.stored)
    return PageText(text)


def _is_about(text: str, title: str) -> bool:
    """Whether half of the longer words of a title by how they begin, or of its pairs of signs, stand in ``text``."""
    words = [word[:4] for word in title.casefold().split() if len(word) > 3]
    words += [
        title[start : start + 2] for start in range(len(title) - 1) if EAST_ASIAN_CHAR.match(title[start])
    ]
    folded = text.casefold()
    return not words or 2 * sum(word in folded for word in words) >= len(words)


def is_placeholder(text: str) -> bool:
    """Whether a text only says that there will be one, or that the browser has to do something for it."""
    short = len(text) < _STUB_CHARS and len(text) + 2 * len(EAST_ASIAN_CHAR.findall(text)) < _STUB_CHARS
    return short and (not _SENTENCE.search(text) or bool(_WAITING.search(text)))


def is_overview(tree: HtmlElement, text: str) -> bool:
    """Whether most of ``text`` is from a row of small blocks that each link to a page of its own."""
    compact = compact_text(text)
    groups: Counter[tuple[object, object, str]] = Counter()
    chars: Counter[tuple[object, object, str]] = Counter()
    for element in tree.iter(*_CARD_TAGS):
        parent = element.getparent()
        own = element_text(element) if parent is not None and len(parent) >= _MIN_CARDS else ""
        if not 20 <= len(own) <= _MAX_CARD_CHARS or not _leads_elsewhere(element, len(own)):
            continue
        group = (parent, element.tag, element.get("class", ""))
        groups[group] += 1
        chars[group] += sum(len(piece) for piece in _pieces(element) if piece in compact)
    cards = [group for group, count in groups.items() if count >= _MIN_CARDS]
    return bool(cards) and sum(chars[group] for group in cards) >= 0.75 * len(compact)


def has_mostly_links(tree: HtmlElement, text: str) -> bool:
    """Whether most of ``text`` is what links of the page say, such as where its article was damaged."""
    compact = compact_text(text)
    links = {compact_text(element_text(link)) for link in tree.iter("a") if link.get("href", "#")[:1] != "#"}
    return sum(
        len(link) * compact.count(link) for link in links if len(link) >= _MIN_LINK_CHARS
    ) >= 0.7 * len(compact)


def _leads_elsewhere(element: HtmlElement, size: int) -> bool:
    """Whether a block is about a page that it links to: by its heading, or by much of its text."""
    links = [link for link in element.iter("a") if link.get("href", "#")[:1] not in ("#", "")]
    if not links:
        return False
    headed = any(
        next(link.iter("h2", "h3", "h4", "h5"), None) is not None
        or any(up.tag in ("h2", "h3", "h4", "h5") for up in link.iterancestors())
        for link in links[:4]
    )
    return headed or sum(len(element_text(link)) for link in links) >= 0.3 * size


def _add_dropped(tree: HtmlElement, text: str) -> str:
    """``text`` with paragraphs that stand in blocks like those of its own, or between its title and it."""
    if not text:
        return text
    compact = compact_text(text)
    paragraphs = [(one, element_text(one)) for one in tree.iter("p")]
    repeated = Counter(words for _, words in paragraphs)
    kept = [
        compact_text(words)[:200] in compact if len(words) > 25 and repeated[words] == 1 else None
        for _, words in paragraphs
    ]
    blocks = Counter(_block(one) for (one, _), is_kept in zip(paragraphs, kept, strict=True) if is_kept)
    wanted: list[int] = []
    for place, ((one, words), is_kept) in enumerate(zip(paragraphs, kept, strict=True)):
        if is_kept is False and _is_prose(one, words) and blocks[_block(one)] >= 2 and _block(one)[1]:
            wanted.append(place)
    wanted += _lead_run(tree, paragraphs, kept, len(text))
    if not wanted:
        return text
    return _merge_lines(text, paragraphs, sorted(set(wanted)))


def _lead_run(
    tree: HtmlElement, paragraphs: Sequence[tuple[HtmlElement, str]], kept: Sequence[bool | None], size: int
) -> list[int]:
    """Places of dropped paragraphs between the page's only heading and the text, if they are many."""
    headings = [*tree.iter("h1")]
    first = next((place for place, is_kept in enumerate(kept) if is_kept), 0)
    if len(headings) != 1 or first < 3:
        return []
    after = {id(one) for one in headings[0].xpath("following::p")}
    run = [
        place
        for place in range(first)
        if id(paragraphs[place][0]) in after and kept[place] is False and _is_prose(*paragraphs[place])
    ]
    return run if len(run) >= 3 and sum(len(paragraphs[place][1]) for place in run) > 0.2 * size else []


def _merge_lines(text: str, paragraphs: Sequence[tuple[HtmlElement, str]], wanted: Sequence[int]) -> str:
    """``text`` with the wanted paragraphs where they stand in the page."""
    lines = text.split("\n")
    place_of = {compact_text(words): place for place, (_, words) in reversed([*enumerate(paragraphs)])}
    merged: list[str] = []
    waiting = [*wanted]
    for line in lines:
        place = place_of.get(compact_text(line))
        while place is not None and waiting and waiting[0] < place:
            merged.append(paragraphs[waiting.pop(0)][1])
        merged.append(line)
    return "\n".join([*merged, *(paragraphs[place][1] for place in waiting)])


def _block(paragraph: HtmlElement) -> tuple[object, str]:
    parent = paragraph.getparent()
    return (parent.tag, parent.get("class", "")) if parent is not None else ("", "")


def _is_prose(paragraph: HtmlElement, words: str) -> bool:
    """Whether a paragraph is a piece of running text, and not of what stands around it."""
    if len(words) + 2 * len(EAST_ASIAN_CHAR.findall(words)) < _MIN_PROSE_CHARS or not _SENTENCE.search(words):
        return False
    if 3 * sum(len(element_text(link)) for link in paragraph.iter("a")) > len(words):
        return False
    nearby = [paragraph, *paragraph.iterancestors()][:4]
    return not any(_AROUND.search(f"{up.get('class', '')} {up.get('id', '')}") for up in nearby)


def _shows_entries(text: str, entries: Sequence[str]) -> bool:
    """Whether a page shows so many entries of a live blog that its text is an article without the others."""
    if len(text) < _MIN_LIVE_CHARS:
        return False
    compact = compact_text(text)
    return sum(compact_text(entry[-200:]) in compact for entry in entries) >= _MIN_LIVE_ENTRIES


def _weigh_body(tree: HtmlElement, text: str, body: str) -> PageText:
    """The fuller of the two where one holds most of the other; what is shown, and a doubt, where they differ."""
    body_there, text_there = _share_in(body, text), _share_in(text, body)
    longer = len(body) > 1.1 * len(text)
    if body_there >= 0.9 or (not longer and body_there >= 0.5):
        return PageText(text)
    if longer and (text_there >= 0.7 or is_placeholder(text)):
        return PageText(_find_blocks(tree, body) or body)
    if len(text) * 4 < len(body):
        return PageText(body, TEXT_FROM_DATA)
    if text_there >= 0.5:
        return PageText(text)
    return PageText(text, DIFFERENT_DATA)


def _find_blocks(tree: HtmlElement, body: str) -> str:
    """``body`` in the paragraphs that the page shows it in; empty where it does not show it all."""
    compact = compact_text(body)
    lines: dict[str, None] = {}
    for element in tree.iter("p", "h2", "h3", "h4", "li", "blockquote"):
        words = element_text(element)
        if (
            next(element.iter("p", "li"), element) is element
            and len(words) > 1
            and compact_text(words) in compact
        ):
            lines.setdefault(words)
    found = "\n".join(lines)
    return found if len(compact_text(found)) >= 0.95 * len(compact) else ""


def _share_in(text: str, other: str) -> float:
    """The share of the characters of ``text`` that stand in sentences which ``other`` has."""
    there = compact_text(other)
    total = found = 0
    for sentence in re.split("[.!?。！？\n]", text):
        if piece := compact_text(sentence):
            total += len(piece)
            found += len(piece) * (piece in there)
    return found / total if total else 0.0


def _pieces(element: HtmlElement) -> Iterable[str]:
    return filter(None, map(compact_text, element.itertext()))


def compact_text(text: str) -> str:
    """Letters and digits alone, so that no difference in formatting counts."""
    return "".join(char for char in text.casefold() if char.isalnum())
