"""Switching SCIM on and off in the settings of an organisation, its token, and whom it provisioned."""

import pytest

from burgee.control.audit.wording import lines_of
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.digests import sha256_hex
from burgee.control.organisations.services import remove_members
from burgee.control.scim.models import Provisioning
from tests.control.api.conftest import client_of
from tests.control.scim.directory import Directory
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member

pytestmark = pytest.mark.database


@pytest.fixture
def api(ada):
    return client_of(ada)


@pytest.fixture
def place(acme) -> str:
    return f"/api/v1/organisations/{acme.pk}/scim/"


def test_it_is_off_until_an_administrator_switches_it_on_and_shows_the_token_once(api, place):
    assert api.get(place).status_code == 404

    made = api.post(place)

    told = made.json()
    assert made.status_code == 201
    assert told["base_url"] == "http://localhost:8000/api/v1/scim/v2"
    assert told["token"].startswith("scim_")
    assert len(told["token"]) > 40
    row = Provisioning.objects.get()
    assert row.digest == sha256_hex(told["token"])
    assert api.get(place).json() == {name: value for name, value in told.items() if name != "token"}
    assert told["token"] not in str([event.payload for event in Event.objects.all()])
    assert api.post(place).status_code == 409


def test_a_new_token_ends_the_old_one_and_off_is_off(api, place):
    first = Directory(api.post(place).json()["token"])
    assert first.get("Users").status_code == 200
    assert api.get(place).json()["last_used_on"] is not None

    renewed = api.post(f"{place}regenerate-token/")

    assert (renewed.status_code, renewed.json()["last_used_on"]) == (200, None)
    second = Directory(renewed.json()["token"])
    assert (first.get("Users").status_code, second.get("Users").status_code) == (401, 200)
    assert api.delete(place).status_code == 204
    assert second.get("Users").status_code == 401
    assert [api.delete(place).status_code, api.post(f"{place}regenerate-token/").status_code] == [404, 404]


def test_the_audit_log_says_so(api, acme, place):
    api.post(place)
    api.post(f"{place}regenerate-token/")
    api.delete(place)

    events = Event.objects.filter(organisation_id=acme.pk).order_by("id")
    assert [line.log for event in events for line in lines_of(event.type, changes_of(event))] == [
        "Provisioning by SCIM switched on",
        "Token for provisioning by SCIM replaced",
        "Provisioning by SCIM switched off",
    ]
    assert {event.actor_label for event in events} == {"ada@example.com"}


def test_who_is_no_administrator_there_gets_nothing(acme, elsewhere, place):
    member, stranger = a_user(), a_user()
    a_member(acme, member)
    a_member(elsewhere, stranger, "ADMIN")
    for user in (member, stranger):
        for answer in (client_of(user).get(place), client_of(user).post(place), client_of(user).get(f"{place}users/")):
            assert answer.status_code == 403


def test_whom_it_provisioned_is_listed_and_searched(api, acme, place):
    directory = Directory(api.post(place).json()["token"])
    for name in ("grace@example.com", "bob@example.com", "cyd@example.com"):
        directory.added(name, externalId=f"id-{name[0]}", name={"familyName": name[:3]})
    directory.activate(directory.found("Users", 'userName eq "bob@example.com"')[0]["id"], to=False)

    def listed(query=""):
        return [(row["email"][:3], row["is_active"]) for row in api.get(f"{place}users/{query}").json()["results"]]

    assert listed() == [("gra", True), ("bob", False), ("cyd", True)]
    assert listed("?search=ID-C") == [("cyd", True)]
    assert listed("?search=GRA") == [("gra", True)]
    assert listed("?page_size=1&page=2") == [("bob", False)]
    assert [row["external_id"] for row in api.get(f"{place}users/?search=bob").json()["results"]] == ["id-b"]

    cyd = api.get(f"{place}users/?search=cyd").json()["results"][0]["id"]
    remove_members(acme, [cyd], actor=SYSTEM)
    assert listed("?search=cyd") == []
