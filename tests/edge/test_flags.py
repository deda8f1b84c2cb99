import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from burgee.wire.snapshot import ServerKey
from tests.edge.parts import (
    CLIENT_KEY,
    SERVER_KEY,
    change,
    complete,
    digest,
    flag,
    override,
    segment,
    settings,
    state,
    variant,
    when,
)


def names(response) -> list[str]:
    return [one["feature"]["name"] for one in response.json()]


def test_a_flag_has_the_shape_that_sdks_know(serve):
    edge = serve(settings(), flag(1, "colour", value="blue"))

    response = edge.get("/api/v1/flags/")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-flagsmith-document-updated-at"] == "1795289908.853386"
    assert response.headers["flagsmith-version"] == "2.265.0"
    assert response.json() == [
        {
            "id": 10,
            "feature": {
                "id": 1,
                "name": "colour",
                "created_date": "2026-11-21T19:37:59.342076Z",
                "description": "A flag",
                "initial_value": None,
                "default_enabled": True,
                "type": "STANDARD",
            },
            "feature_state_value": "blue",
            "environment": 2,
            "identity": None,
            "feature_segment": None,
            "enabled": True,
        }
    ]


def test_sensitive_data_is_blanked(serve):
    edge = serve(settings(hide_sensitive_data=True), flag(1, "colour", value="blue"))

    (shown,) = edge.get("/api/v1/flags/").json()

    assert (shown["id"], shown["environment"], shown["feature"]["created_date"]) == (None, None, None)
    assert (shown["feature"]["description"], shown["feature"]["default_enabled"]) == (None, None)
    assert (shown["feature"]["id"], shown["feature_state_value"]) == (1, "blue")


def test_a_multivariate_flag_shows_its_control_value(serve):
    edge = serve(settings(), flag(1, value="control", variants=(variant(1, "a", 100.0),)))

    (shown,) = edge.get("/api/v1/flags/").json()

    assert shown["feature_state_value"] == "control"
    assert "variant" not in shown


@pytest.mark.parametrize(
    ("own", "of_project", "shown"),
    [(None, False, ["on", "off"]), (None, True, ["on"]), (True, False, ["on"]), (False, True, ["on", "off"])],
)
def test_the_environment_decides_on_disabled_flags_before_the_project(serve, own, of_project, shown):
    hiding = settings(hide_disabled_flags=own, project_hide_disabled_flags=of_project)
    edge = serve(hiding, flag(1, "on"), flag(2, "off", enabled=False))

    assert names(edge.get("/api/v1/flags/")) == shown
    found = edge.post("/api/v1/identities/", json={"identifier": "a"}).json()["flags"]
    assert [one["feature"]["name"] for one in found] == shown


@pytest.mark.parametrize("hide_disabled", [True, False])
def test_client_keys_never_see_server_only_flags(serve, hide_disabled):
    edge = serve(
        settings(hide_disabled_flags=hide_disabled), flag(1, "open"), flag(2, "secret", is_server_key_only=True)
    )

    assert names(edge.get("/api/v1/flags/")) == ["open"]
    assert names(edge.get("/api/v1/flags/someone")) == ["open"]
    assert names(edge.server_get("/api/v1/flags/")) == ["open", "secret"]
    assert edge.get("/api/v1/flags/?feature=secret").status_code == 404
    assert edge.get("/api/v1/flags/2/multivariate-options/").status_code == 404
    assert edge.get("/api/v1/identities/?identifier=a&feature=secret").status_code == 404


def test_archived_flags_are_still_served(serve):
    edge = serve(settings(), flag(1, "old", is_archived=True))

    assert names(edge.get("/api/v1/flags/")) == ["old"]


def test_one_flag_is_found_in_any_case_and_an_empty_name_finds_the_first(serve):
    edge = serve(settings(), flag(1, "First"), flag(2, "second"))

    assert edge.get("/api/v1/flags/?feature=SECOND").json()["feature"]["id"] == 2
    assert edge.get("/api/v1/flags/?feature=").json()["feature"]["id"] == 1
    missing = edge.get("/api/v1/flags/?feature=none")
    assert (missing.status_code, missing.json()) == (404, {"detail": "Given feature not found"})


def test_options_of_a_feature_are_listed(serve):
    edge = serve(settings(), flag(1, value="c", variants=(variant(1, "a", 20.0), variant(2, 5, 30.0))))

    response = edge.get("/api/v1/flags/1/multivariate-options/")

    assert response.json() == {"control_value": "c", "options": [{"value": "a"}, {"value": 5}]}
    missing = edge.get("/api/v1/flags/9999999999999999999/multivariate-options/")
    assert missing.status_code == 404


def test_a_revision_is_sent_once_to_those_who_remember_it(serve):
    edge = serve(settings(), flag(1))
    etag = edge.get("/api/v1/flags/").headers["etag"]

    known = edge.get("/api/v1/flags/", headers={"if-none-match": etag})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)

    edge.store.accept(change(2, flag(1, enabled=False)))

    changed = edge.get("/api/v1/flags/", headers={"if-none-match": etag})
    assert (changed.status_code, changed.json()[0]["enabled"]) == (200, False)


def test_an_etag_of_the_other_kind_of_key_is_not_taken_for_ours(serve):
    edge = serve(settings(), flag(1), flag(2, is_server_key_only=True))
    etag = edge.get("/api/v1/flags/").headers["etag"]

    assert edge.server_get("/api/v1/flags/", headers={"if-none-match": etag}).status_code == 200


