"""The query string of the audit log."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from burgee.control.api.base import integer_from_query
from burgee.control.api.base.parsing import LARGEST_ID
from burgee.control.audit.models import AuditLog
from burgee.control.audit.queries import Filters

LONGEST_SEARCH: Final = 256


class LastMomentField(serializers.DateTimeField):
    """A day without a time means all of it."""

    def to_internal_value(self, value: Any) -> datetime:
        moment: datetime = super().to_internal_value(value)
        is_day = len(str(value).strip()) == len("2026-01-31")
        return moment + timedelta(days=1, microseconds=-1) if is_day else moment


class FiltersInput(serializers.Serializer[Any]):
    author = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    author_kind = serializers.ChoiceField(["user", "api_key", "system"], required=False)
    related_object_type = serializers.CharField(max_length=20, required=False)
    feature = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False)
    after = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, required=False)
    details = serializers.BooleanField(required=False)
    date_from = serializers.DateTimeField(required=False)
    date_to = LastMomentField(required=False)
    search = serializers.CharField(max_length=LONGEST_SEARCH, required=False, trim_whitespace=False)
    is_system_event = serializers.BooleanField(required=False)


def filter_facts(request: Request) -> dict[str, Any]:
    """What the query string asks for; otherwise 400 with the parameters at fault. One without a value asks nothing."""
    reader = FiltersInput(data={name: text for name, text in request.query_params.items() if text})
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def filtered_lines(request: Request, rows: QuerySet[AuditLog]) -> Any:
    """Those of `rows` that the query string asks for; otherwise 400."""
    facts = filter_facts(request)
    return Filters(
        project_id=integer_from_query(request, "project"),
        environment_ids=tuple(_environment_ids(request)),
        author_id=facts.get("author"),
        author_kind=facts.get("author_kind"),
        object_type=facts.get("related_object_type"),
        feature_id=facts.get("feature"),
        after_id=facts.get("after"),
        since=facts.get("date_from"),
        until=facts.get("date_to"),
        search=facts.get("search"),
        is_system_event=facts.get("is_system_event"),
    ).of(rows)


def _environment_ids(request: Request) -> Iterator[int]:
    """The ids under ``environments``, repeated or with commas between them."""
    for text in request.query_params.getlist("environments"):
        for item in text.split(","):
            if not item:
                continue
            if not (item.isascii() and item.isdigit() and len(item) < 20):
                raise ValidationError({"environments": ["A valid integer is required."]})
            yield min(int(item), LARGEST_ID)
