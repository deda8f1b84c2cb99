"""contract/permissions.tsv: what each route needs, written by hand; and what each kind of caller has.

``needs`` is ``public``, ``signed-in``, ``org:member``, or a level (org, project, env) with ``admin``, ``any`` or a key;
``tagged`` after it: also for who has it for features with certain tags. ``who`` is ``people`` where keys are refused.
Where the view decides by the object, the line says what is needed for an object that is not there.
"""

import csv
from pathlib import Path
from typing import NamedTuple

from burgee.control.access.permissions import CATALOGUE, Level

FILE = Path(__file__).parents[3] / "contract" / "permissions.tsv"

SHORT = {Level.ORGANISATION: "org", Level.PROJECT: "project", Level.ENVIRONMENT: "env"}
KEYS = {f"{SHORT[level]}:{entry.permission}": level for level, entries in CATALOGUE.items() for entry in entries}
TAGGED_KEYS = {
    f"{SHORT[level]}:{entry.permission}" for level in CATALOGUE for entry in CATALOGUE[level] if entry.supports_tags
}


class Need(NamedTuple):
    what: str
    is_tagged: bool
    only_people: bool


def needs() -> dict[tuple[str, str], Need]:
    with FILE.open(newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t")
        return {(row["method"].lower(), row["path"]): _need(row["needs"], row["who"]) for row in rows}


def everything(*levels: str) -> set[str]:
    """What an administrator of those levels has."""
    keys = {key for key in KEYS if key.partition(":")[0] in levels}
    return keys | {f"{level}:admin" for level in levels} | {f"{level}:any" for level in levels}


def _need(text: str, who: str) -> Need:
    what, _, tagged = text.partition(" ")
    return Need(what, tagged == "tagged", who == "people")
