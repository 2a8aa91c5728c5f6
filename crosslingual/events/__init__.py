"""Which articles tell one event, and which are one text."""
