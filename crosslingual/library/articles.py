"""What a library holds of articles: their texts and sentences."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from crosslingual.errors import NotFoundError, VectorsMissingError
from crosslingual.library.content import content_key
from crosslingual.library.history import OperationDraft, delete_recorded, record_change
from crosslingual.library.session import Session
from crosslingual.library.sources import find_merged_sources
from crosslingual.library.vectors import VectorRepository
from crosslingual.library.versions import VersionRepository, delete_versions, supersede_articles
from crosslingual.types import Article, FloatArray, Sentence

_ARTICLE_COLUMNS = "source_id, lang, text, title, date, url, author"  # the fields of Article, in its order
_OPENING_CHARS = 80
_ID_CONDITION = "id IN (?texts)"


class ArticleRepository(VectorRepository, VersionRepository):
    """An article goes in with the vectors of its sentences, or not at all."""

    def existing_ids(self, ids: Iterable[str]) -> set[str]:
        """Those of the article ids that the library holds."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"SELECT id FROM articles WHERE {_ID_CONDITION}",  # noqa: S608  # own constant
                (list(ids),),
            )
            return {id_ for (id_,) in rows}

    def existing_urls(self, urls: Iterable[str]) -> set[str]:
        """Those of ``urls`` that are the link of an article."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                "SELECT DISTINCT url FROM articles WHERE url IN (?texts)",
                (list(urls),),
            )
            return {url for (url,) in rows}

    def find_existing(self, articles: Sequence[Article]) -> dict[str, str]:
        """Those of ``articles`` that the library holds, by their ids, with the ids that they have there.

        It holds a text if the same source has it in whatever formatting, with or without its heading; that of a
        former version has the id of the newest.
        """
        keys = {article.id: content_key(article.text, article.title) for article in articles}
        found = {id_: id_ for id_ in self.existing_ids(keys)}
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT content_hash, source_id, id FROM articles
                WHERE content_hash IN (?texts) ORDER BY number DESC""",
                (list(set(keys.values())),),
            )
            stored = {(key, source_id): id_ for key, source_id, id_ in rows}
        for article in articles:
            if same := stored.get((keys[article.id], article.source)):
                found.setdefault(article.id, same)
        return self.find_former(articles) | found

    def add_articles(
        self,
        articles: Sequence[tuple[Article, Sequence[Sentence]]],
        model: str,
        texts: Sequence[str],
        vectors: FloatArray,
        tokens: Mapping[str, Sequence[bytes]] | None = None,
        operation: OperationDraft | None = None,
    ) -> int:
        """Store articles with their sentences, vectors and tokens, all or nothing; return how many were new.

        One that is a newer version of an article takes its place, and the former is kept beside it.

        Args:
            articles: the articles, whose sources are stored already, each with its sentences.
            model: name of the encoder.
            texts: sentences and titles, n of them.
            vectors: their vectors, (n, d).
            tokens: under each key their packed tokens.
            operation: what this is part of; without one it cannot be undone, and replaces no version.

        Raises:
            VectorsMissingError: a sentence or title of the batch has no vector, here or in the library.
            LibraryError: an article's source is not stored; the disk is full.
        """
        # Two that replace the same article must see one another.
        replaces = bool(self.existing_urls({article.url for article, _ in articles if article.url}))
        with self._db.write_transaction(is_shared=not replaces) as db:
            # A merge may have come between what was read and this.
            merged = find_merged_sources(db)
            current = [
                (replace(one, source=merged[one.source]) if one.source in merged else one, sentences)
                for one, sentences in articles
            ]
            numbers = _insert_articles(db, current)
            if operation:
                for number in numbers:
                    record_change(db, operation, "articles", None, {"number": number})
            self._put_vectors(db, model, texts, vectors)
            for key, packed in (tokens or {}).items():
                self._put_tokens(db, key, texts, packed)
            needed = [text for article, sentences in articles for text in encodable_texts(article, sentences)]
            if missing := self._texts_without(db, model, needed):
                raise VectorsMissingError(
                    f"{self.name}: {len(missing)} of {len(needed)} sentences came without a vector of"
                    f" {model}; nothing of the batch was stored"
                )
            if operation:
                supersede_articles(db, operation, numbers)
        return len(numbers)

    def load_articles(self, ids: Iterable[str] | None = None) -> list[Article]:
        """The articles with these ids, in their order; without ids all, in the order they came in.

        Raises:
            NotFoundError: the library lacks one of them.
        """
        with self._db.read_transaction() as db:
            if ids is None:
                rows = db.execute(f"SELECT {_ARTICLE_COLUMNS} FROM articles ORDER BY number")  # noqa: S608  # own constant
                return [Article(*row) for row in rows]
            wanted = list(ids)
            rows = db.execute(
                f"SELECT id, {_ARTICLE_COLUMNS} FROM articles WHERE {_ID_CONDITION}",  # noqa: S608
                (wanted,),
            )
            found = {id_: Article(*row) for id_, *row in rows}
        self._check_found(wanted, found)
        return [found[id_] for id_ in wanted]

    def check_articles(self, ids: Sequence[str]) -> None:
        """Make sure that the library has all of these articles; no text is read.

        Raises:
            NotFoundError: it lacks one of them.
        """
        self._check_found(ids, self.existing_ids(ids))

    def _check_found(self, wanted: Sequence[str], found: Container[str]) -> None:
        for id_ in wanted:
            if id_ not in found:
                raise NotFoundError(
                    f"{self.name}: no article {id_!r}; crosslingual events --json lists what is there"
                )

    def article_ids(self) -> list[str]:
        """The ids of all articles, in the order they came in."""
        with self._db.read_transaction() as db:
            return [id_ for (id_,) in db.execute("SELECT id FROM articles ORDER BY number")]

    def text_openings(self, ids: Iterable[str]) -> dict[str, str]:
        """The first characters of these articles' texts, by their ids; unknown ids are left out."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"SELECT id, substr(text, 1, {_OPENING_CHARS}) FROM articles WHERE {_ID_CONDITION}",  # noqa: S608
                (list(ids),),
            )
            return dict(rows.fetchall())

    def article_sources(self, ids: Iterable[str]) -> dict[str, str]:
        """The ids of these articles' sources, by the articles' ids, in their order; unknown ones are left out."""
        wanted = list(ids)
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"SELECT id, source_id FROM articles WHERE {_ID_CONDITION}",  # noqa: S608  # own constant
                (wanted,),
            )
            found = dict(rows.fetchall())
        return {id_: found[id_] for id_ in wanted if id_ in found}

    @property
    def last_article_number(self) -> int:
        """The last number that was given to an article; none is given twice."""
        with self._db.read_transaction() as db:
            return db.last_article_number()

    def newest_article_number(self) -> int:
        """The greatest number of an article that the library has now, 0 without any."""
        with self._db.read_transaction() as db:
            (found,) = db.execute("SELECT coalesce(max(number), 0) FROM articles").fetchone()
            return int(found)

    def remove_articles(self, ids: Iterable[str]) -> int:
        """Take articles out, with sentences and former versions; return how many there were. It can be undone."""
        with self._db.write_transaction() as db:
            numbers = db.execute(
                f"SELECT number FROM articles WHERE {_ID_CONDITION}",  # noqa: S608  # own constant
                (list(ids),),
            ).fetchall()
            operation = OperationDraft(
                "remove", f"{len(numbers):,} {'article' if len(numbers) == 1 else 'articles'} removed"
            )
            for (number,) in numbers:
                delete_versions(db, operation, number)
                delete_recorded(db, operation, "articles", {"number": number})
            return len(numbers)

    def load_sentences(self, ids: Iterable[str]) -> dict[str, tuple[Sentence, ...]]:
        """The sentences of each of these articles, in their order; unknown ids are left out."""
        wanted = list(ids)
        found: dict[str, list[Sentence]] = {}
        with self._db.read_transaction() as db:
            texts = db.execute(
                f"SELECT number, id, text FROM articles WHERE {_ID_CONDITION}",  # noqa: S608  # own constant
                (wanted,),
            )
            articles = {number: (id_, text) for number, id_, text in texts}
            rows = db.execute(
                """SELECT article_number, sentence_index, start, "end", lang FROM sentences
                WHERE article_number IN (?numbers)
                ORDER BY article_number, sentence_index""",
                (list(articles),),
            )
            for number, index, start, end, lang in rows:
                id_, text = articles[number]
                found.setdefault(id_, []).append(Sentence(id_, index, start, end, text[start:end], lang))
        stored_ids = {id_ for id_, _ in articles.values()}
        return {id_: tuple(found.get(id_, ())) for id_ in wanted if id_ in stored_ids}


def encodable_texts(article: Article, sentences: Iterable[Sentence]) -> list[str]:
    """The texts of an article that have vectors: its sentences, and its title if it has one."""
    texts = [sentence.text for sentence in sentences]
    return [*texts, article.title] if article.title else texts


def _insert_articles(db: Session, articles: Iterable[tuple[Article, Sequence[Sentence]]]) -> list[int]:
    """Insert those of ``articles`` that are not there; the numbers that they got, in their order."""
    batch: dict[str, tuple[Article, Sequence[Sentence]]] = {}
    for article, sentences in articles:
        batch.setdefault(article.id, (article, sentences))
    known = db.execute(f"SELECT id FROM articles WHERE {_ID_CONDITION}", (list(batch),)).fetchall()  # noqa: S608
    for (id_,) in known:
        del batch[id_]
    numbers = dict(zip(batch, db.take_article_numbers(len(batch)), strict=True))
    # In the order of their ids: two processes that add the same articles do not wait for one another in turn.
    db.executemany(
        f"""INSERT INTO articles (number, id, {_ARTICLE_COLUMNS}, content_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO NOTHING""",  # noqa: S608  # own constant
        [_article_row(numbers[id_], batch[id_][0]) for id_ in sorted(batch)],
    )
    rows = db.execute("SELECT number FROM articles WHERE number IN (?numbers)", (list(numbers.values()),))
    made = {number for (number,) in rows}  # another process may have been first with some
    db.executemany(  # to be grouped
        "INSERT INTO event_articles (article_number) VALUES (?)", [(number,) for number in sorted(made)]
    )
    db.executemany(
        """INSERT INTO sentences (article_number, sentence_index, start, "end", lang) VALUES (?, ?, ?, ?, ?)""",
        (
            (numbers[id_], one.index, one.start, one.end, one.lang)
            for id_, (_, sentences) in batch.items()
            if numbers[id_] in made
            for one in sentences
        ),
    )
    return sorted(made)


def _article_row(number: int, article: Article) -> tuple[int | str, ...]:
    fields = (article.source, article.lang, article.text, article.title, article.date, article.url)
    return (number, article.id, *fields, article.author, content_key(article.text, article.title))
