"""Where the servers are, and what to do when they are not."""

import contextlib
import os
import secrets
import shutil
import socket
from pathlib import Path

import pytest


def find_binary(name: str, *folders: str) -> str:
    """Path of a server program; without it the test is skipped here but fails in CI."""
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", os.defpath), "/usr/sbin"]))
    if found is not None:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is not installed, and CI must not skip what needs it")
    pytest.skip(f"{name} is not installed")


def free_port() -> int:
    """A port that nobody has; not one of those that systems give to connections, where it would soon be taken again."""
    while True:
        # Not the seeded source: processes of one run must not draw alike.
        port = 12_000 + secrets.randbelow(20_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def newest_folder(pattern: str) -> str:
    """The last of the folders that match, by name; empty if there is none."""
    folders = sorted(Path("/").glob(pattern.lstrip("/")))
    return str(folders[-1]) if folders else ""
