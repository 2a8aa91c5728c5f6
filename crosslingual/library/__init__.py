"""The store: one folder, one SQLite file in it, from which every index is derived."""

from crosslingual.library.memory import HAND, HUMAN, MEMORY
from crosslingual.library.places import Entry, Mark
from crosslingual.library.store import Library, encodable

__all__ = ["HAND", "HUMAN", "MEMORY", "Entry", "Library", "Mark", "encodable"]
