"""``burgee compatibility``: which of Flagsmith's endpoints are served, from what the servers route."""

import argparse
import csv
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

START, END = "<!-- burgee compatibility -->", "<!-- end -->"
SAMPLES = ("1", "3fa85f64-5717-4562-b3fc-2c963f66afa6", "abc")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""What a row with a star for its method means."""

SERVED, UNSERVED, DIFFERENT = "served", "not served", "different"


class Endpoint(Struct, frozen=True):
    """A row of the table of facts."""

    method: str
    path: str
    group: str
    tier: str
    must: str


Serves = Callable[[str, str], bool]
"""Whether a method and a path are served."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("compatibility", help="print which of Flagsmith's endpoints are served")
    parser.add_argument("--facts", type=Path, metavar="FOLDER", default=Path("contract"), help="where the tables are")
    parser.add_argument("--page", type=Path, metavar="FILE", help="put the table into this page instead")
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    from burgee.cli.migrate import set_up_django

    set_up_django()
    text = table(options.facts)
    if options.page is None:
        print(text)
    else:
        options.page.write_text(placed(options.page.read_text(encoding="utf-8"), text), encoding="utf-8")
    return 0


def placed(page: str, text: str) -> str:
    """The page with `text` between its markers."""
    before, _, rest = page.partition(START)
    return f"{before}{START}\n\n{text}\n\n{END}{rest.partition(END)[2]}"


def table(facts: Path) -> str:
    """The tables in Markdown; Django must be set up."""
    differences = {(row["method"], row["path"]): row["difference"] for row in _rows(facts / "differences.tsv")}
    endpoints = [Endpoint(**row) for row in _rows(facts / "endpoints.tsv")]
    serves = _serves()
    outcomes = {endpoint: _outcome(endpoint, differences, serves) for endpoint in endpoints}
    return "\n".join([*_counts(outcomes), "", *_missing(outcomes), "", *_reasons(differences)])


def _outcome(endpoint: Endpoint, differences: dict[tuple[str, str], str], serves: Serves) -> str:
    if (endpoint.method, endpoint.path) in differences:
        return DIFFERENT
    return SERVED if serves(endpoint.method, endpoint.path) else UNSERVED


def _counts(outcomes: dict[Endpoint, str]) -> Iterator[str]:
    yield "| Group | Tier | Served | Not served | Different on purpose |"
    yield "|---|---|---:|---:|---:|"
    counts = Counter((endpoint.group, endpoint.tier, outcome) for endpoint, outcome in outcomes.items())
    for group, tier in sorted({(group, tier) for group, tier, _ in counts}):
        cells = [str(counts[group, tier, outcome] or "") for outcome in (SERVED, UNSERVED, DIFFERENT)]
        yield f"| {group} | {tier} | {' | '.join(cells)} |"
    sums = [str(sum(outcome == wanted for outcome in outcomes.values())) for wanted in (SERVED, UNSERVED, DIFFERENT)]
    yield f"| all | | {' | '.join(sums)} |"


def _missing(outcomes: dict[Endpoint, str]) -> Iterator[str]:
    missing = [endpoint for endpoint, outcome in outcomes.items() if outcome == UNSERVED and endpoint.tier == "core"]
    yield "Of the tier `core`, these are not served:" if missing else "Of the tier `core`, everything is served."
    yield ""
    for group in sorted({endpoint.group for endpoint in missing}):
        names = [f"`{each.method} {each.path}`" for each in missing if each.group == group]
        yield f"- {group}: {', '.join(names)}"


def _reasons(differences: dict[tuple[str, str], str]) -> Iterator[str]:
    yield "| Different on purpose | How |"
    yield "|---|---|"
    for (method, path), difference in differences.items():
        yield f"| `{method} {path}` | {difference} |"


def _serves() -> Serves:
    edge = _edge_serves()

    def serves(method: str, path: str) -> bool:
        if method == "*":
            return all(serves(each, path) for each in METHODS)
        return any(edge(method, each) or _control_serves(method, each) for each in _examples(path))

    return serves


def _examples(path: str) -> Iterator[str]:
    """The path with everything in the place of its names that routes tell apart."""
    pieces = re.split(r"\{[^}]*\}", re.sub(r"\[[^]]*\]", "", path))
    for values in itertools.product(SAMPLES, repeat=len(pieces) - 1):
        yield "".join(itertools.chain.from_iterable(zip(pieces, (*values, ""), strict=True)))


def _edge_serves() -> Serves:
    from burgee.edge import app
    from burgee.edge.identities.durable import DurableTraits
    from burgee.edge.identities.journal import Journal
    from burgee.edge.identities.upstream import UpstreamTraits
    from burgee.edge.settings import EdgeSettings
    from burgee.edge.store import Store
    from burgee.edge.usage.counters import UsageCounters
    from burgee.serve.backing import UncountedUsage
    from burgee.serve.metrics import PATHS

    # Nothing of it is started: only its paths are looked at.
    traits = DurableTraits(UpstreamTraits("http://localhost", ""), Journal(Path()))
    router = app.build(EdgeSettings(), Store(gzip_bytes=1), traits, UsageCounters(UncountedUsage())).router

    def serves(method: str, path: str) -> bool:
        found = router.resolve(path.encode())
        if found is None:
            return method == "GET" and path in PATHS
        return found[0].serves(method.encode())

    return serves


def _control_serves(method: str, path: str) -> bool:
    from django.urls import Resolver404, resolve

    try:
        view = resolve(path).func
    except Resolver404:
        return False
    served: Sequence[type] = [each for name in ("cls", "view_class") if (each := getattr(view, name, None))]
    if not served:
        return True
    # A method that states no status of success is there to refuse.
    return hasattr(served[0], method.lower()) and getattr(served[0], "succeeds", {}).get(method.lower()) != ()


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))
