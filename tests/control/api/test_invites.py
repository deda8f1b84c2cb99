"""Inviting by mail and by link, joining, and signing up with an invite."""

import re

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.organisations.models import Invite, InviteLink, Membership, UserGroup
from burgee.control.settings import ControlSettings
from tests.control.api.conftest import client_of
from tests.control.postman import send_letters
from tests.factories.accounts import a_user


@pytest.fixture
def base(organisation):
    return f"/api/v1/organisations/{organisation.pk}/"


@pytest.fixture
def invited(api, base):
    """The secret of an invite that was mailed to zoe."""

    def invite(**facts):
        made = api.post(f"{base}invites/", {"email": "zoe@example.com"} | facts, format="json")
        send_letters()
        assert made.status_code == 201, made.content
        return re.search(r"/invite/(\w+)", mail.outbox[-1].body).group(1)

    return invite


@pytest.mark.database
def test_an_invite_is_mailed_with_its_link(invited, api, base):
    invited(role="ADMIN")

    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["zoe@example.com"], "You are invited to Acme on Burgee")
    row = api.get(f"{base}invites/").json()["results"][0]
    assert (row["email"], row["invited_by"]["email"]) == ("zoe@example.com", "ada@example.com")
    assert [event.type for event in Event.objects.all()] == ["invite.created"]
    assert "zoe" not in str(Event.objects.get().payload)


def test_the_groups_of_an_invite_stand_in_its_events(api, base, organisation):
    group = UserGroup.objects.create(organisation=organisation, name="Payments")
    body = {"email": "zoe@example.com", "permission_groups": [group.pk]}

    made = api.post(f"{base}invites/", body, format="json").json()
    api.delete(f"{base}invites/{made['id']}/")

    created, deleted = (changes_of(event)[0] for event in Event.objects.order_by("id"))
    assert (created.after["groups"], deleted.before["groups"]) == (["Payments"], ["Payments"])


def test_the_secret_of_an_invite_is_not_stored_in_clear(invited):
    secret = invited()

    row = Invite.objects.get()
    assert secret not in (row.digest, row.ciphertext)


@pytest.mark.database
def test_who_was_invited_joins_once_into_the_role_and_the_groups(invited, api, base, organisation):
    chosen = api.post(f"{base}groups/", {"name": "chosen"}, format="json").json()
    api.post(f"{base}groups/", {"name": "default", "is_default": True}, format="json")
    secret = invited(role="ADMIN", permission_groups=[chosen["id"]])
    zoe = client_of(a_user("Zoe@Example.com"))

    joined = zoe.post(f"/api/v1/users/join/{secret}/")

    assert (joined.status_code, joined.json()["name"], joined.json()["role"]) == (200, "Acme", "ADMIN")
    names = {row["name"] for row in zoe.get(f"{base}groups/my-groups/").json()["results"]}
    assert names == {"chosen", "default"}
    assert zoe.post(f"/api/v1/users/join/{secret}/").status_code == 404


@pytest.mark.database
def test_an_invite_is_for_one_address(invited):
    secret = invited()

    assert client_of(a_user("yan@example.com")).post(f"/api/v1/users/join/{secret}/").status_code == 400
    assert not Membership.objects.filter(user__email="yan@example.com").exists()


@pytest.mark.database
def test_many_are_invited_together_or_not_at_all(api, base):
    api.post(f"{base}invites/", {"email": "zoe@example.com"}, format="json")
    people = [{"email": "yan@example.com", "role": "USER"}, {"email": "ZOE@example.com"}]

    refused = api.post(f"{base}invite/", {"invites": people}, format="json")
    accepted = api.post(f"{base}invite/", {"invites": people[:1], "emails": ["kim@example.com"]}, format="json")

    assert (refused.status_code, refused.json()) == (400, {"email": "Invite for email ZOE@example.com already exists"})
    assert (accepted.status_code, [row["email"] for row in accepted.json()]) == (
        201,
        ["yan@example.com", "kim@example.com"],
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "not an address"},
        {"email": "zoe@example.com", "role": "KING"},
        {"email": "zoe@example.com", "permission_groups": [4242]},
        {"email": "bob@example.com"},
    ],
)
def test_an_invite_that_makes_no_sense_is_400(api, member, base, body):
    assert api.post(f"{base}invites/", body, format="json").status_code == 400
    assert not Invite.objects.exists()


