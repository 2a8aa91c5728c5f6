"""Articles that changed at their address: the newest is the library's article, former ones lie beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from crosslingual.errors import NotFoundError
from crosslingual.library.content import content_key, normalize_text
from crosslingual.library.database import Repository, replace_surrogates
from crosslingual.library.history import OperationDraft, change_value, delete_recorded, record_change
from crosslingual.library.session import Session
from crosslingual.types import Article, Sentence

MIN_SHARED_SENTENCES = 0.2
"""Share of the sentences of the shorter of two texts at one address that make them versions of one article."""
_MIN_SENTENCE_CHARS = 12
"""Letters and digits of a sentence below which it stands in any article."""
_COPIED_COLUMNS = "number, id, lang, text, title, date, url, author, content_hash"
_Span = tuple[int, int, int, str]
"""Index, start, end and language of a sentence."""
_Moves = Mapping[tuple[int, int], int]
"""Where sentences of a former version (start, end) begin in the newest, which has them word for word."""


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """A text that stood at an article's address, with its ``sentences``.

    ``replaced_at`` is when the library was given the text that came after it, UTC, ISO 8601; empty of the newest.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    replaced_at: str = ""


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """An ``article`` that has former versions, ``n_versions`` with itself, and when it last changed (UTC)."""

    article: Article
    n_versions: int
    changed_at: str


