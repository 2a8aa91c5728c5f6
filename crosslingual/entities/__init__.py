"""Who, where and which organisation: found in texts, and one in all scripts."""
