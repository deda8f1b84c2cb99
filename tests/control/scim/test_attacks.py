"""A directory speaks for one organisation: what it, or who stole or guessed its token, must not reach."""

import json

import pytest
from rest_framework.test import APIClient

from burgee.control.accounts.links import EMAIL_RESET, link_of
from burgee.control.accounts.models import User
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.models import Membership, Organisation, UserGroup
from burgee.control.organisations.services import remove_members
from burgee.control.scim.models import Provisioning
from burgee.control.scim.protocol import Asked, answer
from burgee.control.scim.tokens import rotate, switch_off, switch_on
from tests.control.scim.directory import USER, Directory
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member

PROVED = {"email_verified_at": clock.now()}


def refused(answer, status, scim_type=None):
    told = answer.json()
    assert (answer.status_code, told["status"], told.get("scimType")) == (status, str(status), scim_type), told
    assert told["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]
    return told["detail"]


@pytest.fixture
def bob(acme):
    """A member with an account of his own."""
    user = a_user("bob@example.com", first_name="Bob", **PROVED)
    a_member(acme, user)
    return user


@pytest.fixture
def stranger(elsewhere):
    user = a_user("sue@example.com", **PROVED)
    a_member(elsewhere, user)
    return user


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer scim_", "Bearer scim_guess", "Basic eDp5", "Bearer \x00"])
def test_without_the_token_nothing_is_told(directory, header):
    answer = directory.get("Users", headers={"Authorization": header})

    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="SCIM"'


def test_sign_ins_and_digests_are_no_tokens(directory, ada, acme):
    digest = Provisioning.objects.get().digest
    for header in (f"Token {a_token(ada)}", f"Bearer {a_token(ada)}", f"Bearer {digest}", f"Token {directory.token}"):
        refused(directory.get("Users", headers={"Authorization": header}), 401)


def test_the_token_opens_nothing_but_scim(directory, acme):
    for scheme in ("Bearer", "Token", "Api-Key"):
        header = {"Authorization": f"{scheme} {directory.token}"}
        for place in (f"organisations/{acme.pk}/", f"organisations/{acme.pk}/users/", f"organisations/{acme.pk}/scim/"):
            assert directory._client.get(f"/api/v1/{place}", headers=header).status_code == 401


def test_a_replaced_token_and_one_that_was_switched_off_end_at_once(directory, acme):
    row = Provisioning.objects.get()
    newer = Directory(rotate(row, actor=SYSTEM))
    refused(directory.get("Users"), 401)
    assert newer.get("Users").status_code == 200

    switch_off(row, actor=SYSTEM)
    refused(newer.get("Users"), 401)


def test_the_token_of_a_deleted_organisation_opens_nothing(directory, acme):
    Organisation.objects.filter(pk=acme.pk).update(deleted_at=clock.now())

    refused(directory.get("Users"), 401)


def test_people_of_another_organisation_are_nowhere(directory, stranger):
    place = f"Users/{stranger.uuid}"
    refused(directory.get(place), 404)
    refused(directory.replace(place, userName=stranger.email), 404)
    refused(directory.activate(stranger.uuid, to=False), 404)
    refused(directory.ask("DELETE", place), 404)
    assert directory.found("Users", f'userName eq "{stranger.email}" or id eq "{stranger.uuid}"') == []
    assert directory.found("Users", 'userName sw "sue"') == []


def test_groups_of_another_organisation_are_nowhere(directory, elsewhere):
    theirs = UserGroup.objects.create(organisation=elsewhere, name="Theirs", external_id="g")
    place = f"Groups/{theirs.uuid}"
    refused(directory.get(place), 404)
    refused(directory.replace(place, displayName="Ours"), 404)
    refused(directory.patch(place, {"op": "replace", "path": "displayName", "value": "Ours"}), 404)
    refused(directory.ask("DELETE", place), 404)
    assert directory.found("Groups", 'displayName eq "Theirs"') == []


def test_nobody_of_another_organisation_gets_into_a_group(directory, stranger, bob):
    refused(directory.add_group("Devs", str(bob.uuid), str(stranger.uuid)), 400, "invalidValue")
    assert not UserGroup.objects.exists()

    group = directory.add_group("Devs", str(bob.uuid)).json()
    new = {"op": "add", "path": "members", "value": [{"value": str(stranger.uuid)}]}
    refused(directory.patch(f"Groups/{group['id']}", new), 400, "invalidValue")
    assert [member["value"] for member in directory.get(f"Groups/{group['id']}").json()["members"]] == [str(bob.uuid)]


def test_the_account_of_a_stranger_is_not_drawn_in(directory, acme, stranger):
    alone = a_user("al@example.com", **PROVED)
    for user in (stranger, alone):
        assert "invite" in refused(directory.add(user.email), 409, "uniqueness")
        assert not Membership.objects.filter(organisation=acme, user=user).exists()


def test_the_address_of_a_members_own_account_stays(directory, bob):
    refused(directory.replace(f"Users/{bob.uuid}", userName="mallory@example.com"), 400, "mutability")
    change = {"op": "replace", "path": "userName", "value": "mallory@example.com"}
    refused(directory.patch(f"Users/{bob.uuid}", change), 400, "mutability")
    assert User.objects.get(pk=bob.pk).email == "bob@example.com"


def test_the_names_of_a_members_own_account_stay(directory, bob):
    answer = directory.replace(f"Users/{bob.uuid}", userName=bob.email, name={"givenName": "Mallory"})

    assert (answer.status_code, answer.json()["name"]) == (200, {"givenName": "Bob"})


def test_an_account_that_was_made_here_is_its_owners_once_the_address_is_proved(directory):
    told = directory.added("grace@example.com", name={"givenName": "Grace"})
    User.objects.filter(uuid=told["id"]).update(email_verified_at=clock.now())

    refused(directory.replace(f"Users/{told['id']}", userName="mallory@example.com"), 400, "mutability")
    directory.replace(f"Users/{told['id']}", userName="grace@example.com", name={"givenName": "M"})
    assert User.objects.get(uuid=told["id"]).first_name == "Grace"


def test_an_account_that_was_made_here_and_joined_elsewhere_keeps_its_address(directory, elsewhere):
    told = directory.added("grace@example.com")
    a_member(elsewhere, User.objects.get(uuid=told["id"]))

    refused(directory.replace(f"Users/{told['id']}", userName="mallory@example.com"), 400, "mutability")


@pytest.mark.parametrize("way", ["set_email", "reset_email_confirm"])
def test_it_stays_the_owners_with_another_address_that_nobody_proved(directory, way):
    told = directory.added("grace@example.com")
    grace = User.objects.get(uuid=told["id"])
    User.objects.filter(pk=grace.pk).update(email_verified_at=clock.now())
    grace.set_password("of-her-own-1")
    grace.save(update_fields=["password"])
    _, _, uid, token, _ = link_of(grace, "page", EMAIL_RESET, "").split("/")
    bodies = {
        "set_email": {"new_email": "g@new.example", "current_password": "of-her-own-1"},
        "reset_email_confirm": {"uid": uid, "token": token, "new_email": "g@new.example"},
    }
    client = APIClient(headers={"authorization": f"Token {a_token(grace)}"})
    assert client.post(f"/api/v1/auth/users/{way}/", bodies[way], format="json").status_code == 204

    refused(directory.replace(f"Users/{told['id']}", userName="mallory@example.com"), 400, "mutability")
    assert User.objects.get(pk=grace.pk).email == "g@new.example"


def test_who_was_suspended_and_joined_another_organisation_is_not_drawn_back_in(directory, acme, bob, elsewhere):
    """One more membership would keep the other organisation's own source from letting them in."""
    directory.activate(bob.uuid, to=False)
    a_member(elsewhere, bob)

    assert "invite" in refused(directory.activate(bob.uuid, to=True), 409, "uniqueness")
    assert not Membership.objects.filter(organisation=acme, user=bob).exists()
    assert directory.get(f"Users/{bob.uuid}").json()["active"] is False


def test_a_token_that_ends_after_it_was_looked_at_changes_nothing(acme, ada):
    looked_at, _ = switch_on(acme, actor=SYSTEM)
    rotate(Provisioning.objects.get(), actor=SYSTEM)
    body = json.dumps({"schemas": [USER], "userName": "grace@example.com"}).encode()
    headers = {"Content-Type": "application/scim+json"}
    asked = Asked(method="POST", path="Users", query={}, headers=headers, body=body)

    assert answer(looked_at, asked, actor=SYSTEM).status == 401
    assert not User.objects.with_email("grace@example.com")


def test_who_is_staff_keeps_names_address_and_sign_ins(directory, acme):
    told = directory.added("root@example.com")
    user = User.objects.get(uuid=told["id"])
    User.objects.filter(pk=user.pk).update(is_staff=True)
    a_token(user)

    refused(directory.replace(f"Users/{told['id']}", userName="mallory@example.com"), 400, "mutability")
    assert directory.activate(told["id"], to=False).status_code == 204
    assert user.tokens.exists()


def test_nobody_becomes_staff_or_administrator(directory):
    told = directory.added(
        "grace@example.com", roles=[{"value": "ADMIN"}], role="ADMIN", is_staff=True, isSuperuser=True, password="x"
    )

    user = User.objects.get(uuid=told["id"])
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    assert Membership.objects.get(user=user).role == "USER"


def test_who_left_by_themselves_is_not_brought_back(directory, acme, bob):
    directory.replace(f"Users/{bob.uuid}", userName=bob.email, externalId="00u1")
    remove_members(acme, [bob.pk], actor=SYSTEM)

    refused(directory.activate(bob.uuid, to=True), 404)
    refused(directory.add(bob.email), 409, "uniqueness")
    assert not Membership.objects.filter(organisation=acme, user=bob).exists()


LAST = {
    "delete": lambda directory, place, _: directory.ask("DELETE", place),
    "put": lambda directory, place, name: directory.replace(place, userName=name, active=False),
    "patch": lambda directory, place, _: directory.patch(place, {"op": "replace", "value": {"active": False}}),
}


@pytest.mark.parametrize("way", LAST.values(), ids=LAST.keys())
def test_the_last_administrator_stays(directory, acme, ada, bob, way):
    assert "administrator" in refused(way(directory, f"Users/{ada.uuid}", ada.email), 400)
    assert Membership.objects.get(user=ada).role == "ADMIN"


BOMBS = {
    "deep": "not (" * 300 + "userName pr" + ")" * 300,
    "deep brackets": "emails[" * 250 + "value pr" + "]" * 250,
    "long": " or ".join(['userName eq "x"'] * 2000),
    "broken": 'userName eq "',
    "null": 'userName eq "\x00"',
    "unknown": 'password sw "a"',
    "wrong operator": "active gt true",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_filter_is_answered_or_refused_at_once(directory, text):
    assert directory.get("Users", filter=text).status_code == 400
    assert directory.ask("POST", "Users/.search", {"filter": text}).status_code == 400


def test_a_patch_has_a_bounded_number_of_operations_and_length_of_paths(directory, ada):
    step = {"op": "replace", "path": "displayName", "value": "x"}
    refused(directory.patch(f"Users/{ada.uuid}", *[step] * 1001), 400, "invalidValue")
    refused(directory.patch(f"Users/{ada.uuid}", step | {"path": "emails[" + "(" * 3000}), 400, "invalidPath")


@pytest.mark.database
@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_text_that_no_database_holds_is_refused(directory, ada, text):
    refused(directory.add(f"{text}grace@example.com"), 400)
    refused(directory.add("grace@example.com", displayName=text), 400)
    refused(directory.add_group(text), 400)
    refused(directory.patch(f"Users/{ada.uuid}", {"op": "add", "path": "externalId", "value": text}), 400)


def test_what_is_too_long_is_refused(directory):
    long = "x" * 300
    for facts in ({"externalId": long}, {"displayName": long}, {"emails": [{"value": long}]}):
        refused(directory.add("grace@example.com", **facts), 400, "invalidValue")
    refused(directory.add("grace@example.com", emails=[{"value": str(n)} for n in range(21)]), 400, "invalidValue")
    refused(directory.add_group(long), 400, "invalidValue")
    assert directory.added("grace@example.com", name={"givenName": long})["name"] == {"givenName": "x" * 150}


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**63), str(10**30)])
def test_huge_and_negative_pages_are_empty_or_the_first(directory, number):
    for query in ({"startIndex": number}, {"count": number}, {"startIndex": number, "sortBy": "userName"}):
        answer = directory.get("Users", **query)
        assert (answer.status_code, answer.json()["totalResults"]) == (200, 1)


