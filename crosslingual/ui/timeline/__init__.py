"""The Timeline page: who was first with a statement and who followed, which figures were told, a story's events."""
