"""Lists take as many queries for many rows as for few; lists with a story of their own are counted beside it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.features.rows import NewFeature
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.targeting.edits import ForSegment, Set
from burgee.control.targeting.openings import create_feature
from burgee.control.targeting.services import apply
from burgee.control.webhooks.models import WebhookDelivery
from burgee.control.webhooks.services import create_webhook
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.events import everything_delivered
from tests.factories.features import a_feature, a_tag, an_option
from tests.factories.organisations import a_member
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

MANY = 40


def tags(organisation) -> tuple[str, Callable[[], object]]:
    project = a_project(organisation)
    return f"/api/v1/projects/{project.pk}/tags/", lambda: a_tag(project)


def people(organisation) -> tuple[str, Callable[[], object]]:
    return f"/api/v1/organisations/{organisation.pk}/users/", lambda: a_member(organisation, a_user())


def options(organisation) -> tuple[str, Callable[[], object]]:
    feature = a_feature(a_project(organisation))
    path = f"/api/v1/projects/{feature.project_id}/features/{feature.pk}/mv-options/"
    return path, lambda: an_option(feature)


def overrides(organisation) -> tuple[str, Callable[[], object]]:
    environment = an_environment(a_project(organisation))
    feature = a_feature(environment.project)

    def override() -> None:
        target = ForSegment(a_segment(environment.project).pk)
        apply(environment, feature, [Set(target=target, enabled=True)], actor=SYSTEM)

    return f"/api/v1/features/feature-segments/?environment={environment.pk}&feature={feature.pk}", override


def states(organisation) -> tuple[str, Callable[[], object]]:
    environment = an_environment(a_project(organisation))
    path = f"/api/v1/features/featurestates/?environment={environment.pk}"
    return path, lambda: a_feature(environment.project, variants={"a": 10})


def projects(organisation) -> tuple[str, Callable[[], object]]:
    return f"/api/v1/projects/?organisation={organisation.pk}", lambda: a_project(organisation)


def hooks(organisation) -> tuple[str, Callable[[], object]]:
    path = f"/api/v1/organisations/{organisation.pk}/webhooks/"
    return path, lambda: create_webhook(organisation, "https://93.184.216.34/x", actor=SYSTEM)


def deliveries(organisation) -> tuple[str, Callable[[], object]]:
    hook = create_webhook(organisation, "https://93.184.216.34/x", actor=SYSTEM)
    path = f"/api/v1/organisations/{organisation.pk}/webhooks/{hook.pk}/deliveries/"

    def owe() -> None:
        WebhookDelivery.objects.create(webhook=hook, event_uuid=uuid4(), index=0, event_type="FLAG_UPDATED", data={})

    return path, owe


def audit_lines(organisation) -> tuple[str, Callable[[], object]]:
    project = a_project(organisation)

    def line() -> None:
        create_feature(project, NewFeature(name=uuid4().hex), actor=Actor.user(a_user().pk, "ada@example.com"))
        everything_delivered()

    return f"/api/v1/projects/{project.pk}/audit/", line


LISTS = [tags, people, options, overrides, states, projects, hooks, deliveries, audit_lines]


@pytest.mark.parametrize("a_list", LISTS)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(api, organisation, a_list):
    path, make = a_list(organisation)

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            answer = api.get(path)
        assert answer.status_code == 200, answer.json()
        told = answer.json()
        return len(captured), len(told["results"] if isinstance(told, dict) else told)

    make()
    few, rows_before = queries()
    for _ in range(MANY):
        make()

    assert queries() == (few, rows_before + MANY)
