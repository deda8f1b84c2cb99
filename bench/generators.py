"""Load on loopback: wrk where it is installed, else a small client of our own in a process of its own."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import msgspec
from msgspec import Struct

from bench.traffic import COUNT, DIGITS, IDENTITY
from bench.workloads import STORED_IDENTITIES

_DONE: Final = """
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"requests": %d, "seconds": %f, "p50_ms": %f, "p99_ms": %f, "failed": %d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""
_REQUEST: Final = """
local count, identity, turn = 0, -1, 0
request = function()
  count = count + 1
  identity = identity + 1
  if identity == IDENTITIES then identity = 0 end
  turn = turn + 1
  if turn > #templates then turn = 1 end
  return templates[turn](identity, count + FIRST)
end
"""


class Burst(Struct, frozen=True):
    """What the clients saw."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    failed: int


class Generator(Protocol):
    name: str

    def load(self, port: int, texts: list[str], *, connections: int, seconds: float, first: int) -> Burst:
        """Send the requests in turn for so long; counts in them begin after `first`."""


class Wrk:
    """wrk with a script for the requests; it counts whole seconds."""

    name = "wrk"

    def __init__(self, folder: Path) -> None:
        self._script = folder / "requests.lua"

    def load(self, port: int, texts: list[str], *, connections: int, seconds: float, first: int) -> Burst:
        self._script.write_text(lua(texts, first))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--latency"]
        command += ["-s", str(self._script), f"http://127.0.0.1:{port}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 60)
        return msgspec.json.decode(done.stdout.strip().splitlines()[-1], type=Burst)


def lua(texts: list[str], first: int) -> str:
    """The script that sends these requests in turn."""
    templates = ",\n".join(_lua_template(text) for text in texts)
    numbers = f"local IDENTITIES, FIRST = {STORED_IDENTITIES}, {first}\n"
    return f"{numbers}local format = string.format\nlocal templates = {{\n{templates}\n}}\n{_REQUEST}{_DONE}"


def _lua_template(text: str) -> str:
    """A function of identity and count."""
    if IDENTITY not in text and COUNT not in text:
        return f"function() return {_lua_text(text)} end"
    slots = sorted(((text.find(slot), name) for slot, name in ((IDENTITY, "i"), (COUNT, "c")) if slot in text))
    pattern = text.replace("%", "%%").replace(IDENTITY, f"%0{DIGITS}d").replace(COUNT, f"%0{DIGITS}d")
    return f"function(i, c) return format({_lua_text(pattern)}, {', '.join(name for _, name in slots)}) end"


def _lua_text(text: str) -> str:
    # JSON's escapes of quotes, backslashes, CR and LF mean the same in Lua; there is nothing else to escape.
    return json.dumps(text)


class Bundled:
    """The client in `bench.client`; it needs more CPU than wrk, so more rows are generator-bound."""

    name = "bundled"

    def load(self, port: int, texts: list[str], *, connections: int, seconds: float, first: int) -> Burst:
        wanted = {"port": port, "texts": texts, "connections": connections, "seconds": seconds, "first": first}
        command = [sys.executable, "-m", "bench.client"]
        done = subprocess.run(
            command, input=json.dumps(wanted), capture_output=True, text=True, check=True, timeout=seconds + 60
        )
        return msgspec.json.decode(done.stdout, type=Burst)


@contextmanager
def generator(*, bundled: bool = False) -> Iterator[Generator]:
    if bundled or shutil.which("wrk") is None:
        yield Bundled()
        return
    with tempfile.TemporaryDirectory(prefix="burgee-bench-") as folder:
        yield Wrk(Path(folder))
