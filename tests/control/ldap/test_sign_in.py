"""Signing in with the directory's password, against OpenLDAP."""

import msgspec
import pytest

from burgee.control.accounts.models import SignInFailures, Token, User
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.sso_settings import Methods
from burgee.control.organisations.models import Membership
from burgee.control.sso.policies import create_rule
from tests.control.ldap.conftest import person
from tests.control.sso.sources import told
from tests.factories.accounts import a_user
from tests.services.binaries import free_port
from tests.services.slapd import ADMIN, ADMIN_PASSWORD, PEOPLE

READING = {"sync_username": ADMIN, "sync_password": ADMIN_PASSWORD}


def test_somebody_of_the_directory_signs_in_and_joins_the_organisation(login, organisation):
    answer = login("grace", "correct horse")

    assert (answer.status_code, list(answer.json())) == (200, ["key"])
    grace = User.objects.with_email("grace@acme.example")
    assert (grace.first_name, grace.last_name, grace.auth_type) == ("Grace", "Hopper", "LDAP")
    assert not grace.has_usable_password()
    assert Membership.objects.get(user=grace).organisation == organisation
    assert Token.objects.get().method == "ldap"


def test_who_was_renamed_and_moved_is_still_the_same(login, directory, configured):
    login("grace", "correct horse")
    directory.change(f"uid=grace,{PEOPLE}", mail=["grace.brewster@acme.example"], sn=["Brewster"])
    with directory.administered() as connection:
        connection.modify_dn(f"uid=grace,{PEOPLE}", "uid=brewster")

    assert login("brewster", "correct horse").status_code == 200

    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["wrong", "", " ", "correct horse ", "\u00ad", "\u200b", "*"])
def test_a_wrong_password_lets_nobody_in(login, password):
    assert login("grace", password).status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["grace", f"uid=grace,{PEOPLE}", ""])
@pytest.mark.parametrize("password", ["", "\u00ad"])
def test_a_bind_without_a_password_is_no_sign_in_even_where_the_directory_lets_it_be_one(login, name, password):
    assert login(name, password).status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "*",
        "grac*",
        "grace)(uid=*",
        "*)(|(uid=*",
        "grace)(objectClass=*))(|(uid=x",
        "grace,ou=people",
        f"grace,{PEOPLE}",
        f"x,{PEOPLE}+uid=grace",
        "x+uid=grace",
        "#67726163650a",
        " grace",
        "gr\\61ce",
        "grace\\2a",
        "grace\x1f",
        "grace\n",
        "x" * 255,
        "admin",
        ADMIN,
        "=",
        "\\",
        "\u00ad",
    ],
)
def test_a_name_is_never_more_than_a_name(login, name):
    answer = login(name, "correct horse")

    # White space around a name is not part of it.
    assert answer.status_code == (200 if name.strip() == "grace" else 400), answer.content


def test_names_with_signs_of_the_directorys_own_language_work(login, directory):
    for number, name in enumerate(["o(hara)*", "a,b", "c+d=e", "#f", 'g"h<i>;', "jörg"]):
        person(directory, name, "correct horse", mail=f"p{number}@acme.example")

        assert login(name, "correct horse").status_code == 200, name


def test_the_operators_own_name_in_the_directory_opens_nothing(login):
    assert login(ADMIN, ADMIN_PASSWORD).status_code == 400


def test_without_an_address_there_is_no_account(login, directory):
    dn = person(directory, "plain", "correct horse")
    directory.change(dn, mail=[])

    answer = login("plain", "correct horse")

    assert answer.status_code == 403
    assert "no e-mail address" in answer.json()["detail"]
    assert told("user.sign_in_failed") == [{"reason": "address_missing", "method": "ldap", "source": "ldap"}]


def test_failures_are_counted_and_lock(login, settings):
    for _ in range(10):
        assert login("grace", "wrong").status_code == 400

    assert login("grace", "correct horse").status_code == 429
    assert SignInFailures.objects.exists()
    # A name of the directory is no address, and may be somebody's password.
    unknown = {"reason": "unknown", "method": "password"}
    assert told("user.sign_in_failed") == [unknown] * 10 + [{"reason": "locked", "method": "ldap"}]


def test_people_outside_the_directory_use_their_own_password(login):
    a_user("ada@example.com", "a password of ours")

    assert login("ada@example.com", "a password of ours").status_code == 200
    assert login("ada@example.com", "wrong").status_code == 400


