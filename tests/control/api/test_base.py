import pytest
from django.test import override_settings
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, NoScope, Public
from burgee.control.events.publish import publishing_pending
from burgee.control.settings import ControlSettings
from tests.factories.environments import an_environment
from tests.factories.projects import a_project


@pytest.mark.parametrize("left_out", ["permission", "scope", "tags"])
def test_a_view_that_leaves_a_statement_out_cannot_be_defined(left_out):
    statements = {"permission": Public("a test"), "scope": NoScope(), "tags": ("test",)}
    del statements[left_out]

    with pytest.raises(TypeError, match=left_out):
        type("Forgetful", (ApiView,), statements)


def test_a_view_that_states_no_permission_for_one_of_its_methods_cannot_be_defined():
    statements = {"permission": {"get": Permission.SIGNED_IN}, "scope": NoScope(), "tags": ("test",)}

    with pytest.raises(TypeError, match="post"):
        type("HalfOpen", (ApiView,), statements | {"get": lambda self: None, "post": lambda self: None})


def test_without_a_token_the_answer_is_401_with_a_challenge_that_opens_no_browser_dialog(anybody):
    answer = anybody.get("/api/v1/organisations/")

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Authentication credentials were not provided."}
    assert answer.headers["WWW-Authenticate"] == 'Cookie realm="api"'


@pytest.mark.parametrize("header", ["Token nonsense", "Token", "Token a b", "token " + "0" * 40])
def test_a_token_that_is_nobodys_is_401(anybody, header):
    answer = anybody.get("/api/v1/organisations/", HTTP_AUTHORIZATION=header)

    assert (answer.status_code, answer.json()) == (401, {"detail": "Invalid token."})


def test_another_scheme_counts_as_no_credentials(anybody):
    answer = anybody.get("/api/v1/organisations/", HTTP_AUTHORIZATION="Basic x")

    assert answer.json() == {"detail": "Authentication credentials were not provided."}


def test_the_token_of_somebody_who_was_deactivated_is_401(api, admin):
    admin.is_active = False
    admin.save()

    assert api.get("/api/v1/organisations/").status_code == 401


def test_every_answer_names_the_level_of_the_api_and_forbids_caching(anybody):
    answer = anybody.get("/version/")

    assert answer.headers["Flagsmith-Version"] == "2.265.0"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert answer.headers["Pragma"] == "no-cache"


def test_a_harmless_request_id_is_kept_and_another_is_replaced(anybody):
    assert anybody.get("/version/", HTTP_X_REQUEST_ID="abc-1").headers["X-Request-ID"] == "abc-1"
    assert "\n" not in anybody.get("/version/", HTTP_X_REQUEST_ID="a\nb").headers["X-Request-ID"]


def test_lagging_publishing_is_said_once(anybody):
    token = publishing_pending.set(True)
    try:
        assert "Burgee-Publishing" not in anybody.get("/version/").headers
    finally:
        publishing_pending.reset(token)


def test_a_read_without_its_final_slash_is_redirected_with_its_query(api):
    answer = api.get("/api/v1/projects?organisation=1")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/api/v1/projects/?organisation=1")


def test_a_write_without_its_final_slash_is_served(anybody):
    answer = anybody.post("/api/v1/auth/login", {"email": "x@example.com", "password": "y"}, format="json")

    assert answer.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}


def test_a_route_that_does_not_exist_is_404_in_json(api):
    answer = api.get("/api/v1/nothing/")

    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_a_method_that_is_not_served_is_405_with_the_ones_that_are(anybody):
    answer = anybody.get("/api/v1/auth/login/")

    assert (answer.status_code, answer.json()) == (405, {"detail": 'Method "GET" not allowed.'})
    assert "POST" in answer.headers["Allow"]


def test_an_answer_that_nobody_accepts_is_406(api):
    answer = api.get("/api/v1/projects/", HTTP_ACCEPT="text/csv")

    assert (answer.status_code, answer.json()) == (
        406,
        {"detail": "Could not satisfy the request Accept header."},
    )


