"""What is known of languages: scripts, codes, sentences, words, numbers, names, sounds; a table of each."""
