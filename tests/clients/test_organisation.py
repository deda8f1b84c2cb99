"""Switches of an organisation that every client of its environments notices at once."""

import httpx
import pytest

from tests.clients.shop import Shop

pytestmark = pytest.mark.process


def asked(shop: Shop, method: str, path: str, **more) -> httpx.Response:
    url = f"http://127.0.0.1:{shop.burgee.port}/api/v1{path}"
    return httpx.request(method, url, headers={"X-Environment-Key": shop.key}, **more)


def switch(shop: Shop, **fields: bool) -> None:
    shop.burgee.call("PATCH", f"/api/v1/organisations/{shop.organisation}/", fields)


def test_flags_are_not_served_while_that_is_stopped(shop):
    shop.feature("banner", "hello")

    switch(shop, stop_serving_flags=True)
    stopped = asked(shop, "GET", "/flags/")
    switch(shop, stop_serving_flags=False)

    assert (stopped.status_code, stopped.json()) == (403, {"detail": "Organisation is disabled from serving flags."})
    assert asked(shop, "GET", "/flags/").status_code == 200


def test_traits_are_used_but_not_stored_where_they_may_not_be(shop):
    switch(shop, persist_trait_data=False)

    body = {"identifier": "ada", "traits": [{"trait_key": "plan", "trait_value": "pro"}]}
    told = asked(shop, "POST", "/identities/", json=body)
    written = asked(shop, "POST", "/traits/", json={"identity": {"identifier": "ada"}, **body["traits"][0]})

    assert told.json()["traits"][0]["trait_value"] == "pro"
    assert asked(shop, "GET", "/identities/?identifier=ada").json()["traits"] == []
    assert written.status_code == 403
