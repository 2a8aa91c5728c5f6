"""The Search page: who said that, when and in which words, in any language."""
