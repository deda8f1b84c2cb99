"""From bytes and query strings to checked values; what cannot be stored is refused here."""

import codecs
import json
import math
import uuid
from collections.abc import Mapping
from typing import IO, Any, Final, TypeVar

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.fields import empty
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer

LARGEST_ID: Final = 2**63 - 1
NULL_CHARACTER: Final = "\x00"

T = TypeVar("T")


class StrictJsonParser(JSONParser):
    """JSON that a database can hold: no NaN, no bottomless nesting, no null characters, no lone surrogates."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        encoding = (parser_context or {}).get("encoding") or "utf-8"
        try:
            text = codecs.getreader(encoding)(stream).read()
            if not text.strip():
                return {}
            value = json.loads(text, parse_constant=_no_constant)
            _refuse_unstorable(value)
        except (ValueError, LookupError) as error:
            raise ParseError(f"JSON parse error - {error}") from error
        except RecursionError as error:
            raise ParseError("JSON parse error - The document is nested too deeply.") from error
        return value


def _no_constant(name: str) -> None:
    raise ValueError(f"Out of range float values are not JSON compliant: {name}")


def _refuse_unstorable(value: Any) -> None:
    if isinstance(value, str):
        _refuse_characters(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            _refuse_characters(key)
            _refuse_unstorable(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_unstorable(item)
    elif isinstance(value, float) and math.isinf(value):
        raise ValueError("Out of range float values are not JSON compliant")


def _refuse_characters(text: str) -> None:
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("Surrogate characters are not allowed.")
    if NULL_CHARACTER in text:
        raise ValueError("Null characters are not allowed.")


def refuse_null_characters(request: Request, arguments: Mapping[str, Any]) -> None:
    """400 when the query string or the path holds a character that no database stores."""
    texts = [*arguments.values(), *request.query_params.keys()]
    for values in request.query_params.lists():
        texts.extend(values[1])
    if any(isinstance(text, str) and NULL_CHARACTER in text for text in texts):
        raise ParseError("Null characters are not allowed.")


def body_of(request: Request) -> dict[str, Any]:
    """The body as an object; 400 in the usual shape when it is something else."""
    data = request.data
    if isinstance(data, Mapping):
        return {key: data[key] for key in data}
    kind = type(data).__name__
    raise ValidationError({"non_field_errors": [f"Invalid data. Expected a dictionary, but got {kind}."]})


def id_in(body: Mapping[str, Any], field: str) -> int | None:
    """The id under `field` as a number or as digits; None for everything else."""
    value = body.get(field)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value <= LARGEST_ID else None


def parsed(serializer: type[Serializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The validated body of the request as `serializer` reads it; otherwise 400 with the fields at fault.

    `partial`: any field of the body may be missing. What stands in it is whole; DRF's own word lets out parts of that.
    """
    reader = serializer(data=request.data, context={"request": request})
    if partial:
        for field in reader.fields.values():
            field.required, field.default, field.default_empty_html = False, empty, empty
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def integer_from_query(request: Request, name: str) -> int | None:
    """The query parameter as an integer, None without one; otherwise 400."""
    text = request.query_params.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise ValidationError({name: "Must be a valid integer."})
    return min(int(text), LARGEST_ID)


def uuid_from_query(request: Request, name: str) -> uuid.UUID | None:
    """The query parameter as a uuid, None without one; otherwise 400."""
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise ValidationError({name: ["Must be a valid UUID."]}) from error
