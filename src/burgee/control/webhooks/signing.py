"""The bytes that receivers get and the signature that proves them."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from burgee import __version__

SIGNATURE: Final = "X-Flagsmith-Signature"
DELIVERY: Final = "X-Burgee-Delivery"


def body_of(event_type: str, data: Mapping[str, Any]) -> bytes:
    """The message as it is sent and signed: sorted keys, default separators, ASCII."""
    return json.dumps({"event_type": event_type, "data": data}, sort_keys=True).encode("ascii")


def headers_of(body: bytes, secret: str, delivery: str | None = None) -> dict[str, str]:
    """The headers of a message; signed when there is a secret. `delivery` is the same for every try."""
    headers = {"Content-Type": "application/json", "User-Agent": f"Burgee/{__version__}"}
    if delivery:
        headers[DELIVERY] = delivery
    if secret:
        headers[SIGNATURE] = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return headers