class VersionRepository(Repository):
    """Former versions of articles. No search, comparison or count sees them, and they are no copies."""

    def load_versions(self, article_id: str) -> list[ArticleVersion]:
        """All versions of an article, the newest last; ``article_id`` is the id of any of them.

        Raises:
            NotFoundError: the library has no such article.
        """
        with self._db.read_transaction() as db:
            number = _find_newest(db, article_id)
            if not number:
                raise NotFoundError(
                    f"{self.name}: no article {article_id[:80]!r}; crosslingual versions lists those that changed"
                )
            source, *fields = db.execute(
                "SELECT source_id, lang, text, title, date, url, author FROM articles WHERE number = ?",
                (number,),
            ).fetchone()
            spans = db.execute(
                """SELECT sentence_index, start, "end", lang FROM sentences
                WHERE article_number = ? ORDER BY sentence_index""",
                (number,),
            ).fetchall()
            newest = _make_version(Article(source, *fields), spans, "")
            rows = db.execute(
                """SELECT lang, text, title, date, url, author, spans, replaced_at FROM article_versions
                WHERE newest_number = ? ORDER BY replaced_at, number""",
                (number,),
            )
            former = [
                _make_version(Article(source, *article), json.loads(own_spans), replaced_at)
                for *article, own_spans, replaced_at in rows
            ]
        # What was published earlier may have been added later.
        former.sort(key=lambda version: version.article.date[:10])
        return [*former, newest]

    def changed_articles(self, ids: Iterable[str] | None = None) -> dict[str, str]:
        """The articles that have former versions, with when they last changed, UTC.

        By default all; with ``ids`` those of which one of these is a version, the newest or a former one.
        """
        wanted = None if ids is None else list(ids)
        condition = """WHERE newest_number IN (SELECT number FROM articles WHERE id IN (?texts))
            OR newest_number IN (SELECT newest_number FROM article_versions WHERE id IN (?texts))"""
        if wanted is None:
            condition = ""
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"""SELECT articles.id, max(replaced_at) FROM article_versions
                JOIN articles ON articles.number = newest_number {condition}
                GROUP BY articles.number, articles.id ORDER BY articles.number""",  # noqa: S608  # own texts
                () if wanted is None else (wanted, wanted),
            )
            return dict(rows.fetchall())

    def list_changed(self) -> list[ChangedArticle]:
        """The articles that have former versions, those that changed last first."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT source_id, lang, text, title, date, url, author, n_former, changed_at FROM articles
                JOIN (SELECT newest_number, count(*) AS n_former, max(replaced_at) AS changed_at
                    FROM article_versions GROUP BY newest_number) AS former ON number = newest_number
                ORDER BY changed_at DESC, number DESC"""
            )
            return [
                ChangedArticle(Article(*fields), n_former + 1, changed_at)
                for *fields, n_former, changed_at in rows
            ]

    def articles_at(self, url: str) -> list[str]:
        """The ids of the articles whose address, or that of a former version, is ``url``."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT id FROM articles WHERE url = ? OR number IN (
                    SELECT newest_number FROM article_versions WHERE url = ?) ORDER BY number""",
                (replace_surrogates(url), replace_surrogates(url)),
            )
            return [id_ for (id_,) in rows]

    def find_former(self, articles: Sequence[Article]) -> dict[str, str]:
        """Those of ``articles`` whose text is a former version's, by their ids, with the ids of the newest."""
        keys = {article.id: content_key(article.text, article.title) for article in articles}
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT article_versions.content_hash, article_versions.id, source_id, articles.id
                FROM article_versions JOIN articles ON articles.number = newest_number
                WHERE article_versions.content_hash IN (?texts) OR article_versions.id IN (?texts)""",
                (list(set(keys.values())), list(keys)),
            ).fetchall()
        by_content = {(key, source): newest for key, _, source, newest in rows}
        by_id = {(id_, source): newest for _, id_, source, newest in rows}
        found = {
            article.id: by_content.get((keys[article.id], article.source))
            or by_id.get((article.id, article.source))
            for article in articles
        }
        return {id_: newest for id_, newest in found.items() if newest}


def _find_newest(db: Session, article_id: str) -> int:
    """The number of the article of which ``article_id`` is a version; 0 where there is none."""
    id_ = replace_surrogates(article_id)
    row = db.execute(
        """SELECT number FROM articles WHERE id = ? UNION ALL
        SELECT newest_number FROM article_versions WHERE id = ? LIMIT 1""",
        (id_, id_),
    ).fetchone()
    return int(row[0]) if row else 0


def _make_version(article: Article, spans: Iterable[_Span], replaced_at: str) -> ArticleVersion:
    sentences = (
        Sentence(article.id, index, start, end, article.text[start:end], lang)
        for index, start, end, lang in spans
    )
    return ArticleVersion(article, tuple(sentences), replaced_at)


def supersede_articles(db: Session, operation: OperationDraft, numbers: Sequence[int]) -> None:
    """Have the articles of these ``numbers``, just stored, replace those that they are newer versions of.

    A version has its source and address, and its title or a part of its sentences. One that is dated earlier
    than what is there goes behind that.
    """
    rows = db.execute(
        "SELECT number, source_id, url FROM articles WHERE number IN (?numbers) AND url <> '' ORDER BY number",
        (list(numbers),),
    ).fetchall()
    new = [(number, source, url) for number, source, url in rows if _names_article(url)]
    held: dict[tuple[str, str], list[int]] = {}
    for number, source, url in db.execute(
        "SELECT number, source_id, url FROM articles WHERE url IN (?texts) ORDER BY number",
        (sorted({url for *_, url in new}),),
    ):
        held.setdefault((source, url), []).append(number)
    for number, source, url in new:
        for other in held[source, url]:
            if other >= number:
                break
            _supersede(db, operation, other, number)


def delete_versions(db: Session, operation: OperationDraft, number: int) -> None:
    """Delete the former versions of the article ``number``, which goes, too."""
    rows = db.execute("SELECT number FROM article_versions WHERE newest_number = ?", (number,)).fetchall()
    for (former,) in rows:
        delete_recorded(db, operation, "article_versions", {"number": former, "newest_number": number})


def move_versions(db: Session, operation: OperationDraft, number: int, newest: int) -> None:
    """Make the former versions of the article ``number`` those of the article ``newest``."""
    rows = db.execute("SELECT number FROM article_versions WHERE newest_number = ?", (number,)).fetchall()
    for (former,) in rows:
        change_value(db, operation, "article_versions", ("number", former), "newest_number", newest)


def _names_article(url: str) -> bool:
    """Whether an address is more than that of a site, which many articles may be given."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)


def _supersede(db: Session, operation: OperationDraft, number: int, new_number: int) -> None:
    """Replace one article by the other, the earlier dated by the later, where they are versions of one."""
    rows = {one: _load_row(db, one) for one in (number, new_number)}
    old, new = rows[number], rows[new_number]
    if old is None or new is None:  # replaced itself just now
        return
    spans = {one: _load_spans(db, one) for one in (number, new_number)}
    if not _are_versions(old, new, spans[number], spans[new_number]):
        return
    is_earlier = bool(new["date"]) and new["date"][:10] < old["date"][:10]
    former, newest = (new, old) if is_earlier else (old, new)
    _replace(db, operation, former, newest, spans[former["number"]], spans[newest["number"]])


def _load_row(db: Session, number: int) -> dict[str, Any] | None:
    row = db.execute(f"SELECT {_COPIED_COLUMNS} FROM articles WHERE number = ?", (number,)).fetchone()  # noqa: S608
    return row and dict(zip(_COPIED_COLUMNS.split(", "), row, strict=True))


