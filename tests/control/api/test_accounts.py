import re
from datetime import timedelta

import pytest
from django.test import override_settings

from burgee.control import settings as product
from burgee.control.accounts.models import Token, User
from burgee.control.accounts.passwords import password_link
from burgee.control.accounts.services import make_first_user
from burgee.control.events.models import Event
from burgee.control.kit import clock
from burgee.control.organisations.models import Organisation
from burgee.control.settings import ControlSettings
from tests.control.api.conftest import client_of
from tests.factories.accounts import a_user
from tests.factories.organisations import a_member

PASSWORD = "Correct-Horse-9-Battery"
ADA = {"email": "Ada@Example.com", "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace"}


def sign_up(anybody, **facts):
    return anybody.post("/api/v1/auth/users/", ADA | facts, format="json")


def sign_in(anybody, email="ada@example.com", password=PASSWORD):
    return anybody.post("/api/v1/auth/login/", {"email": email, "password": password}, format="json")


def me(anybody, key):
    return anybody.get("/api/v1/auth/users/me/", HTTP_AUTHORIZATION=f"Token {key}")


def test_who_signs_up_is_signed_in(anybody):
    made = sign_up(anybody)

    assert made.status_code == 201
    assert me(anybody, made.json()["key"]).json()["email"] == "Ada@Example.com"


@pytest.mark.database
def test_only_the_hash_of_a_token_is_stored(anybody):
    key = sign_up(anybody).json()["key"]

    assert re.fullmatch("[0-9a-f]{40}", key)
    assert key not in Token.objects.get().digest


def test_a_password_is_stored_as_a_hash_that_is_dear_to_guess(anybody, settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    sign_up(anybody)

    assert User.objects.get().password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")


def test_the_first_user_may_ask_to_be_superuser_and_no_other_may(anybody):
    first = sign_up(anybody, superuser=True)
    second = sign_up(anybody, email="bob@example.com", superuser=True)

    assert me(anybody, first.json()["key"]).json()["is_superuser"] is True
    assert second.status_code == 400
    assert User.objects.count() == 1


def test_the_first_user_is_no_superuser_unless_asked_for(anybody):
    assert me(anybody, sign_up(anybody).json()["key"]).json()["is_superuser"] is False


@pytest.mark.database
def test_an_address_signs_up_once_in_any_spelling(anybody):
    sign_up(anybody)
    again = sign_up(anybody, email="ADA@example.COM")

    assert (again.status_code, again.json()) == (400, {"email": ["Email already exists. Please log in."]})


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short1!", "too short"),
        ("password1234", "too common"),
        ("8472910563", "entirely numeric"),
        ("lovelace-ada", "too similar"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(anybody, password, said):
    refused = sign_up(anybody, password=password, last_name="lovelace-ada")

    assert refused.status_code == 400
    assert said in " ".join(refused.json()["password"])


def test_two_passwords_that_differ_are_refused(anybody):
    assert sign_up(anybody, re_password="else").status_code == 400


def settings(**facts):
    return override_settings(CONTROL=ControlSettings(**facts))


def test_signing_up_can_be_closed_to_all_but_the_first(anybody):
    with settings(prevent_signup=True):
        assert sign_up(anybody).status_code == 201
        assert sign_up(anybody, email="bob@example.com").status_code == 403


def test_signing_up_can_need_an_invite(anybody):
    with settings(allow_registration_without_invite=False):
        assert sign_up(anybody).status_code == 201
        assert sign_up(anybody, email="bob@example.com").status_code == 403


def test_passwords_can_be_switched_off(anybody):
    with settings(prevent_email_password=True):
        assert sign_up(anybody).status_code == 403
        assert sign_in(anybody).status_code == 403


@pytest.mark.database
def test_signing_in_ignores_the_case_of_the_address(anybody):
    sign_up(anybody)

    assert me(anybody, sign_in(anybody, "ADA@EXAMPLE.COM").json()["key"]).status_code == 200


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD)])
def test_wrong_credentials_are_400_and_do_not_say_what_is_wrong(anybody, email, password):
    sign_up(anybody)

    refused = sign_in(anybody, email, password)

    assert refused.status_code == 400
    assert refused.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}


def test_who_was_deactivated_cannot_sign_in(anybody):
    sign_up(anybody)
    User.objects.update(is_active=False)

    assert sign_in(anybody).status_code == 400


@pytest.mark.database
@pytest.mark.parametrize(("method", "path"), [("post", "logout/"), ("delete", "token/")])
def test_signing_out_ends_this_sign_in_only(anybody, method, path):
    first, second = sign_up(anybody).json()["key"], sign_in(anybody).json()["key"]

    ended = getattr(anybody, method)(f"/api/v1/auth/{path}", HTTP_AUTHORIZATION=f"Token {second}")

    assert ended.status_code == 204
    assert me(anybody, second).status_code == 401
    assert me(anybody, first).status_code == 200


