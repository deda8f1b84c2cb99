"""Snapshots as files, one for each environment: written whole, replaced at once, readable by their owner only."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from burgee.edge.feed.envelope import UnknownFormat, decode_delta, encode_delta
from burgee.wire.snapshot import Delta

_SUFFIX: Final = ".snapshot.json"


class SnapshotFolder:
    """Every method blocks."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def environments(self) -> list[int]:
        """Raises OSError when there is no such folder."""
        names = [path.name.removesuffix(_SUFFIX) for path in self.path.iterdir() if path.name.endswith(_SUFFIX)]
        return sorted(int(name) for name in names if name.isdecimal())

    def stamp(self, environment_id: int) -> tuple[int, int, int]:
        """Changes whenever the file is replaced. Raises OSError."""
        status = self._file(environment_id).stat()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def read(self, environment_id: int) -> Delta:
        """Raises OSError, or ValueError for what is no complete snapshot of this environment."""
        try:
            delta = decode_delta(self._file(environment_id).read_bytes())
        except (msgspec.MsgspecError, UnknownFormat) as error:
            raise ValueError(str(error)) from error
        if not delta.complete or delta.environment_id != environment_id:
            raise ValueError("not the complete snapshot of this environment")
        return delta

    def read_all(self) -> Iterator[Delta | tuple[int, Exception]]:
        """Every snapshot; for one that cannot be read its environment and why."""
        for environment_id in self.environments():
            try:
                yield self.read(environment_id)
            except (OSError, ValueError) as error:
                yield environment_id, error

    def write(self, snapshot: Delta) -> None:
        """Replace the file; a crash leaves the old one or the new one."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._file(snapshot.environment_id)
        # One name for each process: several may share the folder.
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(encode_delta(snapshot))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise

    def remove(self, environment_id: int) -> None:
        self._file(environment_id).unlink(missing_ok=True)

    def _file(self, environment_id: int) -> Path:
        return self.path / f"{environment_id}{_SUFFIX}"
