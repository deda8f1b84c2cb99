"""The table of all settings, for people and for the guide."""

import re
from collections.abc import Iterable

from msgspec import NODEFAULT, Struct

from burgee.settings_reader.reader import Field, fields_of, shown_default


class Setting(Struct, frozen=True):
    """One row of the table."""

    group: str
    name: str
    aliases: tuple[str, ...]
    value: str
    default: str
    about: str
    secret: bool


def describe(structs: Iterable[type[Struct]]) -> list[Setting]:
    """Every setting once, in the order of declaration; the first struct that declares a name describes it."""
    rows: dict[str, Setting] = {}
    for struct in structs:
        for field in fields_of(struct):
            rows.setdefault(field.var.names[0], _row(struct, field))
    return list(rows.values())


def _row(struct: type[Struct], field: Field) -> Setting:
    first, *others = field.var.names
    default = "required" if field.default is NODEFAULT else shown_default(field)
    group = re.sub(r"\B(?=[A-Z])", " ", struct.__name__.removesuffix("Settings")).capitalize()
    return Setting(group, first, tuple(others), field.expected, default, field.var.about, field.var.secret)


def markdown(structs: Iterable[type[Struct]]) -> str:
    """The table as the guide prints it."""
    lines = []
    group = ""
    for row in describe(structs):
        if row.group != group:
            group = row.group
            lines += ["", f"## {group}", "", "| Variable | Default | Value | Meaning |", "|---|---|---|---|"]
        names = ", ".join(f"`{name}`" for name in (row.name, *row.aliases))
        about = row.about + (" Secret." if row.secret else "")
        lines.append("| " + " | ".join(_cell(text) for text in (names, row.default, row.value, about)) + " |")
    return "\n".join(lines).lstrip("\n") + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
