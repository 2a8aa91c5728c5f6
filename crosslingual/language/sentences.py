"""Sentence splitting with character offsets; the pieces and the white space between them restore the text.

One rule for all languages: a stop ends a sentence when what follows can begin one. The scripts settle most
of it (Chinese stops need no space, a lower-case letter continues the sentence); a language adds only its
abbreviations and the words that open sentences, which tell "in the U.S. Senate" from "in the U.S. He".
Every look around a stop is bounded, so the time is linear in the text, whatever the text is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosslingual.language.abbreviations import (
    ENGLISH_RULES,
    GERMAN_RULES,
    JAPANESE_RULES,
    RULES_BY_LANG,
    SplittingRules,
)
from crosslingual.language.scripts import HAN_OR_KANA
from crosslingual.language.stop_context import is_in_brackets, is_mark_of_name, names_with_mark
from crosslingual.language.text_blocks import text_blocks
from crosslingual.types import Article, Sentence

_WIDE_STOPS = "。！？｡؟۔।॥።"  # end a sentence without a space after them
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_STOP = re.compile(
    rf"""(?P<marks>[.!?…．{_WIDE_STOPS}]+)
    (?P<closers>
        (?: [»›”’"'」』）)\]}}】〕》〉*_\u200b\ufeff]
          | [“«‹‘](?![\w《〈（(「『])  # these close in „…“ and »…«
          | &(?:\#39|quot|raquo|rdquo);
        )*
        (?P<notes>  # 1998.[4] treaty.5 Then
          (?<=[a-zа-яіїєґ]{{4}}[.!?]) \d{{1,2}} (?=\s+[A-ZА-ЯІЇЄҐ])
          | (?: \[(?:\d{{1,3}}|[a-z])\] | [¹²³⁰⁴-⁹] )*
        )
        (?:[ \u00a0\u202f](?:[»›](?!\w) | (?:"|``|'')(?=[.,;:)])))?  # « Oui. » Puis
    )
    """,
    re.VERBOSE,
)
_LOOK_AHEAD = re.compile(
    r"(?P<gap>\s*)(?:[^\w\s]|_){0,12}\s?(?:[^\w\s]|_){0,4}(?P<word>[^\W_]{0,20})(?P<dot>\.?)"
)
_CONTINUING_CHARS = frozenset(",;:)]}.!?…，、；：）」』”。！？،؛")
_CONTINUING = re.compile(r"[&+=]\s|\(\d{4}[a-z]?\)[.,;:]")  # Com. & Adm. — Harlow, ed. (2011).
_ABBREVIATION = re.compile(
    r"(?<![^\s(\[«„“\"'—–.-])(?:[^\W\d_]{1,3}\.[ \u00a0\u202f]?-?){0,3}(?:[^\W_]+-)*[^\W_]+$"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[ \u00a0\u202f]?-?)*[^\W\d_]")
_UNIT_ABBREVIATION = re.compile(r"[\dIVX][ \u00a0\u202f]?[а-яіїєґ]{1,2}$")  # 1986 г., XIX в., 5 см
_LIST_NUMBER = re.compile(r"\W{0,4}(?:[\d.]{1,8}|[^\W\d_]|[IVXLC]{1,5})")  # 1. 2.3. a. IV.
_CASELESS_INITIAL = re.compile(
    r"(?<!\w)[\u05d0-\u05ea\u0621-\u064a\u0671-\u06d3\u0905-\u0939]\u0640?$"
)  # د. سالم
_BEFORE_QUOTED_TITLE = re.compile(
    r"(?<!\w)(?:[вузс]|[иі]з|до|для) (?:газ|журн|вид|изд|альм)$"
)  # в газ. «Порт»
_DOMAIN_ENDINGS = frozenset(("com", "org", "net", "gov", "edu", "info", "biz", "html", "php"))
_BEFORE_LOST_SPACE = re.compile(r"(?:(?<!\S)[«„“\"(]?[^\W\d_]{3,}|\d|[»”\")])$")
_HAN_SPEECH = re.compile(
    rf"{HAN_OR_KANA.pattern[:-1]}·]{{0,12}}?(?:说|道|问|喊|答|表示|强调|指出|写)(?=[，。,！])"
)
_ENGLISH_SPEECH = re.compile(
    r"\s(?:[A-Z][\w.'’-]{0,20} ){1,4}(?:said|says|asked|asks|told|wrote|added|replied)\b"
)
_JAPANESE_PARTICLE = re.compile(
    "と(?!ころ|き|りわけ|もに)|って|など|[のをはがやへ]|に(?!もかか)|で(?!も|す)|も(?!し|う|っと)|から|まで|だ(?!が|けど)|です|である"
)
_TIMES_OF_DAY = frozenset(("a.m", "p.m"))
_TITLES = frozenset(("mr", "mrs", "ms", "dr", "prof"))
_ROMAN_NUMERAL = re.compile(r"[IVXL]+")
_LOOK_BACK_CHARS = 24
_MAX_QUOTE_CHARS = 1000


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
    for start, end in text_blocks(text, language.starters):
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


def _split_block(text: str, start: int, end: int, rules: SplittingRules) -> Iterator[tuple[int, int]]:
    narrow = text.find("。", start, end) < 0
    names = names_with_mark(text, start, end)
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
            and not is_mark_of_name(text, piece, stop, ahead, names, rules)
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
    if stop.start() > start and HAN_OR_KANA.match(text, stop.start() - 1):
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
    closers = text[stop.end("marks") : min(cut, stop.start("notes"))] + text[stop.end("notes") : cut]
    if text[ahead.end("gap")] in _CONTINUING_CHARS or _CONTINUING.match(text, ahead.end("gap")):
        return False
    if is_in_brackets(text, sentence_start, stop, rules):
        return False
    if rules is JAPANESE_RULES and closers and _JAPANESE_PARTICLE.match(text, cut):
        return False
    mark = stop["marks"][-1]
    han = HAN_OR_KANA.match(text, marked - 1) is not None if marked else False
    if mark in _WIDE_STOPS or (han and closers and not gap) or (HAN_OR_KANA.match(word) and mark in "!?"):
        return not (closers and _han_quote_continues(text, line_start, sentence_start, marked, cut))
    if mark == "…" and HAN_OR_KANA.match(word):  # a list trails off and ends; a speaker falters and goes on
        line = text[max(line_start, marked - _MAX_QUOTE_CHARS) : marked]
        return line.rfind("“") <= line.rfind("”")
    if not gap and cut == stop.end():
        if HAN_OR_KANA.match(word):
            return han and narrow_stops and mark in ".．"
        spaced = text[ahead.end("word") : ahead.end("word") + 1] in (" ", "\u00a0", "\n", ",")
        end = stop.start("notes") if stop["notes"] else cut
        return _ends_without_space(text, sentence_start, end, word, rules, spaced=spaced)
    if word[:1].islower() or not (
        marked - sentence_start > _LOOK_BACK_CHARS or _LETTER_OR_DIGIT.search(text, sentence_start, marked)
    ):
        return False
    if stop["marks"] == "." and not closers:
        return _is_full_stop(text, sentence_start, marked, ahead, rules)
    title = closers and (text.startswith("(", ahead.end("gap")) and word.isdigit())  # «Ну, погоди!» (1969)
    return not (title or (closers and mark in "!?" and _ENGLISH_SPEECH.match(text, cut)))


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


def _ends_without_space(
    text: str, sentence_start: int, cut: int, word: str, rules: SplittingRules, *, spaced: bool
) -> bool:
    """Whether a sentence ends where the space after it was lost: "компании.От", but not "Node.Js".

    ``spaced`` is whether white space or a comma follows the next word.
    """
    before = _BEFORE_LOST_SPACE.search(text[max(sentence_start, cut - _LOOK_BACK_CHARS) : cut].rstrip(".!?…"))
    if not before or not word[:1].isupper():
        return False
    if word.lower() in rules.starters:
        return True
    if not before[0].islower() or word.isupper() or before[0] in rules.starters:
        return False
    cyrillic = "\u0400" <= word[0] <= "\u04ff"
    return cyrillic or (len(word) > 2 and spaced and word.lower() not in _DOMAIN_ENDINGS)


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
    title = bool(ahead["dot"]) and word.lower() in _TITLES
    starts = title or (word.lower() in rules.starters and not (ahead["dot"] and len(word) < 3))
    if _is_initial_or_periodical(before, follower):
        return False
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
    timed = known in _TIMES_OF_DAY
    # "В 1998 г. Петров", "At 7 p.m. Mrs. Hale"
    opening = stop_index - sentence_start <= _LOOK_BACK_CHARS and len(before.split()) <= 3 + timed
    if known in rules.final_before_capital or _UNIT_ABBREVIATION.search(before):
        return not (opening or number or follower in "(-–—")
    return starts and known in rules.final_before_starter and not (opening and timed)


def _is_initial_or_periodical(before: str, follower: str) -> bool:
    """Whether a letter of a script without case stands for a name (د. سالم), or a title follows (в газ. «Порт»)."""
    initial = _CASELESS_INITIAL.search(before)
    if initial:
        return not before[: initial.start()].rstrip()[-1:].isdigit()  # 2020 م.
    return follower in '«„“"' and _BEFORE_QUOTED_TITLE.search(before) is not None
