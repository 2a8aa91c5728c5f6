"""crosslingual: how one event is told in different countries, sentence by sentence."""

__version__ = "0.1.0"
