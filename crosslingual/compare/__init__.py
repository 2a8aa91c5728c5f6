"""An event compared: its statements, who says them, what a person corrects, and the cache of it."""
