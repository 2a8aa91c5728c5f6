"""Sentence splitting with character offsets; the pieces and the white space between them restore the text.

One rule for all languages: a stop ends a sentence when what follows can begin one. The scripts settle most
of it (Chinese stops need no space, a lower-case letter continues the sentence); a language adds only its
abbreviations and the words that open sentences, which tell "in the U.S. Senate" from "in the U.S. He".
Every look around a stop is bounded, so the time is linear in the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crosslingual.language.abbreviations import ENGLISH_RULES, GERMAN_RULES, RULES_BY_LANG, SplittingRules
from crosslingual.language.scripts import HAN, KANA
from crosslingual.types import Article, Sentence

_WIDE_STOPS = "。！？｡؟۔।॥።"  # end a sentence without a space after them
_HAN_CHAR = re.compile(f"[\u3005-\u3007{KANA}{HAN}]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_STOP = re.compile(
    rf"""(?P<marks>[.!?…．{_WIDE_STOPS}]+)
    (?P<closers>
        (?: [»›”’"'」』）)\]}}】〕》〉*_\u200b\ufeff]
          | [“«‹‘](?![\w《〈（(「『])  # these close in „…“ and »…«
          | &(?:\#39|quot|raquo|rdquo);
        )*
        (?:[ \u00a0\u202f](?:[»›](?!\w) | (?:"|``|'')(?=[.,;:)])))?  # « Oui. » Puis
    )
    """,
    re.VERBOSE,
)
_LOOK_AHEAD = re.compile(
    r"(?P<gap>\s*)(?:[^\w\s]|_){0,12}\s?(?:[^\w\s]|_){0,4}(?P<word>[^\W_]{0,20})(?P<dot>\.?)"
)
_CONTINUING_CHARS = frozenset(",;:)]}.!?…，、；：）」』”。！？")
_ABBREVIATION = re.compile(
    r"(?<![^\s(\[«„“\"'—–.-])(?:[^\W\d_]{1,3}\.[ \u00a0\u202f]?-?){0,3}(?:[^\W_]+-)*[^\W_]+$"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ \u00a0\u202f]?-?)*[^\W\d_]")
_UNIT_ABBREVIATION = re.compile(r"[\dIVX][ \u00a0\u202f]?[а-яіїєґ]{1,2}$")  # 1986 г., XIX в., 5 см
_LIST_NUMBER = re.compile(r"\W{0,4}(?:[\d.]{1,8}|[^\W\d_]|[IVXLC]{1,5})")  # 1. 2.3. a. IV.
_BEFORE_LOST_SPACE = re.compile(r"(?:(?<!\S)[«„“\"(]?[^\W\d_]{3,}|\d|[»”\")])$")
_HAN_SPEECH = re.compile(
    rf"{_HAN_CHAR.pattern[:-1]}·]{{0,12}}?(?:说|道|问|喊|答|表示|强调|指出|写)(?=[，。,！])"
)
_ENGLISH_SPEECH = re.compile(
    r"\s(?:[A-Z][\w.'’-]{0,20} ){1,4}(?:said|says|asked|asks|told|wrote|added|replied)\b"
)
_LIST_MARKER = re.compile(
    r"\s*(?:#{1,6}\s|[-*+•·▪●–—]\s|>|\d{1,3}[.)]\s|[（(]?[一二三四五六七八九十]{1,3}[）)、])"
)
_ROMAN_NUMERAL = re.compile(r"[IVXL]+")
_LOOK_BACK_CHARS = 24
_MAX_BRACKET_CHARS = 200
_MAX_QUOTE_CHARS = 1000
_WRAP_WIDTHS = range(30, 121)


def sentence_spans(text: str, lang: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a text, in code points, in order and without overlap.

    No span begins or ends with white space, and every other character stands in exactly one span. The end
    of a line ends a sentence, unless its paragraph is hard-wrapped: lines of one width (30 to 120
    characters), each filled as far as the next word allows, one of them broken in mid-sentence.
    A piece without letters or digits joins the sentence before it.

    Args:
        text: any text.
        lang: ISO 639-1 code; a language without rules of its own is split by the general ones.
    """
    language = RULES_BY_LANG.get(lang, ENGLISH_RULES)
    found: list[tuple[int, int]] = []
    complete = False
    for start, end in _text_blocks(text):
        for piece in _split_block(text, start, end, language):
            worded = _LETTER_OR_DIGIT.search(text, *piece) is not None
            if found and not (worded and complete):
                found[-1] = (found[-1][0], piece[1])
                complete = complete or worded
            else:
                found.append(piece)
                complete = worded
    return found


def split_sentences(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article's text, numbered from 0."""
    return tuple(
        Sentence(article=article.id, index=index, start=start, end=end, text=article.text[start:end])
        for index, (start, end) in enumerate(sentence_spans(article.text, article.lang))
    )


def _text_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Lines without the white space around them; those of a hard-wrapped paragraph together."""
    paragraph: list[tuple[int, int]] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if not bare or _LIST_MARKER.match(line):
            yield from _unwrap_lines(text, paragraph)
            paragraph = []
        if bare:
            start = offset + len(line) - len(line.lstrip())
            paragraph.append((start, start + len(bare)))
        offset += len(line)
    yield from _unwrap_lines(text, paragraph)


def _unwrap_lines(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    width = max((end - start for start, end in lines), default=0)
    if width not in _WRAP_WIDTHS:
        return lines
    broken = False
    for (start, end), (after, after_end) in pairwise(lines):
        # A Chinese line breaks anywhere, but for a mark or two that may not begin a line.
        han = _HAN_CHAR.match(text, after)
        room = 2 if han else 1 + len(text[after:after_end].split(maxsplit=1)[0])
        if end - start + room <= width - (1 if han else 0):
            return lines
        if text[end - 1].isalnum() or text[end - 1] in ",，、":
            broken = broken or text[after].islower() or (han is not None and len(lines) > 2)
    return [(lines[0][0], lines[-1][1])] if broken else lines


def _split_block(text: str, start: int, end: int, rules: SplittingRules) -> Iterator[tuple[int, int]]:
    narrow = text.find("。", start, end) < 0
    piece = counted = start
    quotes = 0
    for stop in _STOP.finditer(text, start, end):
        quotes += text.count('"', counted, stop.start())
        counted = stop.start()
        cut = _cut_position(text, stop, start, end, quoted=quotes % 2 == 1)
        ahead = _LOOK_AHEAD.match(text, cut, end)
        if (
            cut < end
            and ahead
            and _is_sentence_end(text, start, piece, stop, cut, ahead, rules, narrow_stops=narrow)
        ):
            yield piece, cut
            piece = ahead.end("gap")
    yield piece, end


def _cut_position(text: str, stop: re.Match[str], start: int, end: int, *, quoted: bool) -> int:
    """Where the sentence would end: after the closing marks, before a straight quote that opens the next.

    Where words are spaced the nearest quotes tell, which survives a lost one; in Chinese only their number
    does: ``quoted`` is whether that of the line so far is odd.
    """
    at = text.find('"', stop.end("marks"), stop.end())
    if at < 0:  # "the cause.'I will" has lost its space
        lost = text[stop.end() - 1] in "'‘" and stop.end() < end and text[stop.end()].isupper()
        return stop.end() - lost
    if stop.start() > start and _HAN_CHAR.match(text, stop.start() - 1):
        return stop.end() if quoted else at
    last = text.rfind('"', max(start, at - _MAX_QUOTE_CHARS), at)
    if last >= 0 and not text[last + 1].isspace() and (last == start or not text[last - 1].isalnum()):
        return stop.end()  # inside a quotation that this quote closes
    after = text.find('"', at + 1, min(end, at + _MAX_QUOTE_CHARS))
    opens = after > at + 1 and not text[after - 1].isspace() and not text[after + 1 : after + 2].isalnum()
    return at if opens else stop.end()


def _is_sentence_end(
    text: str,
    line_start: int,
    sentence_start: int,
    stop: re.Match[str],
    cut: int,
    ahead: re.Match[str],
    rules: SplittingRules,
    *,
    narrow_stops: bool,
) -> bool:
    """Whether the sentence from ``sentence_start`` ends at ``cut``; ``line_start`` is where its line begins."""
    marked, gap, word = stop.start("marks"), ahead["gap"], ahead["word"]
    closers = text[stop.end("marks") : cut]
    if text[ahead.end("gap")] in _CONTINUING_CHARS or _is_in_brackets(text, sentence_start, marked, closers):
        return False
    mark = stop["marks"][-1]
    han = _HAN_CHAR.match(text, marked - 1) is not None if marked else False
    if mark in _WIDE_STOPS or (han and closers and not gap) or (_HAN_CHAR.match(word) and mark in "!?"):
        return not (closers and _han_quote_continues(text, line_start, sentence_start, marked, cut))
    if mark == "…" and _HAN_CHAR.match(word):  # a list trails off and ends; a speaker falters and goes on
        line = text[max(line_start, marked - _MAX_QUOTE_CHARS) : marked]
        return line.rfind("“") <= line.rfind("”")
    if not gap and cut == stop.end():
        if _HAN_CHAR.match(word):
            return han and narrow_stops and mark in ".．"
        return _ends_without_space(text, sentence_start, cut, word, rules)
    if word[:1].islower() or not (
        marked - sentence_start > _LOOK_BACK_CHARS or _LETTER_OR_DIGIT.search(text, sentence_start, marked)
    ):
        return False
    if stop["marks"] == "." and not closers:
        return _is_full_stop(text, sentence_start, marked, ahead, rules)
    title = closers and (text.startswith("(", ahead.end("gap")) and word.isdigit())  # «Ну, погоди!» (1969)
    return not (title or (closers and mark in "!?" and _ENGLISH_SPEECH.match(text, cut)))


def _is_in_brackets(text: str, sentence_start: int, stop_index: int, closers: str) -> bool:
    """Whether the stop belongs to a title 《…？》 or a bracket (…!) inside the sentence."""
    if "》" in closers or "〉" in closers:
        return True
    for opening, closing in ("()", "（）", "[]"):
        if closing in closers:
            return (
                text.rfind(opening, max(sentence_start, stop_index - _MAX_BRACKET_CHARS), stop_index)
                > sentence_start
            )
    return False


def _han_quote_continues(text: str, line_start: int, sentence_start: int, stop_index: int, cut: int) -> bool:
    """Whether a Chinese sentence goes on after a quotation with a stop of its own: “谁？”他问。."""
    if text[cut] == "的":
        return True
    opening = max(
        text.rfind(quote, max(line_start, stop_index - _MAX_QUOTE_CHARS), stop_index) for quote in '“「『‘"'
    )
    if opening > line_start and text[opening - 1] in "：:，,":
        return False
    if text[stop_index] in "。.．":
        return _HAN_SPEECH.match(text, cut) is not None
    return opening > sentence_start or _HAN_SPEECH.match(text, cut) is not None


def _ends_without_space(text: str, sentence_start: int, cut: int, word: str, rules: SplittingRules) -> bool:
    """Whether a sentence ends where the space after it was lost: "компании.От", but not "Node.Js"."""
    before = _BEFORE_LOST_SPACE.search(text[max(sentence_start, cut - _LOOK_BACK_CHARS) : cut].rstrip(".!?…"))
    if not before or not word[:1].isupper():
        return False
    cyrillic = "\u0400" <= word[0] <= "\u04ff"
    return word.lower() in rules.starters or (cyrillic and not word.isupper() and before[0].islower())


def _is_full_stop(
    text: str, sentence_start: int, stop_index: int, ahead: re.Match[str], rules: SplittingRules
) -> bool:
    """Whether a full stop with a space after it ends a sentence rather than an abbreviation."""
    before = text[max(sentence_start, stop_index - _LOOK_BACK_CHARS) : stop_index]
    found = _ABBREVIATION.search(before)
    if not found or (stop_index - sentence_start <= _LOOK_BACK_CHARS and _LIST_NUMBER.fullmatch(before)):
        return not found
    word, token = ahead["word"], found[0]
    follower = text[ahead.end("gap")]
    number = follower.isdigit()
    starts = word.lower() in rules.starters and not (ahead["dot"] and len(word) < 3)
    if token.isdigit() and len(token) < 3:
        return starts if rules is GERMAN_RULES else not (number and ahead["dot"])
    if rules is GERMAN_RULES and (_ROMAN_NUMERAL.fullmatch(token) or token.endswith("str")):
        return starts
    parts = re.sub(r"\s", "", token).lower().split(".")
    names = [".".join(parts[first:]) for first in range(len(parts))]
    if number and not rules.before_number.isdisjoint(names):
        return False
    if ahead["dot"] and any(rules.is_abbreviation(f"{name}.{word.lower()}") for name in names):
        return False  # between "z." and "B."
    known = next(filter(rules.is_abbreviation, names), None)
    if known is None:
        return starts or not (token[-1].isupper() and _INITIALS.fullmatch(token))
    if known in rules.final_before_capital or _UNIT_ABBREVIATION.search(before):
        opening = (
            stop_index - sentence_start <= _LOOK_BACK_CHARS and len(before.split()) <= 3
        )  # "В 1998 г. Петров"
        return not (opening or number or follower in "(-–—")
    return starts and known in rules.final_before_starter
