"""An installation from its backup file. Import it once Django is set up."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from burgee import __version__
from burgee.cli.installation.arrival import arrive, arriving, prove, state_of_file
from burgee.cli.migrate import migrate
from burgee.control.publishing.epochs import start_anew
from burgee.control.transfer import rows
from burgee.control.transfer.archive import DATABASE, Archive, rows_member
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.places import answering, opened
from burgee.control.transfer.progress import Progress
from burgee.control.transfer.tables import Table, all_migrations, all_tables, columns, label, migrate_to
from burgee.settings_reader import Database

NOT_EMPTY = "The database holds an installation already: there are rows in {table}. Give --replace to put it aside."


def restore(archive: Archive, target: Database, *, replacing: bool, progress: Progress) -> None:
    """Make `target` hold what the archive holds, under a new epoch: all of it, or nothing is changed."""
    if target.is_server:
        with tempfile.TemporaryDirectory(prefix="burgee-restore-") as folder:
            staging = Database(engine="sqlite", name=str(Path(folder) / DATABASE))
            stage(archive, staging, progress)
            with opened(staging) as wrapper:
                arrive(wrapper, target, replacing=replacing, progress=progress)
        return
    filled, above = state_of_file(target)
    if filled is not None and not replacing:
        raise TransferRefused(NOT_EMPTY.format(table=filled))
    with arriving(target) as staging:
        stage(archive, staging, progress)
        with opened(staging) as wrapper, answering(wrapper), transaction.atomic():
            start_anew(above=above, watch=progress)


def stage(archive: Archive, staging: Database, progress: Progress) -> None:
    """A new SQLite file with what the archive holds, in today's schema, proven to be what was saved."""
    manifest = archive.manifest
    if manifest.kind == "sqlite":
        archive.extract(DATABASE, Path(staging.name))
    with opened(staging) as wrapper, answering(wrapper):
        if manifest.kind == "rows":
            migrate_to(manifest.migrations)
            with transaction.atomic():
                _load(archive, all_tables(), progress)
        found = {label(table): rows.count(table) for table in all_tables()}
        if found != manifest.rows:
            raise TransferRefused("The backup does not hold the rows that its manifest counts.")
        migrate()
        same_code = manifest.burgee == __version__ and all_migrations() == manifest.migrations
        if manifest.documents is not None and same_code:
            prove(manifest.documents, progress)


def _load(archive: Archive, tables: list[Table], progress: Progress) -> None:
    manifest = archive.manifest
    found = {label(table): columns(table) for table in tables}
    if found != manifest.columns:
        names = found.keys() | manifest.columns.keys()
        differing = min(name for name in names if found.get(name) != manifest.columns.get(name))
        raise TransferRefused(f"The backup is of another schema: {differing} has other columns.")
    rows.load(tables, ((table, manifest.rows[label(table)], _chunks(archive, table)) for table in tables), progress)


def _chunks(archive: Archive, table: Table) -> Iterator[list[rows.Row]]:
    some: list[rows.Row] = []
    for line in archive.lines(rows_member(label(table))):
        some.append(rows.decode(table, line))
        if len(some) == rows.CHUNK:
            yield some
            some = []
    yield some
