"""A connection to the SQLite file."""

import sqlite3
from pathlib import Path


class Connection:
    """Opened when first needed, and again after it broke."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: sqlite3.Connection | None = None

    @property
    def is_open(self) -> bool:
        return self._open is not None

    def get(self) -> sqlite3.Connection:
        if self._open is None:
            # Never creates the file: tables are Django's to make.
            uri = f"{self._path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -16384")
            # 16 MB: a page that is written again and again is copied back once in a while, not at every thousandth.
            connection.execute("PRAGMA wal_autocheckpoint = 4000")
            self._open = connection
        return self._open

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
