"""The people of the shop: stored identities with traits, and segments of them."""

from typing import Any

from tests.dashboard.shop import Shop
from tests.serve.running import made


def customers(shop: Shop) -> None:
    """Three stored identities with a plan each."""
    for identifier, plan in (("lena", "pro"), ("bruno", "pro"), ("chen", "free")):
        body = {"identifier": identifier, "traits": [{"trait_key": "plan", "trait_value": plan}]}
        status, _ = shop.server.ask("/api/v1/identities/", body, **{"X-Environment-Key": shop.production})
        assert status == 200


def segment_of(shop: Shop, name: str, plan: str) -> int:
    """Those with the plan."""
    conditions = [{"operator": "EQUAL", "property": "plan", "value": plan}]
    body = {"name": name, "rules": [{"type": "ALL", "conditions": conditions}]}
    return int(str(made(shop.server, f"/api/v1/projects/{shop.project}/segments/", body)["id"]))


def turn_on_for(shop: Shop, segment: int, feature: str) -> None:
    """On in Production for the segment."""
    override = {"segment_overrides": [{"segment": {"id": segment}, "enabled": True}]}
    number = asked(shop, f"/api/v1/projects/{shop.project}/features/?search={feature}")["results"][0]["id"]
    path = f"/api/v1/projects/{shop.project}/features/{number}/save/"
    status, _ = shop.server.ask(path, {"environments": {shop.production: override}})
    assert status == 200


def asked(shop: Shop, path: str, **headers: str) -> Any:
    status, told = shop.server.ask(path, **headers)
    assert status == 200, told
    return told


def address_of_a_segment(shop: Shop) -> str:
    """The same one however often it is asked for, with a flag that it turns on."""
    found = asked(shop, f"/api/v1/projects/{shop.project}/segments/?q=Payers")["results"]
    if not found:
        customers(shop)
        turn_on_for(shop, segment_of(shop, "Payers", "pro"), "dark_mode")
        return address_of_a_segment(shop)
    return f"/project/{shop.project}/segments/{found[0]['id']}?environment={shop.production}"


def address_of_an_identity(shop: Shop) -> str:
    address_of_a_segment(shop)
    path = f"/api/v1/environments/{shop.production}/identities/?q=lena"
    return shop.path(f"users/lena/{asked(shop, path)['results'][0]['id']}")
