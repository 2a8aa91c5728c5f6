"""Outlets: the shipped list of them, what is known of one, and finding the one that a record means."""

from crosslingual.sources.listed import KINDS, MAX_NAME, OWNERSHIPS, SHIPPED, checked, load_sources, web_link
from crosslingual.sources.named import merged, outlet, resolve

__all__ = [
    "KINDS",
    "MAX_NAME",
    "OWNERSHIPS",
    "SHIPPED",
    "checked",
    "load_sources",
    "merged",
    "outlet",
    "resolve",
    "web_link",
]
