from typing import Literal

from msgspec import Struct

Level = Literal["ok", "warn", "fail"]


class Finding(Struct, frozen=True):
    """One line of the report; ``fix`` is what to do when it is not ok."""

    level: Level
    subject: str
    text: str
    fix: str = ""


def ok(subject: str, text: str) -> Finding:
    return Finding("ok", subject, text)


def warn(subject: str, text: str, fix: str) -> Finding:
    return Finding("warn", subject, text, fix)


def fail(subject: str, text: str, fix: str) -> Finding:
    return Finding("fail", subject, text, fix)
