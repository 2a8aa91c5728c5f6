"""Who said that, when and in which words: sentences of a library by meaning and by word, in any language."""

from crosslingual.search.candidates import EncodedQuery, encode_query, load_query
from crosslingual.search.index import SearchIndex
from crosslingual.search.opening import open_index
from crosslingual.search.protocol import LibraryIndex
from crosslingual.search.query import Filters, Query, parse_query
from crosslingual.search.searcher import Hit, Results, search_sentences

__all__ = [
    "EncodedQuery",
    "Filters",
    "Hit",
    "LibraryIndex",
    "Query",
    "Results",
    "SearchIndex",
    "encode_query",
    "load_query",
    "open_index",
    "parse_query",
    "search_sentences",
]
