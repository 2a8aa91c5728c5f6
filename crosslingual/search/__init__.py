"""Who said that, when and in which words: sentences of a library by meaning and by word, in any language."""

from crosslingual.search.compare import Asked, ask, ask_like
from crosslingual.search.find import Hit, Results, find
from crosslingual.search.query import Filters, Query, parse
from crosslingual.search.store import SearchIndex

__all__ = ["Asked", "Filters", "Hit", "Query", "Results", "SearchIndex", "ask", "ask_like", "find", "parse"]
