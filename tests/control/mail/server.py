"""A real mail server on this machine that keeps what it got, answers as told, and can be away."""

import socket
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings

from burgee.control.kit.mail_settings import SMTP as BACKEND


class MailServer:
    """With `options` of aiosmtpd, such as a certificate for STARTTLS and who may sign in."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.letters: list[EmailMessage] = []
        self.was_encrypted: list[bool] = []
        self.answers: deque[str] = deque()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._controller: Controller | None = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers:
            return self.answers.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.was_encrypted.append(session.ssl is not None)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self.options)
        self._controller.start()

    def stop(self) -> None:
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()


@contextmanager
def a_mail_server(**options: Any) -> Iterator[MailServer]:
    """It runs until told otherwise, and is where letters go."""
    server = MailServer(**options)
    server.start()
    place = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": server.port, "EMAIL_USE_TLS": False, "EMAIL_TIMEOUT": 5}
    try:
        with override_settings(EMAIL_BACKEND=BACKEND, **place):
            yield server
    finally:
        server.stop()
