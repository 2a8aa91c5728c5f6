"""The PostgreSQL database of a shared library: connecting, migrations, transactions, and faults in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from crosslingual.address import DatabaseAddress
from crosslingual.errors import (
    InputError,
    LibraryError,
    MissingLibraryError,
    UnwritableLibraryError,
    one_line,
)
from crosslingual.extras import needs_extra
from crosslingual.library.database import APPLICATION_ID, BUSY_SECONDS, words_for_damage
from crosslingual.library.opening import make_private_folder
from crosslingual.library.postgres_schema import MIGRATIONS
from crosslingual.library.postgres_session import PostgresSession, adapt_texts
from crosslingual.settings import data_home

if TYPE_CHECKING:
    import psycopg

CACHE_FOLDER = "shared"
"""In the data folder: what is derived from shared libraries, a folder for each."""
_CONNECT_SECONDS = 10
_LOCK_KEY = f"{APPLICATION_ID}, hashtext(current_schema())"
_EXCLUSIVE_LOCK = f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"
_SHARED_LOCK = f"SELECT pg_advisory_xact_lock_shared({_LOCK_KEY})"
_TABLES = """SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_name IN ('state', 'articles', 'sources')"""


class PostgresDatabase:
    """One connection to the server, made again when it was lost; threads take turns on it."""

    def __init__(self, address: DatabaseAddress, *, create: bool = True) -> None:
        """Connect to the database at ``address``, by default making the library's tables where there are none.

        Raises:
            MissingExtraError: psycopg is not installed.
            InputError: the driver cannot read the address.
            LibraryError: the server does not answer, there is no library, or it is newer than this version.
        """
        with needs_extra("cluster"):
            import psycopg  # noqa: F401  # the rest of this module has it then
        self._address = address
        self._lock = RLock()
        with self._convert_errors():
            self._connection = self._connect()
            try:
                self._set_up(create=create)
                row = self._connection.execute(
                    """SELECT library_id, pg_is_in_recovery() OR NOT has_table_privilege('state', 'UPDATE')
                    FROM state"""
                ).fetchone()
            except BaseException:
                self._connection.close()
                raise
        library_id, is_read_only = row or ("", True)
        self._is_read_only = bool(is_read_only)
        try:
            self._folder = make_cache_folder(self.name, library_id)
        except LibraryError:
            self._connection.close()
            raise

    @property
    def name(self) -> str:
        """The address without a password."""
        return str(self._address)

    @property
    def folder(self) -> Path:
        """Where what is derived from the library lies on this computer."""
        return self._folder

    @property
    def is_read_only(self) -> bool:
        """Whether this user of the database may change nothing, or it is a standby."""
        return self._is_read_only

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def read_transaction(self) -> Iterator[PostgresSession]:
        """One consistent view, however many queries."""
        with words_for_damage(self.name), self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ") as db:
            yield db

    @contextmanager
    def write_transaction(
        self, *, is_derived: bool = False, is_shared: bool = False
    ) -> Iterator[PostgresSession]:
        """All or nothing; a change moves the revision on, unless it ``is_derived`` from the content.

        One that ``is_shared`` goes on beside others of its kind; any other has the library to itself.

        Raises:
            UnwritableLibraryError: the library cannot be written.
        """
        # Not above: a revision that another moved on meanwhile is no fault.
        with self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED") as db:
            db.execute(_SHARED_LOCK if is_shared else _EXCLUSIVE_LOCK)
            yield db
            if db.n_changes and not is_derived:
                db.execute("UPDATE state SET revision = revision + 1")

    def erase_free_space(self) -> None:
        """Have the server use the room of deleted rows again."""
        self.run_alone("VACUUM")

    def run_alone(self, statement: str) -> None:
        """Run a statement that the server takes in no transaction."""
        with self._lock, self._convert_errors():
            self._connection.execute(statement)

    def connect_again(self) -> PostgresDatabase:
        """Another connection to the same library: whoever uses it waits for nobody here."""
        return PostgresDatabase(self._address, create=False)

    def _connect(self) -> psycopg.Connection[Any]:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict

        settings = {"client_encoding": "utf8", "fallback_application_name": "crosslingual"}
        try:
            given = conninfo_to_dict(self._address.secret)
        except (psycopg.ProgrammingError, UnicodeError):
            # Not cited: the driver names what it cannot read, which may be a part of a password.
            raise InputError(
                "the library's address cannot be read; write %25 for % in a name or password, and check what"
                " follows the question mark"
            ) from None
        if "connect_timeout" not in given:
            settings["connect_timeout"] = str(_CONNECT_SECONDS)
        try:
            connection = psycopg.connect(self._address.secret, autocommit=True, **settings)
        except psycopg.OperationalError as error:
            raise LibraryError(
                f"{self.name}: cannot connect ({one_line(error)}); check the address, and that the server runs;"
                " a password goes into the file that PGPASSFILE names (by default ~/.pgpass)"
            ) from None
        adapt_texts(connection)
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        # A power cut may take back nothing that add() has reported as stored.
        connection.execute(
            """SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') = 'off'"""
        )
        return connection

    def _set_up(self, *, create: bool) -> None:
        version = self._schema_version()
        if version is None and not create:
            raise MissingLibraryError(
                f"{self.name}: no library here; make one with: crosslingual add PATH --library {self.name}"
            )
        if version == len(MIGRATIONS):
            return
        (encoding,) = self._connection.execute("SHOW server_encoding").fetchone() or ("",)
        if encoding != "UTF8":
            raise LibraryError(f"{self.name}: the database has encoding {encoding}; make one with UTF8")
        with self._transaction("BEGIN") as db:
            db.execute(_EXCLUSIVE_LOCK)
            for statements in MIGRATIONS[
                self._schema_version() or 0 :
            ]:  # another process may have been first
                for statement in statements:
                    db.execute(statement)
            db.execute("UPDATE state SET version = ?", (len(MIGRATIONS),))

    def _schema_version(self) -> int | None:
        """That of the tables; None where there are none.

        Raises:
            LibraryError: they are another programme's, or of a newer version.
        """
        found = {name for (name,) in self._connection.execute(_TABLES)}
        if not found:
            return None
        columns = self._connection.execute(
            """SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema()
            AND table_name = 'state' AND column_name IN ('library_id', 'revision', 'version')"""
        ).fetchone()
        if columns != (3,):
            raise LibraryError(
                f"{self.name}: has tables of another programme; make a database for the library alone"
            )
        (version,) = self._connection.execute("SELECT version FROM state").fetchone() or (0,)
        if version > len(MIGRATIONS):
            raise LibraryError(
                f"{self.name}: made by a newer crosslingual (library version {version}, this one knows"
                f" {len(MIGRATIONS)}); install the newer version"
            )
        return int(version)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[PostgresSession]:
        import psycopg

        with self._lock, self._convert_errors():
            self._begin(begin)
            try:
                yield PostgresSession(self._connection)
                # A transaction in which something failed is rolled back by the server, without an error.
                if self._connection.execute("COMMIT").statusmessage != "COMMIT":
                    raise LibraryError(f"{self.name}: nothing was stored; run the same again")
            except BaseException:
                if not self._connection.closed:
                    with suppress(psycopg.Error):
                        self._connection.execute("ROLLBACK")
                raise

    def _begin(self, begin: str) -> None:
        import psycopg

        if not self._connection.closed:
            try:
                self._connection.execute(begin)
            except psycopg.OperationalError:
                if not self._connection.closed:
                    raise
            else:
                return
        self._connection = self._connect()  # the server was started again
        self._connection.execute(begin)

    @contextmanager
    def _convert_errors(self) -> Iterator[None]:
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            kind = UnwritableLibraryError if error.sqlstate in _UNWRITABLE else LibraryError
            raise kind(f"{self.name}: {_error_reason(error)}") from None