def test_an_old_version_changes_and_deletes_nothing(directory, ada):
    told = directory.added("grace@example.com")
    place, old = f"Users/{told['id']}", {"If-Match": told["meta"]["version"]}
    step = {"op": "replace", "path": "displayName", "value": "new"}
    assert directory.patch(place, step, headers=old).status_code == 204

    refused(directory.patch(place, step | {"value": "newer"}, headers=old), 412)
    refused(directory.ask("PUT", place, {"userName": "grace@example.com"}, old), 412)
    refused(directory.ask("DELETE", place, headers=old), 412)
    now = directory.get(place)
    assert now.json()["displayName"] == "new"
    assert directory.get(place, headers={"If-None-Match": now.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"<x/>", b'{"userName": 7}', b"[" * 100_000])
def test_garbage_is_refused(directory, ada, body):
    for method, place in (("POST", "Users"), ("PUT", f"Users/{ada.uuid}"), ("PATCH", f"Users/{ada.uuid}")):
        refused_status = directory.ask(method, place, body).status_code
        assert refused_status == 400


@pytest.mark.parametrize("place", ["Users/%00", "Users/..", "Users/x", "users/x/y", "Nothing", "Schemas/x"])
def test_places_that_are_nowhere_are_not_found(directory, place):
    assert directory.get(place).status_code in {400, 404}


def test_an_id_has_one_spelling(directory, ada):
    for spelling in (ada.uuid.hex, str(ada.uuid).upper(), f"{{{ada.uuid}}}"):
        refused(directory.get(f"Users/{spelling}"), 404)
