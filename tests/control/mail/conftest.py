from collections.abc import Iterator

import pytest

from tests.control.mail.server import MailServer, a_mail_server


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with a_mail_server() as running:
        yield running
