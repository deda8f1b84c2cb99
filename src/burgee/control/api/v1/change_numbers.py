"""The change number of a flag as ETag and If-Match: who says what he has seen does not overwrite what he has not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import structs
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.targeting.errors import StaleEdit
from burgee.control.targeting.history import latest_edits

ETag = dict[str, str]


class StaleWrite(APIException):
    """409 with what the caller has not seen."""

    status_code = 409

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__()
        # As it is: the parent would turn every number and date in it into text.
        self.detail = body


def etag(number: int) -> ETag:
    """The header that tells a flag's change number."""
    return {"ETag": f'"{number}"'}


@contextmanager
def meant_for(request: Request, environment: Environment, feature: Feature) -> Iterator[frozenset[int] | None]:
    """The change numbers that If-Match allows the edit inside; None allows all.

    When the flag has another one, the answer is 409 with the edits since then.
    """
    try:
        yield _expected_numbers(request)
    except StaleEdit as error:
        seen, current = error.facts["seen"], error.facts["current"]
        missed = current - seen if seen is not None and seen < current else 0
        body = {
            "detail": str(error),
            "code": error.code,
            "change_number": current,
            "changes": [structs.asdict(edit) for edit in latest_edits(environment, feature.pk, missed)],
        }
        raise StaleWrite(body) from error


def _expected_numbers(request: Request) -> frozenset[int] | None:
    """None without the header, or for ``*``. What is no number allows none."""
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    tags = (part.strip().removeprefix("W/").strip('"') for part in given.split(","))
    return frozenset(int(tag) for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 20)
