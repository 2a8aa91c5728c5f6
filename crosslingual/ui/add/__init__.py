"""The Add page: what is given, what was read of it, mended, and stored; what came of it, and its undoing."""
