from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.burgee import wait_until
from tests.clients.shop import Shop, condition

pytestmark = pytest.mark.process

Node = Callable[[str, Any], Any]


def ask(node: Node, shop: Shop, **client: Any) -> list[Any]:
    question = {"key": shop.server_key} | client
    (answers,) = node("server_sdk.mjs", {"apiUrl": shop.burgee.api_url, "clients": [question]})
    return list(answers)


@pytest.fixture
def dressed(shop: Shop) -> Shop:
    shop.feature("text", "hello")
    shop.feature("number", "42")
    shop.feature("off", "shade", enabled=False)
    shop.feature("secret", "s", is_server_key_only=True)
    shop.variants("split", {"a": 100})
    shop.segment("pros", condition("plan", "EQUAL", "pro"))
    shop.override_segment("text", "pros", "hello pro")
    shop.override_identity("number", "vip", feature_state_value=7)
    return shop


def test_the_server_sdk_evaluates_remotely(dressed: Shop, node: Node) -> None:
    public, ann, again, gone, ghost, after_ghost, vip = ask(
        node,
        dressed,
        key=dressed.key,
        questions=[
            {"kind": "environment"},
            {"kind": "identity", "identifier": "ann", "traits": {"plan": "pro", "n": 1, "once": {"value": 1, "transient": True}}},
            {"kind": "identity", "identifier": "ann"},
            {"kind": "identity", "identifier": "ann", "traits": {"plan": None}},
            {"kind": "identity", "identifier": "ghost", "traits": {"plan": "pro"}, "transient": True},
            {"kind": "identity", "identifier": "ghost"},
            {"kind": "identity", "identifier": "vip"},
        ],
    )  # fmt: skip
    assert public == {
        "text": [True, "hello"],
        "number": [True, 42],
        "off": [False, "shade"],
        "split": [True, "control value"],
    }
    assert [told["text"][1] for told in (ann, again, gone)] == ["hello pro", "hello pro", "hello"]
    assert ann["split"] == [True, "value a"]
    assert [told["text"][1] for told in (ghost, after_ghost)] == ["hello pro", "hello"]
    assert vip["number"] == [True, 7]
    assert dressed.traits_of("ann") == {"n": 1}


def test_the_server_sdk_evaluates_locally(dressed: Shop, node: Node) -> None:
    everyone, ann, vip, segments = ask(
        node,
        dressed,
        local=True,
        questions=[
            {"kind": "environment"},
            {"kind": "identity", "identifier": "ann", "traits": {"plan": "pro"}},
            {"kind": "identity", "identifier": "vip"},
            {"kind": "segments", "identifier": "ann", "traits": {"plan": "pro"}},
        ],
    )
    assert everyone["text"] == [True, "hello"]
    assert everyone["secret"] == [True, "s"]
    assert (ann["text"], ann["split"]) == ([True, "hello pro"], [True, "value a"])
    assert vip["number"] == [True, 7]
    assert segments == ["pros"]


def test_the_server_sdk_counts_evaluations(dressed: Shop, node: Node) -> None:
    ask(node, dressed, analytics=True, questions=[{"kind": "count", "feature": "text", "times": 4}])
    wait_until(lambda: dressed.evaluations("text") == 4, "four evaluations are in the tables", seconds=20)


def test_the_browser_sdk_lives_through_a_visit(dressed: Shop, node: Node) -> None:
    story = node(
        "browser_sdk.mjs",
        {
            "apiUrl": dressed.burgee.api_url,
            "realtimeUrl": f"{dressed.burgee.url}/",
            "key": dressed.key,
            "managementUrl": dressed.burgee.url + dressed.state_path("text"),
            "token": dressed.burgee.http.headers["Authorization"],
        },
    )
    everyone = {
        "text": [True, "hello", None],
        "number": [True, 42, None],
        "off": [False, "shade", None],
        "split": [True, "control value", None],
    }
    zoe = everyone | {"split": [True, "value a", "a"]}
    assert story["anonymous"] == everyone
    assert story["identified"] == zoe | {"text": [True, "hello pro", None]}
    assert story["traits"] == {"plan": "pro", "visits": 3}
    assert story["changed"] == zoe
    assert story["transient"] == zoe | {"text": [True, "hello pro", None]}
    assert story["loggedOut"] == everyone
    assert story["back"] == story["cached"] == story["fromState"] == zoe
    assert story["live"]["text"] == [True, "live", None]
    assert dressed.traits_of("zoe") == {"plan": "basic", "colour": "green"}
    assert dressed.traits_of("passer-by") == {}
