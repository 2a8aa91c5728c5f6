"""Whose claim a sentence of a statement is."""

from __future__ import annotations

from dataclasses import replace

from crosslingual.attribution.values import Attribution
from crosslingual.framing.claims import _AttributedText, find_claims
from crosslingual.report.html_context import PageContext
from crosslingual.types import Article, Cell, Comparison, Statement
from tests.helpers import framing_samples

TEXTS = {
    "one": "渡轮将于周五恢复。据当地媒体5日报道，渡轮将于周五恢复。",
    "two": "“The ferry will run again on Friday. Nobody need wait,” the harbour master said. The weather is fine.",
    "three": "The ferry will run again on Friday.",
}
SENTENCES = {
    "one": ("渡轮将于周五恢复。", "据当地媒体5日报道，渡轮将于周五恢复。"),
    "two": ("The ferry will run again on Friday.", "The weather is fine."),
    "three": ("The ferry will run again on Friday.",),
}


def comparison() -> Comparison:
    """A statement that three sources tell: itself and after a medium; quoted, and beside it; itself."""
    plain = framing_samples.comparison()
    articles = tuple(replace(one, text=TEXTS[one.source]) for one in plain.articles)
    cells = [cell for one in articles for cell in _make_cells(one)]
    return replace(
        plain,
        articles=articles,
        statements=(Statement("0123456789", tuple(cells), 3, 3, 1.2, 0.9),),
        exclusives=(),
    )


def _make_cells(article: Article) -> list[Cell]:
    found, position = [], 0
    for number, sentence in enumerate(SENTENCES[article.source]):
        start = article.text.index(sentence, position)
        position = start + len(sentence)
        found.append(
            Cell(article.source, article.id, number, start, position, article.lang, sentence, None, 1.0, 0.9)
        )
    return found


def test_a_sentence_is_its_sources_own_or_somebodys() -> None:
    assert [(one.sentence.source, one.speaker, one.cue) for one in find_claims(comparison())] == [
        ("one", "", ""),
        ("one", "当地媒体", "据 … 报道"),
        ("two", "the harbour master", "said"),
        ("two", "", ""),
        ("three", "", ""),
    ]


def test_a_later_content_does_not_hide_the_one_that_a_sentence_is_in() -> None:
    here = Attribution(((0, 3),), ((3, 4),), ((4, 90),))
    later = Attribution(((50, 52),), ((52, 53),), ((54, 80),))
    assert _AttributedText.from_attributions([here, later]).find(10, 40) is here


def test_what_somebody_denies_is_not_according_to_him() -> None:
    plain = comparison()
    text = "The harbour master denied that the ferry will run again on Friday."
    articles = tuple(replace(one, text=text, lang="en") for one in plain.articles)
    cell = Cell("two", articles[1].id, 0, 0, len(text), "en", text, None, 1.0, 0.9)
    statement = Statement("0123456789", (cell,), 1, 1, 1.2, 0.9)
    one = replace(plain, articles=articles, statements=(statement,))
    assert [(claim.speaker, claim.cue) for claim in find_claims(one)] == [("", "")]


def test_a_wish_does_not_make_a_sentence_anothers() -> None:
    plain = comparison()
    text = "The harbour master wants to run the ferry again on Friday."
    article = replace(plain.articles[2], text=text)
    cell = Cell("three", article.id, 0, 0, len(text), "en", text, None, 1.0, 0.9)
    one = replace(
        plain,
        articles=(*plain.articles[:2], article),
        statements=(replace(plain.statements[0], cells=(cell,)),),
    )
    assert [claim.cue for claim in find_claims(one)] == [""]


def test_the_page_shows_what_some_say_and_others_attribute_first() -> None:
    of = comparison()
    (own,) = of.statements
    own = replace(own, cells=(*own.cells[:3], own.cells[4]))
    agreed = replace(own, id="9876543210", cells=own.cells[1:3])
    of = replace(of, statements=(agreed, own))
    framing = replace(framing_samples.framing(of), claims=find_claims(of))
    rows, total = PageContext(of, framing, "en").claim_rows()
    assert [statement for statement, _ in rows] == ["0123456789", "9876543210"]
    assert total == 2
    assert {id_: len(claims) for id_, claims in rows[0][1].items()} == {"one": 2, "two": 1, "three": 1}