def test_where_passwords_of_ours_are_off_the_directorys_still_work(login, settings):
    settings.CONTROL = msgspec.structs.replace(settings.CONTROL, prevent_email_password=True)
    a_user("ada@example.com", "a password of ours")

    assert login("ada@example.com", "a password of ours").status_code == 403
    assert login("grace", "correct horse").status_code == 200


def test_a_rule_without_the_directory_keeps_its_people_out_but_for_passwords_of_ours(login):
    create_rule("acme.example", ["password"], actor=SYSTEM)
    a_user("grace@acme.example", "a password of ours")

    answer = login("grace", "correct horse")

    assert (answer.status_code, answer.json()["code"]) == (403, "sign_in_method_refused")
    assert login("grace@acme.example", "a password of ours").status_code == 200


def test_where_nobody_may_use_it_the_directory_is_not_asked(login, settings, configured):
    settings.SSO = msgspec.structs.replace(settings.SSO, methods=Methods("password"))
    configured(url=f"ldap://localhost:{free_port()}")

    assert login("grace", "correct horse").status_code == 400


def test_an_account_that_exists_is_entered_by_its_address(login):
    grace = a_user("Grace@Acme.example", "old password", email_verified_at=clock.now())

    login("grace", "correct horse")

    assert Token.objects.get().user == grace


def test_only_people_of_the_class_sign_in(login, configured, directory):
    configured(object_class="account")

    assert login("grace", "correct horse").status_code == 400


def test_people_in_branches_are_found_first_when_the_operator_says_so(login, configured, directory):
    place = directory.add(f"ou=berlin,{PEOPLE}", "organizationalUnit", ou="berlin")
    try:
        dn = person(directory, "max", "correct horse", place=place)
        assert login("max", "correct horse").status_code == 400
        configured(search_first=True, **READING)

        assert login("max", "correct horse").status_code == 200
        assert login("max@acme.example", "correct horse").status_code == 200
        assert login("max@acme.example", "wrong").status_code == 400
        assert login("*@acme.example", "correct horse").status_code == 400
    finally:
        directory.delete(dn)
        directory.delete(place)


def test_two_with_one_address_are_nobody(login, configured, directory):
    person(directory, "twin", "correct horse", mail="grace@acme.example")
    configured(search_first=True, **READING)

    assert login("grace@acme.example", "correct horse").status_code == 400
    assert login("twin", "correct horse").status_code == 200


def test_a_reading_user_whose_password_is_wrong_is_told_to_the_operator_not_to_the_world(login, configured):
    configured(search_first=True, sync_username=ADMIN, sync_password="wrong")

    answer = login("grace", "correct horse")

    assert answer.status_code == 503
    assert "cannot be reached" in answer.json()["detail"]


def test_referrals_are_not_followed(login, directory, configured):
    directory.add(
        f"cn=elsewhere,{PEOPLE}", ["referral", "extensibleObject"], cn="elsewhere", ref="ldap://127.0.0.1:1/dc=evil"
    )
    try:
        assert login("grace", "correct horse").status_code == 200
        assert login("elsewhere", "correct horse").status_code == 400
    finally:
        with directory.administered() as connection:
            connection.delete(f"cn=elsewhere,{PEOPLE}", controls=[("2.16.840.1.113730.3.4.2", True, None)])


def test_the_sign_in_page_knows_of_the_directory(login, anybody_gets):
    doors = anybody_gets("/api/v1/auth/methods/").json()

    assert "ldap" in [door["method"] for door in doors]


def only_grace(fields):
    return [*(f"({name}={value})" for name, value in fields.items()), "(uid=grace)"]


CALLED = []


def note(user, attributes, *, dn=None):
    CALLED.append((user.email, attributes["uid"], dn))


def test_functions_of_the_operator_are_called_as_the_library_calls_them(login, configured, directory):
    here = "tests.control.ldap.test_sign_in"
    person(directory, "max", "correct horse")
    configured(format_search_filters=f"{here}.only_grace", sync_user_relations=f"{here}.note")
    CALLED.clear()

    assert login("max", "correct horse").status_code == 400
    assert login("grace", "correct horse").status_code == 200

    assert [("grace@acme.example", ["grace"], f"uid=grace,{PEOPLE}")] == CALLED


def test_whose_password_it_was_must_be_whom_the_search_found(login, configured, directory):
    """A function that binds everybody as one person must not make them all whom they typed."""
    configured(format_username="tests.control.ldap.test_sign_in.bind_as_grace")
    person(directory, "max", "another")

    assert login("max", "correct horse").status_code == 400
    assert login("grace", "correct horse").status_code == 200


def bind_as_grace(_fields):
    return f"uid=grace,{PEOPLE}"
