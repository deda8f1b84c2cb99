"""Trust relationships: managed by people who administer, told in the audit log, hidden from others."""

import pytest

from burgee.control.events.models import Event
from burgee.control.federation.models import TrustRelationship
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.api_keys import create_api_key
from burgee.control.organisations.models import ApiKey
from tests.control.oauth.conftest import with_header
from tests.control.oauth.elsewhere import ISSUER
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation

FACTS = {
    "name": "CI",
    "issuer": ISSUER,
    "audience": "burgee",
    "claim_rules": [{"claim": "sub", "values": ["repo:acme/*"]}],
    "is_admin": False,
}

SHARED = "https://token.actions.githubusercontent.com"


@pytest.fixture
def path(organisation):
    return f"/api/v1/organisations/{organisation.pk}/trust-relationships/"


@pytest.fixture
def made(api, path):
    return api.post(path, FACTS, format="json").json()


def test_a_trust_relationship_has_a_key_that_carries_its_roles_and_is_no_key_among_others(
    api, path, made, admin, organisation
):
    key = ApiKey.objects.get()

    assert {name: made[name] for name in FACTS} == FACTS
    assert (made["master_api_key_id"], made["master_api_key_prefix"]) == (key.prefix, key.prefix)
    assert (made["created_by"], key.is_admin) == (admin.pk, False)
    keys = f"/api/v1/organisations/{organisation.pk}/master-api-keys/"
    assert api.get(keys).json()["results"] == []
    assert api.get(f"{keys}{key.prefix}/").status_code == 404
    assert api.delete(f"{keys}{key.prefix}/").status_code == 404
    assert api.get(f"{keys}{key.prefix}/roles/").status_code == 200
    assert api.get(path).json()["results"] == [made]
    assert api.get(f"{path}{made['id']}/").json() == made


def test_every_change_is_told_with_before_and_after(api, path, made, organisation):
    api.patch(f"{path}{made['id']}/", {"is_admin": True}, format="json")
    api.patch(f"{path}{made['id']}/", {"is_admin": True}, format="json")
    api.delete(f"{path}{made['id']}/")

    events = Event.objects.filter(type__startswith="trust_relationship.").order_by("id")
    assert [event.type.partition(".")[2] for event in events] == ["created", "changed", "deleted"]
    change = events[1].payload["changes"][0]
    assert (change["before"]["is_admin"], change["after"]["is_admin"]) == (False, True)
    assert {event.organisation_id for event in events} == {organisation.pk}
    assert ApiKey.objects.get().is_admin is True


def test_a_deleted_one_is_gone_and_its_issuer_and_audience_are_free_again(api, path, made):
    assert api.delete(f"{path}{made['id']}/").status_code == 204

    assert api.get(f"{path}{made['id']}/").status_code == 404
    assert api.get(path).json()["count"] == 0
    assert api.post(path, FACTS, format="json").status_code == 201


def test_issuer_and_audience_are_trusted_once_on_the_whole_server(api, path, made):
    other = a_user()
    elsewhere = an_organisation()
    a_member(elsewhere, other, "ADMIN")
    there = f"/api/v1/organisations/{elsewhere.pk}/trust-relationships/"

    again = api.post(path, FACTS, format="json")
    foreign = with_header(f"Token {a_token(other)}").post(there, FACTS, format="json")

    for refused in (again, foreign):
        assert (refused.status_code, list(refused.json())) == (400, ["non_field_errors"])
    second = api.post(path, FACTS | {"audience": "other"}, format="json").json()
    moved = api.put(f"{path}{second['id']}/", FACTS, format="json")
    assert moved.status_code == 400
    assert api.get(f"{path}{second['id']}/").json() == second
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"issuer": "acme"}, "issuer"),
        ({"issuer": "http://issuer.example"}, "issuer"),
        ({"issuer": "https://issuer.example/?x=1"}, "issuer"),
        ({"issuer": "https://user@issuer.example/"}, "issuer"),
        ({"issuer": "https://issuer.example/" + "x" * 500}, "issuer"),
        ({"audience": None}, "audience"),
        ({"is_admin": "perhaps"}, "is_admin"),
        ({"claim_rules": "sub"}, "claim_rules"),
        ({"claim_rules": [{"claim": "sub"}]}, "claim_rules"),
        ({"claim_rules": [{"claim": "sub", "values": []}]}, "claim_rules"),
        ({"claim_rules": [{"claim": "sub", "values": [{}]}]}, "claim_rules"),
        ({"claim_rules": [{"claim": "a", "values": ["b"]}] * 51}, "claim_rules"),
        ({"issuer": SHARED, "claim_rules": []}, "claim_rules"),
        ({"issuer": SHARED, "claim_rules": [{"claim": "sub", "values": ["acme", "**"]}]}, "claim_rules"),
        ({"issuer": SHARED, "claim_rules": [{"claim": "aud", "values": ["burgee"]}]}, "claim_rules"),
    ],
)
def test_what_makes_no_sense_is_400(api, path, change, field):
    answer = api.post(path, FACTS | change, format="json")

    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not TrustRelationship.objects.exists()
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("rule", [{"claim": "sub"}, {"values": ["acme"]}, {}])
def test_a_patch_may_leave_out_the_rules_but_no_part_of_one(api, path, made, rule):
    answer = api.patch(f"{path}{made['id']}/", {"claim_rules": [rule]}, format="json")

    assert (answer.status_code, list(answer.json())) == (400, ["claim_rules"])


@pytest.mark.parametrize("missing", ["name", "issuer", "audience", "is_admin"])
def test_what_is_needed_is_said(api, path, missing):
    answer = api.post(path, {name: value for name, value in FACTS.items() if name != missing}, format="json")

    assert answer.json() == {missing: ["This field is required."]}


def test_machines_and_plain_members_manage_none(path, made, organisation):
    _, text = create_api_key(organisation, name="ci", is_admin=True, actor=SYSTEM)
    member = a_user()
    a_member(organisation, member)

    for client in (with_header(f"Api-Key {text}"), with_header(f"Token {a_token(member)}")):
        assert client.get(path).status_code == 403
        assert client.post(path, FACTS, format="json").status_code == 403
        assert client.delete(f"{path}{made['id']}/").status_code == 403


def test_one_of_another_organisation_looks_missing(made):
    other = a_user()
    elsewhere = an_organisation()
    a_member(elsewhere, other, "ADMIN")
    client = with_header(f"Token {a_token(other)}")
    there = f"/api/v1/organisations/{elsewhere.pk}/trust-relationships/"

    foreign, missing = client.get(f"{there}{made['id']}/"), client.get(f"{there}424242/")

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content) == (404, missing.content)


def test_listing_many_costs_as_many_queries_as_listing_one(api, path, made, django_assert_max_num_queries):
    for number in range(12):
        api.post(path, FACTS | {"audience": f"other{number}"}, format="json")

    with django_assert_max_num_queries(6):
        assert api.get(path).json()["count"] == 13
