"""A migrated SQLite database to begin with: making one costs several times what the start of a server does."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


def copy_migrated(folder: Path) -> None:
    """Make `folder` with an empty database of the newest schema, unless there is such a folder."""
    if folder.exists():
        return
    folder.mkdir(parents=True)
    shutil.copy(migrated_file(), folder)


def migrated_file() -> Path:
    """The database, to be copied; made by whichever test process comes first after a migration has changed."""
    name = f"migrated-{_digest()}"
    found = BUILD / name / "burgee.sqlite3"
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".migrated").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not found.exists():
            for old in BUILD.glob("migrated-*"):
                shutil.rmtree(old)
            fresh = BUILD / f"migrated-{os.getpid()}"
            migrate(f"sqlite:///{fresh}/burgee.sqlite3", fresh)
            fresh.rename(BUILD / name)
    return found


def migrate(url: str, folder: Path) -> None:
    """Bring the database at `url` to the newest schema; keys are made in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "burgee", "migrate"],
        env=os.environ | {"DATABASE_URL": url, "BURGEE_DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _digest() -> str:
    seen = hashlib.sha256()
    for path in sorted((ROOT / "src").glob("burgee/control/*/migrations/*.py")):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()[:16]
