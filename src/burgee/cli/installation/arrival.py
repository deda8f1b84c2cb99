"""The way of rows into a database, and the proof that nothing was lost on it. Import it once Django is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from burgee.cli.migrate import check_connection, migrate
from burgee.control.publishing.epochs import documents, last_epoch, start_anew
from burgee.control.transfer import rows, sqlite
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.places import SOURCE, answering, opened
from burgee.control.transfer.progress import Progress
from burgee.control.transfer.tables import all_tables, first_filled, require_empty, require_known
from burgee.settings_reader import Database

NOT_THE_SAME = "The environments {names} would not be the same. Nothing was changed."
HALF_MADE = """\
The tables of the target cannot be made: {reason}
It cannot take back what a run that was interrupted made of them. Empty it, then run this again."""


def arrive(source: BaseDatabaseWrapper, target: Database, *, replacing: bool, progress: Progress) -> int:
    """Make `target` hold what `source` holds, all of it or nothing; returns how many environments were proven equal."""
    with answering(source):
        tables = all_tables()
        expected = documents(progress)
    with opened(target) as wrapper, answering(wrapper):
        check_connection(target)
        if not replacing:
            require_empty()
        require_known()
        _make_tables()
        with answering(source, SOURCE), transaction.atomic():
            above = last_epoch()
            rows.copy(tables, progress)
            prove(expected, progress)
            start_anew(above=above, watch=progress)
    return len(expected)


def _make_tables() -> None:
    try:
        migrate()
    except DatabaseError as error:
        if connection.features.can_rollback_ddl:
            raise
        raise TransferRefused(HALF_MADE.format(reason=error)) from error


def prove(expected: dict[str, str], progress: Progress) -> None:
    """TransferRefused unless the default database says, in every environment, what is expected."""
    found = documents(progress)
    if found != expected:
        differing = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        raise TransferRefused(NOT_THE_SAME.format(names=", ".join(differing[:10])))


@contextmanager
def arriving(target: Database) -> Iterator[Database]:
    """A file beside SQLite's that takes its place at the end; what was there stays beside it."""
    place = Path(target.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.arriving")
    sqlite.remove(draft)
    if place.exists():
        sqlite.settle(place)
    draft.touch(mode=0o600)
    try:
        yield Database(engine="sqlite", name=str(draft))
        kept = sqlite.swap_in(draft, place)
    finally:
        sqlite.remove(draft)
    if kept is not None:
        print(f"The database that was there is kept as {kept}.")


def state_of_file(target: Database) -> tuple[str | None, int]:
    """Of a SQLite file, the first table that holds anything, and its epoch."""
    if not Path(target.name).exists():
        return None, 0
    with opened(target) as wrapper, answering(wrapper):
        return first_filled(), last_epoch()
