"""What a page says of itself beside its text: JSON-LD, and the data that its scripts make the page of."""

from __future__ import annotations

import html
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crosslingual.readers.json_ld import MAX_JSON_CHARS, JsonLdScript, parse_json
from crosslingual.readers.page_tree import html_to_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MAX_DEPTH = 40
_MAX_VALUES = 100_000  # of one page's data
_MIN_PROSE_CHARS = 40
_ARTICLE_TYPE = re.compile("(?:[A-Za-z]*Article|BlogPosting|LiveBlogPosting|Report)")
_LISTS = frozenset({"CollectionPage", "ItemList", "SearchResultsPage"})
_SENTENCE_END = re.compile("[.!?…。！？؟।](?:[\\s\"'”’»)\\]]|$)")
_MARKUP = re.compile("</[a-z]|<br|<p[ >]", re.IGNORECASE)
_STATE_START = re.compile(r"\s*(?:window\.|self\.|var |const |let )?[\w.$\[\]\"']{1,60}\s*=\s*(?=[{\[])")


@dataclass(frozen=True, slots=True)
class PageData:
    """What the data of a page tells; what it does not is empty.

    ``body`` is the article's text in JSON-LD, ``updates`` those of a live blog, which stand in ``body`` too; ``stored``
    is the longest prose in the data that scripts show;
    ``is_article`` is whether JSON-LD names one article and no list of them.
    """

    headlines: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    body: str = ""
    updates: tuple[str, ...] = ()
    stored: str = ""
    is_article: bool = False


def read_page_data(tree: HtmlElement, json_ld: Iterable[JsonLdScript]) -> PageData:
    """The data of a page whose scripts are still in it, those of JSON-LD as ``list_json_ld`` gives them."""
    nodes = [node for script in json_ld for node in _walk_objects(script.value)]
    states: list[Any] = []
    chars = 0
    for script in tree.iter("script"):
        text = script.text or ""
        chars += len(text)
        if chars > MAX_JSON_CHARS:
            break
        kind = script.get("type", "").lower()
        if "ld+json" not in kind and (kind == "application/json" or _STATE_START.match(text)):
            states.append(parse_json(text[match.end() :] if (match := _STATE_START.match(text)) else text))
    articles = [node for node in nodes if _is_article(node)]
    main = _select_main(articles)
    updates = _read_updates(main) if main else []
    lists = any(_LISTS.intersection(_types(node)) for node in nodes)
    return PageData(
        headlines=_texts(node.get("headline") for node in ([main] if main else [])),
        sites=_texts(_name(node.get(key)) for node in nodes for key in ("publisher", "isPartOf"))
        + _texts(node.get("name") for node in nodes if "WebSite" in _types(node)),
        sections=_texts(_first(node.get("articleSection")) for node in articles),
        body=_join_texts([plain_text(main.get("articleBody")), *updates]) if main else "",
        updates=tuple(updates),
        stored=_longest_prose(states),
        is_article=main is not None
        and not lists
        and len({_text(node.get("headline")) for node in articles}) == 1,
    )


def _select_main(articles: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The article of the page: a live blog, else the first that has a text, else the first."""
    live = (node for node in articles if "LiveBlogPosting" in _types(node))
    bodied = (node for node in articles if isinstance(node.get("articleBody"), str))
    return next(live, None) or next(bodied, None) or next(iter(articles), None)


def _read_updates(node: dict[str, Any]) -> list[str]:
    """The entries of a live blog, each with its heading."""
    updates = node.get("liveBlogUpdate")
    updates = [updates] if isinstance(updates, dict) else updates if isinstance(updates, list) else []
    texts = (
        _join_texts(plain_text(update.get(key)) for key in ("headline", "articleBody"))
        for update in updates
        if isinstance(update, dict)
    )
    return [*dict.fromkeys(filter(None, texts))]


def _join_texts(parts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(filter(None, parts)))


def plain_text(value: object) -> str:
    """A text of the data without markup, a line for each block."""
    if not isinstance(value, str):
        return ""
    for _ in range(2):  # some escape their markup
        if not _MARKUP.search(value):
            value = html.unescape(value)
    if _MARKUP.search(value):
        return html_to_text(value)
    return "\n".join(line for line in (" ".join(line.split()) for line in value.splitlines()) if line)


def _walk_objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects of a value, none twice; those of a live blog are its own."""
    waiting, seen = deque([(value, 0)]), 0
    while waiting and seen < _MAX_VALUES:
        value, depth = waiting.popleft()
        seen += 1
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, dict):
            yield value
            waiting += [(part, depth + 1) for key, part in value.items() if key != "liveBlogUpdate"]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]


def _longest_prose(states: list[Any]) -> str:
    """The texts of the place in the data that holds most prose; places of one list are one place."""
    places: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for state in states:
        for place, text in _walk_texts(state):
            if (
                len(text) >= _MIN_PROSE_CHARS
                and _SENTENCE_END.search(text)
                and not text.startswith(("{", "http"))
            ):
                # A list of all texts of a page is no place: each text in it is one.
                places[place if any(place) else (text,)].setdefault(plain_text(text))
    return max(("\n".join(texts) for texts in places.values()), key=len, default="")


def _walk_texts(state: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), state)]
    seen = 0
    while waiting and seen < _MAX_VALUES:
        place, value = waiting.pop()
        seen += 1
        if isinstance(value, str):
            yield place, value
        elif len(place) < _MAX_DEPTH and isinstance(value, dict):
            waiting += [((*place, key[:40]), value[key]) for key in reversed(value)]
        elif len(place) < _MAX_DEPTH and isinstance(value, list):
            waiting += [((*place, ""), part) for part in reversed(value)]


def _types(node: dict[str, Any]) -> tuple[str, ...]:
    kinds = node.get("@type")
    return tuple(kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))


def _is_article(node: dict[str, Any]) -> bool:
    return any(_ARTICLE_TYPE.fullmatch(kind) for kind in _types(node))


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _name(value: object) -> object:
    value = _first(value)
    return value.get("name") if isinstance(value, dict) else value


def _text(value: object) -> str:
    return " ".join(html.unescape(value).split())[:500] if isinstance(value, str) else ""


def _texts(values: Iterator[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(_text, values))))
