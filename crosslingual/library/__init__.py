"""The store: one folder, one SQLite file in it, from which every index is derived."""

from crosslingual.library.articles import encodable
from crosslingual.library.content import content_key, plain
from crosslingual.library.history import Batch
from crosslingual.library.memory import HAND, HUMAN, MEMORY
from crosslingual.library.places import Entry, Mark
from crosslingual.library.store import Library

__all__ = [
    "HAND",
    "HUMAN",
    "MEMORY",
    "Batch",
    "Entry",
    "Library",
    "Mark",
    "content_key",
    "encodable",
    "plain",
]
