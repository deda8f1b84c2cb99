"""SemVer 2.0 precedence as a key that compares; no integer is ever built from the text."""

import re
from functools import lru_cache
from typing import Final

Precedence = tuple[tuple[tuple[int, str], ...], bool, tuple[tuple[bool, int, str], ...]]

_NUMBER: Final = r"(?:0|[1-9][0-9]*)"
_LABEL: Final = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION: Final = re.compile(
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})"
    rf"(?:-({_LABEL}(?:\.{_LABEL})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)


@lru_cache(maxsize=1024)
def precedence(text: str) -> Precedence | None:
    """A key ordered as SemVer orders versions, build metadata left out; None for anything else."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    major, minor, patch, labels = match.groups()
    release = ((len(major), major), (len(minor), minor), (len(patch), patch))
    return release, labels is None, tuple(_label(part) for part in (labels or "").split("."))


def _label(part: str) -> tuple[bool, int, str]:
    if part.isdigit():
        return False, len(part), part
    return True, 0, part
