import hashlib
import json

import pytest

from burgee import engine
from burgee.edge.identities.protocol import IdentityRow
from burgee.edge.settings import EdgeSettings
from tests.edge.parts import change, flag, overridden, override, segment, settings, state, variant, when

PRO = when("plan", "EQUAL", "pro")


def trait(key, value, **more) -> dict:
    return {"trait_key": key, "trait_value": value, **more}


def identify(edge, identifier="ada", *traits, **body):
    return edge.post("/api/v1/identities/", json={"identifier": identifier, "traits": list(traits), **body})


def value_of(response, name="flag_1"):
    return next(one["feature_state_value"] for one in response.json()["flags"] if one["feature"]["name"] == name)


def values(response) -> dict:
    return {one["trait_key"]: one["trait_value"] for one in response.json()["traits"]}


def targeted(**of_settings) -> tuple:
    pro_only = flag(1, value="default", overrides=(override(7, 70, value="for pros"),))
    return settings(**of_settings), pro_only, segment(7, PRO)


def test_traits_of_every_type_are_stored_and_told_back_with_an_id(serve):
    edge = serve(settings(), flag(1))
    traits = [trait("s", "text"), trait("i", 42), trait("f", 1.5), trait("b", True), trait("n", -3), trait("e", "")]

    first = identify(edge, "ada", *traits)
    again = edge.get("/api/v1/identities/?identifier=ada")

    assert first.status_code == 200
    assert first.json()["identifier"] == "ada"
    assert values(first) == values(again) == {"s": "text", "i": 42, "f": 1.5, "b": True, "n": -3, "e": ""}
    assert [one["id"] for one in first.json()["traits"]] == [(1 << 20) + number for number in range(1, 7)]
    assert {one["transient"] for one in first.json()["traits"]} == {False}


def test_null_deletes_a_trait_and_the_last_of_two_wins(serve):
    edge = serve(settings(), flag(1))
    identify(edge, "ada", trait("a", 1), trait("b", 1))

    response = identify(edge, "ada", trait("a", None), trait("b", 2), trait("b", 3))

    assert values(response) == {"b": 3}


def test_segment_overrides_follow_traits_in_the_same_request(serve):
    edge = serve(*targeted())

    response = identify(edge, "ada", trait("plan", "pro"))

    (shown,) = response.json()["flags"]
    assert (shown["feature_state_value"], shown["feature_segment"], shown["id"]) == ("for pros", 70, 70)
    assert value_of(edge.get("/api/v1/identities/?identifier=ada")) == "for pros"
    assert value_of(identify(edge, "ada", trait("plan", "free"))) == "default"


def test_an_identity_override_beats_every_segment(serve):
    edge = serve(*targeted(), overridden(5, "ada", (1, state(99, value="mine"))))

    (shown,) = identify(edge, "ada", trait("plan", "pro")).json()["flags"]

    assert (shown["feature_state_value"], shown["identity"], shown["id"]) == ("mine", 5, 99)
    assert value_of(identify(edge, "eve", trait("plan", "pro"))) == "for pros"


def test_a_removed_override_is_gone_at_once(serve):
    edge = serve(*targeted(), overridden(5, "ada", (1, state(99, value="mine"))))
    assert value_of(identify(edge)) == "mine"

    edge.store.accept(change(2, removed=("overrides/5",)))

    assert value_of(identify(edge)) == "default"


def test_a_transient_identity_uses_stored_traits_and_stores_nothing(serve):
    edge = serve(*targeted())
    identify(edge, "ada", trait("plan", "pro"), trait("age", 3))

    same = identify(edge, "ada", trait("age", 4), transient=True)
    other = identify(edge, "eve", trait("plan", "pro"), transient=True)

    assert value_of(same) == value_of(other) == "for pros"
    assert [(one["trait_key"], one["id"] is None, one["transient"]) for one in same.json()["traits"]] == [
        ("plan", False, False),
        ("age", True, True),
    ]
    assert edge.traits.rows.keys() == {(2, "ada")}
    assert edge.traits.rows[2, "ada"].traits == {"plan": "pro", "age": 3}


def test_a_transient_trait_counts_but_is_not_stored(serve):
    edge = serve(*targeted())

    response = identify(edge, "ada", trait("keep", "a"), trait("plan", "pro", transient=True))

    assert value_of(response) == "for pros"
    assert edge.traits.rows[2, "ada"].traits == {"keep": "a"}
    assert response.json()["traits"][1] == {"id": None, "trait_key": "plan", "trait_value": "pro", "transient": True}


