"""What is answered when an identity would be a new one and none may be made."""

import pytest

from tests.edge.parts import CLIENT_KEY, SERVER_KEY, flag, settings
from tests.edge.test_identities import identify, targeted, trait, value_of, values

WRITES = [
    ("POST", "/api/v1/traits/", {"identity": {"identifier": "eve"}, "trait_key": "a", "trait_value": 1}),
    ("PUT", "/api/v1/traits/bulk/", [{"identity": {"identifier": "eve"}, "trait_key": "a", "trait_value": 1}]),
    ("POST", "/api/v1/traits/increment-value/", {"identifier": "eve", "trait_key": "a", "increment_by": 1}),
    ("POST", "/api/v1/identities/eve/traits/a", {"trait_value": 1}),
]


def test_it_is_evaluated_with_its_traits_but_not_stored(serve):
    edge = serve(*targeted())
    edge.traits.refuses_new = True

    response = identify(edge, "eve", trait("plan", "pro"), trait("gone", None))

    assert value_of(response) == "for pros"
    assert response.headers["burgee-transient"] == "new-identity"
    assert response.json()["traits"] == [{"id": None, "trait_key": "plan", "trait_value": "pro", "transient": True}]
    assert edge.traits.rows == {}


@pytest.mark.parametrize("path", ["/api/v1/identities/?identifier=eve", "/api/v1/identities/eve/", "/api/v1/flags/eve"])
def test_reading_it_answers_too(serve, path):
    edge = serve(settings(), flag(1))
    edge.traits.refuses_new = True

    response = edge.get(path)

    assert (response.status_code, response.headers["burgee-transient"]) == (200, "new-identity")
    assert edge.traits.rows == {}


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_routes_that_only_write_say_that_they_did_not(serve, method, path, body):
    edge = serve(settings(), flag(1))
    edge.traits.refuses_new = True

    response = edge.client.request(method, path, json=body, headers={"x-environment-key": CLIENT_KEY})

    assert (response.status_code, response.headers["retry-after"]) == (429, "60")


def test_those_who_are_stored_and_server_keys_notice_nothing(serve):
    edge = serve(*targeted())
    identify(edge, "ada")
    edge.traits.refuses_new = True

    assert values(identify(edge, "ada", trait("plan", "pro"))) == {"plan": "pro"}
    stored = edge.post("/api/v1/identities/", key=SERVER_KEY, json={"identifier": "eve", "traits": []})
    assert "burgee-transient" not in stored.headers
    assert (2, "eve") in edge.traits.rows
