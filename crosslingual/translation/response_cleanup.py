"""What a chat model answers when it is asked for a translation, and the translation in it."""

from __future__ import annotations

import re

_REFUSAL = re.compile(
    r"(?:(?:sorry|很?抱歉|对不起|извините)[,，.。!！ ]+)?"
    r"(?:as an ai\b|i(?:'m| am) sorry, but i (?:can(?:no|')?t|am unable to) (?:translate|assist|help with)\b"
    r"|i (?:can(?:no|')?t|am unable to|'m unable to) (?:translate|assist with|help with) (?:that|this|your)\b"
    r"|作为(?:一个|一名)?(?:ai|人工智能)|我无法(?:翻译|回答)(?:这|该|您)|как (?:ии|искусственный интеллект)\b"
    r"|я не могу (?:перевести|помочь с) (?:эт|ваш))",
    re.IGNORECASE,
)
"""How an answer begins that is about the request and no translation."""
_LANGUAGE_NAMES = r"(?:chinese|english|french|german|russian|spanish|ukrainian)"
_LABEL = re.compile(
    rf"(?:(?:here is |here's )?(?:the )?(?:{_LANGUAGE_NAMES} )?translation"
    r"(?: (?:of|in|into|to|is)[^:：\n]{0,80})?"
    rf"|(?:in )?{_LANGUAGE_NAMES}|перевод(?: на [^:：\n]{{0,40}})?|(?:[中英俄]文)?(?:翻译|译文))\s*[:：]\s*",
    re.IGNORECASE,
)
_EXPLANATION = re.compile(
    rf"(?:the|this) (?:(?:given|above|following|news|{_LANGUAGE_NAMES}) )*(?:sentence|text|phrase|headline)\b"
    r"[^\n]{0,300}?\b(?:translates|(?:can|could|may) be translated|is translated|means)\b"
    rf"(?: (?:in)?to)?(?: {_LANGUAGE_NAMES})?(?: as)?\s*"
    r"(?:[:：,]\s*(?P<told>\S.*)|(?P<quoted>[\"“«'‘].*[\"”»'’])\.?)",
    re.IGNORECASE,
)
_TRANSLATION_WORDS = re.compile(r"translat|перев[её]|перевод|переклад|翻译|译|übersetz|tradu", re.IGNORECASE)
_STARTS_WITH_LABEL = re.compile(r"[^:：]{1,60}[:：]")
_CLOSING_QUOTES = {'"': '"', "“": "”", "«": "»", "„": "“", "‘": "’", "'": "'", "「": "」", "`": "`"}


def extract_translation(answer: str, source: str) -> str:
    """The translation of ``source`` in a model's ``answer``: one line, no label, no quotes put around it.

    Empty where the answer refuses, or says nothing. What the source says itself, be it a label, quotes or
    words about translating, is left in the answer.
    """
    text = answer.strip()
    if not _STARTS_WITH_LABEL.match(source):
        text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    # A model that explains does so below.
    text = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    if not _TRANSLATION_WORDS.search(source):
        if _REFUSAL.match(text):
            return ""
        if said := _EXPLANATION.fullmatch(text):
            text = _strip_quotes(said["told"] or said["quoted"])
    return text if source[:1] in _CLOSING_QUOTES else _strip_quotes(text)


def _strip_quotes(text: str) -> str:
    inner = text[1:-1]
    closing = _CLOSING_QUOTES.get(text[:1])
    if closing and len(text) > 2 and text.endswith(closing) and not {text[0], closing} & set(inner):
        return inner.strip()
    return text