@pytest.mark.parametrize("identifier", [{"identifier": ""}, {"identifier": None}, {"identifier": "  "}, {}])
def test_without_identifier_the_traits_name_the_identity(serve, identifier):
    edge = serve(*targeted())

    response = edge.post("/api/v1/identities/", json={**identifier, "traits": [trait("plan", "pro")]})

    assert response.json()["identifier"] == hashlib.sha256(b"planpro").hexdigest()
    assert value_of(response) == "for pros"
    assert response.json()["traits"] == [{"id": None, "trait_key": "plan", "trait_value": "pro", "transient": True}]
    assert edge.traits.rows == {}


def test_without_anything_the_identity_is_random(serve):
    edge = serve(settings(), flag(1))

    first, second = (edge.post("/api/v1/identities/", json={}).json()["identifier"] for _ in range(2))

    assert len(first) == 32
    assert first != second


def test_get_makes_the_identity_unless_it_is_transient(serve):
    edge = serve(settings(), flag(1))

    edge.get("/api/v1/identities/?identifier=seen")
    edge.get("/api/v1/identities/?identifier=passing&transient=true")
    edge.get("/api/v1/identities/?identifier=staying&transient=false")

    assert [identifier for _, identifier in edge.traits.rows] == ["seen", "staying"]


@pytest.mark.parametrize("query", ["", "?identifier=", "?identifier=%20"])
def test_get_without_identifier_says_so_with_200(serve, query):
    response = serve(settings(), flag(1)).get(f"/api/v1/identities/{query}")

    assert (response.status_code, response.json()) == (200, {"detail": "Missing identifier"})


def test_identifiers_of_any_script_come_back_unchanged(serve):
    edge = serve(settings(), flag(1))

    got = edge.get("/api/v1/identities/?identifier=Zo%C3%AB%20%F0%9F%A6%8A/x%3F%26")

    assert got.json()["identifier"] == "Zoë 🦊/x?&"
    assert identify(edge, "  spaced  ").json()["identifier"] == "spaced"
    assert identify(edge, 123).json()["identifier"] == "123"


def test_one_feature_of_an_identity(serve):
    edge = serve(*targeted())
    identify(edge, "ada", trait("plan", "pro"))

    one = edge.get("/api/v1/identities/?identifier=ada&feature=flag_1")

    assert one.json()["feature_state_value"] == "for pros"
    assert edge.get("/api/v1/identities/?identifier=ada&feature=FLAG_1").json() == {"detail": "Given feature not found"}


def test_client_traits_are_dropped_where_they_are_not_allowed(serve):
    edge = serve(*targeted(allow_client_traits=False))

    dropped = identify(edge, "ada", trait("plan", "pro"))
    kept = edge.post(
        "/api/v1/identities/",
        key="ser.X8YSj6p2ZtyW8cXhmusrsd",
        json={"identifier": "ada", "traits": [trait("plan", "pro")]},
    )

    assert (values(dropped), value_of(dropped)) == ({}, "default")
    assert (values(kept), value_of(kept)) == ({"plan": "pro"}, "for pros")
    assert value_of(edge.post("/api/v1/identities/", json={"traits": [trait("plan", "pro")]})) == "default"


def test_traits_that_may_not_be_stored_still_count_for_the_request(serve):
    edge = serve(*targeted(persist_trait_data=False))

    response = identify(edge, "ada", trait("plan", "pro"))

    assert (value_of(response), values(response)) == ("for pros", {"plan": "pro"})
    assert edge.traits.rows[2, "ada"].traits == {}


def test_hidden_sensitive_data_hides_traits(serve):
    response = identify(serve(*targeted(hide_sensitive_data=True)), "ada", trait("plan", "pro"))

    assert response.json()["traits"] == []
    assert value_of(response) == "for pros"


def test_variants_are_named_and_follow_the_composite_key(serve):
    split = flag(1, value="none", variants=(variant(1, "a", 40.0, "key-a"), variant(2, "b", 40.0, None)))
    edge = serve(settings(), split)
    rules = edge.store.environment(2).rules.client

    for number in range(20):
        shown = identify(edge, f"user-{number}", transient=True).json()["flags"][0]
        assert shown == json.loads(rules.evaluate(engine.Identity(f"user-{number}"))[0])
        assert shown["variant"] == {"a": "key-a", "b": None, "none": "control"}[shown["feature_state_value"]]


