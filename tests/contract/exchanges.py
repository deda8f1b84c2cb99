"""Recorded exchanges: what is asked, and what every answer must hold.

A story is a list of exchanges. Texts may name what earlier answers brought: `{name}` is what an exchange `keep`s under
that name. In an answer, `<integer>` and its like stand for what differs from run to run; further keys may be there.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2] / "contract"
SEED = ROOT / "management" / "seed.json"

Exchange = dict[str, Any]
Names = dict[str, Any]

DATE = re.compile(r"\d{4}-\d\d-\d\d([T ][\d:.]+(Z|\+00:00)?)?")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MARKS: dict[str, Callable[[Any], bool]] = {
    "<integer>": lambda value: type(value) is int,
    "<date>": lambda value: isinstance(value, str) and DATE.fullmatch(value) is not None,
    "<uuid>": lambda value: isinstance(value, str) and UUID.fullmatch(value) is not None,
    "<text>": lambda value: isinstance(value, str) and value != "",
    "<anything>": lambda value: True,
}
_PLACE = re.compile(r"\{(\w+)\}")


def stories() -> list[Path]:
    return sorted(path for folder in ("management", "sdk") for path in (ROOT / folder).glob("*.json"))


def read(path: Path) -> list[Exchange]:
    found: list[Exchange] = json.loads(path.read_text(encoding="utf-8"))["exchanges"]
    return found


def filled(value: Any, names: Names) -> Any:
    """`value` with the names put in; a text that is only a name becomes what is named, be it a number."""
    if isinstance(value, dict):
        return {filled(key, names): filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    if not isinstance(value, str):
        return value
    whole = _PLACE.fullmatch(value)
    if whole and whole[1] in names:
        return names[whole[1]]
    return _PLACE.sub(lambda found: str(names.get(found[1], found[0])), value)


def send(http: httpx.Client, exchange: Exchange, names: Names) -> httpx.Response:
    headers = filled(exchange.get("headers", {}), names)
    content = None
    if "raw" in exchange:
        content = exchange["raw"].encode()
    elif "body" in exchange:
        content = json.dumps(filled(exchange["body"], names)).encode()
    if content is not None and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json"
    return http.request(exchange["method"], filled(exchange["path"], names), content=content, headers=headers)


def answer_of(response: httpx.Response) -> Any:
    if not response.content or response.request.method == "HEAD":
        return None
    return response.json() if "json" in response.headers.get("content-type", "") else "<anything>"


def keep(exchange: Exchange, answer: Any, names: Names) -> None:
    """Remember the parts of the answer that `keep` names, by their path: `results.0.id`."""
    for name, path in exchange.get("keep", {}).items():
        found = answer
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
        names[name] = found


def differences(expected: Any, found: Any, where: str = "$") -> list[str]:
    if isinstance(expected, str) and expected in MARKS:
        return [] if MARKS[expected](found) else [f"{where}: {expected} expected, got {found!r}"]
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = [f"{where}.{key}: missing" for key in expected.keys() - found.keys()]
        both = (differences(one, found[key], f"{where}.{key}") for key, one in expected.items() if key in found)
        return missing + [line for lines in both for line in lines]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        both = (differences(one, found[place], f"{where}[{place}]") for place, one in enumerate(expected))
        return [line for lines in both for line in lines]
    same = type(expected) is type(found) and expected == found
    return [] if same else [f"{where}: {expected!r} expected, got {found!r}"]


def replay(http: httpx.Client, story: list[Exchange], names: Names) -> list[str]:
    """What was answered otherwise than recorded; the names of later stories are added to `names`."""
    lines: list[str] = []
    for exchange in story:
        response = send(http, exchange, names)
        answer = answer_of(response)
        wrong = differences(exchange["status"], response.status_code, "status")
        if not wrong:
            keep(exchange, answer, names)
            wrong = differences(filled(exchange.get("answer"), names), answer)
            for name, text in exchange.get("answer_headers", {}).items():
                wrong += differences(filled(text, names), response.headers.get(name), name)
        lines += [f"{exchange['name']}: {line}" for line in wrong]
    return lines
