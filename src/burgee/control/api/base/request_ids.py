"""The name of a request in events, logs and answers."""

import re
import uuid
from typing import Final

from django.http import HttpRequest
from rest_framework.request import Request

ACCEPTED: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
META_KEY: Final = "burgee.request_id"


def give_request_id(request: HttpRequest) -> str:
    """The client's X-Request-ID when it is harmless, else a new one; kept with the request."""
    offered = request.headers.get("X-Request-ID", "")
    chosen = offered if ACCEPTED.fullmatch(offered) else uuid.uuid4().hex
    request.META[META_KEY] = chosen
    return chosen


def request_id_of(request: Request | HttpRequest) -> str | None:
    """The id given by the middleware, or None outside of it."""
    found = request.META.get(META_KEY)
    return found if isinstance(found, str) else None
