"""How the CLI and MCP clients get in: registration, consent, tokens, renewal, revocation."""

import base64
from datetime import timedelta

import pytest
from django.utils import timezone

from burgee.control.events.models import Event
from burgee.control.oauth.applications import forget_unused
from burgee.control.oauth.models import AccessToken, Application, Authorisation, Code, RefreshToken
from burgee.control.oauth.tokens import forget_expired
from tests.control.oauth.conftest import with_header
from tests.control.oauth.flow import CALLBACK, App, answered, bearer
from tests.factories.accounts import a_token, a_user
from tests.factories.projects import a_project

ME = "/api/v1/auth/users/me/"
AUTHORIZE = "/api/v1/oauth/authorize/"


@pytest.fixture
def app() -> App:
    return App()


def test_the_metadata_leads_to_every_endpoint_and_the_page_of_consent(anybody, settings):
    told = anybody.get("/.well-known/oauth-authorization-server").json()

    here = settings.PUBLIC_URL
    assert told["issuer"] == here
    assert told["authorization_endpoint"] == f"{here}/oauth/authorize/"
    assert told["token_endpoint"] == f"{here}/o/token/"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["scopes_supported"] == ["mcp", "admin-api"]


def test_an_application_acts_as_the_person_who_allowed_it(app, api, admin, organisation):
    shown = api.get(AUTHORIZE, app.question()).json()
    tokens = app.tokens(api)

    assert shown["application"] == {"name": "CLI", "client_id": app.client_id}
    assert (list(shown["scopes"]), shown["redirect_uri"], shown["is_verified"]) == (["mcp"], CALLBACK, False)
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("Bearer", 900, "mcp")
    assert bearer(tokens["access_token"]).get(ME).json()["email"] == admin.email
    made = bearer(tokens["access_token"]).post(
        "/api/v1/projects/", {"name": "Shop", "organisation": organisation.pk}, format="json"
    )
    assert made.status_code == 201
    assert Event.objects.get(type="project.created").actor_id == admin.pk


KEPT_BACK = [
    ("post", "/api/v1/organisations/{organisation}/master-api-keys/"),
    ("post", "/api/v1/organisations/{organisation}/trust-relationships/"),
    ("post", "/api/v1/organisations/{organisation}/roles/"),
    ("post", "/api/v1/organisations/{organisation}/groups/"),
    ("post", "/api/v1/organisations/{organisation}/webhooks/"),
    ("post", "/api/v1/organisations/{organisation}/users/1/update-role/"),
    ("post", "/api/v1/organisations/{organisation}/remove-users/"),
    ("post", "/api/v1/projects/{project}/user-permissions/"),
    ("patch", "/api/v1/auth/users/me/"),
    ("delete", "/api/v1/auth/users/me/"),
]


@pytest.mark.parametrize(("method", "path"), KEPT_BACK)
def test_the_narrow_scope_changes_no_account_no_right_and_no_key(app, api, organisation, method, path):
    project = a_project(organisation)
    path = path.format(organisation=organisation.pk, project=project.pk)
    narrow = getattr(bearer(app.tokens(api)["access_token"]), method)(path, {}, format="json")
    whole = getattr(bearer(app.tokens(api, scope="admin-api")["access_token"]), method)(path, {}, format="json")

    assert (narrow.status_code, "admin-api" in narrow.json()["detail"]) == (403, True)
    assert whole.status_code != 403


def test_the_narrow_scope_reads_who_is_there(app, api, organisation):
    client = bearer(app.tokens(api)["access_token"])
    for path in ("users", "groups", "roles", "invites"):
        assert client.get(f"/api/v1/organisations/{organisation.pk}/{path}/").status_code == 200


def test_an_application_does_not_change_how_the_person_signs_in(app, api):
    client = bearer(app.tokens(api)["access_token"])
    assert client.get("/api/v1/auth/mfa/user-active-methods/").status_code == 200
    for step in ("activate", "activate/confirm", "deactivate"):
        assert client.post(f"/api/v1/auth/app/{step}/", {"code": "123456"}, format="json").status_code == 403


def test_only_hashes_of_codes_and_tokens_are_kept(app, api):
    code = app.code(api)
    tokens = app.exchange(code).json()

    stored = "".join(
        str(list(table.objects.values())) for table in (Application, Authorisation, Code, AccessToken, RefreshToken)
    )
    told = str(list(Event.objects.values_list("payload", flat=True)))
    for secret in (code, tokens["access_token"], tokens["refresh_token"]):
        assert secret not in stored + told


