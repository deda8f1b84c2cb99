"""An installation from one database to another. Import it once Django is set up."""

import tempfile
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from burgee.cli.installation.arrival import arrive, arriving, state_of_file
from burgee.cli.installation.saving import unchanging
from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.places import answering
from burgee.control.transfer.progress import Progress
from burgee.settings_reader import Database


def move(source: Database, target: Database, *, progress: Progress) -> int:
    """Copy everything into the empty `target` and prove it; returns how many environments were proven equal."""
    with (
        tempfile.TemporaryDirectory(prefix="burgee-move-") as folder,
        unchanging(source, beside=Path(folder), progress=progress) as wrapper,
    ):
        with answering(wrapper):
            _require_newest()
        if target.is_server:
            return arrive(wrapper, target, replacing=False, progress=progress)
        filled, _ = state_of_file(target)
        if filled is not None:
            raise TransferRefused(f"The target is not empty: there are rows in {filled}.")
        with arriving(target) as draft:
            return arrive(wrapper, draft, replacing=False, progress=progress)


def _require_newest() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise TransferRefused("The source is not at the newest schema. Run burgee migrate first.")
