import pytest

from tests.edge.parts import (
    CLIENT_KEY,
    SERVER_KEY,
    change,
    flag,
    overridden,
    override,
    segment,
    settings,
    state,
    variant,
    when,
)

ALL = "/ofrep/v1/evaluate/flags"


@pytest.fixture
def edge(serve):
    return serve(
        settings(),
        flag(1, "colour", value="blue", overrides=(override(7, 70, value="red"),)),
        flag(2, "switch"),
        flag(3, "off", enabled=False, value="never"),
        flag(4, "split", value="control", variants=(variant(1, "a", 100.0, "key-a"),)),
        segment(7, when("plan", "EQUAL", "pro")),
        overridden(5, "ada", (2, state(99, value=12))),
    )


def evaluated(response) -> dict:
    return {one["key"]: (one.get("value"), one["reason"]) for one in response.json()["flags"]}


def test_nobody_gets_the_defaults(edge):
    response = edge.post(ALL, json={})

    assert response.status_code == 200
    assert evaluated(response) == {
        "colour": ("blue", "STATIC"),
        "switch": (True, "STATIC"),
        "off": (None, "DISABLED"),
        "split": ("control", "STATIC"),
    }
    assert "value" not in next(one for one in response.json()["flags"] if one["key"] == "off")


def test_an_identity_gets_what_its_traits_variants_and_overrides_say(edge):
    response = edge.post(ALL, json={"context": {"targetingKey": "ada", "plan": "pro"}})

    assert evaluated(response) == {
        "colour": ("red", "TARGETING_MATCH"),
        "switch": (12, "TARGETING_MATCH"),
        "off": (None, "DISABLED"),
        "split": ("a", "SPLIT"),
    }
    assert {one["key"]: one["variant"] for one in response.json()["flags"]}["split"] == "key-a"


def test_stored_traits_count_and_nothing_is_written(edge):
    edge.post("/api/v1/traits/", json={"identity": {"identifier": "eve"}, "trait_key": "plan", "trait_value": "pro"})

    known = edge.post(f"{ALL}/colour", json={"context": {"targetingKey": "eve", "age": 7}})
    edge.post(ALL, json={"context": {"targetingKey": "new", "plan": "pro"}})

    assert known.json()["value"] == "red"
    assert {identifier for _, identifier in edge.traits.rows} == {"eve"}
    assert edge.traits.rows[2, "eve"].traits == {"plan": "pro"}


def test_traits_without_a_targeting_key_meet_segments(edge):
    assert edge.post(f"{ALL}/colour", json={"context": {"plan": "pro"}}).json()["value"] == "red"


def test_one_flag_is_answered_alone(edge):
    response = edge.post(f"{ALL}/colour", json={"context": {}})

    assert response.json() == {
        "key": "colour",
        "value": "blue",
        "reason": "STATIC",
        "variant": "",
        "metadata": {"featureId": 1},
    }


def test_an_unknown_flag_is_not_found(edge):
    response = edge.post(f"{ALL}/no%20such", json={})

    assert response.status_code == 404
    assert (response.json()["key"], response.json()["errorCode"]) == ("no such", "FLAG_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "PARSE_ERROR"),
        (b"[]", "PARSE_ERROR"),
        (b'{"context": 1}', "INVALID_CONTEXT"),
        (b'{"context": {"targetingKey": []}}', "INVALID_CONTEXT"),
        (b'{"context": {"big": 99999999999999999}}', "INVALID_CONTEXT"),
    ],
)
def test_a_context_that_cannot_be_used_is_refused(edge, body, code):
    bulk, one = edge.post(ALL, content=body), edge.post(f"{ALL}/colour", content=body)

    assert (bulk.status_code, bulk.json()["errorCode"]) == (400, code)
    assert (one.status_code, one.json()["errorCode"], one.json()["key"]) == (400, code, "colour")


def test_an_unchanged_evaluation_is_not_sent_again(edge):
    body = {"context": {"targetingKey": "ada"}}
    etag = edge.post(ALL, json=body).headers["etag"]

    assert edge.post(ALL, json=body, headers={"if-none-match": etag}).status_code == 304
    edge.store.accept(change(2, flag(2, "switch", enabled=False)))
    assert edge.post(ALL, json=body, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": f"Bearer {CLIENT_KEY}"}, 200),
        ({"authorization": f"bearer {SERVER_KEY}"}, 200),
        ({"x-api-key": CLIENT_KEY}, 200),
        ({"authorization": "Bearer unknown"}, 403),
        ({"authorization": "Basic abc"}, 401),
        ({}, 401),
    ],
)
def test_the_key_may_come_as_a_bearer(edge, headers, status):
    assert edge.client.post(ALL, json={}, headers=headers).status_code == status


def test_evaluations_are_counted_by_the_server(edge):
    edge.post(f"{ALL}/split", json={"context": {"targetingKey": "eve"}})

    assert edge.usage.evaluated == [(2, "split", "key-a", True, 1, "", "server")]


def test_hidden_flags_stay_hidden(serve):
    edge = serve(settings(hide_disabled_flags=True), flag(1, "off", enabled=False), flag(2, is_server_key_only=True))

    assert edge.post(ALL, json={}).json()["flags"] == []
    assert edge.post(f"{ALL}/off", json={}).status_code == 404
    assert edge.post(f"{ALL}/flag_2", json={}).status_code == 404
    assert edge.post(f"{ALL}/flag_2", json={}, key=SERVER_KEY).status_code == 200
