"""Translation for the reader: translation memories and engines."""