def test_looking_at_oneself_moves_the_last_login_every_half_hour_only(api, admin):
    api.get("/api/v1/auth/users/me/")
    admin.refresh_from_db()
    seen = admin.last_login
    api.get("/api/v1/auth/users/me/")
    admin.refresh_from_db()
    assert admin.last_login == seen

    User.objects.filter(pk=admin.pk).update(last_login=clock.now() - timedelta(minutes=31))
    api.get("/api/v1/auth/users/me/")
    admin.refresh_from_db()
    assert admin.last_login >= seen


@pytest.mark.database
def test_a_name_can_be_changed_and_the_address_cannot(api, admin):
    changed = api.patch("/api/v1/auth/users/me/", {"first_name": "Augusta", "email": "x@example.com"}, format="json")

    assert (changed.json()["first_name"], changed.json()["email"]) == ("Augusta", admin.email)
    assert api.put("/api/v1/auth/users/me/", {"first_name": "A"}, format="json").status_code == 400


def test_changing_nothing_tells_nobody(api, admin):
    api.patch("/api/v1/auth/users/me/", {"first_name": admin.first_name or "A"}, format="json")
    before = Event.objects.count()
    api.patch("/api/v1/auth/users/me/", {"first_name": "A"}, format="json")

    assert Event.objects.count() == before


def test_nobody_may_list_or_look_up_people(api, admin):
    assert api.get("/api/v1/auth/users/").json() == {"detail": "Not found."}
    assert api.get(f"/api/v1/auth/users/{admin.pk}/").status_code == 404


def test_deleting_the_own_account_needs_the_password(anybody):
    key = sign_up(anybody).json()["key"]
    client = client_of(User.objects.get())

    wrong = client.delete("/api/v1/auth/users/me/", {"current_password": "wrong"}, format="json")
    right = client.delete("/api/v1/auth/users/me/", {"current_password": PASSWORD}, format="json")

    assert (wrong.status_code, wrong.json()) == (400, {"current_password": ["Invalid password."]})
    assert right.status_code == 204
    assert me(anybody, key).status_code == 401


@pytest.mark.database
def test_organisations_of_which_nobody_is_left_can_be_deleted_with_the_account(organisation):
    user = a_user(password=PASSWORD)
    a_member(organisation, user, "ADMIN")
    shared = client_of(user).post("/api/v1/organisations/", {"name": "Shared"}, format="json").json()
    a_member(Organisation.objects.get(pk=shared["id"]), a_user())

    body = {"current_password": PASSWORD, "delete_orphan_organisations": True}
    client_of(user).delete("/api/v1/auth/users/me/", body, format="json")

    assert [row.name for row in Organisation.objects.living()] == ["Shared"]


def test_a_new_password_ends_every_other_sign_in(anybody):
    kept, other = sign_up(anybody).json()["key"], sign_in(anybody).json()["key"]

    body = {
        "current_password": PASSWORD,
        "new_password": "Another-Good-Pass-2",
        "re_new_password": "Another-Good-Pass-2",
    }
    done = anybody.post("/api/v1/auth/users/set_password/", body, format="json", HTTP_AUTHORIZATION=f"Token {kept}")

    assert done.status_code == 204
    assert (me(anybody, kept).status_code, me(anybody, other).status_code) == (200, 401)
    assert sign_in(anybody, password="Another-Good-Pass-2").status_code == 200


def test_a_new_password_needs_the_old_one(api):
    body = {"current_password": "wrong", "new_password": "Another-Good-Pass-2"}

    assert api.post("/api/v1/auth/users/set_password/", body, format="json").json() == {
        "current_password": ["Invalid password."]
    }


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_asking_for_a_new_password_never_says_who_is_known(anybody, email):
    sign_up(anybody)

    assert anybody.post("/api/v1/auth/users/reset_password/", {"email": email}, format="json").status_code == 204


def test_a_password_link_leads_to_a_form_that_sets_the_password_once(anybody):
    user = make_first_user("ada@example.com")
    link = password_link(user, "http://testserver/")

    page = anybody.get(link, HTTP_ACCEPT="text/html,*/*;q=0.8")
    form = dict(re.findall(r'name="(uid|token)" value="([^"]+)"', page.content.decode()))
    action = re.search(r'action="([^"]+)"', page.content.decode())[1]
    done = anybody.post(action, form | {"new_password": PASSWORD})

    assert done.status_code == 204
    assert sign_in(anybody).status_code == 200
    assert anybody.get(link).status_code == 404
    assert anybody.post(action, form | {"new_password": PASSWORD}).status_code == 400


