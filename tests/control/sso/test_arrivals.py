"""Who gets in: accounts found and made, organisations joined, groups."""

import pytest
from msgspec.structs import replace

from burgee.control.accounts.errors import InviteNeeded, SignUpClosed
from burgee.control.accounts.models import EVERYWHERE, Token, User
from burgee.control.accounts.records import NOBODY
from burgee.control.accounts.signing_in import Challenge
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.groups import create_group
from burgee.control.organisations.invites import create_link, secret_of
from burgee.control.organisations.models import GroupMembership, Membership
from burgee.control.sso.arrivals import arrive
from burgee.control.sso.errors import AccountInactive, AddressUnusable, InvitationNeeded, OrganisationGone
from burgee.control.sso.models import Bond, Link
from burgee.control.sso.people import Arrival
from tests.control.sso.sources import a_person, come, of, of_server, told, user_of, with_key, with_second_factor
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member

pytestmark = pytest.mark.usefixtures("ada")


def groups_of(user):
    return sorted(GroupMembership.objects.filter(user=user).values_list("group__name", flat=True))


@pytest.mark.database
def test_a_source_of_an_organisation_makes_a_member_who_is_bound_to_it(acme):
    entry = come(of(acme), first_name="Grace", last_name="Hopper\n")

    user = user_of(entry)
    assert entry.is_new
    assert (user.email, user.first_name, user.last_name) == ("grace@example.com", "Grace", "Hopper")
    assert (user.auth_type, user.has_usable_password(), user.email_verified_at) == ("SAML", False, None)
    assert Membership.objects.get(user=user).organisation == acme
    assert Bond.objects.get(user=user).organisation == acme
    assert with_key(entry.entered).get("/api/v1/auth/users/me/").json()["id"] == user.pk


@pytest.mark.database
def test_a_source_of_the_server_makes_an_account_with_a_proved_address_and_no_organisation():
    user = user_of(come(of_server()))

    assert (user.auth_type, user.email_verified_at is None) == ("GITHUB", False)
    assert not Membership.objects.filter(user=user).exists()
    assert not Bond.objects.exists()


def test_a_source_of_the_server_may_put_people_into_an_organisation(acme):
    user = user_of(come(of_server(default_organisation_id=acme.pk, role="ADMIN")))

    assert Membership.objects.get(user=user).role == "ADMIN"
    assert not Bond.objects.exists()


def test_the_second_arrival_is_known_by_the_subject_even_with_another_address(acme):
    first = come(of(acme))

    again = arrive(a_person("married@example.com", subject="subject of grace@example.com"), of(acme))

    assert (again.is_new, again.user_id) == (False, first.user_id)
    assert Link.objects.filter(user_id=first.user_id).count() == 1
    assert user_of(again).email == "grace@example.com"


def test_the_same_subject_at_another_source_is_somebody_else(acme, other):
    assert come(of(acme), "a@example.com", subject="7").user_id != come(of(other), "b@example.com", subject="7").user_id


@pytest.mark.database
def test_a_new_subject_with_the_same_address_takes_the_place_of_the_old_one(acme):
    first = come(of(acme), subject="one")

    again = come(of(acme), subject="two")

    assert again.user_id == first.user_id
    assert Link.objects.filter(user_id=first.user_id).count() == 1


@pytest.mark.database
def test_an_address_in_another_spelling_is_the_same_person(acme):
    assert come(of(acme), subject="x").user_id == come(of(acme), "GRACE@Example.com", subject="x2").user_id


@pytest.mark.parametrize("email", ["", " ", "grace", "grace@", "@example.com", "g@" + "x" * 300 + ".com", "a@b@c.com"])
def test_what_is_no_address_opens_nothing(acme, email):
    with pytest.raises(AddressUnusable):
        come(of(acme), email, subject="x")
    assert User.objects.count() == 1


def test_somebody_without_a_subject_is_nobody(acme):
    with pytest.raises(AddressUnusable):
        come(of(acme), subject="")


@pytest.mark.database
def test_a_deactivated_account_stays_closed(acme):
    user = user_of(come(of(acme)))
    User.objects.filter(pk=user.pk).update(is_active=False)

    for source in (of(acme), of_server()):
        with pytest.raises(AccountInactive):
            come(source)
    assert user_of(come(of(acme), "else@example.com")).pk != user.pk


def test_a_second_factor_is_asked_for_and_remembers_how_somebody_came(acme):
    user = user_of(come(of(acme)))
    with_second_factor(user)

    assert isinstance(come(of(acme), has_second_factor=True).entered, Challenge)


