"""Moments from PostgreSQL are those that were stored, in UTC."""

from datetime import UTC, datetime

import pytest
from django.db import connection

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="others read moments as Django has it"),
]


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01 12:30:00+00",
        "2026-03-01 12:30:00.5+00",
        "2026-03-01 12:30:00.123456+00",
        "2026-03-01 18:00:00+05:30",
        "0001-01-01 00:00:00+00",
        "9999-12-31 23:59:59.999999+00",
    ],
)
def test_a_moment_comes_back_in_utc(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, ARRAY[%s::timestamptz]", [text, text])
        moment, several = cursor.fetchone()

    assert (moment, several) == (datetime.fromisoformat(text), [moment])
    assert moment.tzinfo is UTC
