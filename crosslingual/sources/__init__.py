"""Outlets: the shipped list of them, what is known of one, and finding the one that a record means."""

from crosslingual.sources.listed import (
    MAX_NAME_CHARS,
    OWNERSHIPS,
    SHIPPED_PATH,
    SOURCE_KINDS,
    check_source,
    load_sources,
    web_link,
)
from crosslingual.sources.named import find_source, merge_source_records, resolve_source

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
