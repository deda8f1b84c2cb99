"""Each flag of each answer is counted by what it told."""

import pytest

from burgee.edge.usage.outcomes import outcome_of
from burgee.engine import Plan
from tests.edge.parts import flag, overridden, override, segment, settings, state, variant, when
from tests.edge.serving import Edge

FLAGS = "/api/v1/flags/"
IDENTITIES = "/api/v1/identities/"
OFREP = "/ofrep/v1/evaluate/flags"
TRAITS = [{"trait_key": "plan", "trait_value": "pro"}]
PARTS = (
    segment(7, when("plan", "EQUAL", "pro")),
    flag(1, "colour", value="blue", overrides=(override(7, 70, value="red"),)),
    flag(2, "switch", enabled=False),
    flag(3, "split", value="none", variants=(variant(1, "a", 100.0, "key-a"),)),
    overridden(5, "ada", (1, state(99, value="hers"))),
)
BLUE = (1, True, "default", None, "blue")
RED = (1, True, "segment", None, "red")
HERS = (1, True, "identity", None, None)
OFF = (2, False, "default", None, "")
NONE = (3, True, "default", None, "none")
SPLIT = (3, True, "default", "key-a", "a")


@pytest.fixture
def edge(serve):
    return serve(settings(), *PARTS)


def told(edge: Edge) -> list[tuple]:
    flags = []
    for environment, one in edge.usage.told_flags:
        assert environment == 2
        flags += list(one.settled()) if isinstance(one, Plan) else [one]
    edge.usage.told_flags.clear()
    outcomes = [outcome_of(flag) for flag in flags if flag]
    return sorted(((*one[:4], one.value) for one in outcomes), key=lambda one: one[0])


def test_the_flags_of_everybody(edge):
    edge.get(FLAGS)
    edge.get(FLAGS)
    assert told(edge) == [BLUE, BLUE, OFF, OFF, NONE, NONE]


def test_nothing_is_told_to_who_has_it_already(edge):
    etag = edge.get(FLAGS).headers["etag"]
    told(edge)
    assert edge.get(FLAGS, headers={"if-none-match": etag}).status_code == 304
    assert told(edge) == []


@pytest.mark.parametrize("transient", [True, False])
def test_what_an_identity_gets_however_often_it_asks(edge, transient):
    for _ in range(2):
        edge.post(IDENTITIES, json={"identifier": "eve", "traits": TRAITS, "transient": transient})
        assert told(edge) == [RED, OFF, SPLIT]


def test_what_was_set_for_one_identity_alone(edge):
    edge.post(IDENTITIES, json={"identifier": "ada", "traits": TRAITS})
    assert told(edge) == [HERS, OFF, SPLIT]


def test_where_flags_hide_for_whom_they_are_what_was_set_for_one_identity_is_left_out(serve):
    edge = serve(settings(hide_sensitive_data=True), *PARTS)
    edge.post(IDENTITIES, json={"identifier": "ada", "transient": True})
    edge.post(IDENTITIES, json={"identifier": "eve", "transient": True})
    assert [one[:2] + one[3:] for one in told(edge) if one[0] == 1] == [(1, True, None, "blue")]


def test_hidden_flags_are_not_told(serve):
    edge = serve(settings(hide_disabled_flags=True), *PARTS)
    edge.get(FLAGS)
    edge.get(IDENTITIES, params={"identifier": "eve"})
    edge.post(OFREP, json={})
    assert {one[0] for one in told(edge)} == {1, 3}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{FLAGS}?feature=colour", [BLUE]),
        (f"{FLAGS}?feature=unknown", []),
        (f"{FLAGS}eve", [BLUE, OFF, SPLIT]),
        (f"{FLAGS}eve?feature=split", [SPLIT]),
        (f"{IDENTITIES}?identifier=eve", [BLUE, OFF, SPLIT]),
        (f"{IDENTITIES}?identifier=eve&transient=true", [BLUE, OFF, SPLIT]),
        (f"{IDENTITIES}?identifier=ada&feature=colour", [HERS]),
        (f"{IDENTITIES}?identifier=ada&feature=unknown", []),
        (f"{IDENTITIES}eve/", [BLUE, OFF, SPLIT]),
    ],
)
def test_every_way_to_ask(edge, path, expected):
    edge.get(path)
    assert told(edge) == expected


def test_openfeature_is_told_the_same(edge):
    edge.post(OFREP, json={})
    assert told(edge) == [BLUE, OFF, NONE]
    edge.post(OFREP, json={"context": {"targetingKey": "eve", "plan": "pro"}})
    assert told(edge) == [RED, OFF, SPLIT]
    edge.post(f"{OFREP}/colour", json={"context": {"targetingKey": "ada"}})
    assert told(edge) == [HERS]
