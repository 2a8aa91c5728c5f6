"""A question on the page: two sentences with what stands around them, without any probability."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from crosslingual.check.item_view import ItemView, ShownArticle, ShownSentence
from crosslingual.formatting import engine_label
from crosslingual.language.codes import language_name
from crosslingual.report.check import describe_question
from crosslingual.ui.serialize import format_date

MAX_SHOWN_SENTENCES = 400
"""Sentences of a source that are listed where a silence is looked for."""


def render_question(view: ItemView, place: str, target_lang: str) -> None:
    """Draw ``view``, which is ``place`` of the sample."""
    question = escape(describe_question(view))
    st.html(
        f"<div class='question'><p role='status'>{escape(place)}</p><h2>{question}</h2></div>"
        f"<div class='asked'>{article_html(view.left, target_lang)}{article_html(view.right, target_lang)}</div>"
    )
    if view.item.kind == "silence":
        n_sentences = sum(len(one.sentences) for one in view.right_articles)
        with st.expander(f"All {n_sentences:,} sentences of this source on the event", key="check.whole"):
            st.html(f"<div class='asked whole'>{_whole_html(view.right_articles, target_lang)}</div>")


def _whole_html(articles: Sequence[ShownArticle], target_lang: str) -> str:
    parts, left = [], MAX_SHOWN_SENTENCES
    for article in articles:
        if left > 0:
            parts.append(article_html(article, target_lang, left))
            left -= len(article.sentences)
    if left < 0:
        parts.append(f"<p>{-left:,} more sentences are on the Compare page.</p>")
    return "".join(parts)


def article_html(shown: ShownArticle, target_lang: str, most: int = MAX_SHOWN_SENTENCES) -> str:
    """Sentences of an article, ``most`` of them, those that are asked about marked."""
    article = shown.article
    told = (format_date(article.date), language_name(article.lang, target_lang))
    head = " · ".join(part for part in told if part)
    sentences = "".join(_sentence_html(one) for one in shown.sentences[:most])
    return (
        f"<section><h3 dir='auto'>{escape(shown.source_name)}</h3><p class='head'>{escape(head)}</p>"
        f"<p class='head' lang='{escape(article.lang)}' dir='auto'>{escape(article.title)}</p>{sentences}</section>"
    )


def _sentence_html(sentence: ShownSentence) -> str:
    """What is asked about in both languages, what stands around it in the reader's where it is translated."""
    if sentence.translation and not sentence.is_asked:
        made = sentence.translation
        return f"<p class='around' lang='{escape(made.lang)}' dir='auto'>{escape(made.text)}</p>"
    text = f"<span lang='{escape(sentence.lang)}' dir='auto'>{escape(sentence.text)}</span>"
    if sentence.translation:
        made = sentence.translation
        text += (
            f"<span class='told' lang='{escape(made.lang)}' dir='auto'>{escape(made.text)}"
            f" <small>translated: {escape(engine_label(made))}</small></span>"
        )
    return (
        f"<p class='said'><mark>{text}</mark></p>" if sentence.is_asked else f"<p class='around'>{text}</p>"
    )