def test_the_organisations_of_the_person_are_told_that_an_application_was_allowed_and_revoked(app, api, organisation):
    tokens = app.tokens(api)

    app.post("/o/revoke_token/", token=tokens["refresh_token"])

    events = Event.objects.filter(type__startswith="application.").order_by("id")
    assert [event.type for event in events] == ["application.authorised", "application.revoked"]
    assert {event.organisation_id for event in events} == {organisation.pk}
    assert events[0].payload["changes"][0]["after"]["name"] == "CLI"


def test_who_does_not_allow_it_sends_the_application_away(app, api):
    told = api.post(AUTHORIZE, app.question() | {"allow": False}, format="json")

    assert told.status_code == 200
    facts = answered(told.json()["redirect_uri"])
    assert (facts["error"], facts["state"]) == ("access_denied", "xyz")
    assert not Authorisation.objects.exists()


def test_state_comes_back_with_the_code(app, api):
    told = api.post(AUTHORIZE, app.question(state="a b&c=d") | {"allow": True}, format="json")

    assert answered(told.json()["redirect_uri"])["state"] == "a b&c=d"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "nobody"}, "invalid_request"),
        ({"client_id": "\u0001"}, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:8912/other"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code token"}, "unauthorized_client"),
        ({"scope": "mcp everything"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
    ],
)
def test_a_question_that_cannot_be_granted_is_400_and_leads_nowhere(app, api, changes, error):
    told = api.get(AUTHORIZE, app.question(**changes))

    assert told.status_code == 400
    assert told.json()["error"] == error
    assert set(told.json()) == {"error", "error_description"}


def test_consent_needs_a_person(app, api, anybody, admin):
    token = app.tokens(api)["access_token"]
    question = app.question() | {"allow": True}

    assert anybody.get(AUTHORIZE, app.question()).status_code == 401
    assert bearer(token).post(AUTHORIZE, question, format="json").status_code == 403
    assert Authorisation.objects.count() == 1


def test_a_program_takes_whatever_port_of_the_loopback_it_gets(app, api):
    elsewhere = CALLBACK.replace("8912", "50123")

    code = app.code(api, redirect_uri=elsewhere)

    assert app.exchange(code).json()["error"] == "invalid_request"
    assert app.exchange(code, redirect_uri=elsewhere).status_code == 200


