"""The backup file: a ZIP of the database, or of its rows, and a manifest that says what must be in it."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from burgee.control.transfer.errors import TransferRefused
from burgee.control.transfer.progress import Progress

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
DATABASE: Final = "database.sqlite3"
KEYS: Final = "keys.sealed"
BLOCK: Final = 2**20

UNREADABLE: Final = (KeyError, EOFError, OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What reading an archive raises when bytes of it are not what they were."""

DAMAGED: Final = "{path} is no Burgee backup, or is damaged: {reason}."


class Manifest(Struct, frozen=True, kw_only=True):
    """What the file holds. ``documents`` is the digest of each environment's document, by its id."""

    format: int = FORMAT
    kind: Literal["sqlite", "rows"]
    burgee: str
    engine: str
    made_at: str
    migrations: tuple[str, ...]
    keys: tuple[str, ...]
    rows: dict[str, int]
    columns: dict[str, tuple[str, ...]]
    documents: dict[str, str] | None
    sha256: dict[str, str]


def rows_member(label: str) -> str:
    return f"rows/{label}.jsonl"


class ArchiveWriter:
    """Takes members one after the other and remembers their digests."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.sha256: dict[str, str] = {}

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        digest = hashlib.sha256()
        with self._archive.open(name, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                member.write(block)
        self.sha256[name] = digest.hexdigest()

    def add_file(self, name: str, path: Path, progress: Progress) -> None:
        self.add(name, _blocks(path, progress))

    def finish(self, manifest: Manifest) -> None:
        self._archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


@contextmanager
def written(path: Path) -> Iterator[ArchiveWriter]:
    """A new archive that appears at `path` when it is complete, readable by its owner only."""
    if path.exists():
        raise TransferRefused(f"{path} is there already. Give another name.")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise TransferRefused(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                yield ArchiveWriter(archive)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


class Archive:
    """An archive that is being read."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path = path
        self._archive = archive
        self.manifest = self._manifest()

    def _manifest(self) -> Manifest:
        try:
            manifest = msgspec.json.decode(self._archive.read(MANIFEST), type=Manifest)
        except UNREADABLE as error:
            raise TransferRefused(DAMAGED.format(path=self.path, reason="its manifest cannot be read")) from error
        if manifest.format > FORMAT:
            raise TransferRefused(f"{self.path} was made by a newer Burgee ({manifest.burgee}). Install that version.")
        return manifest

    def verify(self, progress: Progress) -> None:
        """TransferRefused unless every member is there and as it was written."""
        wanted = self.manifest.sha256
        for at, (name, digest) in enumerate(sorted(wanted.items()), start=1):
            found = hashlib.sha256()
            for block in self.blocks(name):
                found.update(block)
            if found.hexdigest() != digest:
                raise TransferRefused(DAMAGED.format(path=self.path, reason=f"{name} is not what was written"))
            progress("checksums", at, len(wanted))

    def blocks(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as member:
                while block := member.read(BLOCK):
                    yield block
        except UNREADABLE as error:
            raise TransferRefused(DAMAGED.format(path=self.path, reason=f"{name} cannot be read")) from error

    def lines(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as member:
            yield from member

    @property
    def sealed_keys(self) -> bytes | None:
        return b"".join(self.blocks(KEYS)) if KEYS in self.manifest.sha256 else None

    def extract(self, name: str, target: Path) -> None:
        """Write a member into a file that only its owner reads."""
        target.touch(mode=0o600)
        with target.open("wb") as file:
            file.writelines(self.blocks(name))


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TransferRefused(DAMAGED.format(path=path, reason=reason)) from error
    with archive:
        yield Archive(path, archive)


def _blocks(path: Path, progress: Progress) -> Iterator[bytes]:
    total = path.stat().st_size
    done = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            done += len(block)
            progress("compressed bytes", done, total)
            yield block
