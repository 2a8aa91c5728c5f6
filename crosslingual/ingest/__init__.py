"""Into the library: what was read is encoded, stored and translated."""
