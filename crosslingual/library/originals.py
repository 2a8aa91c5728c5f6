"""The bytes that articles were read from: pages as they came, files as they were given."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crosslingual.library.database import Repository, replace_surrogates

_MAX_NAME_CHARS = 300


@dataclass(frozen=True, slots=True)
class Original:
    """What articles were read from: ``size`` bytes with the SHA-256 ``digest``, 64 hexadecimal digits.

    ``name`` is that of the file, without its folder. Of a page ``url`` is where it lay and ``headers`` what its server
    said of it; both are empty of a file. ``fetched_at`` is when it was fetched or read, UTC, ISO 8601.
    """

    digest: str
    size: int
    name: str
    url: str
    fetched_at: str
    headers: tuple[tuple[str, str], ...]
    articles: tuple[str, ...]


class OriginalRepository(Repository):
    """Each content is kept once. It stays when its article goes, which may come back, until ``compact``."""

    def articles_without_original(self, article_ids: Iterable[str]) -> list[str]:
        """Those of the articles that are here, and of which no original is."""
        with self._db.read_transaction() as db:
            rows = db.execute(
                """SELECT id FROM articles WHERE id IN (?texts) AND number NOT IN (
                    SELECT article_number FROM article_originals) ORDER BY number""",
                (list(article_ids),),
            )
            return [id_ for (id_,) in rows]

    def put_original(
        self,
        content: bytes,
        article_ids: Iterable[str],
        *,
        name: str,
        fetched_at: str,
        url: str = "",
        headers: Iterable[tuple[str, str]] = (),
    ) -> str:
        """Keep ``content`` as what these articles were read from; see :class:`Original`.

        Returns:
            Its digest.

        Raises:
            LibraryError: the disk is full, or the library cannot be written.
        """
        digest = hashlib.sha256(content).hexdigest()
        with self._db.write_transaction(is_derived=True, is_shared=True) as db:
            numbers = db.execute(
                "SELECT number FROM articles WHERE id IN (?texts) ORDER BY number", (list(article_ids),)
            ).fetchall()
            if not numbers:  # removed meanwhile
                return digest
            db.execute(
                "INSERT INTO originals (digest, size, packed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (digest, len(content), zlib.compress(content)),
            )
            about = (
                replace_surrogates(name[-_MAX_NAME_CHARS:]),
                replace_surrogates(url),
                fetched_at,
                json.dumps([*headers]),
            )
            db.executemany(
                """INSERT INTO article_originals (article_number, digest, name, url, fetched_at, headers)
                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                [(number, digest, *about) for (number,) in numbers],
            )
        return digest

    def list_originals(self, article_ids: Iterable[str] | None = None) -> list[Original]:
        """What is kept of the articles with these ids and of their former versions, by default of all.

        In the order of the articles; what several were read from once.
        """
        wanted = None if article_ids is None else list(article_ids)
        condition = "" if wanted is None else "WHERE id IN (?texts)"
        with self._db.read_transaction() as db:
            rows = db.execute(
                f"""SELECT number, id FROM articles {condition}
                UNION ALL SELECT article_versions.number, articles.id FROM article_versions
                JOIN articles ON articles.number = newest_number
                {condition.replace("id IN", "articles.id IN")}""",  # noqa: S608  # own texts
                () if wanted is None else (wanted, wanted),
            )
            ids: dict[int, str] = dict(rows.fetchall())
            links = db.execute(
                """SELECT article_number, article_originals.digest, size, name, url, fetched_at, headers
                FROM article_originals JOIN originals ON originals.digest = article_originals.digest
                WHERE article_number IN (?numbers) ORDER BY article_number, fetched_at, article_originals.digest""",
                (sorted(ids),),
            )
            found: dict[tuple[str, str], list[tuple[str, tuple[Any, ...]]]] = {}
            for number, digest, *about in links:
                found.setdefault((digest, about[2]), []).append((ids[number], tuple(about)))
        return [
            Original(
                digest,
                size,
                name,
                url,
                fetched_at,
                tuple((str(key), str(value)) for key, value in json.loads(headers)),
                tuple(dict.fromkeys(id_ for id_, _ in of)),
            )
            for (digest, _), of in found.items()
            for size, name, url, fetched_at, headers in [of[0][1]]
        ]

    def read_originals(self, originals: Iterable[Original]) -> Iterator[tuple[Original, bytes]]:
        """Each of ``originals`` with its bytes, one after the other; one that is gone is left out."""
        for original in originals:
            with self._db.read_transaction() as db:
                row = db.execute(
                    "SELECT size, packed FROM originals WHERE digest = ?", (original.digest,)
                ).fetchone()
                if row:
                    yield original, unpack_original(*row)


def unpack_original(size: int, packed: bytes) -> bytes:
    """The bytes of an original that has ``size``; no more, whatever is packed.

    Raises:
        ValueError: it is not as it was stored.
    """
    try:
        return zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError(f"an original: {error}") from None


def is_original_right(digest: str, size: int, packed: bytes) -> bool:
    """Whether an original is as it was stored."""
    try:
        return hashlib.sha256(unpack_original(size, packed)).hexdigest() == digest
    except (ValueError, TypeError):
        return False
