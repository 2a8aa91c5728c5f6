"""What a library holds: sources, articles, sentences, vectors and corrections."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from crosslingual.errors import LibraryError, NotFoundError, VectorsMissingError
from crosslingual.library.database import Database, content_hash
from crosslingual.library.memory import Memory
from crosslingual.library.places import Places
from crosslingual.types import Article, Correction, FloatArray, Sentence, Source


class Library:
    """A folder with one SQLite file in it: the truth from which every index is derived.

    Every write is one transaction that has reached the disk when the call returns; whatever ends the
    process, the library opens again with all that was written. Readers never wait for a writer.
    One object may be shared by threads, a library by processes. ``memory`` holds the translations,
    ``places`` reads what a search needs.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        """Open the library in folder ``path``, by default making it where there is none.

        Raises:
            LibraryError: there is no library, it is damaged, newer than this version, or cannot be written.
        """
        self.path = path
        self._db = Database(path, create=create)
        self.memory = Memory(self._db)
        self.places = Places(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def revision(self) -> str:
        """Changes whenever the content does, and never repeats: the key for caches of what was read."""
        with self._db.reading() as db:
            identity, revision = db.execute("SELECT identity, revision FROM state").fetchone()
        return f"{identity}-{revision}"

    def sources(self) -> list[Source]:
        """The outlets, by id."""
        with self._db.reading() as db:
            rows = db.execute("SELECT record FROM sources ORDER BY id").fetchall()
        return [_source(json.loads(record)) for (record,) in rows]

    def put_sources(self, sources: Iterable[Source]) -> None:
        """Store outlets; what was known under the same id is replaced."""
        with self._db.writing() as db:
            db.executemany(
                """INSERT INTO sources VALUES (?, ?)
                ON CONFLICT DO UPDATE SET record = excluded.record WHERE record <> excluded.record""",
                ((source.id, json.dumps(asdict(source), ensure_ascii=False)) for source in sources),
            )

    def known(self, ids: Iterable[str]) -> set[str]:
        """Those of the article ids that the library holds."""
        with self._db.reading() as db:
            rows = db.execute(
                "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            )
            return {id_ for (id_,) in rows}

    def add(
        self,
        batch: Sequence[tuple[Article, Sequence[Sentence]]],
        model: str,
        texts: Sequence[str],
        matrix: FloatArray,
        tokens: tuple[str, Sequence[bytes]] | None = None,
    ) -> int:
        """Store articles with their sentences, vectors and tokens, all or nothing; return how many were new.

        Args:
            batch: articles, whose sources are stored already, each with its sentences.
            model: name of the encoder.
            texts: sentences and titles, n of them.
            matrix: their vectors, (n, d).
            tokens: the key of their packed tokens, and those.

        Raises:
            LibraryError: a sentence or title of the batch has no vector, here or in the library; an
                article's source is not stored; the disk is full.
        """
        with self._db.writing() as db:
            stored = 0
            for article, sentences in batch:
                cursor = db.execute(
                    """INSERT INTO articles (id, source, lang, text, title, date, url)
                    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING""",
                    (
                        article.id,
                        article.source,
                        article.lang,
                        article.text,
                        article.title,
                        article.date,
                        article.url,
                    ),
                )
                if cursor.rowcount:
                    stored += 1
                    number = cursor.lastrowid
                    db.executemany(
                        "INSERT INTO sentences VALUES (?, ?, ?, ?)",
                        ((number, sentence.index, sentence.start, sentence.end) for sentence in sentences),
                    )
            self._put_vectors(db, model, texts, matrix)
            if tokens:
                self._put_tokens(db, tokens[0], texts, tokens[1])
            needed = [text for article, sentences in batch for text in encodable(article, sentences)]
            if missing := self._missing(db, model, needed):
                raise LibraryError(
                    f"{self.path}: {len(missing)} of {len(needed)} sentences came without a vector of"
                    f" {model}; nothing of the batch was stored"
                )
        return stored

    def articles(self, ids: Iterable[str] | None = None) -> list[Article]:
        """The articles with these ids, in their order; without ids all, in the order they came in.

        Raises:
            NotFoundError: the library lacks one of them.
        """
        with self._db.reading() as db:
            if ids is None:
                rows = db.execute(f"SELECT {_ARTICLE} FROM articles ORDER BY number")  # noqa: S608  # own constant
                return [Article(*row) for row in rows]
            wanted = list(ids)
            rows = db.execute(
                f"SELECT id, {_ARTICLE} FROM articles WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
                (json.dumps(wanted),),
            )
            found = {id_: Article(*row) for id_, *row in rows}
        for id_ in wanted:
            if id_ not in found:
                raise NotFoundError(
                    f"{self.path}: no article {id_!r}; crosslingual events --json lists what is there"
                )
        return [found[id_] for id_ in wanted]

    def ids(self) -> list[str]:
        """The ids of all articles, in the order they came in."""
        with self._db.reading() as db:
            return [id_ for (id_,) in db.execute("SELECT id FROM articles ORDER BY number")]

    def remove(self, ids: Iterable[str]) -> int:
        """Take articles out, with their sentences; return how many there were."""
        with self._db.writing() as db:
            return db.execute(
                "DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
            ).rowcount

    def sentences(self, ids: Iterable[str]) -> dict[str, tuple[Sentence, ...]]:
        """The sentences of each of these articles, in their order; unknown ids are left out."""
        wanted = list(ids)
        found: dict[str, list[Sentence]] = {}
        with self._db.reading() as db:
            texts = db.execute(
                "SELECT number, id, text FROM articles WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(wanted),),
            )
            articles = {number: (id_, text) for number, id_, text in texts}
            rows = db.execute(
                """SELECT article, position, start, "end" FROM sentences
                WHERE article IN (SELECT value FROM json_each(?)) ORDER BY article, position""",
                (json.dumps(list(articles)),),
            )
            for number, index, start, end in rows:
                id_, text = articles[number]
                found.setdefault(id_, []).append(Sentence(id_, index, start, end, text[start:end]))
        held = {id_ for id_, _ in articles.values()}
        return {id_: tuple(found.get(id_, ())) for id_ in wanted if id_ in held}

    def vectors(self, model: str, texts: Sequence[str]) -> FloatArray:
        """The vectors of ``texts``, (n, d) in their order, of unit length.

        Raises:
            LibraryError: a text has no vector of this model.
        """
        hashes = [content_hash(text) for text in texts]
        with self._db.reading() as db:
            number, dimensions = self._model(db, model)
            found = dict(
                db.execute(
                    """SELECT hash, vector FROM vectors
                    WHERE model = ? AND hash IN (SELECT value FROM json_each(?))""",
                    (number, json.dumps(hashes)),
                ).fetchall()
            )
        if absent := sum(key not in found for key in hashes):
            raise VectorsMissingError(
                f"{self.path}: {absent} of {len(texts)} sentences have no vector of {model}; they were added"
                " with another encoder: run crosslingual events with this one, which makes them"
            )
        rows = np.frombuffer(b"".join([found[key] for key in hashes]), "<f2")
        matrix = rows.reshape(len(texts), dimensions).astype(np.float32)
        # Half precision leaves lengths of 1 ± 0.001; products of rows are read as cosines.
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        unit: FloatArray = np.divide(matrix, lengths, out=matrix, where=lengths > 0)
        return unit

    def missing(self, model: str, texts: Iterable[str]) -> list[str]:
        """Those of ``texts`` that have no vector of this model, each once, in their order."""
        with self._db.reading() as db:
            return self._missing(db, model, texts)

    def put_vectors(self, model: str, texts: Sequence[str], matrix: FloatArray) -> None:
        """Store the vectors of ``texts``, (n, d); what has one of this model keeps it.

        Raises:
            LibraryError: the matrix does not fit the texts or the model's other vectors, or is not finite.
        """
        with self._db.writing() as db:
            self._put_vectors(db, model, texts, matrix)

    def tokens(self, key: str, texts: Sequence[str]) -> list[bytes]:
        """The packed tokens of ``texts``, in their order, stored under ``key``.

        Raises:
            VectorsMissingError: a text has none.
        """
        hashes = [content_hash(text) for text in texts]
        with self._db.reading() as db:
            found = dict(
                db.execute(
                    """SELECT hash, packed FROM tokens
                    WHERE model = (SELECT number FROM models WHERE name = ?)
                    AND hash IN (SELECT value FROM json_each(?))""",
                    (key, json.dumps(hashes)),
                ).fetchall()
            )
        if absent := sum(hash_ not in found for hash_ in hashes):
            raise VectorsMissingError(
                f"{self.path}: {absent} of {len(texts)} sentences have no token vectors; they were added"
                " by an earlier version or with another encoder: run crosslingual compare, which makes them"
            )
        return [found[hash_] for hash_ in hashes]

    def without_tokens(self, key: str, texts: Iterable[str]) -> list[str]:
        """Those of ``texts`` that have no tokens under ``key``, each once, in their order."""
        with self._db.reading() as db:
            return self._missing(db, key, texts, "tokens")

    def put_tokens(self, key: str, texts: Sequence[str], packed: Sequence[bytes]) -> None:
        """Store the packed tokens of ``texts`` under ``key``; what has some keeps them."""
        with self._db.writing() as db:
            self._put_tokens(db, key, texts, packed)

    def put_corrections(self, corrections: Iterable[Correction]) -> None:
        """Store what a person says of sentences that belong together or do not, all or nothing.

        Raises:
            LibraryError: a correction with one of their ids is there already.
        """
        with self._db.writing() as db:
            for correction in corrections:
                cursor = db.execute(
                    "INSERT INTO corrections (id, kind, made) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    (correction.id, correction.kind, correction.made),
                )
                if not cursor.rowcount:
                    raise LibraryError(
                        f"{self.path}: correction {correction.id} is stored already; undo it first"
                    )
                db.executemany(
                    "INSERT OR IGNORE INTO corrected VALUES (?, ?, ?, ?)",
                    (
                        (cursor.lastrowid, number, article, start)
                        for number, side in enumerate((correction.one, correction.other))
                        for article, start in side
                    ),
                )

    def corrections(self, articles: Iterable[str] | None = None) -> list[Correction]:
        """Corrections, oldest first: those that name one of ``articles``; without these all."""
        with self._db.reading() as db:
            chosen = "SELECT number, id, kind, made FROM corrections"
            given: tuple[str, ...] = ()
            if articles is not None:
                chosen += """ WHERE number IN (SELECT correction FROM corrected
                    WHERE article IN (SELECT value FROM json_each(?)))"""
                given = (json.dumps(list(articles)),)
            found = db.execute(f"{chosen} ORDER BY number", given).fetchall()
            sides: dict[tuple[int, int], list[tuple[str, int]]] = {}
            rows = db.execute(
                """SELECT correction, side, article, start FROM corrected
                WHERE correction IN (SELECT value FROM json_each(?))
                ORDER BY correction, side, article, start""",
                (json.dumps([number for number, *_ in found]),),
            )
            for number, side, article, start in rows:
                sides.setdefault((number, side), []).append((article, start))
        return [
            Correction(id_, kind, tuple(sides.get((number, 0), ())), tuple(sides.get((number, 1), ())), made)
            for number, id_, kind, made in found
        ]

    def remove_corrections(self, ids: Iterable[str]) -> int:
        """Take corrections back, all at once; how many there were."""
        with self._db.writing() as db:
            return db.execute(
                "DELETE FROM corrections WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(list(ids)),),
            ).rowcount

    def _model(self, db: sqlite3.Connection, name: str) -> tuple[int, int]:
        """Number and dimensions."""
        row = db.execute("SELECT number, dimensions FROM models WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise VectorsMissingError(
                f"{self.path}: holds no vectors of {name}; run crosslingual events with this encoder, which"
                " makes them, or choose the one they were added with"
            )
        return int(row[0]), int(row[1])

    def _put_vectors(
        self, db: sqlite3.Connection, model: str, texts: Sequence[str], matrix: FloatArray
    ) -> None:
        if matrix.ndim != 2 or len(matrix) != len(texts) or not np.isfinite(matrix).all():
            raise LibraryError(
                f"{model}: gave a matrix of shape {matrix.shape} for {len(texts)} sentences, or numbers"
                " that are not finite; use another encoder"
            )
        if not len(texts):
            return
        db.execute(
            "INSERT INTO models (name, dimensions) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (model, matrix.shape[1]),
        )
        number, dimensions = self._model(db, model)
        if dimensions != matrix.shape[1]:
            raise LibraryError(
                f"{model}: gave vectors of {matrix.shape[1]} dimensions, the library has {dimensions} of it;"
                " give the changed model another name"
            )
        db.executemany(
            "INSERT INTO vectors VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (
                (number, content_hash(text), row.tobytes())
                for text, row in zip(texts, matrix.astype("<f2"), strict=True)
            ),
        )

    def _put_tokens(
        self, db: sqlite3.Connection, key: str, texts: Sequence[str], packed: Sequence[bytes]
    ) -> None:
        db.execute("INSERT INTO models (name, dimensions) VALUES (?, 0) ON CONFLICT DO NOTHING", (key,))
        number, _ = self._model(db, key)
        db.executemany(
            "INSERT INTO tokens VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            ((number, content_hash(text), one) for text, one in zip(texts, packed, strict=True)),
        )

    def _missing(
        self, db: sqlite3.Connection, model: str, texts: Iterable[str], table: str = "vectors"
    ) -> list[str]:
        wanted = {content_hash(text): text for text in texts}
        rows = db.execute(
            f"""SELECT value FROM json_each(?) WHERE value NOT IN
            (SELECT hash FROM {table} JOIN models ON number = model WHERE name = ? AND hash = value)""",  # noqa: S608
            (json.dumps(list(wanted)), model),
        )
        return [wanted[key] for (key,) in rows]


_ARTICLE = "source, lang, text, title, date, url"  # the fields of Article, in its order


def encodable(article: Article, sentences: Iterable[Sentence]) -> list[str]:
    """The texts of an article that have vectors: its sentences, and its title if it has one."""
    texts = [sentence.text for sentence in sentences]
    return [*texts, article.title] if article.title else texts


def _source(fields: dict[str, Any]) -> Source:
    lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
    return Source(**(fields | lists))
