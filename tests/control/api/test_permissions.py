"""Who gets in where, for every route that the URL configuration knows."""

import pytest

from burgee.control.access.permissions import FOR_EVERY_MEMBER
from tests.control.api.conftest import client_of
from tests.control.api.route_table import ROUTES
from tests.factories.environments import an_environment
from tests.factories.projects import a_project

CLOSED = [route for route in ROUTES if not route.is_public]
SCOPED = [route for route in CLOSED if route.is_scoped]


@pytest.fixture
def known(organisation):
    """Arguments that name what belongs to the organisation of `admin` and `member`."""
    project = a_project(organisation)
    environment = an_environment(project)
    return {
        "organisation_id": organisation.pk,
        "project_id": project.pk,
        "environment_key": environment.api_key,
        "environment_id": environment.pk,
    }


def ask(user, route, known):
    client = client_of(user)
    return client.generic(route.method.upper(), route.path(**known), b"{}", content_type="application/json")


@pytest.mark.parametrize("route", CLOSED, ids=str)
def test_nobody_gets_in_without_a_token(route, known):
    assert ask(None, route, known).status_code == 401


@pytest.mark.parametrize("route", SCOPED, ids=str)
def test_for_the_administrator_of_another_organisation_it_looks_missing(route, known, foreigner):
    foreign = ask(foreigner, route, known)
    missing = ask(foreigner, route, dict.fromkeys(known, 4242))

    assert foreign.status_code in {403, 404}
    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)


@pytest.mark.parametrize("route", SCOPED, ids=str)
def test_a_plain_member_gets_no_further_than_membership_goes(route, known, member):
    answer = ask(member, route, known)

    if route.rule in FOR_EVERY_MEMBER:
        assert answer.status_code not in {401, 403}
    else:
        assert answer.status_code in {403, 404}


@pytest.mark.parametrize("route", SCOPED, ids=str)
def test_an_administrator_is_never_refused(route, known, admin):
    assert ask(admin, route, known).status_code not in {401, 403}
