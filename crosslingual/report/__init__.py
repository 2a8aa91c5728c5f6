"""A comparison written out: for a terminal, for another programme."""
