"""Paths of our own: what Burgee nodes say to each other over HTTP, how they know each other, and the live stream."""

import hmac
from typing import Final

FEED_PATH: Final = "/_burgee/feed"
"""GET: a stream of deltas; with `?heads` the heads; with `?environment=<id>` one complete snapshot."""

TRAITS_PATH: Final = "/_burgee/traits"
"""POST: trait patches of an edge node."""

LIVE_PATH: Final = "/_burgee/live"
"""GET: the dashboard's stream, with a ticket of the control plane."""


def authorization(token: str) -> str:
    return f"Bearer {token}"


def is_peer(header: bytes | None, token: str) -> bool:
    """Whether an Authorization header carries the token; never when there is none."""
    return bool(token) and header is not None and hmac.compare_digest(header, authorization(token).encode())
