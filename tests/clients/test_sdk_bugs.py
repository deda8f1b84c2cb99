"""The bugs of SDKs that the agreement of local and remote evaluation excuses.

A test here that fails because both now agree is good news: the SDK was mended, and its entry can go.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flagsmith import Flagsmith

from tests.clients.known_differences import NODE
from tests.clients.shop import Shop, by_name, condition

pytestmark = pytest.mark.process


def test_the_node_sdk_still_has_its_known_bugs(shop: Shop, node: Callable[[str, Any], Any]) -> None:
    for name, pinned in NODE.items():
        shop.feature(name, "out")
        shop.segment(name, pinned.condition)
        shop.override_segment(name, name, "in")
    questions = [{"kind": "identity", "identifier": name, "traits": pinned.traits} for name, pinned in NODE.items()]
    client = {"key": shop.server_key, "local": True, "questions": questions}
    (told,) = node("server_sdk.mjs", {"apiUrl": shop.burgee.api_url, "clients": [client]})
    remote = {
        name: by_name(shop.identify(name, **pinned.traits)["flags"])[name]["feature_state_value"] == "in"
        for name, pinned in NODE.items()
    }
    assert remote == {name: pinned.holds for name, pinned in NODE.items()}
    evaluated = {name: flags[name][1] == "in" for name, flags in zip(NODE, told, strict=True)}
    mended = [name for name, pinned in NODE.items() if evaluated[name] == pinned.holds]
    assert mended == []


def test_the_node_sdk_still_splits_identifiers_at_commas(shop: Shop, node: Callable[[str, Any], Any]) -> None:
    shop.feature("text", "hello")
    shop.override_identity("text", "lovelace, ada", feature_state_value="own")
    question = {"kind": "identity", "identifier": "lovelace, ada"}
    client = {"key": shop.server_key, "local": True, "questions": [question]}
    ((told,),) = node("server_sdk.mjs", {"apiUrl": shop.burgee.api_url, "clients": [client]})
    assert by_name(shop.identify("lovelace, ada")["flags"])["text"]["feature_state_value"] == "own"
    assert told["text"] == [True, "hello"]


def test_the_node_sdk_still_forgets_false_traits_of_overridden_identities(
    shop: Shop, node: Callable[[str, Any], Any]
) -> None:
    shop.feature("text", "hello")
    shop.feature("other")
    shop.segment("testers no more", condition("beta", "EQUAL", "false"))
    shop.override_segment("text", "testers no more", "bye")
    shop.override_identity("other", "ann", enabled=False)
    questions = [{"kind": "identity", "identifier": who, "traits": {"beta": False}} for who in ("ann", "bob")]
    client = {"key": shop.server_key, "local": True, "questions": questions}
    ((ann, bob),) = node("server_sdk.mjs", {"apiUrl": shop.burgee.api_url, "clients": [client]})
    assert by_name(shop.identify("ann", beta=False)["flags"])["text"]["feature_state_value"] == "bye"
    assert bob["text"] == [True, "bye"]
    assert ann["text"] == [True, "hello"], "mended"


@pytest.fixture
def local(shop: Shop) -> Iterator[Callable[[], Flagsmith]]:
    clients: list[Flagsmith] = []

    def connect() -> Flagsmith:
        clients.append(Flagsmith(shop.server_key, shop.burgee.api_url, enable_local_evaluation=True))
        return clients[-1]

    yield connect
    for client in clients:
        client.environment_data_polling_manager_thread.stop()
        client.session.close()


def values(shop: Shop, client: Flagsmith, name: str, *identifiers: str) -> list[tuple[Any, Any]]:
    """What each is told by Burgee and by the SDK."""
    return [
        (
            by_name(shop.identify(one)["flags"])[name]["feature_state_value"],
            client.get_identity_flags(one).get_feature_value(name),
        )
        for one in identifiers
    ]


def test_the_python_sdk_still_keeps_one_of_two_overrides_with_equal_hashes(
    shop: Shop, local: Callable[[], Flagsmith]
) -> None:
    """Groups of overrides are told apart by a hash, and -1 and -2 have the same one."""
    shop.feature("level", "0")
    shop.override_identity("level", "ann", feature_state_value=-1)
    shop.override_identity("level", "bob", feature_state_value=-2)
    (remote_ann, local_ann), (remote_bob, local_bob) = values(shop, local(), "level", "ann", "bob")
    assert (remote_ann, remote_bob) == (-1, -2)
    assert sorted([local_ann, local_bob]) != [-2, -1], "mended"


def test_the_python_sdk_still_takes_one_for_true(shop: Shop, local: Callable[[], Flagsmith]) -> None:
    shop.feature("level", "0")
    shop.override_identity("level", "ann", feature_state_value=1)
    shop.override_identity("level", "bob", feature_state_value=True)
    told = values(shop, local(), "level", "ann", "bob")
    assert [type(remote) for remote, _ in told] == [int, bool]
    assert len({type(evaluated) for _, evaluated in told}) == 1, "mended"


def test_the_python_sdk_still_loses_the_variant_of_an_identity_override(
    shop: Shop, local: Callable[[], Flagsmith]
) -> None:
    """Its value is right, because the document carries the value of an option that has everything."""
    shop.variants("split", {"a": 0, "b": 0})
    option = next(one["id"] for one in shop.options_of("split") if one["key"] == "b")
    shares = [{"multivariate_feature_option": option, "percentage_allocation": 100}]
    shop.override_identity("split", "ann", multivariate_feature_state_values=shares)
    remote = by_name(shop.identify("ann")["flags"])["split"]
    flag = local().get_identity_flags("ann").get_flag("split")
    assert (remote["feature_state_value"], remote["variant"]) == ("value b", "b")
    assert flag.value == "value b"
    assert flag.variant is None, "mended"
