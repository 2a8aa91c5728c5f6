"""What can go wrong, in words a person can act on.

Every message names the thing, the reason and the next step:
``corpora/a.pdf: needs a password; save it without one``.
"""


class CrosslingualError(Exception):
    """Any failure that the user can do something about; its text is one clear line."""


class InputError(CrosslingualError):
    """A file, record or argument that cannot be used as it is."""


class MissingExtraError(InputError):
    """A library that only an extra installs and that is not there."""


class ModelError(CrosslingualError):
    """A model that is missing, damaged or of the wrong kind."""


class LibraryError(CrosslingualError):
    """A library that cannot be opened, read or written."""


class MissingLibraryError(LibraryError):
    """A library that is not there."""


class UnwritableLibraryError(LibraryError):
    """A change to a library that cannot be written: another's folder, another medium, a full disk."""


class DamagedLibraryError(LibraryError):
    """A file of a library whose pages are not as SQLite wrote them."""


class VectorsMissingError(LibraryError):
    """Sentences without a vector of the encoder in use; ``complete_vectors`` of the article encoder makes them."""


class NotFoundError(CrosslingualError):
    """An event, article or source that the library does not hold."""


def one_line(error: object, max_chars: int = 200) -> str:
    """What a library's exception says, as part of such a message: at most ``max_chars`` characters."""
    return " ".join(str(error).split())[:max_chars]
