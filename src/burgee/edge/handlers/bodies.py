"""Request bodies: which media types are read, and how the ones that cannot be are refused."""

import email
from collections.abc import Callable
from email.message import Message
from typing import Any, Final, TypeVar

from burgee.edge.errors import EdgeError, invalid, refused
from burgee.edge.request import EdgeRequest
from burgee.wire import sdk
from burgee.wire.fields import Refused

_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"

T = TypeVar("T")


def read_body(request: EdgeRequest, read: Callable[[Any], T]) -> T:
    """What `read` makes of the body as JSON data. Raises EdgeError."""
    return understood(lambda: read(body_data(request)))


def understood(read: Callable[[], T]) -> T:
    try:
        return read()
    except (Refused, sdk.MalformedJson) as error:
        raise not_understood(error) from None


def not_understood(error: Refused | sdk.MalformedJson) -> EdgeError:
    if isinstance(error, Refused):
        return invalid(error.errors)
    return refused(400, f"JSON parse error - {error}")


def body_data(request: EdgeRequest) -> Any:
    """The body as JSON data, also when it came as a form."""
    if not request.body:
        return {}
    media_type = request.content_type.partition(";")[0].strip().lower()
    if media_type == _JSON:
        return sdk.parse_json(request.body)
    try:
        if media_type == _FORM:
            return sdk.form_data(request.body)
        if media_type == _MULTIPART:
            return sdk.nest(_multipart_fields(request))
    except ValueError:
        raise refused(400, "The form cannot be read.") from None
    raise refused(415, f'Unsupported media type "{request.content_type}" in request.')


def _multipart_fields(request: EdgeRequest) -> list[tuple[str, str]]:
    head = b"content-type: " + request.headers[b"content-type"] + b"\r\n\r\n"
    message = email.message_from_bytes(head + request.body)
    fields: list[tuple[str, str]] = []
    for part in message.get_payload() if message.is_multipart() else ():
        if isinstance(part, Message):
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(payload, bytes):
                fields.append((name, payload.decode("utf-8", "replace")))
    return fields
