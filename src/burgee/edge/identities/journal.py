"""A local file of patches that could not reach the store: synced before anyone hears that they are kept."""

import contextlib
import fcntl
import logging
import os
import shutil
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec import Struct

from burgee.edge.identities.protocol import StoreUnavailable, TraitPatch

log = logging.getLogger(__name__)

_HEADER: Final = struct.Struct("<II")  # length and CRC-32 of the record
_FILES: Final = 1024
_BODY_BEGINS: Final = b'{"environment_id":'
"""How every record goes on after its header; inside one it never stands, for there its quotes are escaped."""
_decoder = msgspec.json.Decoder(TraitPatch)
_encoder = msgspec.json.Encoder()


class JournalLimits(Struct, frozen=True, kw_only=True):
    """Beyond `size` bytes, or with less than `free` bytes left on the disk, the journal takes nothing."""

    size: int = 64 * 2**20
    free: int = 128 * 2**20


class Journal:
    """Every method blocks; one thread at a time may use it. A process has a file of its own in `folder`."""

    def __init__(self, folder: Path, limits: JournalLimits | None = None) -> None:
        self._folder = folder
        self._limits = limits or JournalLimits()
        self._file = -1
        self._size = 0

    @property
    def size(self) -> int:
        return self._size

    def open(self) -> None:
        """Take the first file that no living process holds, and what dead processes left in others."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(_FILES):
            file = _lock(self._folder / f"traits-{number}.journal")
            if file is not None:
                break
        else:
            raise StoreUnavailable("every journal file is in use")
        self._file = file
        with contextlib.closing(_Directory(self._folder)) as directory:
            directory.sync()
        self._size = _cut_torn_tail(file)
        self._adopt(number)

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def append(self, patches: Sequence[bytes]) -> None:
        """Keep encoded patches, all or none. Raises StoreUnavailable."""
        body = b"".join(_HEADER.pack(len(patch), zlib.crc32(patch)) + patch for patch in patches)
        if self._size + len(body) > self._limits.size:
            raise StoreUnavailable("the journal is full", retry_after=30)
        try:
            if shutil.disk_usage(self._folder).free < self._limits.free:
                raise StoreUnavailable("too little room on the disk for the journal", retry_after=30)
            self._write(body)
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise StoreUnavailable(f"cannot write the journal: {error.strerror}", retry_after=30) from error
        self._size += len(body)

    def read(self, offset: int, most: int) -> tuple[list[TraitPatch], int]:
        """Up to `most` patches from `offset` on, and the offset after them."""
        patches: list[TraitPatch] = []
        for record in _records(self._file, offset, self._size):
            patches.append(_decoder.decode(record.body))
            offset = record.end
            if len(patches) == most:
                break
        return patches, offset

    def clear(self) -> None:
        """Everything in it is in the store."""
        if self._size == 0:
            return
        os.ftruncate(self._file, 0)
        os.fsync(self._file)
        self._size = 0

    def _write(self, body: bytes) -> None:
        position, left = self._size, memoryview(body)
        while left:
            written = os.pwrite(self._file, left, position)
            position, left = position + written, left[written:]
        os.fdatasync(self._file)

    def _adopt(self, own: int) -> None:
        for path in sorted(self._folder.glob("traits-*.journal")):
            if path.name == f"traits-{own}.journal" or path.stat().st_size == 0:
                continue
            file = _lock(path)
            if file is None:
                continue
            try:
                size = _cut_torn_tail(file)
                self._write(os.pread(file, size, 0))
                self._size += size
                os.ftruncate(file, 0)
                os.fsync(file)
            finally:
                os.close(file)


def encode_patch(patch: TraitPatch) -> bytes:
    return _encoder.encode(patch)


def _lock(path: Path) -> int | None:
    """The open file if nobody else has it; the lock goes with the process."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def _cut_torn_tail(file: int) -> int:
    """Drop the record that a crash cut short; it was never acknowledged. Tell of damage before it, which was."""
    size, end, lost = os.fstat(file).st_size, 0, 0
    for record in _records(file, 0, size):
        lost += record.start - end
        end = record.end
    if lost:
        log.error("traits.journal_damaged lost_bytes=%d", lost)
    if end < size:
        log.warning("traits.journal_torn bytes=%d", size - end)
        os.ftruncate(file, end)
    return end


class _Record(NamedTuple):
    body: bytes
    start: int
    end: int


def _records(file: int, offset: int, size: int) -> Iterator[_Record]:
    """Whole, undamaged records; what lies between two of them is lost."""
    while offset + _HEADER.size <= size:
        record = _record_at(file, offset, size)
        if record is None:
            found = _next_record(file, offset + 1, size)
            if found is None:
                return
            record = found
        yield record
        offset = record.end


def _record_at(file: int, start: int, size: int) -> _Record | None:
    length, checksum = _HEADER.unpack(os.pread(file, _HEADER.size, start))
    end = start + _HEADER.size + length
    body = os.pread(file, length, start + _HEADER.size) if end <= size else b""
    return _Record(body, start, end) if body and zlib.crc32(body) == checksum else None


def _next_record(file: int, offset: int, size: int) -> _Record | None:
    """The first record behind damage."""
    rest = os.pread(file, size - offset, offset)
    place = rest.find(_BODY_BEGINS, _HEADER.size)
    while place >= 0:
        record = _record_at(file, offset + place - _HEADER.size, size)
        if record is not None:
            return record
        place = rest.find(_BODY_BEGINS, place + 1)
    return None


class _Directory:
    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY)

    def sync(self) -> None:
        """Make new names in it survive a power failure."""
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)
