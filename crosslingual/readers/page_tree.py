"""Trees of HTML pages: what is shown is kept, what is hidden or stands around the article goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

XML_PROLOG = re.compile(r"\A\s*<\?xml[^>]*\?>")
"""How an XML file begins, which no parser wants to see in a text."""
BLOCK_TAGS = frozenset(
    name
    for line in (
        "address article aside blockquote body br caption center dd div dl dt fieldset figcaption figure",
        "footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead",
        "title tr ul",
    )
    for name in line.split()
)

_CONTROL_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEAVY_TAGS = (
    "script",
    "style",
    "svg",
    "template",
    "noscript",
    "iframe",
    "picture",
    "img",
    "video",
    "canvas",
)
_BOILERPLATE_TAGS = ("aside", "button", "dialog", "footer", "form", "menu", "nav", "select")
_HIDDEN_TAGS = frozenset(["head", "iframe", "noscript", "object", "script", "style", "svg", "template"])
_STORE_TAGS = ("noscript", "template", "script")
_TEMPLATE_TYPES = re.compile("text/(?:x-)?(?:[a-z]+-)?(?:template|html|tmpl)", re.IGNORECASE)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN_CLASSES = frozenset({"screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"})
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SCRIPT_NUMBER = re.compile(r"[+−-]?[0-9]{1,6}")


def parse_html(markup: str) -> HtmlElement | None:
    """The tree of a page or a piece of one; None where there is nothing in it."""
    from lxml import etree

    markup = XML_PROLOG.sub("", _CONTROL_CHARS.sub("", markup))
    if not markup.strip():
        return None
    tree: HtmlElement | None = etree.fromstring(markup.encode("utf-8", "replace"), _html_parser())
    return tree


def html_to_text(markup: str) -> str:
    """The text of a piece of HTML, a line for each block; what runs or is not shown is left out."""
    tree = parse_html(markup)
    return "" if tree is None else tree_to_text(tree)


def tree_to_text(tree: HtmlElement) -> str:
    """The text of a piece of HTML that is parsed, and changed by this: raised numbers are marked in it."""
    from lxml import etree

    mark_script_numbers(tree)
    pieces: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        begins = event == "start"
        hidden += (1 if begins else -1) * (tag in _HIDDEN_TAGS)
        if tag in BLOCK_TAGS:
            pieces.append("\n")
        text = element.text if begins and tag else element.tail if not begins else None
        if text and not hidden and not (not begins and element is tree):
            pieces.append(" ".join(f"|{text}|".split())[1:-1])
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def element_text(element: HtmlElement) -> str:
    """The text in an element, in one line."""
    return " ".join("".join(element.itertext()).split())


def clean_tree(tree: HtmlElement) -> None:
    """Leave what a reader of the page sees of the article, before it is looked through many times."""
    _reveal_stored_text(tree)
    _drop_hidden(tree)
    _remove_boilerplate(tree)
    mark_script_numbers(tree)


def mark_script_numbers(tree: HtmlElement) -> None:
    """Write numbers that stand raised or lowered in signs of their own: 10⁶ is not 106; links to notes go."""
    for element in [*tree.iter("sup", "sub")]:
        text = element_text(element)
        if element.tag == "sup" and any("#" in link.get("href", "") for link in element.iter("a")):
            element.drop_tree()
        elif _SCRIPT_NUMBER.fullmatch(text) and (
            element.tag == "sup" or _text_before(element)[-1:].isdigit()
        ):
            for child in [*element]:
                child.drop_tree()
            element.text = text.translate(_RAISED if element.tag == "sup" else _LOWERED)


def _text_before(element: HtmlElement) -> str:
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        return before.tail or element_text(before)
    return (parent.text or "") if parent is not None else ""


def _reveal_stored_text(tree: HtmlElement) -> None:
    """Show what stands in ``noscript``, ``template`` or a script that is a template, if the article is there.

    The first of them that holds more than the rest of the page shows; a second one repeats it.
    """
    from lxml import html

    shown = _count_paragraph_chars(tree)
    for tag in _STORE_TAGS:
        for element in [*tree.iter(tag)]:
            if tag == "script":
                if not _TEMPLATE_TYPES.fullmatch(element.get("type", "")) or "<p" not in (element.text or ""):
                    continue
                stored = html.fragment_fromstring(element.text, create_parent="div", parser=_html_parser())
                if _count_chars(stored.iter("p")) > shown:
                    stored.tail = element.tail
                    element.getparent().replace(element, stored)
                    return
            elif _count_chars(element.iter("p")) > shown or element.get("shadowrootmode"):
                element.tag = "div"
                if tag == "noscript":
                    return


def _drop_hidden(tree: HtmlElement) -> None:
    """Drop what the page hides, unless most of its text is there: then a script is to show it."""
    hidden = [element for element in tree.iter() if isinstance(element.tag, str) and _is_hidden(element)]
    inside = {paragraph for element in hidden for paragraph in element.iter("p")}
    if 2 * _count_chars(iter(inside)) < _count_chars(tree.iter("p")) or not inside:
        for element in hidden:
            if element.getparent() is not None and element.tag not in ("body", "html"):
                element.drop_tree()


def _is_hidden(element: HtmlElement) -> bool:
    if element.tag in ("script", "svg", "img", "meta", "h1"):
        return False
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style", "")))
        or not _HIDDEN_CLASSES.isdisjoint(element.get("class", "").split())
    )


def _remove_boilerplate(tree: HtmlElement) -> None:
    """Drop what no text is taken from, and what stands around an article; dates may stand in scripts.

    An element that is for such things but holds most of the page's paragraphs is taken for a part of the page.
    """
    for element in [*tree.iter(*_HEAVY_TAGS)]:
        if element.tag != "script" or "date" not in (element.text or "").lower():
            element.drop_tree()
    total = _count_paragraph_chars(tree)
    for element in [*tree.iter(*_BOILERPLATE_TAGS)]:
        if element.getparent() is None:
            continue
        if total and 2 * _count_chars(element.iter("p")) > total:
            element.tag = "div"
        elif element.tag != "form":
            element.drop_tree()


def _count_paragraph_chars(tree: HtmlElement) -> int:
    """Characters of paragraphs outside of what is not shown."""
    return _count_chars(
        one for one in tree.iter("p") if not any(up.tag in _STORE_TAGS for up in one.iterancestors())
    )


def _count_chars(elements: Iterator[HtmlElement]) -> int:
    return sum(len(element_text(element)) for element in elements)


@cache
def _html_parser() -> HTMLParser:
    from lxml.html import HTMLParser

    # Comments and instructions are dropped, nothing is fetched, and no tree grows without bound.
    return HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
