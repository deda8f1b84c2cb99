"""WAL, synchronous=FULL, IMMEDIATE transactions, and one fair line of writers in the process."""

from pathlib import Path
from typing import Any, Final

from django.db.backends.sqlite3 import base

from burgee.control.kit import write_gate

PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-4000",
    "PRAGMA wal_autocheckpoint=4000",
)


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction waits at the gate before BEGIN IMMEDIATE and leaves it after COMMIT or ROLLBACK."""

    _through_gate = False
    _file: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        self._file = self._file_now()
        return connection

    def is_usable(self) -> bool:
        """Not when another file has taken the place of the one that was opened: a restored database, say."""
        return self._file == self._file_now() and super().is_usable()

    def _file_now(self) -> tuple[int, int] | None:
        try:
            found = Path(self.settings_dict["NAME"]).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _start_transaction_under_autocommit(self) -> None:
        write_gate.acquire()
        self._through_gate = True
        try:
            self.cursor().execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave_gate()
            raise

    def _leave_gate(self) -> None:
        if self._through_gate:
            self._through_gate = False
            write_gate.release()

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]  # private, so the stubs leave it out
        finally:
            self._leave_gate()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]  # private, so the stubs leave it out
        finally:
            self._leave_gate()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]  # private, so the stubs leave it out
        finally:
            self._leave_gate()
