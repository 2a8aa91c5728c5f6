"""How the SQLite file of a library came to look as it does, version by version."""

from __future__ import annotations

import json

from crosslingual.library.content import content_key

# Version 5: what tables and columns were called before, and the field's words for them.
RENAMED_TABLES = {"tokens": "token_states", "corrected": "corrected_sentences", "acts": "operations"}
RENAMED_COLUMNS = {
    "state": {"identity": "library_id", "serial": "last_article_number"},
    "sources": {"edited": "is_edited"},
    "articles": {"source": "source_id", "content": "content_hash"},
    "sentences": {"article": "article_number", "position": "sentence_index"},
    "vectors": {"model": "model_number", "hash": "text_hash"},
    "tokens": {"model": "model_number", "hash": "text_hash", "packed": "packed_states"},
    "translations": {
        "hash": "text_hash",
        "src": "src_text",
        "text": "tgt_text",
        "version": "engine_version",
        "doubts": "issues",
    },
    "corrections": {"made": "created_at"},
    "corrected": {"correction": "correction_number", "article": "article_id"},
    "acts": {"made": "created_at", "told": "description", "undoes": "undoes_number", "undone": "is_undone"},
    "changes": {
        "act": "operation_number",
        "relation": "table_name",
        "before": "row_before",
        "after": "row_after",
    },
}


def rename_row_keys(table: str, row: str | None) -> str | None:
    """A changed row of version 4, as JSON, with the columns' names of version 5.

    A removed article gets the content key that it would have today: it may come back.
    """
    if row is None:
        return None
    renamed = RENAMED_COLUMNS.get(table, {})
    columns = {renamed.get(name, name): value for name, value in json.loads(row).items()}
    if "content_hash" in columns:
        columns["content_hash"] = content_key(columns["text"], columns["title"])
    return json.dumps(columns, ensure_ascii=False)


