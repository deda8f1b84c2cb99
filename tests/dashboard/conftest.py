import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.dashboard.browser import DESK, ROOT, Visitor, launch, sign_in
from tests.dashboard.shop import Shop
from tests.serve.running import Server, a_starter, start
from tests.services.binaries import find_binary

__all__ = ["start"]

Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def built() -> None:
    """The dashboard as it is served; built by whichever test process comes first."""
    find_binary("node")
    lock = ROOT / "build" / ".dashboard-tests"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = subprocess.run(
            [sys.executable, ROOT / "dashboard" / "build.py"], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all journeys that need neither an empty one nor settings of their own."""
    with a_starter(tmp_path_factory.mktemp("shared")) as start:
        yield start()


@pytest.fixture
def shop(shared: Server) -> Shop:
    """Of a person of its own, who meets nobody from other journeys."""
    return Shop(shared)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while it is there, the thread has a running loop, and other modules bring their own."""
    find_binary("chromium")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(built: None, browser: Browser) -> Iterator[Visit]:
    """Somebody at a server; at the end their console must have been quiet."""
    visitors: list[Visitor] = []

    def begin(server: Server, *, token: str | None = None, viewport: dict[str, int] = DESK, base: str = "") -> Visitor:
        context = browser.new_context(viewport=viewport, reduced_motion="reduce", locale="en-GB")
        if token:
            sign_in(context, server.url, token)
        visitor = Visitor(context, server.url + base)
        visitors.append(visitor)
        return visitor

    yield begin
    for visitor in visitors:
        visitor.page.context.close()
        assert visitor.complaints == []
