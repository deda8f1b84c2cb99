"""How long people wait at the dashboard: Chromium over a large project, until the list and each change are painted."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from bench import machine, processes
from bench.deployment import running
from bench.management import Task, seeded, task_of
from bench.management_seed import Seeded, Size

FIRST_LIST: Final = "first list, nothing cached"
FIRST_MATRIX: Final = "first list of all environments"
TOGGLING: Final = "a switch"
TYPING: Final = "a key of the search"
SCROLLING: Final = "a frame of scrolling"
IN_MATRIX: Final = ", all environments"
"""Interactions are measured in one environment, and again side by side in all of them."""

LOADS: Final = 10
TOGGLES: Final = 15
SCROLLS: Final = 60
TEXT: Final = "flag 12 value of"
SETTLED_MS: Final = 400
"""Between two acts, so that each is measured alone: nobody clicks faster."""
LEAST_MS: Final = 16.0
"""Shorter interactions are not told by the browser, and count as this long."""
DESK: Final = ViewportSize(width=1440, height=900)
PATIENCE: Final = 20_000

WATCH: Final = """
window.seen = { list: null, interactions: new Map(), frames: [] }
new MutationObserver(() => {
  if (seen.list !== null || !document.querySelector('[role=switch]')) return
  seen.list = 0
  requestAnimationFrame(() => setTimeout(() => { seen.list = performance.now() }))
}).observe(document, { childList: true, subtree: true })
new PerformanceObserver((told) => {
  for (const { interactionId: id, duration } of told.getEntries())
    if (id) seen.interactions.set(id, Math.max(duration, seen.interactions.get(id) ?? 0))
}).observe({ type: 'event', durationThreshold: 16 })
const frame = (before) => requestAnimationFrame((now) => { seen.frames.push(now - before); frame(now) })
requestAnimationFrame(frame)
"""


def chromium() -> str | None:
    """Where the browser is, if it is there."""
    return shutil.which("chromium")


def build() -> None:
    """The dashboard as it would be served."""
    subprocess.run([sys.executable, processes.ROOT / "dashboard" / "build.py"], check=True)


def measure(*, folder: Path, size: Size) -> Iterator[Task]:
    """Make the project, start the server over it, and use its list as a person does."""
    build()
    known = seeded(folder, {}, size)
    with running("up", folder, {}, "/health/readiness/", {}) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        url, pid = f"http://127.0.0.1:{server.port}", server.process.pid
        for task, search in ((FIRST_LIST, ""), (FIRST_MATRIX, "?view=all")):
            before = machine.cpu_seconds(pid)
            taken = [_load(browser, url, known, search) for _ in range(LOADS)]
            yield task_of("sqlite", task, taken, machine.cpu_seconds(pid) - before)
        for where, search in (("", ""), (IN_MATRIX, "?view=all")):
            page = _visit(browser, url, known, search)
            acts: tuple[tuple[str, Callable[[Page], list[float]]], ...] = (
                (TOGGLING, _toggle),
                (TYPING, _type),
                (SCROLLING, _scroll),
            )
            for task, act in acts:
                before = machine.cpu_seconds(pid)
                taken = act(page)
                yield task_of("sqlite", task + where, taken, machine.cpu_seconds(pid) - before)
            page.context.close()
        browser.close()


def _visit(browser: Browser, url: str, known: Seeded, search: str) -> Page:
    context = browser.new_context(viewport=DESK)
    context.set_default_timeout(PATIENCE)
    context.add_cookies(
        [{"name": "burgee_session", "value": known.token, "url": url, "httpOnly": True, "sameSite": "Lax"}]
    )
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(f"{url}/project/{known.project_id}/environment/{known.client_key}/features{search}", wait_until="commit")
    # Asked in the page itself: questions from outside would take turns with what is measured.
    page.wait_for_function("() => seen.list", polling=50)
    return page


def _load(browser: Browser, url: str, known: Seeded, search: str) -> float:
    """From the address to the first paint with switches in it."""
    page = _visit(browser, url, known, search)
    taken: float = page.evaluate("seen.list")
    page.context.close()
    return taken


def _toggle(page: Page) -> list[float]:
    switches = page.get_by_role("switch")
    _settle(page)
    for place in range(TOGGLES):
        switches.nth(place).click(force=True)
        _settle(page)
    return _interactions(page, TOGGLES)


def _type(page: Page) -> list[float]:
    page.get_by_label("Search the features").focus()
    _settle(page)
    for key in TEXT:
        page.keyboard.press(key if key != " " else "Space")
        _settle(page)
    taken = _interactions(page, len(TEXT))
    page.keyboard.press("Escape")
    _settle(page)
    return taken


def _scroll(page: Page) -> list[float]:
    table = page.get_by_role("table").first.bounding_box()
    if table is None:
        raise RuntimeError("there is no table")
    page.mouse.move(table["x"] + table["width"] / 2, table["y"] + table["height"] / 2)
    _settle(page)
    page.evaluate("seen.frames.length = 0")
    for step in range(SCROLLS):
        page.mouse.wheel(0, 600 if step < SCROLLS / 2 else -400)
        page.wait_for_timeout(30)
    frames: list[float] = page.evaluate("seen.frames")
    _settle(page)
    page.evaluate("seen.interactions.clear()")
    return frames


def _interactions(page: Page, count: int) -> list[float]:
    told: list[Any] = page.evaluate(
        "() => { const told = [...seen.interactions.values()]; seen.interactions.clear(); return told }"
    )
    return [float(each) for each in told] + [LEAST_MS] * max(0, count - len(told))


def _settle(page: Page) -> None:
    page.wait_for_timeout(SETTLED_MS)
