"""Who may speak for whom: each test is somebody trying to get at an account that is not theirs."""

import pytest

from burgee.control.accounts.models import Token, User
from burgee.control.accounts.passwords import password_link, reset_password
from burgee.control.accounts.signing_in import Challenge
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.oauth.models import Application, Authorisation
from burgee.control.organisations.invites import create_link, secret_of
from burgee.control.organisations.models import Membership
from burgee.control.sso import links
from burgee.control.sso.errors import AccountElsewhere, LinkedElsewhere
from burgee.control.sso.models import Bond, Link
from tests.control.sso.sources import a_person, come, of, of_server, user_of, with_key, with_second_factor
from tests.factories.accounts import a_token, a_user
from tests.factories.organisations import a_member, an_organisation

pytestmark = pytest.mark.usefixtures("ada")


def proved(email="grace@example.com", password="a-long-password-1", **fields) -> User:
    return a_user(email, password, **({"email_verified_at": clock.now()} | fields))


def assert_refused(source, user, **facts) -> None:
    before = (user.password, Token.objects.filter(user=user).count(), Membership.objects.count())
    with pytest.raises(AccountElsewhere, match="link the connection in your account settings"):
        come(source, user.email, **facts)
    user.refresh_from_db()
    assert (user.password, Token.objects.filter(user=user).count(), Membership.objects.count()) == before
    assert User.objects.filter(email_key=user.email_key).count() == 1
    assert not Link.objects.filter(user=user, is_explicit=False).exists()


def proves(user: User) -> None:
    """The owner of the mailbox follows the link of a letter."""
    uid, token = password_link(user, "").split("/")[3:5]
    reset_password(uid, token, "a-new-long-password-1")
    user.refresh_from_db()


def test_a_member_of_that_organisation_alone_is_let_in(acme):
    user = proved()
    a_member(acme, user)

    assert come(of(acme)).user_id == user.pk
    user.refresh_from_db()
    assert user.check_password("a-long-password-1")


def test_an_account_of_another_organisation_is_not_opened(acme, other):
    user = proved()
    a_member(other, user)

    assert_refused(of(acme), user)


def test_an_account_of_several_organisations_is_opened_by_none(acme, other):
    user = proved()
    a_member(acme, user)
    a_member(other, user)

    assert_refused(of(acme), user)
    assert_refused(of(other), user)


def test_an_account_without_organisations_is_not_taken(acme):
    assert_refused(of(acme), proved())


def test_an_account_without_organisations_and_with_an_unproved_address_is_not_taken_either(acme):
    assert_refused(of(acme), a_user("grace@example.com", "a-long-password-1"))


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_an_account_of_the_operator_is_not_opened_even_by_its_own_organisation(acme, flag):
    user = proved(**{flag: True})
    a_member(acme, user)

    assert_refused(of(acme), user)


def test_membership_of_a_deleted_organisation_counts_for_nothing(acme):
    user = proved()
    a_member(acme, user)
    a_member(an_organisation(deleted_at=clock.now()), user)

    assert come(of(acme)).user_id == user.pk


def test_what_was_let_in_once_is_judged_anew_each_time(acme, other):
    user = user_of(come(of(acme)))
    a_member(other, user)

    with pytest.raises(AccountElsewhere):
        come(of(acme))


def test_a_source_of_the_server_opens_any_account_with_the_address(acme, other):
    user = proved()
    a_member(acme, user)
    a_member(other, user)

    assert come(of_server()).user_id == user.pk


def test_an_explicit_link_is_good_whatever_the_account_is(acme, other):
    user = proved(is_superuser=True)
    a_member(other, user)
    links.link(user, a_person("at-work@example.com"), of(acme), explicit=True, actor=SYSTEM)

    assert come(of(acme), "at-work@example.com").user_id == user.pk


@pytest.mark.database
def test_an_explicit_link_at_one_source_opens_nothing_for_another(acme, other):
    user = proved()
    links.link(user, a_person(), of(acme), explicit=True, actor=SYSTEM)

    assert_refused(of(other), user)


def test_a_subject_that_is_linked_cannot_be_linked_by_somebody_else(acme):
    links.link(proved(), a_person(), of(acme), explicit=True, actor=SYSTEM)

    with pytest.raises(LinkedElsewhere):
        links.link(a_user("mallory@example.com"), a_person(), of(acme), explicit=True, actor=SYSTEM)


