"""Probabilities that have a name."""

from __future__ import annotations

LIKELY_PROBABILITY = 0.5
"""Probability from which two sentences count as saying the same."""
