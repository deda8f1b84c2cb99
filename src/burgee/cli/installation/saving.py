"""One file of an installation, taken while it serves. Import it once Django is set up."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from msgspec.structs import replace

from burgee import __version__
from burgee.control.kit import clock
from burgee.control.publishing.epochs import documents
from burgee.control.transfer import rows, sqlite
from burgee.control.transfer.archive import DATABASE, KEYS, ArchiveWriter, Manifest, rows_member, written
from burgee.control.transfer.places import answering, one_state, opened
from burgee.control.transfer.progress import Progress
from burgee.control.transfer.sealing import seal
from burgee.control.transfer.tables import Table, all_migrations, all_tables, columns, label
from burgee.settings_reader import Database, open_key_ring


def save(database: Database, path: Path, *, passphrase: str | None, progress: Progress) -> Manifest:
    """Write the backup file of `database`; with a passphrase it holds the secret keys too."""
    with written(path) as archive:
        if passphrase is not None:
            archive.add(KEYS, [seal(open_key_ring(), passphrase)])
        with unchanging(database, beside=path.parent, progress=progress) as wrapper, answering(wrapper):
            manifest = _described(database, progress)
            if database.is_server:
                _add_rows(archive, all_tables(), manifest.rows, progress)
            else:
                _add_file(archive, wrapper, progress)
        manifest = replace(manifest, sha256=archive.sha256)
        archive.finish(manifest)
    return manifest


@contextmanager
def unchanging(database: Database, *, beside: Path, progress: Progress) -> Iterator[BaseDatabaseWrapper]:
    """`database` as it is now, whoever writes meanwhile: one transaction on a server, a copy of SQLite's file."""
    if database.is_server:
        with opened(database) as wrapper, one_state(wrapper):
            yield wrapper
        return
    with tempfile.TemporaryDirectory(dir=beside, prefix=".burgee-") as folder:
        copy = Path(folder) / DATABASE
        sqlite.copy_file(Path(database.name), copy, progress)
        with opened(Database(engine="sqlite", name=str(copy))) as wrapper:
            yield wrapper


def _described(database: Database, progress: Progress) -> Manifest:
    tables = all_tables()
    executor = MigrationExecutor(connection)
    newest = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Manifest(
        kind="rows" if database.is_server else "sqlite",
        burgee=__version__,
        engine=database.engine,
        made_at=clock.now().isoformat(timespec="seconds"),
        migrations=all_migrations(),
        keys=tuple(key.id for key in open_key_ring().keys),
        rows={label(table): rows.count(table) for table in tables},
        columns={label(table): columns(table) for table in tables},
        documents=documents(progress) if newest else None,
        sha256={},
    )


def _add_file(archive: ArchiveWriter, wrapper: BaseDatabaseWrapper, progress: Progress) -> None:
    path = Path(wrapper.settings_dict["NAME"])
    wrapper.close()
    sqlite.settle(path)
    archive.add_file(DATABASE, path, progress)


def _add_rows(archive: ArchiveWriter, tables: Iterable[Table], totals: dict[str, int], progress: Progress) -> None:
    for table in tables:
        archive.add(rows_member(label(table)), _lines(table, totals[label(table)], progress))


def _lines(table: Table, total: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    for some in rows.chunks(table, DEFAULT_DB_ALIAS):
        yield b"".join(rows.encode(row) for row in some)
        done += len(some)
        progress(label(table), done, total)