def _load_spans(db: Session, number: int) -> list[_Span]:
    return [
        tuple(row)
        for row in db.execute(
            """SELECT sentence_index, start, "end", lang FROM sentences
            WHERE article_number = ? ORDER BY sentence_index""",
            (number,),
        )
    ]


def _are_versions(
    old: Mapping[str, Any], new: Mapping[str, Any], old_spans: Sequence[_Span], new_spans: Sequence[_Span]
) -> bool:
    title = normalize_text(old["title"])
    if title and title == normalize_text(new["title"]) and old["date"][:10] == new["date"][:10]:
        return True
    sides = [
        {
            key
            for _, start, end, _ in spans
            if len(key := normalize_text(row["text"][start:end])) >= _MIN_SENTENCE_CHARS
        }
        for row, spans in ((old, old_spans), (new, new_spans))
    ]
    shared = len(sides[0] & sides[1])
    return shared > 0 and shared >= MIN_SHARED_SENTENCES * min(map(len, sides))


def _replace(
    db: Session,
    operation: OperationDraft,
    former: Mapping[str, Any],
    newest: Mapping[str, Any],
    spans: Sequence[_Span],
    newest_spans: Sequence[_Span],
) -> None:
    number, newest_number = former["number"], newest["number"]
    move_versions(db, operation, number, newest_number)
    # The newest stands where the former stood, also where a person put it.
    db.execute(
        """UPDATE event_articles SET (event_number, centrality) = (
            SELECT event_number, centrality FROM event_articles WHERE article_number = ?)
        WHERE article_number = ? AND event_number IS NULL
        AND EXISTS (SELECT 1 FROM event_articles WHERE article_number = ?)""",
        (number, newest_number, number),
    )
    moves = _find_moves(former["text"], spans, newest["text"], newest_spans)
    _move_corrections(db, operation, former["id"], newest["id"], moves)
    _move_codings(db, operation, former["id"], newest["id"], moves)
    delete_recorded(db, operation, "articles", {"number": number})
    row = {
        **former,
        "newest_number": newest_number,
        "spans": json.dumps(spans),
        "replaced_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    db.execute(
        f"INSERT INTO article_versions ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
        tuple(row.values()),
    )
    after = {"number": number, "newest_number": newest_number}
    record_change(db, operation, "article_versions", None, after)


def _find_moves(text: str, spans: Sequence[_Span], newest_text: str, newest_spans: Sequence[_Span]) -> _Moves:
    places: dict[str, list[int]] = {}
    for _, start, end, _ in newest_spans:
        places.setdefault(newest_text[start:end], []).append(start)
    moves = {}
    for _, start, end, _ in spans:
        if left := places.get(text[start:end]):
            moves[start, end] = left.pop(0)
    return moves


def _shift(start: int, end: int, moves: _Moves) -> int | None:
    """How far the passage from ``start`` to ``end`` moves; None where it is in no sentence that is there still."""
    return next(
        (place - first for (first, last), place in moves.items() if first <= start and end <= last), None
    )


def _move_corrections(
    db: Session, operation: OperationDraft, old_id: str, new_id: str, moves: _Moves
) -> None:
    rows = db.execute(
        "SELECT correction_number, side, start FROM corrected_sentences WHERE article_id = ?", (old_id,)
    ).fetchall()
    for number, side, start in rows:
        shift = _shift(start, start + 1, moves)
        if shift is None:
            continue
        before = {"correction_number": number, "side": side, "article_id": old_id, "start": start}
        after = before | {"article_id": new_id, "start": start + shift}
        db.execute(
            """UPDATE corrected_sentences SET article_id = ?, start = ?
            WHERE correction_number = ? AND side = ? AND article_id = ? AND start = ?""",
            (new_id, start + shift, *before.values()),
        )
        record_change(db, operation, "corrected_sentences", before, after)


def _move_codings(db: Session, operation: OperationDraft, old_id: str, new_id: str, moves: _Moves) -> None:
    for table in ("coding_passages", "codings"):
        rows = db.execute(
            f'SELECT number, start, "end" FROM {table} WHERE article_id = ?',  # noqa: S608  # own names
            (old_id,),
        ).fetchall()
        for number, start, end in rows:
            shift = _shift(start, end, moves)
            if shift is None:
                continue
            db.execute(
                f'UPDATE {table} SET article_id = ?, start = ?, "end" = ? WHERE number = ?',  # noqa: S608
                (new_id, start + shift, end + shift, number),
            )
            before, after = (
                {"number": number, "article_id": id_, "start": start + by, "end": end + by}
                for id_, by in ((old_id, 0), (new_id, shift))
            )
            record_change(db, operation, table, before, after)
