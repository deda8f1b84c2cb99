"""The files themselves: their weight, and whether units and types hold."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dashboard.browser import ROOT
from tests.services.binaries import find_binary

OUT = ROOT / "src" / "burgee" / "serve" / "static" / "dashboard"
FIRST_ROUTE = 260_000
FIRST_PAGES = ("_app", "features")
ROUTES = "src/app/routes/"


def weight(name: str) -> int:
    return len(gzip.compress((OUT / name).read_bytes(), 9))


def loaded_for(manifest: dict[str, dict[str, object]], start: str, seen: set[str]) -> set[str]:
    """The files of an entry, its static imports and their styles."""
    entry = manifest[start]
    files = {str(entry["file"]), *map(str, entry.get("css", []))}
    for name in entry.get("imports", []):
        if name not in seen:
            seen.add(name)
            files |= loaded_for(manifest, name, seen)
    return files


def test_the_first_list_weighs_at_most_260_kB(built: None):
    manifest = json.loads((OUT / ".vite" / "manifest.json").read_text())
    wanted = [name for name in manifest if name == "index.html" or re.search(r"(_app|\.features)\.tsx\?", name)]
    # The frame and the list are part of the first script; if they are split off again, they count all the same.
    assert "index.html" in wanted
    seen: set[str] = set()
    files = set().union(*(loaded_for(manifest, name, seen) for name in wanted))
    total = sum(weight(name) for name in files)
    assert total <= FIRST_ROUTE, {name: weight(name) for name in sorted(files)}


def test_nothing_comes_from_elsewhere(built: None):
    page = (OUT / "index.html").read_text()
    assert not re.search(r"(src|href)=\"(https?:)?//", page)
    styles = "".join(path.read_text() for path in (OUT / "assets").glob("*.css"))
    assert not re.search(r"url\((['\"]?)(https?:)?//", styles)


@pytest.mark.timeout(600)
def test_the_units_hold(built: None):
    find_binary("node")
    command = [sys.executable, ROOT / "dashboard" / "build.py", "run", "--silent", "test"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=570)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_the_types_fit_the_api(built: None, tmp_path: Path):
    command = [sys.executable, ROOT / "dashboard" / "generate_types.py", "--check"]
    environ = os.environ | {"BURGEE_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environ)
    assert done.returncode == 0, done.stdout + done.stderr
