"""Counting over a library: where words stand, what stands beside them, and what marks one part against another."""
