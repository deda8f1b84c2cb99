"""Chromium at the dashboard: what a person does, and what must never happen meanwhile."""

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.services.binaries import find_binary

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20_000
EXPECTED_NOISE = re.compile(r"status of (401|404|503)|ERR_CONNECTION|favicon|Failed to load resource")

expect.set_options(timeout=PATIENCE)


SETTLED_SECONDS = 5
"""How long a page may be half there: styles on their way, colours in transition."""

COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe that a theme can break: all others look at what is the same in both."""

CHOOSE_THEME = """scheme => {
  const change = { key: 'burgee:theme', newValue: scheme, storageArea: localStorage }
  localStorage.setItem(change.key, change.newValue)
  dispatchEvent(new StorageEvent('storage', change))
}"""

BEYOND = """() => Math.max(...[document.documentElement, document.getElementById('main')]
  .map(each => each ? each.scrollWidth - each.clientWidth : 0))"""


class Visitor:
    """One person's browser window; counts the clicks and keeps what the console complained about."""

    def __init__(self, context: BrowserContext, url: str, complaints: list[str] | None = None) -> None:
        context.set_default_timeout(PATIENCE)
        self.page: Page = context.new_page()
        self.url = url
        self.clicks = 0
        self.complaints: list[str] = [] if complaints is None else complaints
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not EXPECTED_NOISE.search(message.text):
            self.complaints.append(message.text)

    def another_tab(self) -> "Visitor":
        """Of the same browser, so signed in alike; what it complains about is kept with the rest."""
        return Visitor(self.page.context, self.url, self.complaints)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)

    def follow(self, path: str) -> None:
        """As a link of the dashboard does: the page changes, the document stays."""
        self.page.evaluate("address => history.pushState({}, '', address)", self.url + path)

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def flip(self, name: str) -> None:
        """A click on a switch: what is seen of it lies over the input that has its role."""
        self.clicks += 1
        self.switch(name).click(force=True)

    def press(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def fill(self, **texts: str) -> None:
        for label, text in texts.items():
            self.page.get_by_label(label.replace("_", " "), exact=True).fill(text)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text, exact=True).first).to_be_visible()

    def is_live(self) -> None:
        """It hears of what others change; "Connecting to live updates" does not count."""
        expect(self.page.get_by_role("status", name=re.compile("^Live:"))).to_be_visible()

    def switch(self, name: str) -> Locator:
        return self.page.get_by_role("switch", name=name)

    def too_wide(self) -> int:
        """By how many pixels the page, not a list in it, goes beyond the window."""
        return int(self.page.evaluate(BEYOND))

    def serious_faults(self, rules: tuple[str, ...] = ()) -> list[str]:
        """What axe finds that would keep somebody from using the page once all of it has come; by all rules or by some."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        deadline = time.monotonic() + SETTLED_SECONDS
        while (faults := self._faults_now(rules)) and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        return faults

    def _faults_now(self, rules: tuple[str, ...]) -> list[str]:
        options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
        found = self.page.evaluate("options => axe.run(options)", options)
        serious = [fault for fault in found["violations"] if fault["impact"] in {"serious", "critical"}]
        return [f"{fault['id']}: {json.dumps([node['html'] for node in fault['nodes']][:3])}" for fault in serious]

    def choose_theme(self, scheme: str) -> None:
        """As if it had been chosen in another tab of the browser."""
        self.page.evaluate(CHOOSE_THEME, scheme)
        expect(self.page.locator(f"html[data-mantine-color-scheme={scheme}]")).to_be_attached()


def launch(playwright: Any) -> Browser:
    """Chromium without what only people would see of it, where there is such a one: its windows open faster."""
    program = shutil.which("chromium-headless-shell") or find_binary("chromium")
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


def sign_in(context: BrowserContext, url: str, token: str) -> None:
    """What the sign-in page would have done, for journeys that are about something else."""
    context.add_cookies([{"name": "burgee_session", "value": token, "url": url, "httpOnly": True, "sameSite": "Lax"}])
