"""Who cites whom: citations between outlets, and the graph they make."""
