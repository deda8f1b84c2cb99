"""Organisations that want a second factor of their people, wherever they ask."""

import pytest

from burgee.control.accounts.models import SecondFactor
from burgee.control.events.models import Event
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.api_keys import create_api_key
from burgee.control.organisations.services import change_organisation
from tests.control.asked import asking
from tests.control.sso.sources import come, of, of_server, user_of, with_key, with_second_factor
from tests.factories.accounts import a_token, a_user
from tests.factories.environments import an_environment
from tests.factories.organisations import a_member, an_organisation
from tests.factories.projects import a_project


@pytest.fixture
def strict(acme):
    change_organisation(acme, force_2fa=True, actor=SYSTEM)
    return acme


@pytest.fixture
def environment(acme):
    return an_environment(a_project(acme))


def paths(environment) -> list[str]:
    project = environment.project
    at_organisation = f"/api/v1/organisations/{project.organisation_id}"
    return [
        f"{at_organisation}/",
        f"{at_organisation}/users/",
        f"{at_organisation}/projects/",
        f"/api/v1/projects/{project.pk}/",
        f"/api/v1/projects/{project.pk}/features/",
        f"/api/v1/environments/{environment.api_key}/",
        f"/api/v1/environments/{environment.api_key}/featurestates/",
    ]


def refused(client, environment) -> set:
    answers = [client.get(path) for path in paths(environment)]
    return {(answer.status_code, answer.json().get("code")) for answer in answers}


NEEDED = {(403, "second_factor_needed")}


def allowed(client, environment) -> bool:
    return {client.get(path).status_code for path in paths(environment)} == {200}


def test_without_one_everything_of_the_organisation_is_withheld(strict, api, environment):
    assert refused(api, environment) == NEEDED

    answer = api.get(paths(environment)[0])
    assert "set one up in your account settings" in answer.json()["detail"]


def test_nothing_is_written_and_nothing_is_listed(strict, api, environment):
    before = Event.objects.count()

    created = api.post("/api/v1/projects/", {"name": "New", "organisation": strict.pk}, format="json")
    opened = api.put(paths(environment)[0], {"name": "Acme", "force_2fa": False}, format="json")

    assert {(answer.status_code, answer.json()["code"]) for answer in (created, opened)} == NEEDED
    assert Event.objects.count() == before
    assert api.get("/api/v1/projects/").json() == []
    assert api.get("/api/v1/environments/", {"project": environment.project_id}).json()["results"] == []
    assert api.get("/api/v1/audit/").json()["results"] == []


@pytest.mark.database
def test_what_leads_to_one_stays_open(strict, api, environment):
    assert api.get("/api/v1/auth/users/me/").status_code == 200
    (shown,) = api.get("/api/v1/organisations/").json()["results"]
    assert shown["force_2fa"] is True
    assert api.get("/api/v1/auth/mfa/user-active-methods/").json() == []
    assert api.post("/api/v1/auth/app/activate/").status_code in {200, 400, 403}
    assert api.get("/api/v1/users/me/sessions/").status_code == 200


def test_an_authenticator_app_opens_it(strict, api, ada, environment):
    with_second_factor(ada)

    assert allowed(api, environment)


def test_one_that_is_not_confirmed_is_none(strict, api, ada, environment):
    SecondFactor.objects.create(user=ada, ciphertext="x")

    assert refused(api, environment) == NEEDED


@pytest.mark.database
def test_other_organisations_are_not_withheld(strict, api, ada):
    other = an_organisation()
    a_member(other, ada, "ADMIN")

    assert allowed(api, an_environment(a_project(other)))


def test_strangers_hear_what_they_always_hear(strict, environment):
    stranger = with_key(a_token(a_user()))

    answers = [stranger.get(path) for path in paths(environment)]

    assert {answer.status_code for answer in answers} <= {403, 404}
    assert {answer.json().get("code") for answer in answers} == {None}


def test_keys_of_the_organisation_have_no_telephone(strict, anybody, environment):
    _, text = create_api_key(strict, name="Deploy", is_admin=True, actor=SYSTEM)
    anybody.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")

    assert anybody.get(paths(environment)[3]).status_code == 200


def test_a_source_that_asked_for_one_is_enough(strict, ada, environment):
    entry = come(of(strict, role="ADMIN"), has_second_factor=True)
    assert allowed(with_key(entry.entered), environment)

    entry = come(of_server(default_organisation_id=strict.pk, role="ADMIN"), "b@example.com", has_second_factor=True)
    assert allowed(with_key(entry.entered), environment)


def test_a_source_that_did_not_is_not(strict, ada, environment):
    entry = come(of(strict, role="ADMIN"))

    assert refused(with_key(entry.entered), environment) == NEEDED


def test_what_one_organisation_asked_for_counts_in_no_other(acme, ada):
    entry = come(of(acme), has_second_factor=True)
    other = an_organisation(force_2fa=True)
    a_member(other, user_of(entry), "ADMIN")

    assert refused(with_key(entry.entered), an_environment(a_project(other))) == NEEDED


def test_it_is_about_the_sign_in_that_asked_and_not_about_the_person(strict, ada, environment):
    entry = come(of(strict, role="ADMIN"), has_second_factor=True)

    assert refused(with_key(a_token(user_of(entry))), environment) == NEEDED


def test_where_none_is_wanted_nobody_looks_for_one(api, environment):
    with asking() as asked:
        assert api.get(paths(environment)[3]).status_code == 200

    assert not [sql for sql in asked if "secondfactor" in sql]


def test_an_administrator_sees_what_others_may_do_all_the_same(strict, api, ada, environment):
    with_second_factor(ada)
    member = a_user()
    a_member(strict, member, "ADMIN")

    answer = api.get(f"/api/v1/projects/{environment.project_id}/user-detailed-permissions/{member.pk}/")

    assert (answer.status_code, answer.json()["admin"]) == (200, True)
