"""The Coding page."""
