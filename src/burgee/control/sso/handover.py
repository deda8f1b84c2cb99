"""One-time codes: a protocol's page hands over to the dashboard whom it met, and the dashboard gets them in.

What stands in an address can be seen, kept and passed on. So a code is worth something once, for a minute, and, where
the protocol's page and the dashboard are of one server, in the one browser that came back with it.
"""

import secrets
from datetime import timedelta
from typing import Final

import msgspec
from cryptography.fernet import InvalidToken
from django.db import transaction
from msgspec import Struct

from burgee.control.kit import clock
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key, sha256_hex
from burgee.control.kit.errors import DomainError
from burgee.control.kit.secrets import decrypt, encrypt
from burgee.control.sso.models import Handover
from burgee.control.sso.people import Arrival, Method, Person, Source

SECONDS: Final = 60
KEPT: Final = timedelta(hours=1)
"""So long is remembered that a journey has ended; none may last longer."""


class HandoverInvalid(DomainError):
    code = "handover_invalid"
    status = 401
    message = "This sign-in has ended. Please start again."


class Met(Struct, frozen=True, kw_only=True):
    """Whom a source vouches for, and how they come here."""

    person: Person
    source: Source
    arrival: Arrival


def leave(met: Met, *, journey: str | None = None, browser: str = "") -> str:
    """A code for `met`. A `journey`, such as the state that went to the issuer and came back, ends once.

    With `browser`, a secret that the browser keeps in a cookie, nobody else can use the code.
    """
    now = clock.now()
    Handover.objects.filter(expires_at__lt=now - KEPT).delete()
    code = secrets.token_urlsafe(32)
    with on_violation(HandoverInvalid()):
        Handover.objects.create(
            digest=sha256_hex(code),
            journey_key=journey and live_key("journey", met.source.method, journey),
            browser_digest=sha256_hex(browser) if browser else "",
            ciphertext=encrypt(msgspec.json.encode(met).decode()),
            expires_at=now + timedelta(seconds=SECONDS),
        )
    return code


@transaction.atomic
def collect(code: str, method: Method, *, browser: str = "") -> Met:
    """Whom `code` was left for, by a source that speaks `method`; HandoverInvalid whenever that is not certain."""
    row = Handover.objects.filter(digest=sha256_hex(code), used_at=None, expires_at__gt=clock.now()).first()
    if row is None or (row.browser_digest and not secrets.compare_digest(row.browser_digest, sha256_hex(browser))):
        raise HandoverInvalid
    try:
        met = msgspec.json.decode(decrypt(row.ciphertext or ""), type=Met)
    except (InvalidToken, ValueError) as error:
        raise HandoverInvalid from error
    # Of two who show it at the same moment, the database lets one through; what it held is gone with the first use.
    is_first = Handover.objects.filter(pk=row.pk, used_at=None).update(used_at=clock.now(), ciphertext=None)
    if not is_first or met.source.method is not method:
        raise HandoverInvalid
    return met
