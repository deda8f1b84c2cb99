"""Bad input gives a 4xx on every route, never a 5xx."""

import json

import pytest

from tests.control.api.conftest import client_of
from tests.control.api.route_table import ROUTES
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.organisations import a_member
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

VALUES = ["", " ", "x" * 30_000, "é\u202e💥", 0, -1, 2**63, 10**40, 1.5, True, None, [], {}, [[1]], {"id": {}}]

FIELDS = [
    "name",
    "email",
    "password",
    "current_password",
    "new_password",
    "uid",
    "token",
    "first_name",
    "last_name",
    "organisation",
    "project",
    "role",
    "id",
    "expires_at",
    "active",
    "feature_name_regex",
    "stale_flags_limit_days",
    "banner_colour",
    "hide_disabled_flags",
    "description",
    "rules",
    "tags",
    "owners",
    "feature",
    "segment",
    "environment",
    "identity",
    "identifier",
    "enabled",
    "feature_state_value",
    "initial_value",
    "multivariate_options",
    "multivariate_feature_state_values",
    "priority",
    "value",
    "user_ids",
    "percentage_allocation",
    "label",
    "color",
    "default_percentage_allocation",
    "string_value",
    "type",
    "key",
    "metadata",
    "feature_segment",
    "is_archived",
    "trait_key",
    "live_from",
    "feature_states_to_create",
    "feature_states_to_update",
    "segment_ids_to_delete_overrides",
    "publish_immediately",
    "environment_default",
    "segment_overrides",
    "variants",
]

BROKEN = [
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"\xff\xfe", "application/json"),
    (b"[1, {}, null]", "application/json"),
    (b'"text"', "application/json"),
    (b"a=%ff&name=%00&=&&", "application/x-www-form-urlencoded"),
    (b"garbage", "multipart/form-data; boundary=x"),
    (b"garbage", "multipart/form-data"),
    (b"<a/>", "text/xml"),
    (b"x", "//;;charset="),
]
BODIES = [
    *((json.dumps(dict.fromkeys(FIELDS, value)).encode(), "application/json") for value in VALUES),
    *((json.dumps([dict.fromkeys(FIELDS, value)]).encode(), "application/json") for value in (1, "x", None)),
]

QUERY = (
    "?page=x&page_size=-5&project=9e9&organisation={}&uuid=x&search=%00&q=%ff&environment=99999999999999999999"
    "&feature=x&tags=,,&sort_field=id&segment=%20&identity=x"
)


def bodies_for(route):
    """One parser reads for all routes, so that each gets a part of what it cannot read; all get all that it can."""
    broken = BROKEN[ROUTES.index(route) % 3 :: 3]
    # Who only reads takes no fields, so that their values make no difference.
    return broken + BODIES[-1:] if route.method == "get" else broken + BODIES


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_no_body_and_no_query_makes_the_server_fail(route, organisation, admin):
    a_member(organisation, a_user())
    project = a_project(organisation)
    environment = an_environment(project)
    feature = a_feature(project)
    known = {
        "organisation_id": organisation.pk,
        "project_id": project.pk,
        "environment_key": environment.api_key,
        "environment_id": environment.pk,
        "feature_id": feature.pk,
        "segment_id": a_segment(project).pk,
    }
    client = client_of(admin)

    for body, kind in bodies_for(route):
        answer = client.generic(route.method.upper(), route.path(**known), body, content_type=kind)
        assert answer.status_code < 500, (body, kind, answer.content)
    for query in (QUERY, QUERY.replace("%00", "z").replace("organisation={}", ""), "?" + "&".join(["a=1"] * 2000)):
        answer = client.generic(
            route.method.upper(), route.path(**known) + query, b"{}", content_type="application/json"
        )
        assert answer.status_code < 500, (query, answer.content)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_no_argument_in_the_path_makes_the_server_fail(route, admin):
    client = client_of(admin)

    for argument in ("0", str(2**63), "9" * 5000, "%00", "%F0%9F%92%A5", "ser.x", "x" * 3000):
        path = route.path(**dict.fromkeys(route.converters, argument))
        answer = client.generic(route.method.upper(), path, b"{}", content_type="application/json")
        assert answer.status_code < 500, (argument, answer.content)


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ACCEPT": ";;;,,/"},
        {"HTTP_ACCEPT": "application/json; q=x"},
        {"HTTP_HOST": "bad host"},
        {"HTTP_AUTHORIZATION": "Token \xff"},
        {"HTTP_AUTHORIZATION": "Token " + "f" * 10_000},
        {"CONTENT_LENGTH": "minus one"},
        {"HTTP_USER_AGENT": "x" * 10_000},
    ],
    ids=str,
)
def test_no_header_makes_the_server_fail(headers, admin):
    client = client_of(admin)

    assert client.get("/api/v1/organisations/", **headers).status_code < 500
    assert client.post("/api/v1/auth/login/", {"email": "a@b.cd"}, format="json", **headers).status_code < 500
