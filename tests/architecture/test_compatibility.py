"""The table of endpoints in the guide says what the servers route."""

import csv
from pathlib import Path

from burgee.cli.compatibility import END, START, placed, table

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "guide" / "compatibility.md"
COMMAND = "burgee compatibility --page docs/guide/compatibility.md"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "contract" / name).open(newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def test_the_page_has_the_table_as_it_is_now():
    page = PAGE.read_text(encoding="utf-8")
    assert page.count(START) == page.count(END) == 1
    assert placed(page, table(ROOT / "contract")) == page, f"run {COMMAND}"


def test_each_endpoint_stands_in_the_facts_once_and_each_difference_is_about_one():
    endpoints = [(row["method"], row["path"]) for row in rows("endpoints.tsv")]
    assert len(endpoints) == len(set(endpoints))
    assert {(row["method"], row["path"]) for row in rows("differences.tsv")} <= set(endpoints)


def test_what_only_one_plane_serves_counts_as_served_and_another_method_does_not(tmp_path):
    (tmp_path / "differences.tsv").write_text("method\tpath\tdifference\nGET\t/metrics/\tas we like it\n")
    facts = [
        ("GET", "/api/v1/flags/", "sdk", "core", "must"),
        ("DELETE", "/api/v1/flags/", "sdk", "core", "must"),
        ("GET", "/api/v1/organisations/{id}/", "organisations", "core", "must"),
        ("GET", "/api/v1/projects/{id}/tags/get-by-uuid/{uuid}/", "organisations", "core", "must"),
        ("GET", "/metrics/", "system", "core", "must"),
        ("POST", "/api/v1/environments/{key}/edge-identities/", "edge-identities", "edge", "out"),
    ]
    lines = ["method\tpath\tgroup\ttier\tmust", *("\t".join(row) for row in facts)]
    (tmp_path / "endpoints.tsv").write_text("\n".join(lines))
    told = table(tmp_path)
    assert "| organisations | core | 2 |  |  |" in told
    assert "| sdk | core | 1 | 1 |  |" in told
    assert "| system | core |  |  | 1 |" in told
    assert "| edge-identities | edge |  | 1 |  |" in told  # It is routed, to be refused.
    assert "- sdk: `DELETE /api/v1/flags/`" in told
    assert "| `GET /metrics/` | as we like it |" in told
