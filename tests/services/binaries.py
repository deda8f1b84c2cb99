"""Where the servers are, and what to do when they are not."""

import os
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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def newest_folder(pattern: str) -> str:
    """The last of the folders that match, by name; empty if there is none."""
    folders = sorted(Path("/").glob(pattern.lstrip("/")))
    return str(folders[-1]) if folders else ""
