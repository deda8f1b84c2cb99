"""The machine: interpreter, data directory, disk, key ring, port, clock."""

import os
import platform
import shutil
import socket
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from burgee.cli.checks.finding import Finding, fail, ok, warn
from burgee.serve.settings import ServerSettings
from burgee.settings_reader import DataSettings, SecretSettings, open_key_ring, read
from burgee.settings_reader.keyring import key_ring_path

LITTLE_DISK = 1 << 30
NO_DISK = 128 << 20
RELEASED = 1_767_225_600
"""2026-01-01: a clock before it has never been set."""


def machine() -> Iterator[Finding]:
    yield ok("python", platform.python_version())
    yield _clock()
    folder = read(DataSettings).data_dir.absolute()
    writable = _writable(folder)
    yield writable
    if writable.level == "ok":
        yield _disk(folder)
        yield _key_ring(folder)
    yield _port(read(ServerSettings))


def _clock() -> Finding:
    shown = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if time.time() < RELEASED:
        return fail("clock", f"it is {shown}, which cannot be", "Set the clock, best by an NTP service.")
    return ok("clock", shown)


def _writable(folder: Path) -> Finding:
    fix = "Give the user that runs Burgee the directory, or set BURGEE_DATA_DIR to another."
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir():
        return fail("data directory", f"{existing} is a file", fix)
    try:
        with tempfile.TemporaryFile(dir=existing):
            pass
    except OSError as error:
        return fail("data directory", f"{existing} cannot be written: {error.strerror}", fix)
    return ok("data directory", str(folder) if existing == folder else f"{folder} (made at the first start)")


def _disk(folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    shown = f"{free / (1 << 30):.1f} GiB free"
    fix = "Free some space, or move BURGEE_DATA_DIR to a larger disk."
    if free < NO_DISK:
        return fail("disk", shown, fix)
    return warn("disk", shown, fix) if free < LITTLE_DISK else ok("disk", shown)


def _key_ring(folder: Path) -> Finding:
    settings = read(SecretSettings)
    path = key_ring_path(folder)
    if settings.ring or settings.single:
        return ok("secret keys", f"{len(open_key_ring().keys)} from the environment")
    if not path.exists():
        return ok("secret keys", f"{path} is made at the first start")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return warn("secret keys", f"{path} can be read by other users", f"chmod 600 {path}")
    if not os.access(path, os.R_OK):
        return fail("secret keys", f"{path} cannot be read", "Run Burgee as the user that owns it.")
    return ok("secret keys", f"{len(open_key_ring().keys)} in {path}")


def _port(settings: ServerSettings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return warn(
                "port",
                f"{where}: {error.strerror}",
                "Fine when it is this Burgee that listens there; else set PORT or BURGEE_HOST.",
            )
    return ok("port", f"{where} is free")
