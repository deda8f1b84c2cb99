"""Where one is signed in, for how long, and which sources know the account."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from burgee.control.accounts import sessions
from burgee.control.accounts.models import Token
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.digests import sha256_hex
from burgee.control.oauth.models import AccessToken, Application, Authorisation
from burgee.control.organisations.models import ApiKey
from burgee.control.sso import links
from burgee.control.sso.models import Link
from tests.control.sso.sources import a_person, of_server, told, with_key
from tests.factories.accounts import a_token, a_user

SESSIONS = "/api/v1/users/me/sessions/"
LINKS = "/api/v1/users/me/links/"
ME = "/api/v1/auth/users/me/"


@pytest.fixture
def days(settings):
    def set_days(**facts) -> None:
        settings.SSO = replace(settings.SSO, **facts)

    return set_days


def age(key: str, *, days: int, idle: int = 0) -> None:
    """Make the sign-in so many days old, and so many days unused."""
    now = clock.now()
    facts = {"created_at": now - timedelta(days=days), "last_used_on": now.date() - timedelta(days=idle)}
    Token.objects.filter(digest=sha256_hex(key)).update(**facts)


def test_sign_ins_are_listed_with_where_and_how(anybody, ada):
    answer = anybody.post(
        "/api/v1/auth/login/",
        {"email": ada.email, "password": "a-long-password-1"},
        format="json",
        headers={"user-agent": "Firefox on Linux"},
    )
    a_token(ada)
    a_token(a_user())

    rows = with_key(answer.json()["key"]).get(SESSIONS).json()

    assert [(row["label"], row["method"], row["is_current"]) for row in rows] == [
        (None, None, False),
        ("Firefox on Linux", "password", True),
    ]
    assert set(rows[0]) == {"id", "label", "method", "created_at", "last_used_on", "is_current"}


def test_listing_costs_the_same_however_many_there_are(api, ada, django_assert_num_queries):
    for _ in range(20):
        a_token(ada)

    with django_assert_num_queries(2):
        assert len(api.get(SESSIONS).json()) == 21


@pytest.mark.database
def test_one_sign_in_is_ended_and_told(api, ada):
    other = a_token(ada)
    number = Token.objects.get(digest=sha256_hex(other)).pk

    assert api.delete(f"{SESSIONS}{number}/").status_code == 204

    assert with_key(other).get(ME).status_code == 401
    assert api.get(ME).status_code == 200
    assert told("user.sessions_ended") == [{"ended": 1}]


def test_nobody_ends_the_sign_in_of_another(api):
    other = a_token(a_user())
    number = Token.objects.get(digest=sha256_hex(other)).pk

    assert api.delete(f"{SESSIONS}{number}/").status_code == 404
    assert with_key(other).get(ME).status_code == 200


def test_all_others_are_ended_at_once(api, ada):
    others = [a_token(ada) for _ in range(3)]

    assert api.post(f"{SESSIONS}end-others/").json() == {"ended": 3}
    assert api.post(f"{SESSIONS}end-others/").json() == {"ended": 0}

    assert {with_key(key).get(ME).status_code for key in others} == {401}
    assert told("user.sessions_ended") == [{"ended": 3}]


@pytest.mark.database
def test_applications_and_keys_see_no_sign_ins(acme, ada, anybody):
    application = Application.objects.create(client_id="x", name="X")
    allowed = Authorisation.objects.create(
        application=application, user=ada, scope="admin-api", session_hash=ada.get_session_auth_hash()
    )
    expires_at = clock.now() + timedelta(minutes=5)
    AccessToken.objects.create(
        authorisation=allowed, digest=sha256_hex("opaque"), scope="admin-api", expires_at=expires_at
    )
    anybody.credentials(HTTP_AUTHORIZATION="Bearer opaque")
    assert anybody.get(ME).status_code == 200
    for path in (SESSIONS, LINKS):
        assert anybody.get(path).status_code == 403
    assert anybody.post(f"{SESSIONS}end-others/").status_code == 403

    ApiKey.objects.create(organisation=acme, prefix="abcdefgh", digest=sha256_hex("abcdefgh.x"), name="k")
    anybody.credentials(HTTP_AUTHORIZATION="Api-Key abcdefgh.x")
    assert anybody.get(SESSIONS).status_code in {401, 403}


@pytest.mark.database
@pytest.mark.parametrize(
    ("rules", "old", "idle", "counts"),
    [
        ({}, 4000, 4000, True),
        ({"session_days": 30}, 29, 0, True),
        ({"session_days": 30}, 31, 0, False),
        ({"session_idle_days": 7}, 400, 7, True),
        ({"session_idle_days": 7}, 400, 8, False),
        ({"session_days": 30, "session_idle_days": 7}, 31, 0, False),
    ],
)
def test_a_sign_in_ends_with_age_or_when_left_alone(ada, days, rules, old, idle, counts):
    days(**rules)
    key = a_token(ada)
    age(key, days=old, idle=idle)

    assert sessions.sessions_of(ada).exists() == counts
    assert sessions.forget_over() == (0 if counts else 1)
    age(key, days=old, idle=idle)
    assert with_key(key).get(ME).status_code == (200 if counts else 401)


def test_what_is_over_is_refused_before_it_is_swept(ada, days):
    days(session_days=1)
    key = a_token(ada)
    age(key, days=2)

    assert with_key(key).get(ME).status_code == 401


@pytest.mark.database
def test_a_token_from_before_that_was_never_marked_as_used_is_judged_by_its_age(ada, days):
    days(session_idle_days=7)
    old, young = a_token(ada), a_token(ada)
    age(old, days=9)
    Token.objects.update(last_used_on=None)

    assert with_key(old).get(ME).status_code == 401
    assert with_key(young).get(ME).status_code == 200
    assert sessions.forget_over() == 1


def test_use_is_written_down_once_a_day(ada, django_assert_num_queries):
    key = a_token(ada)
    age(key, days=3, idle=3)
    client = with_key(key)

    client.get(SESSIONS)

    assert Token.objects.get().last_used_on == clock.today()
    with django_assert_num_queries(2):
        client.get(SESSIONS)


@pytest.mark.database
def test_links_are_listed_and_ended(api, ada):
    made = links.link(ada, a_person(), of_server(), explicit=True, actor=SYSTEM)

    (row,) = api.get(LINKS).json()
    assert (row["id"], row["method"], row["key"], row["is_explicit"]) == (made.pk, "github", "github", True)
    assert api.delete(f"{LINKS}{made.pk}/").status_code == 204

    assert not Link.objects.exists()
    assert [told("user.source_linked"), told("user.source_unlinked")] == [
        [{"method": "github", "source": "github"}]
    ] * 2


def test_nobody_ends_the_link_of_another(api):
    made = links.link(a_user(), a_person(), of_server(), explicit=True, actor=SYSTEM)

    assert api.delete(f"{LINKS}{made.pk}/").status_code == 404
    assert Link.objects.exists()


@pytest.mark.database
def test_the_last_way_in_stays(ada):
    ada.set_password(None)
    ada.save()
    made = links.link(ada, a_person(), of_server(), explicit=True, actor=SYSTEM)

    answer = with_key(a_token(ada)).delete(f"{LINKS}{made.pk}/")

    assert (answer.status_code, Link.objects.count()) == (400, 1)


@pytest.mark.parametrize("path", ["users/me/links/github/", "users/me/links/google/", "auth/links/"])
@pytest.mark.parametrize("body", [{}, [], {"access_token": ""}, {"method": "ldap", "code": "x"}, {"code": "x"}])
def test_a_body_that_makes_no_sense_is_400(api, path, body):
    assert api.post(f"/api/v1/{path}", body, format="json").status_code == 400


@pytest.mark.database
def test_an_old_sign_in_proves_again_whose_it_is_before_it_links(ada):
    key = a_token(ada)
    age(key, days=1)
    body = {"method": "oidc", "code": "x"}

    for shown in ({}, {"current_password": "wrong"}, {"current_code": "123456"}):
        answer = with_key(key).post("/api/v1/auth/links/", body | shown, format="json")
        assert (answer.status_code, "prove again" in str(answer.json())) == (403, True)

    answer = with_key(key).post("/api/v1/auth/links/", body | {"current_password": "a-long-password-1"}, format="json")
    assert answer.status_code == 401


def test_a_code_that_nobody_left_links_nothing(api):
    answer = api.post("/api/v1/auth/links/", {"method": "oidc", "code": "x"}, format="json")

    assert (answer.status_code, Link.objects.count()) == (401, 0)
