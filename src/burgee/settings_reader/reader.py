"""Reads one settings struct; every field says which variables it comes from.

class EdgeSettings(Struct, frozen=True, kw_only=True):
    port: Annotated[int, Var("PORT", "BURGEE_PORT", about="Port to listen on.", ge=1, le=65535)] = 8000

settings = read(EdgeSettings)
"""

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from msgspec import NODEFAULT, Struct

from burgee.settings_reader.fields import Field, Var, fields_of

S = TypeVar("S", bound=Struct)

PREFIX = "BURGEE_"
MASK = "***"
PASSWORD_IN_URL = re.compile(r"(?<=://)([^:@]*):.*(?=@)", re.DOTALL)

__all__ = ["Field", "SettingsError", "Var", "check_names", "fields_of", "mask", "read", "variables"]


class SettingsError(Exception):
    """All that is wrong with the settings, one line a problem."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def variables(environ: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The given mapping, or the environment of the process."""
    return os.environ if environ is None else environ


def read(struct_type: type[S], environ: Mapping[str, str] | None = None) -> S:
    """The struct, filled from the environment; SettingsError names every wrong variable at once.

    A variable that is set to nothing counts as unset, as compose files like to write it.
    """
    source = variables(environ)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in fields_of(struct_type):
        name = next((name for name in field.var.names if source.get(name, "").strip()), None)
        if name is None:
            if field.default is NODEFAULT:
                problems.append(
                    f"{field.var.names[0]} is not set. Set it to {field.expected}. {field.var.about}".strip()
                )
            continue
        try:
            values[field.name] = field.parse(source[name].strip())
        except ValueError:
            problems.append(_wrong(name, source[name], field))
    if problems:
        raise SettingsError(problems)
    return struct_type(**values)


def _wrong(name: str, text: str, field: Field) -> str:
    shown = MASK if field.var.secret else repr(mask(text))
    ways = "." if field.default is NODEFAULT else f", or unset it for the default, {shown_default(field)}."
    return f"{name}={shown} is wrong. Set it to {field.expected}{ways}"


def shown_default(field: Field) -> str:
    if field.default is None or field.default in ("", (), []):
        return "none"
    if isinstance(field.default, bool):
        return str(field.default).lower()
    if isinstance(field.default, list | tuple):
        return ",".join(str(item) for item in field.default)
    return str(field.default)


def mask(text: str) -> str:
    """The text without the passwords of the addresses in it."""
    return PASSWORD_IN_URL.sub(rf"\1:{MASK}", text)


def check_names(structs: Iterable[type[Struct]], environ: Mapping[str, str] | None = None) -> None:
    """Stops at a ``BURGEE_*`` variable that none of the structs declares: a typo must not become a default."""
    known = {name for struct in structs for field in fields_of(struct) for name in field.var.names}
    problems = []
    for name in sorted(variables(environ)):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0)
            hint = f" Did you mean {near[0]}?" if near else ""
            problems.append(f"{name} is not a setting of Burgee.{hint} Correct the name, or unset it.")
    if problems:
        raise SettingsError(problems)
