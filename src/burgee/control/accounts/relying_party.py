"""What browsers bind passkeys to: the domain of the dashboard, and the pages that may ask for them.

The library that checks signatures is imported when somebody uses a passkey: it takes memory that most servers can keep.
"""

import ipaddress
import logging
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings

from burgee.control.accounts.errors import PasskeysUnavailable

if TYPE_CHECKING:
    from fido2.server import Fido2Server

NAME: Final = "Burgee"

# The library tells of every credential that it sees.
logging.getLogger("fido2").setLevel(logging.WARNING)


def domain() -> str:
    """The domain that passkeys belong to; raises PasskeysUnavailable where browsers would not make any."""
    host = settings.SIGN_IN.passkey_domain or urlsplit(_dashboard()).hostname or ""
    if not host or _is_address(host) or not origins(host):
        raise PasskeysUnavailable
    return host


def is_available() -> bool:
    try:
        domain()
    except PasskeysUnavailable:
        return False
    return True


def origins(host: str) -> frozenset[str]:
    """The pages of the domain `host` that may ask: the dashboard's and this server's, over https or on this machine."""
    return frozenset(
        f"{page.scheme}://{page.netloc}"
        for page in map(urlsplit, (_dashboard(), settings.PUBLIC_URL))
        if _belongs(page.hostname or "", host) and (page.scheme == "https" or _is_local(page.hostname or ""))
    )


def server() -> "Fido2Server":
    """What checks that an authenticator signed for our domain and one of our pages."""
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialRpEntity

    host = domain()
    allowed = origins(host)
    entity = PublicKeyCredentialRpEntity(id=host, name=NAME)
    return Fido2Server(entity, attestation=None, verify_origin=lambda origin: origin in allowed)


def _dashboard() -> str:
    return str(settings.FEDERATION.dashboard_url or settings.PUBLIC_URL)


def _belongs(host: str, parent: str) -> bool:
    return host == parent or host.endswith(f".{parent}")


def _is_local(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
