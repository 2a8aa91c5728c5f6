"""Who said that, when and in which words: sentences of a library by meaning and by word, in any language."""

from crosslingual.search.compare import EncodedQuery, encode_query, load_query
from crosslingual.search.find import Hit, Results, search_sentences
from crosslingual.search.query import Filters, Query, parse_query
from crosslingual.search.store import SearchIndex

__all__ = [
    "EncodedQuery",
    "Filters",
    "Hit",
    "Query",
    "Results",
    "SearchIndex",
    "encode_query",
    "load_query",
    "parse_query",
    "search_sentences",
]
