"""Where a library is: a folder, or a PostgreSQL database that several people share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from crosslingual.errors import InputError

_SCHEMES = ("postgresql://", "postgres://")
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.%]*\]|[^:,\[\]@/?#]*)(?::[0-9]*)?")
_SECRET_PARAMETERS = ("password", "sslpassword", "oauth_client_secret")
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A PostgreSQL address; as text and in messages it has no password."""

    secret: str = field(repr=False)
    """The address as it was given, for the driver and for programmes that this one starts."""
    shown: str
    """The same without a password."""

    def __str__(self) -> str:
        return self.shown

    @property
    def has_password(self) -> bool:
        """Whether there is a password in it."""
        return self.secret != self.shown


LibraryAddress = Path | DatabaseAddress
"""A folder, or a shared library."""


def parse_library(given: str | Path | DatabaseAddress) -> LibraryAddress:
    """What the user named as library; ``~`` is the home folder.

    Raises:
        InputError: it begins like a database's address, and is none.
    """
    if isinstance(given, DatabaseAddress):
        return given
    text = str(given)
    scheme = next((one for one in _SCHEMES if text.startswith(one)), "")
    if not scheme:
        return Path(text).expanduser()
    return DatabaseAddress(text, scheme + _hide_password(text.removeprefix(scheme)))


def format_setting(address: LibraryAddress) -> str:
    """What tells another process of this user the library, by its environment and never by an argument."""
    return address.secret if isinstance(address, DatabaseAddress) else str(address.absolute())


def _hide_password(rest: str) -> str:
    """What follows the scheme, without passwords; what cannot be told apart is refused, since it may be one."""
    authority, slash, tail = rest.partition("/")
    if not slash:
        authority, mark, query = rest.partition("?")
        tail = mark + query
    login, at, hosts = authority.rpartition("@")
    user, colon, _ = login.partition(":")
    if "@" in login or "@" in tail or not all(map(_HOST.fullmatch, hosts.split(","))):
        # Not cited: a part of a password may stand where the host or the database should.
        raise InputError(
            "the library's address cannot be read; write postgresql://USER@HOST:PORT/DATABASE, with %40 for @,"
            " %3A for : and %2F for / in a name or password"
        )
    database, mark, query = tail.partition("?")
    shown_query = "&".join(map(_hide_parameter, query.split("&"))) if query else ""
    shown_login = user + (f":{_HIDDEN}" if colon else "")
    return f"{shown_login}{at}{hosts}{slash}{database}{mark}{shown_query}"


def _hide_parameter(parameter: str) -> str:
    name, equals, _ = parameter.partition("=")
    return f"{name}{equals}{_HIDDEN}" if unquote(name) in _SECRET_PARAMETERS else parameter