def test_the_password_page_runs_only_its_own_script(anybody):
    page = anybody.get(password_link(make_first_user("ada@example.com"), "http://testserver"))

    nonce = re.search(r"script-src 'nonce-([^']+)'", page.headers["Content-Security-Policy"])[1]
    assert f'<script nonce="{nonce}">' in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_made_up_password_link_is_refused(anybody):
    assert anybody.get("/password-reset/confirm/MQ/abc-def/").status_code == 404
    body = {"uid": "!!", "token": "x", "new_password": PASSWORD}
    refused = anybody.post("/api/v1/auth/users/reset_password_confirm/", body, format="json")
    assert (refused.status_code, list(refused.json())) == (400, ["token"])


def test_an_empty_server_makes_its_administrator_by_url_once(anybody):
    with settings(admin_email="root@example.com"):
        made = anybody.get("/api/v1/users/init/")
        again = anybody.get("/api/v1/users/init/")

    assert made.status_code == 201
    assert anybody.get(made.json()["passwordResetUrl"]).status_code == 200
    assert (again.status_code, again.json()["adminUserCreated"]) == (400, False)


@pytest.mark.parametrize("facts", [{}, {"admin_email": "a@example.com", "allow_admin_initiation_via_url": False}])
def test_set_up_by_url_needs_an_address_and_can_be_switched_off(anybody, facts):
    with settings(**facts):
        assert anybody.get("/api/v1/users/init/").status_code == 400
    assert not User.objects.exists()


ELSEWHERE = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_a_page_from_elsewhere_does_not_claim_an_empty_server(anybody, headers):
    facts = {"email": "eve@example.com", "password": PASSWORD}
    whole = facts | {"first_name": "Eve", "last_name": "E", "superuser": True}
    with settings(admin_email="root@example.com"):
        asked = [
            anybody.get("/api/v1/users/init/", headers=headers),
            anybody.post("/api/v1/users/config/init/", facts, headers=headers),
            anybody.post("/api/v1/auth/users/", whole, headers=headers),
        ]
    assert [answer.status_code for answer in asked] == [403] * 3
    assert not User.objects.exists()


def claims(anybody, host):
    """Everything that makes the first administrator, asked by a page that thinks it is at `host`."""
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    facts = {"email": "eve@example.com", "password": PASSWORD}
    whole = facts | {"first_name": "Eve", "last_name": "E", "superuser": True}
    with settings(admin_email="root@example.com"):
        return [
            anybody.post("/api/v1/users/config/init/", facts, headers=headers),
            anybody.post("/api/v1/auth/users/", whole, headers=headers),
            anybody.get("/api/v1/users/init/", headers=headers),
        ]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "rebind.7f000001.evil.example.", "127.0.0.1.evil.example"]
)
def test_a_page_whose_own_name_leads_here_does_not_claim_an_empty_server(anybody, host):
    with override_settings(ALLOWED_HOSTS=["*"]):
        asked = claims(anybody, host)

    assert [(answer.status_code, answer.json()["code"]) for answer in asked] == [(403, "host_unnamed")] * 3
    name = host.partition(":")[0].rstrip(".")
    assert f"DJANGO_ALLOWED_HOSTS={name}" in asked[0].json()["detail"]
    assert not User.objects.exists()


OWN = [
    "127.0.0.1:8000",
    "[::1]:8000",
    "192.168.1.20",
    "localhost:8000",
    "flags.localhost",
    "burgee:8000",
    "flags.acme.com",
]


@pytest.mark.parametrize("host", OWN)
def test_an_empty_server_is_set_up_by_names_that_no_stranger_has(anybody, host):
    with override_settings(ALLOWED_HOSTS=["*"], PUBLIC_URL="https://flags.acme.com"):
        assert claims(anybody, host)[0].status_code == 200


def test_an_empty_server_is_set_up_by_the_names_that_its_operator_lists(anybody):
    with override_settings(ALLOWED_HOSTS=["flags.acme.com"]):
        assert claims(anybody, "evil.example")[0].status_code == 400
        assert claims(anybody, "flags.acme.com")[0].status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}], ids=str)
def test_a_page_of_this_server_and_a_script_set_it_up(anybody, headers):
    facts = {"email": "ada@example.com", "password": PASSWORD}
    assert anybody.post("/api/v1/users/config/init/", facts, headers=headers).status_code == 200


def test_an_empty_server_makes_its_administrator_by_form_once(anybody):
    page = anybody.get("/api/v1/users/config/init/")
    made = anybody.post("/api/v1/users/config/init/", {"email": "ada@example.com", "password": PASSWORD})

    assert b"<form" in page.content
    assert made.status_code == 200
    assert me(anybody, sign_in(anybody).json()["key"]).json()["is_superuser"] is True
    assert anybody.get("/api/v1/users/config/init/").status_code == 404
    assert (
        anybody.post("/api/v1/users/config/init/", {"email": "e@example.com", "password": PASSWORD}).status_code == 404
    )
