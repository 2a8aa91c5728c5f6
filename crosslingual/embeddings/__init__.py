"""Sentences as vectors: the encoder, its tuned layers, the states of its tokens, and articles encoded by it."""
