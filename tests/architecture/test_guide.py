"""Every page of the guide is found, leads somewhere, and shows examples that run."""

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(page.name for page in GUIDE.glob("*.md"))
LINKED = [*sorted(GUIDE.glob("*.md")), *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"))]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_stands_in_the_navigation_and_on_the_start_page(page: str):
    assert f"guide/{page}" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert page == "index.md" or f"({page})" in (GUIDE / "index.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", LINKED, ids=lambda path: path.name)
def test_links_to_files_lead_somewhere(page: Path):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", LINKED, ids=lambda path: path.name)
def test_a_row_has_as_many_cells_as_the_head_of_its_table(page: Path):
    widths: list[int] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        widths = [*widths, line.count("|")] if line.startswith("|") else []
        assert len(set(widths)) <= 1, line


def test_the_example_of_the_engine_prints_what_the_page_says():
    text = (GUIDE / "engine.md").read_text(encoding="utf-8")
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    said = re.search(r"It prints `(.+?)`", text)
    assert code is not None
    assert said is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code[1], {})  # our own page
    assert printed.getvalue().strip() == said[1]
