"""The real-time stream as a client hears it, whatever is changed."""

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.clients.burgee import wait_until
from tests.clients.shop import Shop, condition

pytestmark = pytest.mark.process


class Listener:
    """Reads one stream on a thread of its own."""

    def __init__(self, shop: Shop) -> None:
        self.heard: list[float] = []
        self._connection = http.client.HTTPConnection("127.0.0.1", shop.burgee.port, timeout=60)
        self._connection.request("GET", f"/sse/environments/{shop.key}/stream", headers={"Accept": "text/event-stream"})
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        assert self._answer.headers["Content-Type"].startswith("text/event-stream")

    @contextmanager
    def listening(self) -> Iterator["Listener"]:
        thread = threading.Thread(target=self._read)
        thread.start()
        try:
            yield self
        finally:
            self._socket.shutdown(socket.SHUT_RDWR)
            thread.join()
            self._answer.close()
            self._connection.close()

    def _read(self) -> None:
        event = ""
        with contextlib.suppress(http.client.IncompleteRead):
            for line in self._answer:
                name, _, text = line.decode().partition(":")
                if name == "event":
                    event = text.strip()
                if name == "data" and event == "environment_updated":
                    self.heard.append(json.loads(text)["updated_at"])


def test_every_kind_of_change_is_heard(shop: Shop) -> None:
    shop.feature("text", "hello")
    shop.variants("split", {"a": 50})
    shop.segment("pros", condition("plan", "EQUAL", "pro"))
    changes = {
        "value": lambda: shop.turn("text", feature_state_value="new"),
        "switch": lambda: shop.turn("text", enabled=False),
        "weights": lambda: shop.weigh("split", "a", 75),
        "settings of the environment": lambda: shop.settings(hide_disabled_flags=True),
        "segment override": lambda: shop.override_segment("text", "pros", "pro"),
        "rules of a segment": lambda: shop.change_segment("pros", condition("plan", "EQUAL", "basic")),
        "identity override": lambda: shop.override_identity("text", "ann", feature_state_value="own"),
        "identity override changed": lambda: shop.override_identity("text", "ann", feature_state_value="other"),
        "identity override removed": lambda: shop.drop_override("text", "ann"),
        "new feature": lambda: shop.feature("fresh"),
        "feature removed": lambda: shop.drop_feature("fresh"),
    }
    with Listener(shop).listening() as listener:
        for name, change in changes.items():
            before = len(listener.heard)
            change()
            wait_until(lambda before=before: len(listener.heard) > before, f"{name} is heard", seconds=20)
        assert listener.heard == sorted(listener.heard)
        heard = len(listener.heard)
        shop.identify("bob", plan="pro")
        shop.turn("text", enabled=True)
        wait_until(lambda: len(listener.heard) > heard, "the next change is heard", seconds=20)
        assert len(listener.heard) == heard + 1, "traits are no change of the environment"
