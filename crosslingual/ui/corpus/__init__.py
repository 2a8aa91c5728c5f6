"""The Corpus page: words where they stand, what stands beside them, key words, and who keeps silent."""
