"""A receiver of webhooks: a real HTTP server on this machine that remembers what it got and answers as told."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from burgee.control.kit.outbound import Client

OUTSIDE = "http://93.184.216.34"
"""An address that policy admits; `Receiver.client` leads it here."""


class Receiver:
    def __init__(self, port: int) -> None:
        self.port = port
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: deque[int] = deque()
        self.always = 200
        self.headers: dict[str, str] = {}

    @property
    def client(self) -> Client:
        return Client(connect=self.connect, seconds=5)

    def connect(self, _address: tuple[str, int]) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def messages(self) -> list[dict]:
        return [json.loads(body) for _, _, body in self.requests]

    @property
    def names(self) -> list[str]:
        """The features of the messages, in order of arrival."""
        return [(message["data"]["new_state"] or {})["feature"]["name"] for message in self.messages]


@contextmanager
def a_receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.requests.append((self.path, dict(self.headers), body))
            self.send_response(receiver.answers.popleft() if receiver.answers else receiver.always)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Tests look at the requests instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
