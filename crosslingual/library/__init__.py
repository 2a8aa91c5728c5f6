"""The store: one folder, one SQLite file in it, from which every index is derived."""

from crosslingual.library.store import MEMORY, Library, encodable

__all__ = ["MEMORY", "Library", "encodable"]
