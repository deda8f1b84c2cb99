"""Makes .venv fit a lock file; does nothing when it already does. Needs Python and pip or venv, nothing else.

python requirements/install.py run|dev
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)([^\\]*)", re.MULTILINE)
INSTALLED = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
SITE_PACKAGES = "import sysconfig; print(sysconfig.get_path('purelib'))"
NO_PIP = f"""\
{sys.executable} has neither a working venv module nor pip, so Burgee's dependencies cannot be installed.
Install one of them (Debian and Ubuntu: apt-get install python3-venv) and run the same command again."""


def main(lock: str) -> int:
    if is_current(lock):
        return 0
    if not runs(PYTHON):
        create()
    if not holds(lock):
        print(f"Installing requirements/{lock}.txt into .venv …", flush=True)
        if subprocess.call(pip_install(lock)):
            print("The dependencies could not be installed; the reason stands above.", file=sys.stderr)
            return 1
    link_source()
    stamp(lock).write_text(digest(lock))
    return 0


def is_current(lock: str) -> bool:
    """The development lock contains the run lock, so either stamp serves to run."""
    fits = {"run", "dev"} if lock == "run" else {lock}
    return PYTHON.exists() and any(stamp(name).exists() and stamp(name).read_text() == digest(name) for name in fits)


def stamp(lock: str) -> Path:
    return VENV / f".installed-{lock}"


def digest(lock: str) -> str:
    return hashlib.sha256(lock_file(lock).read_bytes() + str(PYTHON.resolve()).encode()).hexdigest()


def lock_file(lock: str) -> Path:
    return ROOT / "requirements" / f"{lock}.txt"


def runs(python: Path) -> bool:
    """False for an environment that is absent, half made, or whose interpreter has gone."""
    return python.exists() and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0


def create() -> None:
    """Debian without python3-venv has the module but no ensurepip: then the outer pip installs into the environment."""
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([*command, "--without-pip"], check=False)
    if not runs(PYTHON):
        raise SystemExit(NO_PIP)


def pip_install(lock: str) -> list[str]:
    arguments = ["install", "--require-hashes", "--no-deps", "--disable-pip-version-check", "--quiet"]
    wheels = ["--only-binary", ":all:"] if lock == "run" else ["--prefer-binary"]
    return [*pip(), *arguments, *wheels, "--requirement", str(lock_file(lock))]


def pip() -> list[str]:
    if has_pip(str(PYTHON)):
        return [str(PYTHON), "-m", "pip"]
    if has_pip(sys.executable):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    raise SystemExit(NO_PIP)


def has_pip(python: str) -> bool:
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def holds(lock: str) -> bool:
    """An environment made by other means is left alone when every pinned version is there."""
    answer = subprocess.run([PYTHON, "-c", INSTALLED], capture_output=True, check=True, text=True).stdout
    present = {canonical(name): version for name, version in json.loads(answer).items()}
    pins = PINNED.findall(lock_file(lock).read_text())
    return all(present.get(canonical(name)) == version for name, version, marker in pins if not marker.strip())


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def link_source() -> None:
    """A path file makes src importable without building a package; relative, so that the tree can be moved."""
    answer = subprocess.run([PYTHON, "-c", SITE_PACKAGES], capture_output=True, check=True, text=True).stdout
    folder = Path(answer.strip())
    up = "/".join([".."] * len(folder.relative_to(ROOT).parts))
    (folder / "burgee-source.pth").write_text(f"{up}/src\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
