"""People of an organisation as its directory makes, changes and takes them away."""

import pytest

from burgee.control.accounts.models import Token, User
from burgee.control.audit.wording import lines_of
from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.organisations.models import Membership, UserGroup
from burgee.control.scim.models import ProvisionedUser
from burgee.control.sso.bonds import bound_to
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member

NAME = {"givenName": "Grace", "familyName": "Hopper"}


def is_member(organisation, user_id) -> bool:
    return Membership.objects.filter(organisation=organisation, user__uuid=user_id).exists()


def test_somebody_new_gets_an_account_that_is_bound_to_the_organisation(directory, acme):
    UserGroup.objects.create(organisation=acme, name="Everybody", is_default=True)

    told = directory.added("Grace@Example.com", name=NAME, externalId="00u1", displayName="G. Hopper", title="Admiral")

    user = User.objects.get(uuid=told["id"])
    assert (user.email, user.first_name, user.last_name) == ("Grace@Example.com", "Grace", "Hopper")
    assert (bound_to(user), user.has_usable_password(), user.is_active) == (acme.pk, False, True)
    assert Membership.objects.get(user=user).role == "USER"
    assert (told["name"], told["externalId"], told["displayName"], told["active"]) == (NAME, "00u1", "G. Hopper", True)
    assert [group["display"] for group in told["groups"]] == ["Everybody"]
    assert "emails" not in told
    assert "title" not in told


def test_an_answer_names_its_place_and_version(directory):
    answer = directory.add("grace@example.com")

    told = answer.json()
    place = f"http://localhost:8000/api/v1/scim/v2/Users/{told['id']}"
    assert (answer.headers["Content-Type"], answer.headers["Location"]) == ("application/scim+json", place)
    assert (told["meta"]["location"], answer.headers["ETag"]) == (place, told["meta"]["version"])


def test_who_is_here_already_is_not_made_again(directory, ada):
    directory.added("grace@example.com")

    for name in (ada.email, "GRACE@example.com"):
        answer = directory.add(name)
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert User.objects.count() == 2


def test_inactive_people_are_kept_but_let_in_later(directory, acme):
    told = directory.added("grace@example.com", active=False)
    assert (told["active"], is_member(acme, told["id"])) == (False, False)

    assert directory.activate(told["id"], to=True).status_code == 204
    assert is_member(acme, told["id"])


@pytest.mark.database
def test_suspending_ends_the_membership_and_every_sign_in_and_coming_back_gives_no_old_role(directory, acme):
    told = directory.added("grace@example.com")
    user = User.objects.get(uuid=told["id"])
    Membership.objects.filter(user=user).update(role="ADMIN")
    a_token(user)

    assert directory.activate(told["id"], to=False).status_code == 204
    assert not is_member(acme, told["id"])
    assert not Token.objects.filter(user=user).exists()
    assert directory.get(f"Users/{told['id']}").json()["active"] is False

    directory.activate(told["id"], to=True)
    assert Membership.objects.get(user=user).role == "USER"


@pytest.mark.database
def test_who_is_deleted_leaves_and_keeps_the_account(directory, acme):
    told = directory.added("grace@example.com", externalId="00u1")

    assert directory.ask("DELETE", f"Users/{told['id']}").status_code == 204
    assert directory.get(f"Users/{told['id']}").status_code == 404
    assert User.objects.filter(uuid=told["id"]).exists()
    assert not ProvisionedUser.objects.exists()

    again = directory.added("grace@example.com", externalId="00u1")
    assert (again["id"], is_member(acme, told["id"])) == (told["id"], True)


@pytest.mark.database
def test_names_and_the_address_of_an_account_of_the_organisation_follow_the_directory(directory):
    told = directory.added("grace@example.com", name=NAME)

    answer = directory.replace(f"Users/{told['id']}", userName="g.hopper@example.com", name={"familyName": "Murray"})

    assert (answer.status_code, answer.json()["userName"]) == (200, "g.hopper@example.com")
    user = User.objects.get(uuid=told["id"])
    assert (user.email, user.first_name, user.last_name) == ("g.hopper@example.com", "", "Murray")


@pytest.mark.database
def test_an_address_that_somebody_has_is_refused(directory, ada):
    told = directory.added("grace@example.com")

    answer = directory.replace(f"Users/{told['id']}", userName=ada.email)

    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")


@pytest.mark.parametrize("name", ["grace", "", "a@b@c", f"{'g' * 250}@example.com", "gr\x07ace@example.com"])
def test_a_user_name_is_an_address(directory, name):
    answer = directory.add(name)

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")


@pytest.mark.database
def test_an_external_id_is_one_persons(directory):
    directory.added("grace@example.com", externalId="00u1")

    answer = directory.add("ada2@example.com", externalId="00u1")

    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
    assert not User.objects.filter(email="ada2@example.com").exists()


@pytest.mark.database
def test_a_member_who_was_here_before_is_matched_and_marked(directory, ada):
    found = directory.found("Users", 'userName eq "ADA@example.com"')

    assert [person["id"] for person in found] == [str(ada.uuid)]
    assert directory.replace(f"Users/{ada.uuid}", userName=ada.email, externalId="00u9").status_code == 200
    assert directory.found("Users", 'externalId eq "00u9"')[0]["userName"] == ada.email


def test_what_changes_nothing_tells_nobody(directory):
    told = directory.added("grace@example.com", name=NAME)
    before = Event.objects.count()

    answer = directory.replace(f"Users/{told['id']}", userName="grace@example.com", name=NAME, active=True)
    directory.activate(told["id"], to=True)

    assert answer.status_code == 200
    later = Event.objects.order_by("id")[before:]
    assert [event.type for event in later] in ([], ["provisioned_user.changed"])


@pytest.mark.database
def test_the_audit_log_says_in_words_what_the_directory_did(directory, acme):
    told = directory.added("grace@example.com", externalId="00u1")
    number = User.objects.get(uuid=told["id"]).pk
    directory.replace(f"Users/{told['id']}", userName="grace@example.com", externalId="00u2")
    directory.ask("DELETE", f"Users/{told['id']}")

    events = Event.objects.filter(organisation_id=acme.pk, actor_label="SCIM").order_by("id")
    words = [line.log for event in events for line in lines_of(event.type, changes_of(event))]

    assert words == [
        f"User #{number} is provisioned by SCIM",
        f"User #{number} joined as USER",
        f"What the directory says of user #{number} was updated by SCIM",
        f"User #{number} is no longer provisioned by SCIM",
        f"User #{number} left as USER",
    ]
    assert "grace" not in str([event.payload for event in events])


@pytest.mark.database
def test_who_belongs_elsewhere_too_keeps_what_is_good_there(directory, elsewhere, acme):
    user = a_user("grace@example.com", email_verified_at="2026-01-01T00:00:00Z")
    a_member(acme, user)
    a_member(elsewhere, user)
    a_token(user)
    Token.objects.create(user=user, digest="vouched", organisation_id=acme.pk)

    assert directory.ask("DELETE", f"Users/{user.uuid}").status_code == 204

    assert [token.organisation_id for token in Token.objects.filter(user=user)] == [None]
    assert Membership.objects.filter(user=user).count() == 1
