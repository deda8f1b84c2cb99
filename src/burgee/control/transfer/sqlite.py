"""SQLite's own ways: a copy while others write, and a file put in the place of another."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from burgee.control.kit import clock
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.progress import Progress

PAGES: Final = 4096
"""Pages copied between two reports."""


def copy_file(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database as it is at this moment; writers go on meanwhile."""
    if not source.exists():
        raise TransferRefused(f"There is no database at {source} yet.")
    uri = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)) as reading:
        # An open read transaction keeps the copy at one state: without it, each write would start it again.
        reading.execute("BEGIN")
        reading.execute("SELECT 1 FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target)) as writing:
            reading.backup(writing, pages=PAGES, progress=lambda _, left, total: progress("pages", total - left, total))
    settle(target)


def settle(path: Path) -> None:
    """Make the database one file without companions; TransferRefused while somebody else has it open."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=0.2)) as connection:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise TransferRefused(f"{path} is in use ({error}). Stop Burgee and run this again.") from error
    if mode != "delete":
        raise TransferRefused(f"{path} is in use. Stop Burgee and run this again.")


def swap_in(arriving: Path, place: Path) -> Path | None:
    """Put `arriving` at `place`; what was there stays beside it, under the name returned."""
    kept = None
    settle(arriving)
    if place.exists():
        settle(place)
        kept = place.with_name(f"{place.name}.before-{clock.now():%Y%m%dT%H%M%S}")
        place.rename(kept)
    arriving.rename(place)
    return kept


def remove(path: Path) -> None:
    """Remove a database and its companions, if they are there."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
