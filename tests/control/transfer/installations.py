"""Installations in databases of their own: SQLite files and servers, beside the one that the test runner made."""

import random
import shutil
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from burgee.control.custom_fields.models import Kind
from burgee.control.environments.models import Environment
from burgee.control.kit.actor import SYSTEM
from burgee.control.portability.exports import ask_for_export
from burgee.control.portability.imports import ask_for_import
from burgee.control.publishing.epochs import documents
from burgee.control.transfer import rows
from burgee.control.transfer.places import answering, opened
from burgee.control.transfer.progress import silent
from burgee.control.transfer.tables import all_tables, columns, label
from burgee.settings_reader import Database
from tests.control.publishing.histories import Step, World
from tests.control.transfer.filling import fill_empty_tables
from tests.factories.accounts import a_token, a_user
from tests.factories.custom_fields import a_field, a_value, an_attachment
from tests.factories.environments import a_server_key, an_environment
from tests.factories.features import a_feature, a_tag
from tests.factories.identities import an_identity
from tests.services.migrated import migrated_file

RENEWED = {
    "publishing.epoch",
    "publishing.head",
    "publishing.headpart",
    "publishing.manifest",
    "publishing.part",
    "contenttypes.contenttype",
    "auth.permission",
}
"""What a new epoch writes, and what migrations number as they please."""

TRAITS = {"half": 0.1 + 0.2, "whole": 2**53, "none": None, "text": "é😀'\"\\", "yes": True, "small": 1e-7, "": ""}


@contextmanager
def speaking_to(database: Database) -> Iterator[None]:
    with opened(database) as wrapper, answering(wrapper):
        yield


def a_blank_file(folder: Path) -> Database:
    """A migrated SQLite file."""
    return a_copy(Database(engine="sqlite", name=str(migrated_file())), folder)


def a_copy(database: Database, folder: Path) -> Database:
    """Another SQLite file with the same in it; nobody may have the first one open."""
    path = folder / f"{uuid.uuid4().hex}.sqlite3"
    shutil.copyfile(database.name, path)
    return Database(engine="sqlite", name=str(path))


def live_in(database: Database, steps: Sequence[Step]) -> None:
    """Let people work in the installation, and leave something in tables that they seldom touch."""
    with speaking_to(database):
        world = World()
        for step in steps:
            world.take(step)
        environment = an_environment(world.project, name="Ünïcode 😀")
        feature = a_feature(world.project, variants={"a": 33.3, "b": 66.6, None: 0.1}, initial_value="")
        feature.tags.add(a_tag(world.project))
        feature.owners.add(a_user())
        a_token(a_user(onboarding={"tasks": [1.50, "x"]}))
        a_server_key(environment)
        ask_for_export(environment, [], actor=SYSTEM)
        ask_for_import(environment, '["é"]'.encode(), "SKIP", actor=SYSTEM)
        field = a_field(world.project.organisation)
        a_value(an_attachment(field, Kind.ENVIRONMENT, required=[world.project]), environment.pk, "é😀\n")
        for _ in range(3):
            an_identity(environment, traits=TRAITS)
        fill_empty_tables()


def random_steps(seed: int, count: int = 60) -> list[Step]:
    draw = random.Random(seed)
    return [(draw.randrange(26), draw.randrange(30), draw.randrange(30), draw.randrange(30)) for _ in range(count)]


def facts_of(database: Database) -> tuple[dict[str, str], dict[str, list[tuple[Any, ...]]]]:
    """The documents, and all rows that a transfer must not touch."""
    with speaking_to(database):
        kept = {label(table): _sorted_rows(table) for table in all_tables() if label(table) not in RENEWED}
        assert Environment.objects.living().exists()
        return documents(silent), kept


def counts_of(database: Database) -> dict[str, int]:
    with speaking_to(database):
        return {label(table): rows.count(table) for table in all_tables()}


def _sorted_rows(table: Any) -> list[tuple[Any, ...]]:
    key = columns(table).index(table._meta.pk.attname)
    found = [row for some in rows.chunks(table, "default") for row in some]
    return sorted(found, key=lambda row: str(row[key]))