def test_a_body_of_an_unknown_kind_is_415(api):
    answer = api.post("/api/v1/organisations/", data="<a/>", content_type="text/xml")

    assert (answer.status_code, answer.json()) == (415, {"detail": 'Unsupported media type "text/xml" in request.'})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b'{"name": NaN}', "Out of range float values are not JSON compliant"),
        (b'{"name": 1e999}', "Out of range float values are not JSON compliant"),
        (b'{"name": "a\\u0000b"}', "Null characters are not allowed."),
        (b'{"name": "\\ud800"}', "Surrogate characters are not allowed."),
        (b'{"name": "\xff"}', "invalid start byte"),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 5_000, "Exceeds the limit"),
    ],
)
def test_json_that_cannot_be_stored_is_400_that_says_why(api, body, said):
    answer = api.post("/api/v1/organisations/", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("JSON parse error - ")
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("body", ["[]", "[1]", '"text"', "5", "true", "null"])
def test_a_body_that_is_no_object_is_400(api, body):
    answer = api.post("/api/v1/organisations/", data=body, content_type="application/json")

    assert answer.status_code == 400


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_a_body_over_the_limit_is_413_that_names_it(api):
    answer = api.post("/api/v1/organisations/", {"name": "x" * 200}, format="json")

    assert (answer.status_code, answer.json()) == (413, {"detail": "The body may have at most 100 bytes."})


def test_a_null_character_in_the_query_is_400(api):
    assert api.get("/api/v1/projects/?organisation=%00").status_code == 400


def test_a_charset_that_the_client_invents_changes_nothing(api):
    answer = api.get("/api/v1/projects/?organisation=x", CONTENT_TYPE="application/json; charset=base64")

    assert answer.json() == {"organisation": "Must be a valid integer."}


def test_too_many_sign_ins_of_one_client_are_429_with_the_time_to_wait(anybody):
    for number in range(20):
        someone = {"email": f"x{number}@example.com"}
        assert anybody.post("/api/v1/auth/login/", someone, format="json").status_code == 400

    wrong = {"email": "x@example.com"}
    refused = anybody.post("/api/v1/auth/login/", wrong, format="json")
    elsewhere = anybody.post("/api/v1/auth/login/", wrong, format="json", REMOTE_ADDR="192.0.2.1")

    assert refused.status_code == 429
    assert refused.json()["detail"].startswith("Request was throttled. Expected available in ")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert elsewhere.status_code == 400


def test_a_page_of_any_site_may_call_the_api(api):
    asked = api.options("/api/v1/projects/", HTTP_ORIGIN="https://a.example", HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST")
    answer = api.get("/api/v1/projects/", HTTP_ORIGIN="https://a.example")

    assert asked.status_code == 200
    assert "authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


def test_only_the_listed_origins_may_when_not_all_may(api):
    listed = ControlSettings(cors_allow_all=False, cors_allowed_origins=("https://a.example",))
    with override_settings(CONTROL=listed):
        known = api.get("/api/v1/projects/", HTTP_ORIGIN="https://a.example")
        other = api.get("/api/v1/projects/", HTTP_ORIGIN="https://b.example")

    assert known.headers["Access-Control-Allow-Origin"] == "https://a.example"
    assert "Origin" in known.headers["Vary"]
    assert "Access-Control-Allow-Origin" not in other.headers


def test_a_list_comes_in_pages_that_link_to_each_other(api, organisation):
    project = a_project(organisation)
    for _ in range(3):
        an_environment(project)
    base = f"http://testserver/api/v1/environments/?page_size=2&project={project.pk}"

    first = api.get(f"/api/v1/environments/?project={project.pk}&page_size=2").json()
    second = api.get(first["next"]).json()

    assert (first["count"], len(first["results"]), first["previous"]) == (3, 2, None)
    assert first["next"] == f"http://testserver/api/v1/environments/?page=2&page_size=2&project={project.pk}"
    assert (len(second["results"]), second["next"], second["previous"]) == (1, None, base)


@pytest.mark.parametrize("page", ["0", "-1", "x", "3", "99999999999999999999"])
def test_a_page_that_is_not_there_is_404(api, organisation, page):
    answer = api.get(f"/api/v1/organisations/?page={page}")

    assert (answer.status_code, answer.json()) == (404, {"detail": "Invalid page."})


def test_the_openapi_document_describes_the_routes(anybody):
    document = anybody.get("/api/v1/swagger.json").json()

    assert document["paths"]["/api/v1/environments/{environment_key}/clone/"]["post"]["tags"] == ["environments"]


def test_a_public_view_may_be_about_an_object_that_the_url_names(rf, organisation):
    class Greeting(ApiView):
        permission = Public("a test")
        scope = EnvironmentFromUrl()
        tags = ("test",)

        def get(self, request, environment):
            return Response({"name": environment.name})

    environment = an_environment(a_project(organisation), name="Live")

    assert Greeting.as_view()(rf.get("/"), environment_key=environment.api_key).data == {"name": "Live"}
    assert Greeting.as_view()(rf.get("/"), environment_key="nowhere").status_code == 404