@pytest.mark.database
def test_an_invite_is_sent_again_and_withdrawn(invited, api, base):
    secret = invited()
    one = f"{base}invites/{Invite.objects.get().pk}/"

    assert api.post(f"{one}resend/").status_code == 200
    send_letters()
    assert secret in mail.outbox[1].body
    assert api.delete(one).status_code == 204
    assert client_of(a_user("zoe@example.com")).post(f"/api/v1/users/join/{secret}/").status_code == 404


def test_inviting_is_throttled(api, base):
    answers = [
        api.post(f"{base}invites/", {"email": f"p{number}@example.com"}, format="json").status_code
        for number in range(11)
    ]

    assert answers == [201] * 10 + [429]
    assert api.get(f"{base}invites/").status_code == 200


@pytest.mark.database
def test_everybody_who_knows_a_link_joins(api, base):
    link = api.post(f"{base}invite-links/", {"role": "USER"}, format="json").json()
    joiner = client_of(a_user())

    joined = joiner.post(f"/api/v1/users/join/link/{link['hash']}/", {}, format="json")

    assert (joined.status_code, joined.json()["role"]) == (200, "USER")
    assert joiner.post(f"/api/v1/users/join/link/{link['hash']}/").status_code == 400
    assert api.get(f"{base}invite-links/").json() == [link]
    assert InviteLink.objects.get().ciphertext != link["hash"]


@pytest.mark.database
def test_an_expired_or_deleted_link_does_not_work(api, base):
    old = api.post(f"{base}invite-links/", {"expires_at": timezone.now().isoformat()}, format="json").json()
    gone = api.post(f"{base}invite-links/", {}, format="json").json()
    api.delete(f"{base}invite-links/{gone['id']}/")
    joiner = client_of(a_user())

    expired = joiner.post(f"/api/v1/users/join/link/{old['hash']}/")
    assert (expired.status_code, expired.json()) == (400, {"detail": "Invite has expired"})
    assert joiner.post(f"/api/v1/users/join/link/{gone['hash']}/").status_code == 404


def test_links_can_be_switched_off(api, base):
    link = api.post(f"{base}invite-links/", {}, format="json").json()

    with override_settings(CONTROL=ControlSettings(disable_invite_links=True)):
        assert api.post(f"{base}invite-links/", {}, format="json").status_code == 400
        assert client_of(a_user()).post(f"/api/v1/users/join/link/{link['hash']}/").status_code == 403


@pytest.mark.parametrize("closed", [{"prevent_signup": True}, {"allow_registration_without_invite": False}])
def test_an_invite_opens_a_closed_sign_up_for_the_invited_alone(invited, api, base, anybody, closed):
    secret = invited()
    link = api.post(f"{base}invite-links/", {}, format="json").json()
    facts = {"first_name": "Zoe", "last_name": "Z", "email": "zoe@example.com", "password": "correct horse 42"}
    path = "/api/v1/auth/users/"

    def sign_up(**more):
        return anybody.post(path, facts | more, format="json").status_code

    with override_settings(CONTROL=ControlSettings(**closed)):
        assert sign_up() == 403
        assert sign_up(invite_hash="wrong", sign_up_type="INVITE_EMAIL") == 403
        assert sign_up(invite_hash=secret, sign_up_type="INVITE_EMAIL", email="yan@example.com") == 403
        assert sign_up(invite_hash=secret, sign_up_type="INVITE_EMAIL") == 201
        assert sign_up(invite_hash=link["hash"], sign_up_type="INVITE_LINK", email="yan@example.com") == 201
