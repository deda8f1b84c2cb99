from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flagsmith import Flagsmith
from flagsmith.exceptions import FlagsmithFeatureDoesNotExistError

from tests.clients.burgee import wait_until
from tests.clients.shop import Shop, condition

pytestmark = pytest.mark.process

Connect = Callable[..., Flagsmith]


@pytest.fixture
def connect(shop: Shop) -> Iterator[Connect]:
    """The official client, closed as far as it can be."""
    clients: list[Flagsmith] = []

    def make(key: str = "", **options: Any) -> Flagsmith:
        client = Flagsmith(environment_key=key or shop.server_key, api_url=shop.burgee.api_url, **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        if hasattr(client, "event_stream_thread"):
            client.event_stream_thread.stop()
        if hasattr(client, "environment_data_polling_manager_thread"):
            client.environment_data_polling_manager_thread.stop()
        client.session.close()


@pytest.fixture
def dressed(shop: Shop) -> Shop:
    """Flags of every kind of value, a segment and an identity override."""
    shop.feature("text", "hello")
    shop.feature("number", "42")
    shop.feature("truth", "true")
    shop.feature("off", "shade", enabled=False)
    shop.variants("split", {"a": 50, "b": 50})
    shop.feature("secret", "s", is_server_key_only=True)
    shop.segment("pros", condition("plan", "EQUAL", "pro"))
    shop.override_segment("text", "pros", "hello pro")
    shop.override_identity("number", "vip", feature_state_value=7)
    return shop


def values(flags: Any, *names: str) -> dict[str, tuple[bool, Any]]:
    found = {flag.feature_name: (flag.enabled, flag.value) for flag in flags.all_flags()}
    return {name: found[name] for name in names} if names else found


def test_remote_environment_flags(dressed: Shop, connect: Connect) -> None:
    expected = {
        "text": (True, "hello"),
        "number": (True, 42),
        "truth": (True, True),
        "off": (False, "shade"),
        "split": (True, "control value"),
    }
    assert values(connect(dressed.key).get_environment_flags()) == expected
    assert values(connect().get_environment_flags()) == expected | {"secret": (True, "s")}


def test_an_unknown_flag_does_not_exist(dressed: Shop, connect: Connect) -> None:
    flags = connect().get_environment_flags()
    with pytest.raises(FlagsmithFeatureDoesNotExistError):
        flags.get_flag("nothing")


def test_remote_identity_flags_follow_segments_overrides_and_stored_traits(dressed: Shop, connect: Connect) -> None:
    client = connect(dressed.key)
    assert client.get_identity_flags("ann", {"plan": "pro"}).get_feature_value("text") == "hello pro"
    assert client.get_identity_flags("ann").get_feature_value("text") == "hello pro"
    assert client.get_identity_flags("ann", {"plan": None}).get_feature_value("text") == "hello"
    assert dressed.traits_of("ann") == {}
    assert client.get_identity_flags("vip").get_feature_value("number") == 7
    variant = client.get_identity_flags("ann").get_flag("split").variant
    assert client.get_identity_flags("ann").get_feature_value("split") == f"value {variant}"


def test_transient_identities_and_traits_leave_nothing_behind(dressed: Shop, connect: Connect) -> None:
    client = connect(dressed.key)
    assert client.get_identity_flags("ghost", {"plan": "pro"}, transient=True).get_feature_value("text") == "hello pro"
    assert client.get_identity_flags("ghost").get_feature_value("text") == "hello"
    traits = {"kept": 1, "plan": {"value": "pro", "transient": True}}
    assert client.get_identity_flags("eve", traits).get_feature_value("text") == "hello pro"
    assert dressed.traits_of("eve") == {"kept": 1}


def test_trait_values_keep_their_types(shop: Shop, connect: Connect) -> None:
    traits = {"text": "x", "number": 3, "float": 1.5, "truth": True, "empty": ""}
    connect(shop.key).get_identity_flags("typed", traits)
    stored = shop.traits_of("typed")
    assert stored == traits
    assert {key: type(value) for key, value in stored.items()} == {key: type(value) for key, value in traits.items()}


def test_local_evaluation(dressed: Shop, connect: Connect) -> None:
    client = connect(enable_local_evaluation=True)
    assert values(client.get_environment_flags(), "text", "number") == {"text": (True, "hello"), "number": (True, 42)}
    pro = client.get_identity_flags("ann", {"plan": "pro"})
    assert pro.get_feature_value("text") == "hello pro"
    assert client.get_identity_flags("vip").get_feature_value("number") == 7
    assert [one.name for one in client.get_identity_segments("ann", {"plan": "pro"})] == ["pros"]
    assert (
        dressed.burgee.http.get("/api/v1/environment-document/", headers={"X-Environment-Key": dressed.key}).status_code
        == 403
    )


def test_analytics_reach_the_usage_tables(dressed: Shop, connect: Connect) -> None:
    client = connect(dressed.key, enable_analytics=True)
    flags = client.get_environment_flags()
    for _ in range(3):
        flags.is_feature_enabled("text")
    assert client._analytics_processor is not None
    client._analytics_processor.flush()
    wait_until(lambda: dressed.evaluations("text") == 3, "three evaluations are in the tables", seconds=20)


CHANGES: dict[str, tuple[Callable[[Shop], object], str, Any]] = {
    "value": (lambda shop: shop.turn("text", feature_state_value="new"), "text", "new"),
    "switch": (lambda shop: shop.turn("truth", enabled=False), "truth", (False, True)),
    "new feature": (lambda shop: shop.feature("fresh", "f"), "fresh", "f"),
    "segment": (lambda shop: shop.change_segment("pros", condition("plan", "EQUAL", "basic")), "text", "hello pro"),
    "new segment override": (lambda shop: shop.override_segment("truth", "basics", "b"), "truth", "b"),
    "identity override": (lambda shop: shop.override_identity("truth", "ann", feature_state_value=5), "truth", 5),
    "identity override changed": (
        lambda shop: shop.override_identity("number", "ann", feature_state_value=9),
        "number",
        9,
    ),
    "identity override removed": (lambda shop: shop.drop_override("number", "ann"), "number", 42),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_arrives_in_real_time(dressed: Shop, connect: Connect, change: str) -> None:
    act, feature, expected = CHANGES[change]
    dressed.segment("basics", condition("plan", "EQUAL", "basic"))
    dressed.override_identity("number", "ann", feature_state_value=8)
    client = connect(enable_local_evaluation=True, enable_realtime_updates=True, realtime_api_url=dressed.burgee.url)

    def seen() -> Any:
        flags = client.get_identity_flags("ann", {"plan": "basic"})
        found = values(flags).get(feature)
        return found if isinstance(expected, tuple) or found is None else found[1]

    assert seen() != expected
    act(dressed)
    wait_until(lambda: seen() == expected, "the client follows", seconds=20)


def test_a_client_that_was_away_catches_up(dressed: Shop, connect: Connect) -> None:
    client = connect(enable_local_evaluation=True, environment_refresh_interval_seconds=0.05)
    dressed.turn("text", feature_state_value="polled")
    wait_until(lambda: client.get_environment_flags().get_feature_value("text") == "polled", "it polls", seconds=20)
