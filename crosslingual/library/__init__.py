"""The store: one folder, one SQLite file in it, from which every index is derived."""

from crosslingual.library.articles import encodable_texts
from crosslingual.library.content import content_key, normalize_text
from crosslingual.library.history import OperationDraft
from crosslingual.library.memory import HUMAN_ENGINES, MANUAL_ENGINE, MEMORY_ENGINE
from crosslingual.library.sentence_index import ArticleEntry, SentenceKey
from crosslingual.library.store import Library

__all__ = [
    "HUMAN_ENGINES",
    "MANUAL_ENGINE",
    "MEMORY_ENGINE",
    "ArticleEntry",
    "Library",
    "OperationDraft",
    "SentenceKey",
    "content_key",
    "encodable_texts",
    "normalize_text",
]