def test_large_answers_are_compressed_for_those_who_accept_it(serve):
    edge = serve(settings(), *(flag(number) for number in range(1, 40)))
    with edge.client.stream(
        "GET", "/api/v1/flags/", headers={"x-environment-key": CLIENT_KEY, "accept-encoding": "gzip"}
    ) as response:
        raw = b"".join(response.iter_raw())

    plain = edge.get("/api/v1/flags/", headers={"accept-encoding": "identity"})
    assert response.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert json.loads(gzip.decompress(raw)) == plain.json()
    assert "Accept-Encoding" in plain.headers["vary"]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (None, "Invalid or missing Environment key"),
        ("", "Invalid or missing Environment key"),
        ("unknown", "Invalid or missing Environment Key"),
        ("ser.unknown", "Invalid or missing Environment Key"),
    ],
)
def test_without_a_known_key_nothing_is_served(serve, key, message):
    edge = serve(settings(), flag(1))
    headers = {} if key is None else {"x-environment-key": key}

    response = edge.client.get("/api/v1/flags/", headers=headers)

    assert (response.status_code, response.json()) == (403, {"detail": message})


def test_a_second_key_cannot_hide_behind_the_first(serve):
    edge = serve(settings(), flag(1))

    response = edge.client.get(
        "/api/v1/flags/", headers=[("x-environment-key", CLIENT_KEY), ("x-environment-key", "x")]
    )

    assert response.status_code == 403


@pytest.mark.parametrize(
    "key",
    [
        ServerKey(digest=digest(SERVER_KEY), active=False),
        ServerKey(digest=digest(SERVER_KEY), expires_at=datetime.now(UTC) - timedelta(seconds=1)),
    ],
)
def test_switched_off_and_expired_server_keys_are_refused(serve, key):
    edge = serve(settings(server_keys=(key,)), flag(1))

    assert edge.server_get("/api/v1/flags/").status_code == 403
    assert edge.get("/api/v1/flags/").status_code == 200


def test_a_server_key_works_until_it_expires(serve):
    key = ServerKey(digest=digest(SERVER_KEY), expires_at=datetime.now(UTC) + timedelta(hours=1))
    edge = serve(settings(server_keys=(key,)), flag(1))

    assert edge.server_get("/api/v1/flags/").status_code == 200


def test_an_organisation_that_stopped_serving_is_refused(serve):
    edge = serve(settings(stop_serving_flags=True), flag(1))

    response = edge.get("/api/v1/flags/")

    assert response.status_code == 403
    assert response.json() == {"detail": "Organisation is disabled from serving flags."}


def test_a_key_made_elsewhere_a_moment_ago_is_found_by_asking_the_feed(serve):
    edge = serve()
    asked = []

    async def reconcile() -> None:
        asked.append(True)
        edge.store.accept(complete(settings(), flag(1)))

    edge.app.ask_feed_about_unknown_keys(reconcile)

    assert edge.get("/api/v1/flags/").status_code == 200
    assert [edge.get("/api/v1/flags/", key=f"none{number}").status_code for number in range(5)] == [403] * 5
    assert len(asked) == 1


def test_requests_are_counted_by_resource_and_sdk(serve):
    edge = serve(settings(), flag(1))

    edge.get("/api/v1/flags/", headers={"user-agent": "flagsmith-python-sdk/5.0.0 requests"})
    edge.post("/api/v1/identities/", json={"identifier": "a"})
    edge.get("/api/v1/flags/", key="unknown")

    assert edge.usage.requests == [(2, "flags", "flagsmith-python-sdk/5.0.0"), (2, "identities", "")]


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ({"flagsmith-application-name": "shop", "flagsmith-application-version": "2.0"}, "\x1fshop\x1f2.0"),
        ({"flagsmith-application-name": "shop"}, "\x1fshop\x1f"),
        ({"flagsmith-application-version": "2.0"}, ""),
        ({"flagsmith-application-name": ""}, ""),
        ({"flagsmith-application-name": "k\u00f6ln".encode()}, "\x1fk\u00f6ln\x1f"),
        ({"flagsmith-application-name": "a" * 500}, "\x1f" + "a" * 100 + "\x1f"),
        ({"flagsmith-application-name": b"\xff"}, "\x1f\ufffd\x1f"),
    ],
)
def test_an_application_may_name_itself(serve, headers, client):
    edge = serve(settings(), flag(1))

    edge.get("/api/v1/flags/", headers=headers)

    assert edge.usage.requests == [(2, "flags", client)]


def test_the_use_of_a_server_key_is_noted_and_that_of_a_client_key_is_not(serve):
    edge = serve(settings(), flag(1))

    edge.get("/api/v1/flags/")
    edge.get("/api/v1/flags/", key="ser.unknown")
    edge.get("/api/v1/flags/", key=SERVER_KEY)

    assert edge.usage.server_keys == [digest(SERVER_KEY)]


def test_segment_overrides_do_not_show_without_an_identity(serve):
    only = flag(1, value="default", overrides=(override(7, 70, value="seg"),))
    edge = serve(settings(), only, segment(7, when("plan", "EQUAL", "pro")))

    (shown,) = edge.get("/api/v1/flags/").json()

    assert (shown["feature_state_value"], shown["id"]) == ("default", state(10).id)
