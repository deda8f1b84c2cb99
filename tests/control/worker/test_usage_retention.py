"""Counts of long ago go, and only those."""

import pytest
from msgspec import structs

from burgee.control.usage.models import Evaluation, Outcome, Request
from burgee.control.worker.jobs import RECURRING, expire_usage
from tests.factories.environments import an_environment
from tests.factories.usage import a_request, an_evaluation, an_outcome

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_counts_that_are_too_old_go_in_every_environment(settings):
    settings.CONTROL = structs.replace(settings.CONTROL, usage_retention_days=30)
    for environment in (an_environment(), an_environment()):
        for days_ago in (1, 29, 31, 400):
            an_evaluation(environment, "banner", days_ago=days_ago)
            an_outcome(environment, 1, days_ago=days_ago)
            a_request(environment, days_ago=days_ago)

    expire_usage()

    assert [model.objects.count() for model in (Evaluation, Request, Outcome)] == [4, 4, 4]


def test_more_rows_than_one_statement_takes_all_go(settings, monkeypatch):
    monkeypatch.setattr("burgee.control.usage.retention.BATCH", 2)
    environment = an_environment()
    for number in range(5):
        an_outcome(environment, number, days_ago=1_000)

    expire_usage()

    assert not Outcome.objects.exists()


def test_the_worker_does_it_by_itself():
    assert expire_usage in [work.run for work in RECURRING]