# One tuple of statements per schema version, in order; never edited once released, only added to.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE state (identity TEXT NOT NULL, revision INTEGER NOT NULL)",
        "INSERT INTO state VALUES (lower(hex(randomblob(8))), 0)",
        "CREATE TABLE sources (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE articles (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            source TEXT NOT NULL REFERENCES sources (id), lang TEXT NOT NULL, text TEXT NOT NULL,
            title TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL)""",
        """CREATE TABLE sentences (
            article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            position INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
            PRIMARY KEY (article, position)) WITHOUT ROWID""",
        """CREATE TABLE models (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL)""",
        # With rowids, so that the vectors of an article lie side by side and only the index is random.
        """CREATE TABLE vectors (
            model INTEGER NOT NULL REFERENCES models (number), hash TEXT NOT NULL, vector BLOB NOT NULL,
            UNIQUE (model, hash))""",
        """CREATE TABLE translations (
            hash TEXT NOT NULL, src_lang TEXT NOT NULL, tgt_lang TEXT NOT NULL, engine TEXT NOT NULL,
            text TEXT NOT NULL, PRIMARY KEY (hash, src_lang, tgt_lang, engine)) WITHOUT ROWID""",
    ),
    (
        """CREATE TABLE tokens (
            model INTEGER NOT NULL REFERENCES models (number), hash TEXT NOT NULL, packed BLOB NOT NULL,
            UNIQUE (model, hash))""",
        # A correction keeps its words when an article it names is removed: it may come back.
        """CREATE TABLE corrections (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, made TEXT NOT NULL)""",
        """CREATE TABLE corrected (
            correction INTEGER NOT NULL REFERENCES corrections (number) ON DELETE CASCADE,
            side INTEGER NOT NULL, article TEXT NOT NULL, start INTEGER NOT NULL,
            PRIMARY KEY (correction, side, article, start)) WITHOUT ROWID""",
        "CREATE INDEX corrected_article ON corrected (article)",
    ),
    (
        # With the text itself, so that a memory can be handed on, and with rowids: of two, the newer counts.
        """CREATE TABLE made (
            number INTEGER PRIMARY KEY, hash TEXT NOT NULL, src TEXT NOT NULL, src_lang TEXT NOT NULL,
            tgt_lang TEXT NOT NULL, engine TEXT NOT NULL, version TEXT NOT NULL, text TEXT NOT NULL,
            doubts TEXT NOT NULL, UNIQUE (hash, src_lang, tgt_lang, engine, version))""",
        "CREATE TEMP TABLE told (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID",
        """INSERT OR IGNORE INTO told
            SELECT content_hash(said), said FROM (
                SELECT substr(text, start + 1, "end" - start) AS said
                FROM sentences JOIN articles ON number = article
                UNION ALL SELECT title FROM articles)""",
        """INSERT INTO made (hash, src, src_lang, tgt_lang, engine, version, text, doubts)
            SELECT translations.hash, coalesce(told.text, ''), src_lang, tgt_lang, engine, '',
            translations.text, '[]'
            FROM translations LEFT JOIN told ON told.hash = translations.hash""",
        "DROP TABLE temp.told",
        "DROP TABLE translations",
        "ALTER TABLE made RENAME TO translations",
    ),
    (
        "ALTER TABLE articles ADD COLUMN author TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE articles ADD COLUMN content TEXT NOT NULL DEFAULT ''",
        "UPDATE articles SET content = content_key(text, title)",
        "CREATE INDEX articles_content ON articles (content)",
        # Empty where it is the article's.
        "ALTER TABLE sentences ADD COLUMN lang TEXT NOT NULL DEFAULT ''",
        # Whether a record is the user's word, which goes before the shipped list.
        "ALTER TABLE sources ADD COLUMN edited INTEGER NOT NULL DEFAULT 0",
        # The last number given to an article: none is given twice, so that an act names no other's articles.
        "ALTER TABLE state ADD COLUMN serial INTEGER NOT NULL DEFAULT 0",
        "UPDATE state SET serial = (SELECT coalesce(max(number), 0) FROM articles)",
        """CREATE TABLE acts (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            made TEXT NOT NULL, told TEXT NOT NULL, undoes INTEGER NOT NULL DEFAULT 0,
            undone INTEGER NOT NULL DEFAULT 0)""",
        # The columns of a row that an act changed, as JSON: NULL before what it made, after what it took out.
        """CREATE TABLE changes (
            number INTEGER PRIMARY KEY,
            act INTEGER NOT NULL REFERENCES acts (number) ON DELETE CASCADE,
            relation TEXT NOT NULL, before TEXT, after TEXT)""",
        "CREATE INDEX changes_act ON changes (act)",
    ),
    (
        "UPDATE articles SET content = content_key(text, title)",  # which tells numbers by their signs
        "UPDATE changes SET before = rename_row_keys(relation, before), after = rename_row_keys(relation, after)",
        *(
            f"UPDATE changes SET relation = '{new}' WHERE relation = '{old}'"  # noqa: S608  # own names
            for old, new in RENAMED_TABLES.items()
        ),
        *(
            f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}"
            for table, columns in RENAMED_COLUMNS.items()
            for old, new in columns.items()
        ),
        *(f"ALTER TABLE {old} RENAME TO {new}" for old, new in RENAMED_TABLES.items()),
        # An index is made anew to get another name.
        "DROP INDEX articles_content",
        "CREATE INDEX articles_content_hash ON articles (content_hash)",
        "DROP INDEX corrected_article",
        "CREATE INDEX corrected_sentences_article_id ON corrected_sentences (article_id)",
        "DROP INDEX changes_act",
        "CREATE INDEX changes_operation_number ON changes (operation_number)",
    ),
    (
        "CREATE INDEX articles_date ON articles (date)",
        # What an article is about, as an encoder sees it, and what it names: made again where it is missing.
        """CREATE TABLE article_profiles (
            model_number INTEGER NOT NULL REFERENCES models (number),
            article_number INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
            vector BLOB NOT NULL, names TEXT NOT NULL, PRIMARY KEY (model_number, article_number))""",
        "CREATE INDEX article_profiles_article_number ON article_profiles (article_number)",
        # An event that was merged into another keeps its articles and its id, which leads there.
        """CREATE TABLE events (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL DEFAULT '', merged_into INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX events_merged_into ON events (merged_into) WHERE merged_into",
        # It stays when the article goes, which may come back. Without an event: not grouped yet.
        """CREATE TABLE event_articles (
            article_number INTEGER PRIMARY KEY, event_number INTEGER REFERENCES events (number),
            centrality REAL NOT NULL DEFAULT 0)""",
        "CREATE INDEX event_articles_event_number ON event_articles (event_number)",
        "INSERT INTO event_articles (article_number) SELECT number FROM articles",
        """CREATE TABLE event_corrections (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            event_number INTEGER NOT NULL REFERENCES events (number),
            other_number INTEGER NOT NULL REFERENCES events (number),
            article_numbers TEXT NOT NULL, title TEXT NOT NULL, created_at TEXT NOT NULL)""",
    ),
    (
        # The story of an event, as the number of one of its events; or one of the values of library/events.py.
        "ALTER TABLE events ADD COLUMN story_number INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX events_story_number ON events (story_number) WHERE story_number <> 0",
        """UPDATE events SET story_number = -1 WHERE number IN (
            SELECT event_number FROM event_articles GROUP BY event_number HAVING count(*) > 1)""",
    ),
    (
        # What a person is asked about this library's own comparisons. Sentences are named as corrections name them.
        """CREATE TABLE check_samples (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
            event_id TEXT NOT NULL, seed INTEGER NOT NULL, scoring_key TEXT NOT NULL,
            calibration_id TEXT NOT NULL, n_events INTEGER NOT NULL, n_all_events INTEGER NOT NULL,
            stratum_sizes TEXT NOT NULL)""",
        """CREATE TABLE check_items (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            sample_number INTEGER NOT NULL REFERENCES check_samples (number) ON DELETE CASCADE,
            kind TEXT NOT NULL, stratum TEXT NOT NULL, probability REAL NOT NULL, langs TEXT NOT NULL,
            article_id TEXT NOT NULL, start INTEGER NOT NULL, source_id TEXT NOT NULL,
            other_article_id TEXT NOT NULL, other_start INTEGER NOT NULL,
            answer TEXT NOT NULL DEFAULT '', answered_at TEXT NOT NULL DEFAULT '',
            answer_order INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX check_items_sample_number ON check_items (sample_number)",
        # The newest is in use.
        """CREATE TABLE probability_calibrations (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
            scoring_key TEXT NOT NULL, intercept REAL NOT NULL, slope REAL NOT NULL,
            n_judgements INTEGER NOT NULL)""",
    ),
    (
        # What a person codes sentences with, and what was coded. Passages are articles' characters, as corrections
        # have them; their text is known by its hash alone.
        """CREATE TABLE codes (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
            definition TEXT NOT NULL, examples TEXT NOT NULL, color TEXT NOT NULL, parent_id TEXT NOT NULL,
            created_at TEXT NOT NULL)""",
        """CREATE TABLE coding_offers (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,
            description TEXT NOT NULL, seed INTEGER NOT NULL)""",
        """CREATE TABLE coding_units (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL)""",
        """CREATE TABLE coding_passages (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            article_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, text_hash TEXT NOT NULL)""",
        "CREATE INDEX coding_passages_unit_number ON coding_passages (unit_number)",
        "CREATE INDEX coding_passages_article_id ON coding_passages (article_id)",
        # A unit that a coder was offered; done_order is 0 until the coder has finished it.
        """CREATE TABLE coding_tasks (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            offer_number INTEGER NOT NULL REFERENCES coding_offers (number) ON DELETE CASCADE,
            coder TEXT NOT NULL, done_at TEXT NOT NULL DEFAULT '', done_order INTEGER NOT NULL DEFAULT 0,
            UNIQUE (unit_number, coder))""",
        "CREATE INDEX coding_tasks_offer_number ON coding_tasks (offer_number)",
        # Of a part of the unit only, where an article is named.
        """CREATE TABLE codings (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            coder TEXT NOT NULL, code_id TEXT NOT NULL, memo TEXT NOT NULL, created_at TEXT NOT NULL,
            article_id TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL)""",
        "CREATE INDEX codings_unit_number ON codings (unit_number)",
        "CREATE INDEX codings_code_id ON codings (code_id)",
        "CREATE INDEX codings_article_id ON codings (article_id)",
        # The newest of a unit counts; code_ids is a list as JSON.
        """CREATE TABLE coding_decisions (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            unit_number INTEGER NOT NULL REFERENCES coding_units (number) ON DELETE CASCADE,
            coder TEXT NOT NULL, code_ids TEXT NOT NULL, memo TEXT NOT NULL, created_at TEXT NOT NULL)""",
        "CREATE INDEX coding_decisions_unit_number ON coding_decisions (unit_number)",
    ),
    (
        "CREATE INDEX articles_url ON articles (url) WHERE url <> ''",
        # What stood at an article's address before, under the number it had; it is of the source of the newest.
        # spans are its sentences as JSON: index, start, end, language.
        """CREATE TABLE article_versions (
            number INTEGER PRIMARY KEY, newest_number INTEGER NOT NULL, id TEXT NOT NULL, lang TEXT NOT NULL,
            text TEXT NOT NULL, title TEXT NOT NULL, date TEXT NOT NULL, url TEXT NOT NULL, author TEXT NOT NULL,
            content_hash TEXT NOT NULL, spans TEXT NOT NULL, replaced_at TEXT NOT NULL)""",
        "CREATE INDEX article_versions_newest_number ON article_versions (newest_number)",
        "CREATE INDEX article_versions_content_hash ON article_versions (content_hash)",
        "CREATE INDEX article_versions_id ON article_versions (id)",
        # The bytes that articles were read from, by their SHA-256; packed is zlib's.
        "CREATE TABLE originals (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, packed BLOB NOT NULL)",
        # It stays when the article goes, which may come back. headers are pairs as JSON, of a page.
        """CREATE TABLE article_originals (
            article_number INTEGER NOT NULL, digest TEXT NOT NULL REFERENCES originals (digest),
            name TEXT NOT NULL, url TEXT NOT NULL, fetched_at TEXT NOT NULL, headers TEXT NOT NULL,
            PRIMARY KEY (article_number, digest))""",
        "CREATE INDEX article_originals_digest ON article_originals (digest)",
    ),
    (
        # Feeds and folders that are followed. next_poll_at and claimed_until are seconds since 1970.
        """CREATE TABLE followed (
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
            address TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source_id TEXT NOT NULL, lang TEXT NOT NULL,
            interval_seconds INTEGER NOT NULL, is_private INTEGER NOT NULL, is_paused INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL, etag TEXT NOT NULL DEFAULT '', modified TEXT NOT NULL DEFAULT '',
            next_poll_at REAL NOT NULL DEFAULT 0, claimed_until REAL NOT NULL DEFAULT 0,
            n_failures INTEGER NOT NULL DEFAULT 0)""",
        # What came of it: pages of a feed by their address, files by their path; state tells a changed file.
        """CREATE TABLE followed_items (
            followed_number INTEGER NOT NULL REFERENCES followed (number) ON DELETE CASCADE,
            name_hash TEXT NOT NULL, state TEXT NOT NULL, n_failures INTEGER NOT NULL,
            PRIMARY KEY (followed_number, name_hash))""",
        # It stays when what it is about is no longer followed.
        """CREATE TABLE polls (
            number INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, started_at TEXT NOT NULL,
            outcome TEXT NOT NULL, n_added INTEGER NOT NULL DEFAULT 0, n_known INTEGER NOT NULL DEFAULT 0,
            operation_id TEXT NOT NULL DEFAULT '', message TEXT NOT NULL DEFAULT '')""",
        "CREATE INDEX polls_address ON polls (address)",
    ),
)
