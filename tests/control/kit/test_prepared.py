"""Prepared queries against those that Django writes each time."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import get_resolver

from burgee.control.environments.models import Environment
from burgee.control.kit.ids import NAMED_AT_MOST
from burgee.control.kit.prepared import BATCH, PREPARED, About, Prepared
from burgee.control.lifecycle.models import LastUse
from burgee.control.worker import consumers
from tests.control.asked import asking
from tests.factories.environments import an_environment
from tests.factories.features import a_feature

pytestmark = [pytest.mark.database, pytest.mark.django_db]

assert get_resolver().reverse_dict, "all views are imported"
assert consumers, "and all that follows an event"


ALONE = re.compile(r"\((\d+|'[^']*'|datetime\.\w+\([^()]*\))\)")
"""A value in parentheses of its own, which Django sets around what may be a longer expression."""


TIMES = {"day": date(2026, 3, 1), "moment": datetime(2026, 3, 1, 12, 30, tzinfo=UTC)}


def sample(name: str, size: int) -> int | str | date | list[int] | list[str]:
    """A value for an argument of that name, or `size` of them: numbers for ids, texts for the rest."""
    if name in TIMES:
        return TIMES[name]
    stem = name.removesuffix("s")
    values = [number if stem.endswith(("id", "seq")) else f"text {number}" for number in range(7, 7 + size)]
    return values[0] if stem == name else values


def test_none_reads_more_than_it_returns():
    for prepared in PREPARED:
        compiler = prepared.write(*(sample(name, 1) for name in prepared.names)).query.get_compiler(using="default")
        compiler.as_sql()
        assert not compiler.has_extra_select


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL prepares statements for a connection")
def test_the_server_keeps_the_plan():
    one = an_environment()
    for _ in range(3):
        assert BY_ID.first(environment_id=one.pk) == one
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE parameter_types <> '{}'")
        kept = [statement for (statement,) in cursor.fetchall()]
    assert [statement for statement in kept if 'FROM "environments_environment"' in statement]


@pytest.mark.parametrize("size", [1, 4])
def test_each_asks_what_django_would_ask(size):
    for prepared in PREPARED:
        values = {name: sample(name, size) for name in prepared.names}
        with asking() as asked:
            plainly = list(prepared.write(*values.values()))
            for _ in range(2):
                assert prepared.all(**values) == plainly
        first, *others = (ALONE.sub(r"\1", sql) for sql in asked)
        assert others == [first, first]


BY_ID = Prepared(lambda environment_id: Environment.objects.select_related("project").filter(pk=environment_id))
SOME = Prepared(lambda ids: Environment.objects.filter(pk__in=ids).order_by("pk"))
NAMED = Prepared(lambda names: Environment.objects.filter(name__in=names).order_by("pk").values_list("pk", "name"))
FLAT = Prepared(lambda name: Environment.objects.filter(name=name).values_list("api_key", flat=True))
SINCE = Prepared(lambda moment: Environment.objects.filter(created_date__gte=moment).values_list("pk", "created_date"))
USED = Prepared(lambda day: LastUse.objects.filter(day__gte=day).values_list("day", flat=True))
PLACES = About(
    "pk",
    lambda about: Environment.objects.filter(about).order_by("pk").values_list("pk", flat=True),
    within_project=False,
)
PLACES_OF_ONE = About(
    "pk",
    lambda about, project_id: (
        Environment.objects.filter(about, project_id=project_id).order_by("pk").values_list("pk", flat=True)
    ),
    within_project=True,
)
PARTLY = Prepared(lambda ids: Environment.objects.only("name").filter(pk__in=ids))


def test_rows_come_with_what_belongs_to_them(django_assert_num_queries):
    one = an_environment()
    with django_assert_num_queries(1):
        found = BY_ID.first(environment_id=one.pk)
        assert found == one
        assert found.project.name == one.project.name
    assert BY_ID.first(environment_id=one.pk + 1) is None
    assert FLAT.all(name=one.name) == [one.api_key]


def test_any_number_of_values_may_be_asked_for():
    made = [an_environment() for _ in range(5)]
    for count in range(6):
        asked = made[:count]
        assert SOME.all(ids=[row.pk for row in asked]) == asked
        assert NAMED.all(names=[row.name for row in asked]) == [
            (row.pk, row.name) for row in made if row.name in {other.name for other in asked}
        ]


def test_nothing_has_a_number_that_no_column_holds():
    one = an_environment()
    assert BY_ID.all(environment_id=2**63) == []
    assert SOME.all(ids=[2**63]) == []
    assert SOME.all(ids=[one.pk, -(2**64)]) == [one]


def test_columns_left_out_are_read_when_they_are_needed(django_assert_num_queries):
    one = an_environment()
    with django_assert_num_queries(2):
        (found,) = PARTLY.all(ids=[one.pk])
        assert found.name == one.name
        assert found.api_key == one.api_key


def test_days_and_moments_are_as_django_reads_and_writes_them():
    one, day = an_environment(), date(2026, 3, 1)
    made = Environment.objects.get(pk=one.pk).created_date
    assert SINCE.all(moment=made) == [(one.pk, made)]
    assert SINCE.first(moment=made)[1].tzinfo is UTC
    assert SINCE.all(moment=made + timedelta(microseconds=1)) == []
    LastUse.objects.create(environment_id=one.pk, feature=a_feature(one.project), day=day)
    assert USED.all(day=day) == [day]
    assert USED.all(day=day + timedelta(days=1)) == []


def test_ids_far_apart_are_named_and_close_ones_span_what_lies_between(django_assert_num_queries):
    one, other, *_ = (an_environment() for _ in range(3))
    scattered = [one.pk, *(other.pk + 1000 * number for number in range(1, BATCH + 1))]
    with django_assert_num_queries(2):
        assert PLACES.all(scattered) == [one.pk]
    close = [one.pk, *range(other.pk + 10, other.pk + 10 + NAMED_AT_MOST)]
    with django_assert_num_queries(1):
        assert set(PLACES.all(close)) >= {one.pk, other.pk}
    with django_assert_num_queries(1):
        assert set(PLACES_OF_ONE.all(scattered, project_id=one.project_id)) == {one.pk}
    assert PLACES.all([]) == []


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection():
    one = an_environment()
    assert BY_ID.first(environment_id=one.pk) == one

    def ask(_):
        try:
            return BY_ID.first(environment_id=one.pk), connection.connection
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(ask, range(4)))
    assert [found for found, _ in answers] == [one] * 4
    assert connection.connection not in {own for _, own in answers}
