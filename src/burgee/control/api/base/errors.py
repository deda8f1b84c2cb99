"""Every error of the management API in the shape that clients know; nothing of the database leaks."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, JsonResponse
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from burgee.control.kit.errors import DomainError, WrongItems

log = logging.getLogger(__name__)


class BodyTooLarge(DomainError):
    code = "body_too_large"
    status = 413
    message = "The body may have at most {limit} bytes."


class HostUnnamed(DomainError):
    """Whoever sets an empty server up has it, and a stranger's page may call it by a name of the stranger's."""

    code = "host_unnamed"
    status = 403
    shows_code = True
    message = (
        "A server is set up by its own names only, and nobody told this one that it is {host}. "
        "Set DJANGO_ALLOWED_HOSTS={host} and restart it, or run burgee bootstrap on the server."
    )


class UserNeeded(DomainError):
    code = "user_needed"
    message = "This endpoint can only be used with a user and not Master API Key"


def render(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response for `error`; None leaves it to the server's own 500."""
    if isinstance(error, DomainError):
        set_rollback()
        return Response(shape(error), status=error.status)
    answer = _database_answer(error) or _bad_request(error)
    if answer is not None:
        set_rollback()
        return answer
    return exception_handler(error, context)


def shape(error: DomainError) -> dict[str, Any]:
    """``{field: [message]}`` when the error names a field, else ``{"detail": message}`` and perhaps its code."""
    if error.field is None:
        return {"detail": str(error)} | ({"code": error.code} if error.shows_code else {})
    return {error.field: error.items if isinstance(error, WrongItems) else [str(error)]}


def _database_answer(error: Exception) -> Response | None:
    if isinstance(error, DataError | OverflowError):
        return Response({"detail": "A value is out of range."}, status=400)
    if isinstance(error, IntegrityError):
        log.warning("a constraint refused a write", exc_info=error)
        return Response({"detail": "This conflicts with something that exists already."}, status=409)
    if isinstance(error, OperationalError | InterfaceError):
        log.error("the database failed", exc_info=error)
        headers = {"Retry-After": "1"}
        return Response({"detail": "The database cannot be reached right now."}, status=503, headers=headers)
    return None


def _bad_request(error: Exception) -> Response | None:
    if isinstance(error, RequestDataTooBig):
        return Response({"detail": "The body is too large."}, status=413)
    if isinstance(error, SuspiciousOperation | BadRequest):
        return Response({"detail": "Bad request."}, status=400)
    return None


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django's signature
    return JsonResponse({"detail": "Not found."}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:  # noqa: ARG001 - Django's signature
    return JsonResponse({"detail": "Bad request."}, status=400)


def server_error(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    return JsonResponse({"detail": "Something went wrong on this server."}, status=500)
