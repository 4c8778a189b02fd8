"""Encoded facts in SQLite, keyed by what they were made from. Whatever is wrong with the file, it is only slower."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Mapping, Sequence

FILE = "facts-1.sqlite3"
LARGEST = 1 << 30
"""Bytes of the database above which the entries that were not used for longest are dropped."""
_AT_ONCE = 500
_DAY = 86_400
_PATIENCE_MS = 250
"""How long another process may hold the database before this one goes on without it."""
_SCHEMA = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS by_use ON entries (used);
"""


class Store:
    """A `FactCache` in a directory that belongs to this user.

    Several processes may use one database; who cannot write in time does not. A database that is damaged, of another
    format or not readable is as good as empty, and replaced where it can be.
    """

    def __init__(self, directory: str, largest: int = LARGEST) -> None:
        self._directory = directory
        self._path = os.path.join(directory, FILE)
        self._largest = largest
        self._owner = os.getpid()
        self._opened_here = self._opened()
        self._inherited: sqlite3.Connection | None = None
        """Kept, so that it is not closed on behalf of the parent."""

    @property
    def _connection(self) -> sqlite3.Connection | None:
        """This process's own: a connection that a fork inherited must not be used."""
        if self._owner != os.getpid():
            self._inherited = self._opened_here
            self._owner = os.getpid()
            self._opened_here = self._opened()
        return self._opened_here

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values that are there, by key."""
        found: dict[str, bytes] = {}
        connection = self._connection
        if connection is None:
            return found
        today = int(time.time()) // _DAY
        stale: list[str] = []
        try:
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                rows = connection.execute(f"SELECT key, value, used FROM entries WHERE key IN ({marks})", some)
                for key, value, used in rows:
                    if isinstance(key, str) and isinstance(value, bytes):
                        found[key] = value
                        if used != today:
                            stale.append(key)
            if stale:
                with connection:
                    connection.executemany("UPDATE entries SET used = ? WHERE key = ?", [(today, key) for key in stale])
        except sqlite3.OperationalError:
            pass  # held by another process, or read-only: what was found is right all the same
        except sqlite3.Error:
            self._give_up()
        return found

    def put(self, entries: Mapping[str, bytes]) -> None:
        connection = self._connection
        if connection is None or not entries:
            return
        today = int(time.time()) // _DAY
        try:
            with connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO entries VALUES (?, ?, ?)",
                    ((key, value, today) for key, value in entries.items()),
                )
        except sqlite3.OperationalError:
            pass
        except sqlite3.Error:
            self._give_up()

    def drop(self, keys: Sequence[str]) -> None:
        """Forget entries that turned out to be damaged."""
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(sqlite3.Error), connection:
                connection.executemany("DELETE FROM entries WHERE key = ?", [(key,) for key in keys])

    @property
    def is_empty(self) -> bool:
        connection = self._connection
        if connection is None:
            return True
        try:
            return connection.execute("SELECT 1 FROM entries LIMIT 1").fetchone() is None
        except sqlite3.Error:
            return True

    def close(self) -> None:
        if self._opened_here is not None and self._owner == os.getpid():
            with contextlib.suppress(sqlite3.Error):
                self._shrink(self._opened_here)
            with contextlib.suppress(sqlite3.Error):
                self._opened_here.close()
        self._opened_here = None

    def _opened(self) -> sqlite3.Connection | None:
        if not _is_ours(self._directory):
            return None
        for _ in range(2):
            connection = None
            try:
                connection = sqlite3.connect(self._path, timeout=_PATIENCE_MS / 1000)
                connection.execute("PRAGMA trusted_schema = OFF")
                columns = [row[1] for row in connection.execute("PRAGMA table_info(entries)")]
                if columns and columns != ["key", "value", "used"]:
                    raise sqlite3.DatabaseError("another format")
                if not columns:
                    connection.executescript(_SCHEMA)
                return connection
            except sqlite3.OperationalError:
                if connection is not None:
                    connection.close()
                return None
            except sqlite3.Error:
                if connection is not None:
                    connection.close()
                _remove(self._path)
        return None

    def _give_up(self) -> None:
        """The file is damaged: this run goes on without it, the next one starts a new one."""
        if self._opened_here is not None:
            with contextlib.suppress(sqlite3.Error):
                self._opened_here.close()
        self._opened_here = None
        _remove(self._path)

    def _shrink(self, connection: sqlite3.Connection) -> None:
        """Drop the longest unused entries until half of what is allowed is left."""
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        if pages * size <= self._largest:
            return
        (total,) = connection.execute("SELECT count(*) FROM entries").fetchone()
        with connection:
            connection.execute(
                "DELETE FROM entries WHERE key IN (SELECT key FROM entries ORDER BY used LIMIT ?)", (total // 2 + 1,)
            )
        connection.execute("VACUUM")


def _is_ours(directory: str) -> bool:
    """Whether nobody else can write there: what a stranger put into the cache must not decide a verdict."""
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)
        status = os.stat(directory)
    except OSError:
        return False
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _remove(path: str) -> None:
    for name in (path, f"{path}-wal", f"{path}-shm"):
        with contextlib.suppress(OSError):
            os.remove(name)