def make_cache_folder(name: str, library_id: str = "") -> Path:
    """The folder of what is derived from shared libraries, or from one; ``name`` is what messages call that.

    Raises:
        LibraryError: it cannot be made.
    """
    folder = data_home() / CACHE_FOLDER / library_id
    try:
        make_private_folder(data_home() / CACHE_FOLDER)
        make_private_folder(folder)
    except OSError as error:
        raise LibraryError(
            f"{folder}: cannot be made ({error.strerror or error}); what is derived from {name} lies there:"
            " check the permissions, or set CROSSLINGUAL_HOME to another folder"
        ) from None
    return folder


_UNWRITABLE = ("53100", "42501", "25006")
_ERROR_REASONS = {
    "53100": "the server's disk is full; all that was stored is safe: free some space and run the same again",
    "42501": "this user of the database may not do that; ask who looks after the server for the right to",
    "25006": "the database can only be read; connect to the server that is written",
    "23503": "an article's source is not in the library; store the source first",
    "55P03": "another programme is writing; wait for it and run the same again",
    "3F000": "the schema in search_path is not there; make it, or leave the option out",
}
_LOST = "the server does not answer, or ended the connection; what was reported as stored is safe: run the same again"


def _error_reason(error: psycopg.Error) -> str:
    """Why the server could not do it, and what to do, as the end of a message."""
    import psycopg

    if known := _ERROR_REASONS.get(error.sqlstate or ""):
        return known
    said = error.diag.message_primary or error
    if isinstance(error, psycopg.OperationalError):
        return f"{_LOST} ({one_line(said)})"
    return one_line(said)
