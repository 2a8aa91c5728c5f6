"""Who said that, when and in which words: sentences of a library by meaning and by word, in any language."""

from crosslingual.search.candidates import EncodedQuery, encode_query, load_query
from crosslingual.search.index import SearchIndex
from crosslingual.search.query import Filters, Query, parse_query
from crosslingual.search.searcher import Hit, Results, search_sentences

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