def test_a_code_works_once_and_a_second_use_ends_what_it_gave(app, api):
    code = app.code(api)
    tokens = app.exchange(code).json()

    again = app.exchange(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert bearer(tokens["access_token"]).get(ME).status_code == 401
    assert app.renew(tokens["refresh_token"]).status_code == 400


@pytest.mark.parametrize("change", [{"code_verifier": "x" * 50}, {"code_verifier": ""}, {"redirect_uri": "https://x/"}])
def test_a_code_needs_its_verifier_and_its_redirect_uri(app, api, change):
    code = app.code(api)

    assert app.exchange(code, **change).status_code == 400
    assert app.exchange(code).status_code == 200


def test_a_code_is_for_the_application_that_asked_and_for_a_minute(app, api):
    code = app.code(api)
    other = App()
    other.verifier = app.verifier

    assert other.exchange(code).json()["error"] == "invalid_grant"
    Code.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert app.exchange(code).json()["error"] == "invalid_grant"


def test_renewing_gives_new_tokens_of_the_same_scope(app, api):
    first = app.tokens(api, scope="mcp admin-api")

    second = app.renew(first["refresh_token"]).json()

    assert second["scope"].split() == ["mcp", "admin-api"]
    assert second["refresh_token"] != first["refresh_token"]
    assert bearer(second["access_token"]).get(ME).status_code == 200
    assert app.renew(second["refresh_token"], scope="mcp").json()["scope"] == "mcp"


def test_a_refresh_token_that_is_used_twice_ends_the_authorisation(app, api):
    first = app.tokens(api)
    second = app.renew(first["refresh_token"]).json()

    assert app.renew(first["refresh_token"]).json()["error"] == "invalid_grant"

    assert bearer(second["access_token"]).get(ME).status_code == 401
    assert app.renew(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert Event.objects.get(type="application.revoked").actor_kind == "system"


def test_a_refresh_token_is_nothing_to_another_application(app, api):
    refresh = app.tokens(api)["refresh_token"]

    assert App().renew(refresh).json()["error"] == "invalid_grant"
    assert app.renew(refresh).status_code == 200


def test_tokens_end_in_time(app, api):
    tokens = app.tokens(api)
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    refused = bearer(tokens["access_token"]).get(ME)
    assert (refused.status_code, refused.json()) == (401, {"detail": "Invalid token."})
    RefreshToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert app.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_new_password_and_a_deactivated_person_end_every_authorisation(app, api, admin):
    tokens = app.tokens(api)
    admin.is_active = False
    admin.save()
    assert bearer(tokens["access_token"]).get(ME).status_code == 401

    admin.is_active = True
    admin.save()
    assert bearer(tokens["access_token"]).get(ME).status_code == 200

    admin.set_password("another-password-9")
    admin.save()
    assert bearer(tokens["access_token"]).get(ME).status_code == 401
    assert app.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(app, api, which):
    tokens = app.tokens(api)

    assert App().post("/o/revoke_token/", token=tokens[which]).status_code == 200
    assert bearer(tokens["access_token"]).get(ME).status_code == 200

    assert app.post("/o/revoke_token/", token=tokens[which]).status_code == 200
    assert bearer(tokens["access_token"]).get(ME).status_code == 401
    assert app.renew(tokens["refresh_token"]).status_code == 400
    assert app.post("/o/revoke_token/", token="nothing").status_code == 200


def test_an_application_may_look_at_its_own_tokens(app, api, admin):
    tokens = app.tokens(api)

    told = app.post("/o/introspect/", token=tokens["access_token"]).json()

    assert (told["active"], told["scope"], told["username"]) == (True, "mcp", admin.email)
    assert App().post("/o/introspect/", token=tokens["access_token"]).json() == {"active": False}
    assert app.post("/o/introspect/", token="nothing").json() == {"active": False}
    assert app.post("/o/introspect/", token=tokens["access_token"], client_id="nobody").status_code == 401


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_an_application_with_a_secret_must_show_it(api, method):
    app = App(method)
    code, secret = app.code(api), app.facts["client_secret"]

    assert app.exchange(code).json()["error"] == "invalid_client"
    assert app.exchange(code, client_secret="wrong").status_code == 401
    if method == "client_secret_basic":
        pair = base64.b64encode(f"{app.client_id}:{secret}".encode()).decode()
        app.http.credentials(HTTP_AUTHORIZATION=f"Basic {pair}")
        assert app.exchange(code).status_code == 200
    else:
        assert app.exchange(code, client_secret=secret).status_code == 200
    assert secret not in str(Application.objects.values().get())


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"grant_type": "password", "username": "ada@example.com", "password": "x"},
        {"grant_type": "client_credentials"},
        {"grant_type": "authorization_code"},
        {"grant_type": "authorization_code", "code": "x", "client_id": "\x00"},
        {"grant_type": "refresh_token"},
        {"grant_type": "refresh_token", "refresh_token": "é\x00"},
    ],
)
def test_a_form_that_asks_for_nothing_that_can_be_had_is_refused(app, form):
    told = app.post("/o/token/", **form)

    assert told.status_code in {400, 401}
    assert told.json()["error"]


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic /w==", "Basic AA==", "Bearer x"])
def test_credentials_that_cannot_be_read_are_refused(app, header):
    app.http.credentials(HTTP_AUTHORIZATION=header)

    assert app.exchange("x").status_code in {400, 401}


@pytest.mark.parametrize("text", ["", "x", "x y", "é", "a" * 5000, "a.b.c", "..", "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_bearer_is_401(anybody, text):
    anybody.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")

    assert anybody.get(ME).status_code == 401


def test_a_token_in_the_query_is_no_credential(app, api, anybody):
    token = app.tokens(api)["access_token"]

    assert anybody.get(ME, {"access_token": token}).status_code == 401


def test_what_has_expired_and_what_nobody_uses_is_forgotten(app, api):
    App()
    app.tokens(api)
    long_ago = timezone.now() - timedelta(days=40)
    for table in (AccessToken, RefreshToken, Code):
        table.objects.update(expires_at=long_ago)
    Application.objects.update(created_at=long_ago)

    forget_unused()
    assert Application.objects.get().client_id == app.client_id

    forget_expired()
    forget_unused()
    assert [table.objects.count() for table in (AccessToken, RefreshToken, Code, Authorisation, Application)] == [0] * 5


def test_a_deleted_person_leaves_no_authorisation(app):
    user = a_user()
    app.tokens(with_header(f"Token {a_token(user)}"))

    user.delete()

    assert not Authorisation.objects.exists()