@pytest.mark.database
@pytest.mark.parametrize("at_home", [True, False])
def test_a_password_that_somebody_set_before_the_owner_came_counts_no_more(acme, at_home):
    mallory = a_user("grace@example.com", "of-mallory-1")
    a_member(acme, mallory)
    key = a_token(mallory)
    links.link(mallory, a_person(subject="mallory"), of_server(), explicit=True, actor=SYSTEM)

    entry = come(of(acme) if at_home else of_server())

    mallory.refresh_from_db()
    assert (entry.user_id, mallory.has_usable_password()) == (mallory.pk, False)
    assert with_key(key).get("/api/v1/auth/users/me/").status_code == 401
    assert [row.is_explicit for row in Link.objects.all()] == [False]
    # An organisation says who its people are; that the mailbox is theirs, only a source of the server may say.
    assert (mallory.email_verified_at is None) == at_home
    assert Bond.objects.filter(user=mallory).exists() == at_home


def test_an_unproved_account_with_a_second_factor_asks_for_it_and_keeps_everything(acme):
    user = with_second_factor(a_user("grace@example.com", "a-long-password-1"))
    a_member(acme, user)

    for source in (of(acme), of_server()):
        assert isinstance(come(source).entered, Challenge)
    user.refresh_from_db()
    assert (user.check_password("a-long-password-1"), user.email_verified_at) == (True, None)
    assert not Link.objects.exists()


def test_an_account_that_waits_for_activation_is_the_owners_from_the_first_arrival():
    user = a_user("grace@example.com", "of-mallory-1", is_active=False, awaits_activation=True)

    come(of_server())

    user.refresh_from_db()
    assert (user.is_active, user.awaits_activation, user.has_usable_password()) == (True, False, False)


def test_an_organisation_cannot_prepare_the_account_of_a_stranger(acme, other):
    """Its source makes an account for an address that it does not own, and waits until the owner uses it."""
    entry = come(of(acme), "victim@example.com", subject="mallory")
    prepared = with_key(entry.entered)

    owner = come(of_server(), "victim@example.com", subject="the owner at GitHub")

    user = user_of(owner)
    assert owner.user_id == entry.user_id
    assert prepared.get("/api/v1/auth/users/me/").status_code == 401
    a_member(other, user)
    with pytest.raises(AccountElsewhere):
        come(of(acme), "victim@example.com", subject="mallory")


@pytest.mark.database
def test_nor_by_being_back_before_the_owner_joins_another(acme, other):
    user = user_of(come(of(acme), "victim@example.com"))
    proves(user)
    back = with_key(come(of(acme), "victim@example.com").entered)
    authorise(user)
    own = with_key(a_token(user))
    secret = secret_of(create_link(other, actor=SYSTEM))

    assert own.post(f"/api/v1/users/join/link/{secret}/").status_code == 200

    assert back.get("/api/v1/auth/users/me/").status_code == 401
    assert not Authorisation.objects.filter(user=user).exists()
    assert not Link.objects.filter(user=user).exists()


def authorise(user):
    application = Application.objects.create(client_id="x", name="X")
    Authorisation.objects.create(application=application, user=user, scope="mcp", session_hash="x")


def test_a_bound_account_makes_and_joins_no_other_organisation_until_the_address_is_proved(acme, other):
    entry = come(of(acme))
    mine = with_key(entry.entered)
    secret = secret_of(create_link(other, actor=SYSTEM))

    for answer in (
        mine.post("/api/v1/organisations/", {"name": "Mine"}, format="json"),
        mine.post(f"/api/v1/users/join/link/{secret}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "bound_to_organisation")

    proves(user_of(entry))
    own = with_key(a_token(user_of(entry)))
    assert own.post("/api/v1/organisations/", {"name": "Mine"}, format="json").status_code == 201


def test_who_came_by_an_organisation_cannot_reach_beyond_it_with_that_sign_in(acme, other):
    user = proved()
    a_member(acme, user)
    mine = with_key(come(of(acme)).entered)
    secret = secret_of(create_link(other, actor=SYSTEM))

    for answer in (
        mine.post("/api/v1/organisations/", {"name": "Mine"}, format="json"),
        mine.post(f"/api/v1/users/join/link/{secret}/"),
        mine.post("/api/v1/users/me/links/github/", {"access_token": "x"}, format="json"),
        mine.post("/api/v1/auth/links/", {"method": "oidc", "code": "x"}, format="json"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_as_usual")
