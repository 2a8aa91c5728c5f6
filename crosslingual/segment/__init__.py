"""Texts → sentences with their offsets."""

from crosslingual.segment.split import sentences, spans

__all__ = ["sentences", "spans"]
