"""contract/permissions.tsv: what each route needs, written by hand; and what each kind of caller has.

``needs`` is ``public``, ``signed-in``, ``org:member``, or a level (org, project, env) with ``admin``, ``any`` or a key;
``tagged`` after it: also for who has it for features with certain tags. ``who`` is ``people`` where keys are refused.
Where the view decides by the object, the line says what is needed for an object that is not there.
"""

import csv
import re
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


class Right(NamedTuple):
    """What clients of Flagsmith expect a route to need, and why ours needs something else."""

    method: str
    path: str
    needs: str
    difference: str

    @property
    def short(self) -> str:
        """What is needed, as permissions.tsv says it; remarks left out."""
        first = re.split(r"[ ;,(]", self.needs)[0]
        return {"user": "signed-in", "auth": "signed-in", "anonymous": "public", "OAuth2": "public"}.get(first, first)


def rights() -> dict[tuple[str, str], Right]:
    """contract/rights.tsv by method and by path with bare braces."""
    with FILE.with_name("rights.tsv").open(newline="") as lines:
        rows = [Right(**row) for row in csv.DictReader(lines, delimiter="\t")]
    return {(row.method.lower(), bare(row.path)): row for row in rows}


def endpoints() -> set[tuple[str, str]]:
    """contract/endpoints.tsv likewise."""
    with FILE.with_name("endpoints.tsv").open(newline="") as lines:
        return {(row["method"].lower(), bare(row["path"])) for row in csv.DictReader(lines, delimiter="\t")}


def bare(path: str) -> str:
    return re.sub(r"<[^>]*>|\{[^}]*\}", "{}", path)
