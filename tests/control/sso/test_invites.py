"""Invites that wait for somebody who comes by a company's directory or provider."""

import pytest
from msgspec.structs import replace

from burgee.control.accounts.errors import SignUpClosed
from burgee.control.accounts.models import User
from burgee.control.audit.models import AuditLog
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.groups import create_group
from burgee.control.organisations.invites import invite
from burgee.control.organisations.models import GroupMembership, Invite, Membership
from burgee.control.sso.arrivals import arrive
from burgee.control.sso.errors import InvitationNeeded
from burgee.control.sso.people import Arrival, Method
from tests.control.sso.sources import a_person, come, of, of_server, user_of
from tests.control.sso.test_audit import settle
from tests.factories.accounts import a_user

pytestmark = pytest.mark.usefixtures("ada")


def by_directory(**fields):
    return of_server(method=Method.LDAP, key="ldap", auth_type="LDAP", **fields)


def roles_of(user) -> dict[str, str]:
    return dict(Membership.objects.filter(user=user).values_list("organisation__name", "role"))


@pytest.mark.database
def test_the_invite_says_role_and_groups_and_is_spent(acme):
    makers = create_group(acme, "Makers", actor=SYSTEM)
    invite(acme, "Grace@Example.com", role="ADMIN", group_ids=[makers.pk], actor=SYSTEM)

    user = user_of(come(of(acme), "grace@example.com"))

    assert roles_of(user) == {"Acme": "ADMIN"}
    assert GroupMembership.objects.get(user=user).group == makers
    assert not Invite.objects.exists()
    settle()
    lines = AuditLog.objects.filter(organisation_id=acme.pk).values_list("log", flat=True)
    assert f"User #{user.pk} joined as ADMIN" in lines
    come(of(acme), "grace@example.com")
    assert roles_of(user) == {"Acme": "ADMIN"}


@pytest.mark.database
def test_a_source_of_one_organisation_uses_no_invite_of_another(acme, other):
    invite(other, "grace@example.com", role="ADMIN", actor=SYSTEM)

    user = user_of(come(of(acme)))

    assert roles_of(user) == {"Acme": "USER"}
    assert Invite.objects.count() == 1


@pytest.mark.database
def test_a_source_of_the_server_uses_all_of_them(acme, other):
    invite(acme, "grace@example.com", role="ADMIN", actor=SYSTEM)
    invite(other, "grace@example.com", actor=SYSTEM)
    invite(other, "somebody@example.com", actor=SYSTEM)

    user = user_of(come(by_directory(default_organisation_id=acme.pk)))

    assert roles_of(user) == {"Acme": "ADMIN", "Other": "USER"}
    assert Invite.objects.get().email == "somebody@example.com"


def test_where_only_invited_people_come_in_the_invite_is_enough(acme, other, settings):
    settings.CONTROL = replace(settings.CONTROL, prevent_signup=True)
    with pytest.raises(InvitationNeeded):
        come(of(acme, joins=False))
    invite(other, "grace@example.com", actor=SYSTEM)
    with pytest.raises(InvitationNeeded):
        come(of(acme, joins=False))
    invite(acme, "grace@example.com", actor=SYSTEM)

    assert roles_of(user_of(come(of(acme, joins=False)))) == {"Acme": "USER"}
    with pytest.raises(SignUpClosed):
        come(by_directory(), "alan@example.com")
    invite(other, "alan@example.com", actor=SYSTEM)
    assert roles_of(user_of(come(by_directory(), "alan@example.com"))) == {"Other": "USER"}


def test_who_has_an_account_already_joins_by_it_too(acme, ada):
    grace = a_user("grace@example.com", email_verified_at=ada.date_joined)
    invite(acme, "grace@example.com", role="ADMIN", actor=SYSTEM)

    assert user_of(come(by_directory())) == grace
    assert roles_of(grace) == {"Acme": "ADMIN"}


def test_who_brings_an_invite_along_uses_it_later(acme):
    invite(acme, "grace@example.com", actor=SYSTEM)

    arrive(a_person(), by_directory(), arrival=Arrival(sign_up_type="INVITE_EMAIL", invite_hash="not looked at"))
    come(of_server(), "grace@example.com")

    assert Invite.objects.count() == 1
    assert not Membership.objects.filter(user=User.objects.with_email("grace@example.com")).exists()