def test_environments_without_composite_keys_hash_the_row(serve):
    split = flag(1, value="none", variants=(variant(1, "a", 50.0),))
    edge = serve(settings(use_identity_composite_key_for_hashing=False), split)
    rules = edge.store.environment(2).rules.client

    def expected(key: str) -> bool:
        return b'"a"' in rules.evaluate(engine.Identity("any", key))[0]

    for number in range(1, 12):
        edge.traits.rows[2, f"old-{number}"] = IdentityRow(
            id=number, identifier=f"old-{number}", traits={}, numbers={}, legacy_hash_id=1000 + number
        )
        assert (value_of(identify(edge, f"old-{number}")) == "a") == expected(str(1000 + number))
    fresh = identify(edge, "fresh")
    assert (value_of(fresh) == "a") == expected(str(edge.traits.rows[2, "fresh"].id))
    assert (value_of(identify(edge, "passing", transient=True)) == "a") == expected("None")


def test_the_older_paths_answer_too(serve):
    edge = serve(*targeted(), segment(8, when("plan", "EQUAL", "free")))

    stored = edge.post("/api/v1/identities/ada/traits/plan", json={"trait_value": "pro"})
    whole = edge.get("/api/v1/identities/ada/")

    assert stored.json() == {"id": (1 << 20) + 1, "trait_key": "plan", "trait_value": "pro", "transient": False}
    assert whole.json()["segments"] == [{"id": 7, "name": "segment_7", "description": "Segment 7"}]
    assert values(whole) == {"plan": "pro"}
    assert edge.get("/api/v1/flags/ada").json() == whole.json()["flags"]
    assert edge.get("/api/v1/identities/ada", follow_redirects=False).headers["location"] == "/api/v1/identities/ada/"


def test_a_form_is_read_like_json(serve):
    edge = serve(*targeted())

    response = edge.post(
        "/api/v1/identities/", data={"identifier": "ada", "traits[0]trait_key": "plan", "traits[0]trait_value": "pro"}
    )
    several = edge.client.post(
        "/api/v1/identities/",
        headers={"x-environment-key": "cwYcANJ3AJN6hSQVfJZpED"},
        files={
            "identifier": (None, "eve"),
            "traits[0]trait_key": (None, "plan"),
            "traits[0]trait_value": (None, "pro"),
        },
    )

    assert (response.json()["identifier"], value_of(response)) == ("ada", "for pros")
    assert (several.json()["identifier"], value_of(several)) == ("eve", "for pros")


def test_large_answers_about_an_identity_are_compressed(serve):
    edge = serve(settings(), *(flag(number) for number in range(1, 40)), of=EdgeSettings(gzip_identity_bytes=5_000))

    response = identify(edge)

    assert response.headers["content-encoding"] == "gzip"
    assert len(response.json()["flags"]) == 39


class TestWithoutTheStore:
    def test_flags_and_transient_identities_are_served(self, serve):
        edge = serve(*targeted(), overridden(5, "bob", (1, state(99, value="mine"))))
        edge.traits.away = True

        assert edge.get("/api/v1/flags/").status_code == 200
        assert value_of(identify(edge, "ada", trait("plan", "pro"), transient=True)) == "for pros"
        assert value_of(identify(edge, "bob", transient=True)) == "mine"

    def test_a_journaled_write_is_acknowledged_and_marked(self, serve):
        edge = serve(*targeted())
        edge.traits.away, edge.traits.journal = True, []

        response = identify(edge, "ada", trait("plan", "pro"))

        assert (response.status_code, response.headers["burgee-degraded"]) == (200, "traits")
        assert value_of(response) == "for pros"
        assert response.json()["traits"][0]["id"] is None
        assert [patch.set for patch in edge.traits.journal] == [{"plan": "pro"}]

    def test_without_a_journal_too_the_write_is_refused_for_now(self, serve):
        edge = serve(*targeted())
        edge.traits.away = True

        response = identify(edge, "ada", trait("plan", "pro"))

        assert (response.status_code, response.headers["retry-after"]) == (503, "7")
