"""What a library holds of each sentence and title by an encoder: its vector and its tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from crosslingual.errors import LibraryError, VectorsMissingError
from crosslingual.library.database import Repository, content_hash, words_for_damage
from crosslingual.library.session import Session
from crosslingual.types import FloatArray


class VectorRepository(Repository):
    """Keyed by text and model: they stay when articles go, so that nothing is encoded twice."""

    def load_vectors(self, model: str, texts: Sequence[str]) -> FloatArray:
        """The vectors of ``texts``, (n, d) in their order, of unit length.

        Raises:
            LibraryError: a text has no vector of this model.
        """
        hashes = [content_hash(text) for text in texts]
        with self._db.read_transaction() as db:
            number, dimensions = self._find_model(db, model)
            found = dict(
                db.execute(
                    """SELECT text_hash, vector FROM vectors
                    WHERE model_number = ? AND text_hash IN (?texts)""",
                    (number, hashes),
                ).fetchall()
            )
        if absent := sum(key not in found for key in hashes):
            raise VectorsMissingError(
                f"{self.name}: {absent} of {len(texts)} sentences have no vector of {model}; they were added"
                " with another encoder: run crosslingual events with this one, which makes them"
            )
        with words_for_damage(self.name):
            rows = np.frombuffer(b"".join([found[key] for key in hashes]), "<f2")
            matrix = rows.reshape(len(texts), dimensions).astype(np.float32)
        # Half precision leaves lengths of 1 ± 0.001; products of rows are read as cosines.
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        unit: FloatArray = np.divide(matrix, lengths, out=matrix, where=lengths > 0)
        return unit

    def texts_without_vectors(self, model: str, texts: Iterable[str]) -> list[str]:
        """Those of ``texts`` that have no vector of this model, each once, in their order."""
        with self._db.read_transaction() as db:
            return self._texts_without(db, model, texts)

    def put_vectors(self, model: str, texts: Sequence[str], vectors: FloatArray) -> None:
        """Store the vectors of ``texts``, (n, d); what has one of this model keeps it.

        Raises:
            LibraryError: the matrix does not fit the texts or the model's other vectors, or is not finite.
        """
        with self._db.write_transaction(is_shared=True) as db:
            self._put_vectors(db, model, texts, vectors)

    def load_tokens(self, key: str, texts: Sequence[str]) -> list[bytes]:
        """The packed tokens of ``texts``, in their order, stored under ``key``.

        Raises:
            VectorsMissingError: a text has none.
        """
        hashes = [content_hash(text) for text in texts]
        with self._db.read_transaction() as db:
            found = dict(
                db.execute(
                    """SELECT text_hash, packed_states FROM token_states
                    WHERE model_number = (SELECT number FROM models WHERE name = ?)
                    AND text_hash IN (?texts)""",
                    (key, hashes),
                ).fetchall()
            )
        if absent := sum(hash_ not in found for hash_ in hashes):
            raise VectorsMissingError(
                f"{self.name}: {absent} of {len(texts)} sentences have no token vectors; they were added"
                " by an earlier version or with another encoder: run crosslingual compare, which makes them"
            )
        return [found[hash_] for hash_ in hashes]

    def texts_without_tokens(self, key: str, texts: Iterable[str]) -> list[str]:
        """Those of ``texts`` that have no tokens under ``key``, each once, in their order."""
        with self._db.read_transaction() as db:
            return self._texts_without(db, key, texts, "token_states")

    def put_tokens(self, key: str, texts: Sequence[str], packed: Sequence[bytes]) -> None:
        """Store the packed tokens of ``texts`` under ``key``; what has some keeps them."""
        with self._db.write_transaction(is_shared=True) as db:
            self._put_tokens(db, key, texts, packed)

    def _find_model(self, db: Session, name: str) -> tuple[int, int]:
        """Number and dimensions."""
        row = db.execute("SELECT number, dimensions FROM models WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise VectorsMissingError(
                f"{self.name}: holds no vectors of {name}; run crosslingual events with this encoder, which"
                " makes them, or choose the one they were added with"
            )
        return int(row[0]), int(row[1])

    def _put_vectors(self, db: Session, model: str, texts: Sequence[str], vectors: FloatArray) -> None:
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise LibraryError(
                f"{model}: gave a matrix of shape {vectors.shape} for {len(texts)} sentences, or numbers"
                " that are not finite; use another encoder"
            )
        if not len(texts):
            return
        db.execute(
            "INSERT INTO models (name, dimensions) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (model, vectors.shape[1]),
        )
        number, dimensions = self._find_model(db, model)
        if dimensions != vectors.shape[1]:
            raise LibraryError(
                f"{model}: gave vectors of {vectors.shape[1]} dimensions, the library has {dimensions} of it;"
                " give the changed model another name"
            )
        db.executemany(
            "INSERT INTO vectors (model_number, text_hash, vector) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (
                (number, content_hash(text), row.tobytes())
                for text, row in zip(texts, vectors.astype("<f2"), strict=True)
            ),
        )

    def _put_tokens(self, db: Session, key: str, texts: Sequence[str], packed: Sequence[bytes]) -> None:
        db.execute("INSERT INTO models (name, dimensions) VALUES (?, 0) ON CONFLICT DO NOTHING", (key,))
        number, _ = self._find_model(db, key)
        db.executemany(
            """INSERT INTO token_states (model_number, text_hash, packed_states) VALUES (?, ?, ?)
            ON CONFLICT DO NOTHING""",
            ((number, content_hash(text), states) for text, states in zip(texts, packed, strict=True)),
        )

    def _texts_without(
        self, db: Session, model: str, texts: Iterable[str], table: str = "vectors"
    ) -> list[str]:
        wanted = {content_hash(text): text for text in texts}
        rows = db.execute(
            f"""SELECT text_hash FROM {table} WHERE text_hash IN (?texts)
            AND model_number = (SELECT number FROM models WHERE name = ?)""",  # noqa: S608  # own name
            (list(wanted), model),
        )
        present = {key for (key,) in rows}
        return [text for key, text in wanted.items() if key not in present]
