"""Outlets: the shipped list of them, what is known of one, and finding the one that a record means."""

from crosslingual.sources.matching import find_source, merge_source_records, resolve_source
from crosslingual.sources.shipped import (
    MAX_NAME_CHARS,
    OWNERSHIPS,
    SHIPPED_PATH,
    SOURCE_KINDS,
    check_source,
    load_sources,
    web_link,
)

__all__ = [
    "MAX_NAME_CHARS",
    "OWNERSHIPS",
    "SHIPPED_PATH",
    "SOURCE_KINDS",
    "check_source",
    "find_source",
    "load_sources",
    "merge_source_records",
    "resolve_source",
    "web_link",
]
