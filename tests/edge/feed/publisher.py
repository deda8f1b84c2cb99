"""What control does when it publishes: rows of the publishing tables, and a signal if asked for."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from burgee.wire.snapshot import (
    FORMAT,
    SETTINGS,
    Delta,
    FlagPart,
    Part,
    SettingsPart,
    State,
    digest,
    encode_part,
    flag_part,
)
from tests.services.databases import Database, SqliteDatabase

MOMENT = datetime(2026, 11, 2, 3, 4, 5, 678901, UTC)


def settings_part(environment_id: int, name: str = "Production") -> SettingsPart:
    return SettingsPart(
        environment_id=environment_id,
        environment_uuid="6c1f2c5e-0000-4000-8000-000000000000",
        environment_name=name,
        client_key=f"key{environment_id}",
        project_id=1,
        project_name="Project",
        organisation_id=1,
        organisation_name="Organisation",
    )


def flag(feature_id: int, *, enabled: bool) -> FlagPart:
    return FlagPart(
        feature_id=feature_id,
        name=f"feature{feature_id}",
        type="STANDARD",
        created_date=MOMENT,
        state=State(id=feature_id, uuid="", enabled=enabled, value=None, seed=feature_id),
    )


def snapshot(environment_id: int = 1, *, epoch: int = 1, revision: int = 1, enabled: bool = False) -> Delta:
    """Complete, with one flag."""
    parts: dict[str, Part | None] = {SETTINGS: settings_part(environment_id), flag_part(1): flag(1, enabled=enabled)}
    return Delta(
        environment_id=environment_id, epoch=epoch, revision=revision, parent=None, published_at=MOMENT, parts=parts
    )


def change(environment_id: int = 1, *, epoch: int = 1, revision: int, enabled: bool) -> Delta:
    """The flag switched, after the revision before."""
    return Delta(
        environment_id=environment_id,
        epoch=epoch,
        revision=revision,
        parent=revision - 1,
        published_at=MOMENT,
        parts={flag_part(1): flag(1, enabled=enabled)},
    )


class Publisher:
    def __init__(self, database: Database) -> None:
        self._database = database

    def publish(self, delta: Delta, *, write_format: int = FORMAT) -> str:
        """Store the delta as control would; the payload of its signal."""
        digests: dict[str, str | None] = {}
        for name, part in delta.parts.items():
            body = None if part is None else encode_part(part)
            digests[name] = None if body is None else digest(body)
            if body is not None:
                self._run(
                    "INSERT INTO publishing_part (digest, body) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    digests[name],
                    body.decode(),
                )
        if delta.complete:
            self._run("DELETE FROM publishing_headpart WHERE environment_id = ?", delta.environment_id)
        for name, value in digests.items():
            key = (delta.environment_id, name)
            self._run("DELETE FROM publishing_headpart WHERE environment_id = ? AND name = ?", *key)
            if value is not None:
                self._run(
                    "INSERT INTO publishing_headpart (environment_id, name, digest) VALUES (?, ?, ?)", *key, value
                )
        place = (delta.environment_id, delta.epoch, delta.revision)
        moment = self._moment(delta.published_at)
        self._run(
            "INSERT INTO publishing_manifest (environment_id, epoch, revision, format, parent, published_at, changes,"
            " complete) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *place,
            write_format,
            delta.parent,
            moment,
            msgspec.json.encode(digests).decode(),
            delta.complete,
        )
        self._run("DELETE FROM publishing_head WHERE environment_id = ?", delta.environment_id)
        self._run(
            "INSERT INTO publishing_head (environment_id, epoch, revision, published_at) VALUES (?, ?, ?, ?)",
            *place,
            moment,
        )
        return ":".join(map(str, place))

    def forget_revisions(self) -> None:
        """As retention does."""
        self._run("DELETE FROM publishing_manifest")

    def forget_environment(self, environment_id: int) -> None:
        for table in ("head", "headpart", "manifest"):
            self._run(f"DELETE FROM publishing_{table} WHERE environment_id = ?", environment_id)

    def notify(self, payload: str) -> None:
        self._run("SELECT pg_notify('burgee_published', ?)", payload)

    def _run(self, statement: str, *values: object) -> None:
        self._database.query(statement, *values)

    def _moment(self, moment: datetime) -> Any:
        return moment.replace(tzinfo=None).isoformat(" ") if isinstance(self._database, SqliteDatabase) else moment
