"""Answers written by msgspec say what DRF's own renderer says."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.functional import lazystr
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer

from burgee.control.api.base.rendering import QuickJsonRenderer
from burgee.control.targeting.models import VersionStatus


@pytest.mark.parametrize(
    "data",
    [
        {"moment": datetime(2024, 5, 1, 12, 30, 0, 250_000, tzinfo=UTC), "whole": datetime(2024, 5, 1, tzinfo=UTC)},
        {"uuid": UUID(int=7), "day": datetime(2024, 5, 1, tzinfo=UTC).date(), "price": Decimal("1.50")},
        {"text": 'é "quoted" \u2028 \x7f', "numbers": [1, -(2**63), 2**64 - 1, 1.0, 0.1, 1e22], "nothing": None},
        {"error": [ErrorDetail("Not found.", code="missing")], ErrorDetail("key"): True, 3: "a number as a key"},
        {"choice": VersionStatus.LIVE, "tuple": (1, 2), "set": [], "big": 2**70},
        {"lazy": lazystr("later")},
        [],
        None,
    ],
)
def test_it_says_the_same_as_the_parent(data):
    parent, quick = JSONRenderer().render(data), QuickJsonRenderer().render(data)

    assert quick == parent == b"" or json.loads(quick) == json.loads(parent)


def test_text_that_is_no_text_is_left_to_the_parent():
    assert json.loads(QuickJsonRenderer().render({"lone": "\ud800"})) == {"lone": "\ud800"}


def test_an_indent_that_the_client_asks_for_is_kept():
    assert QuickJsonRenderer().render({"a": 1}, "application/json; indent=2") == b'{\n  "a": 1\n}'