@pytest.mark.parametrize(("has_second_factor", "at_home"), [(True, True), (False, False)])
def test_the_token_says_by_what_and_through_whom_somebody_came(acme, has_second_factor, at_home):
    entry = come(of(acme), has_second_factor=has_second_factor)

    token = Token.objects.get(user_id=entry.user_id)
    assert (token.method, token.organisation_id) == ("saml", acme.pk)
    assert token.second_factor_at == (acme.pk if at_home else None)


@pytest.mark.database
def test_a_second_factor_of_a_source_of_the_server_counts_everywhere():
    entry = come(of_server(), has_second_factor=True)

    token = Token.objects.get(user_id=entry.user_id)
    assert (token.organisation_id, token.second_factor_at) == (None, EVERYWHERE)


def test_groups_follow_the_source_at_each_sign_in_and_are_never_made(acme, other):
    for name in ("developers", "operators"):
        create_group(acme, name, external_id=f"cn={name}", actor=SYSTEM)
    by_hand = create_group(acme, "by hand", actor=SYSTEM)
    create_group(other, "foreign", external_id="cn=foreign", actor=SYSTEM)

    user = user_of(come(of(acme), groups=("cn=developers", "cn=unknown", "cn=foreign")))
    GroupMembership.objects.create(group=by_hand, user=user)
    assert groups_of(user) == ["by hand", "developers"]

    come(of(acme), groups=("cn=operators",))
    assert groups_of(user) == ["by hand", "operators"]

    come(of(acme), groups=None)
    assert groups_of(user) == ["by hand", "operators"]

    come(of(acme), groups=())
    assert groups_of(user) == ["by hand"]
    assert acme.groups.count() == 3


@pytest.mark.database
def test_the_group_of_everybody_keeps_its_members(acme):
    create_group(acme, "everybody", is_default=True, external_id="cn=all", actor=SYSTEM)

    user = user_of(come(of(acme), groups=()))

    assert groups_of(user) == ["everybody"]


@pytest.mark.parametrize("closed", ["prevent_signup", "uninvited"])
def test_sign_up_that_is_closed_is_open_to_whom_an_organisation_lets_join(acme, settings, closed):
    facts = {"prevent_signup": True} if closed == "prevent_signup" else {"allow_registration_without_invite": False}
    settings.CONTROL = replace(settings.CONTROL, **facts)

    assert come(of(acme)).is_new
    assert come(of_server(default_organisation_id=acme.pk), "b@example.com").is_new
    with pytest.raises(SignUpClosed if closed == "prevent_signup" else InviteNeeded):
        come(of_server(), "c@example.com")


def test_a_source_whose_people_do_not_join_needs_an_invitation_for_new_ones(acme):
    source = of(acme, joins=False)
    with pytest.raises(InvitationNeeded):
        come(source)

    secret = secret_of(create_link(acme, actor=SYSTEM))
    entry = arrive(a_person(), source, arrival=Arrival(sign_up_type="INVITE_LINK", invite_hash=secret))

    assert entry.is_new
    assert not Membership.objects.filter(user_id=entry.user_id).exists()


def test_members_are_let_in_by_a_source_whose_people_do_not_join(acme):
    user = a_user("grace@example.com", email_verified_at=clock.now())
    a_member(acme, user)

    assert come(of(acme, joins=False)).user_id == user.pk


@pytest.mark.database
def test_a_deleted_organisation_lets_nobody_in(acme):
    come(of(acme))
    type(acme).objects.update(deleted_at=clock.now())

    for email in ("grace@example.com", "new@example.com"):
        with pytest.raises(OrganisationGone):
            come(of(acme), email)
    assert come(of_server(default_organisation_id=acme.pk), "else@example.com").is_new


def test_coming_and_being_refused_is_told_with_way_and_source(acme, other):
    entry = come(of(acme))
    a_member(other, user_of(entry))
    with pytest.raises(Exception, match="Sign in as usual"):
        come(of(acme))

    via = {"method": "saml", "source": f"saml:{acme.pk}", "source_organisation": acme.pk}
    assert told("user.signed_in") == [via]
    assert told("user.sign_in_failed") == [{"reason": "account_elsewhere"} | via]


def test_refusing_somebody_unknown_is_an_event_of_nobody_with_the_address(acme):
    with pytest.raises(InvitationNeeded):
        come(of(acme, joins=False))

    [said] = told("user.sign_in_failed")
    assert (said["reason"], said["address"]) == ("invitation_needed", "grace@example.com")
    assert Event.objects.get(type="user.sign_in_failed").payload["changes"][0]["id"] == NOBODY
