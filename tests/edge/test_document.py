from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from tests.edge.parts import (
    CLIENT_KEY,
    PUBLISHED,
    change,
    complete,
    flag,
    overridden,
    override,
    segment,
    settings,
    state,
    variant,
    when,
)

PATH = "/api/v1/environment-document/"


def document(edge) -> dict:
    return edge.server_get(PATH).json()


def test_the_document_holds_everything_a_local_evaluator_needs(serve):
    edge = serve(
        settings(),
        flag(1, "colour", value="blue", overrides=(override(7, 70, priority=3, value="red"),)),
        flag(2, "secret", is_server_key_only=True),
        segment(7, when("plan", "EQUAL", "pro")),
        overridden(5, "ada", (1, state(99, value="mine"))),
    )

    found = document(edge)

    assert {key: value for key, value in found.items() if not isinstance(value, list | dict)} == {
        "id": 2,
        "api_key": CLIENT_KEY,
        "name": "Production",
        "allow_client_traits": True,
        "updated_at": "2026-11-21T19:38:28.853386Z",
        "hide_sensitive_data": False,
        "hide_disabled_flags": None,
        "use_identity_composite_key_for_hashing": True,
        "use_identity_overrides_in_local_eval": True,
    }
    assert found["feature_states"][0] == {
        "feature": {"id": 1, "name": "colour", "type": "STANDARD"},
        "enabled": True,
        "django_id": 10,
        "feature_segment": None,
        "featurestate_uuid": "20931ea7-7ea6-4a00-b6de-000000000010",
        "feature_state_value": "blue",
        "multivariate_feature_state_values": [],
    }
    assert found["project"]["server_key_only_feature_ids"] == [2]
    (shown,) = found["project"]["segments"]
    assert (shown["id"], shown["name"]) == (7, "segment_7")
    assert shown["rules"][0]["rules"][0]["conditions"] == [{"operator": "EQUAL", "value": "pro", "property_": "plan"}]
    assert [(one["feature_state_value"], one["feature_segment"]) for one in shown["feature_states"]] == [
        ("red", {"priority": 3})
    ]
    (ada,) = found["identity_overrides"]
    assert (ada["identifier"], ada["composite_key"], ada["django_id"]) == ("ada", f"{CLIENT_KEY}_ada", 5)
    assert ada["identity_features"][0]["feature_state_value"] == "mine"
    assert ada["identity_traits"] == []


def test_segments_of_one_feature_are_left_out_where_nothing_overrides(serve):
    used = flag(1, overrides=(override(8, 80),))
    edge = serve(settings(), used, segment(7, feature_id=1), segment(8, feature_id=1), segment(9))

    assert [one["id"] for one in document(edge)["project"]["segments"]] == [8, 9]


def test_a_whole_variant_of_an_identity_is_written_as_its_value(serve):
    split = (variant(1, "a", 100.0), variant(2, "b", 0.0))
    edge = serve(
        settings(),
        flag(1, value="control", variants=(variant(1, "a", 10.0),)),
        overridden(5, "ada", (1, state(99, value="control", variants=split))),
    )

    found = document(edge)

    assert found["identity_overrides"][0]["identity_features"][0]["feature_state_value"] == "a"
    assert found["feature_states"][0]["feature_state_value"] == "control"


def test_overrides_can_be_kept_out(serve):
    hidden = settings(use_identity_overrides_in_local_eval=False)
    edge = serve(hidden, flag(1), overridden(5, "ada", (1, state(99))))

    assert document(edge)["identity_overrides"] == []


def test_every_revision_has_its_own_document(serve):
    edge = serve(settings(), flag(1), overridden(5, "ada", (1, state(99, value="mine"))))
    document(edge)

    edge.store.accept(change(2, flag(1, "renamed"), flag(3)))

    found = document(edge)
    assert [one["feature"]["name"] for one in found["feature_states"]] == ["renamed", "flag_3"]
    assert found["identity_overrides"][0]["identity_features"][0]["feature"]["name"] == "renamed"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (CLIENT_KEY, "Invalid or missing Environment key"),
        ("", "Invalid or missing Environment key"),
        ("ser.unknown", "Invalid or missing Environment Key"),
    ],
)
def test_only_server_keys_get_it(serve, key, message):
    response = serve(settings(), flag(1)).get(PATH, key=key)

    assert (response.status_code, response.json()) == (403, {"detail": message})


def test_those_who_have_it_get_304(serve):
    edge = serve(settings(), flag(1))
    first = edge.server_get(PATH)

    by_tag = edge.server_get(PATH, headers={"if-none-match": first.headers["etag"]})
    by_date = edge.server_get(PATH, headers={"if-modified-since": first.headers["last-modified"]})
    older = edge.server_get(PATH, headers={"if-modified-since": "Sat, 21 Nov 2020 19:38:28 GMT"})
    unreadable = edge.server_get(PATH, headers={"if-modified-since": "yesterday"})

    assert first.headers["last-modified"] == "Sat, 21 Nov 2026 19:38:28 GMT"
    assert [one.status_code for one in (by_tag, by_date, older, unreadable)] == [304, 304, 200, 200]


def test_a_date_says_nothing_while_its_second_lasts(serve):
    edge = serve()
    # A revision that is dated now and stays so for a while.
    now = datetime.now(UTC).replace(year=datetime.now(UTC).year + 1)
    edge.store.accept(complete(settings(), flag(1), at=now))

    response = edge.server_get(PATH, headers={"if-modified-since": format_datetime(now, usegmt=True)})

    assert response.status_code == 200
    assert "last-modified" not in response.headers
    assert now > PUBLISHED
