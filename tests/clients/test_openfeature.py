from collections.abc import Iterator
from typing import Any

import pytest
from flagsmith import Flagsmith
from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason
from openfeature_flagsmith.provider import FlagsmithProvider

from tests.clients.shop import Shop, condition

pytestmark = pytest.mark.process

ANN = EvaluationContext("ann", {"plan": "pro"})
BOB = EvaluationContext("bob", {"plan": "free"})


@pytest.fixture
def dressed(shop: Shop) -> Shop:
    shop.feature("text", "hello")
    shop.feature("number", "42")
    shop.feature("truth", "true")
    shop.feature("switch")
    shop.feature("off", "shade", enabled=False)
    shop.feature("shape", '{"a": [1, 2]}')
    shop.variants("split", {"a": 100})
    shop.segment("pros", condition("plan", "EQUAL", "pro"))
    shop.override_segment("text", "pros", "hello pro")
    shop.override_identity("number", "vip", feature_state_value=7)
    return shop


def client_of(provider: Any, domain: str) -> OpenFeatureClient:
    api.set_provider(provider, domain)
    return api.get_client(domain)


@pytest.fixture(params=[False, True], ids=["remote", "local"])
def flagsmith(request: pytest.FixtureRequest, dressed: Shop) -> Iterator[OpenFeatureClient]:
    sdk = Flagsmith(dressed.server_key, dressed.burgee.api_url, enable_local_evaluation=request.param)
    yield client_of(FlagsmithProvider(sdk), "flagsmith")
    api.clear_providers()
    if request.param:
        sdk.environment_data_polling_manager_thread.stop()
    sdk.session.close()


@pytest.fixture
def ofrep(dressed: Shop) -> Iterator[OpenFeatureClient]:
    provider = OFREPProvider(dressed.burgee.url, headers_factory=lambda: {"X-Environment-Key": dressed.key})
    yield client_of(provider, "ofrep")
    api.clear_providers()
    provider.session.close()


def test_the_flagsmith_provider_answers(flagsmith: OpenFeatureClient) -> None:
    assert flagsmith.get_string_value("text", "none") == "hello"
    assert flagsmith.get_string_value("text", "none", ANN) == "hello pro"
    assert flagsmith.get_integer_value("number", 0) == 42
    assert flagsmith.get_integer_value("number", 0, EvaluationContext("vip")) == 7
    assert flagsmith.get_object_value("shape", {}) == {"a": [1, 2]}
    assert flagsmith.get_boolean_value("switch", default_value=False) is True
    assert flagsmith.get_boolean_value("off", default_value=True) is False
    assert flagsmith.get_string_details("nothing", "none").error_code == ErrorCode.FLAG_NOT_FOUND
    assert flagsmith.get_string_details("number", "none").error_code == ErrorCode.TYPE_MISMATCH
    assert flagsmith.get_string_details("split", "none", BOB).variant == "a"


def test_the_ofrep_provider_answers(ofrep: OpenFeatureClient, dressed: Shop) -> None:
    assert ofrep.get_string_details("text", "none").reason == Reason.STATIC
    assert ofrep.get_string_value("text", "none", BOB) == "hello"
    targeted = ofrep.get_string_details("text", "none", ANN)
    assert (targeted.value, targeted.reason) == ("hello pro", Reason.TARGETING_MATCH)
    split = ofrep.get_string_details("split", "none", BOB)
    assert (split.value, split.variant, split.reason) == ("value a", "a", Reason.SPLIT)
    assert ofrep.get_integer_value("number", 0, EvaluationContext("vip")) == 7
    assert ofrep.get_boolean_value("truth", default_value=False) is True
    assert ofrep.get_boolean_value("switch", default_value=False) is True
    disabled = ofrep.get_string_details("off", "none")
    assert (disabled.value, disabled.reason) == ("none", Reason.DISABLED)
    assert ofrep.get_string_details("nothing", "none").error_code == ErrorCode.FLAG_NOT_FOUND
    assert dressed.traits_of("ann") == {}


def test_the_ofrep_provider_sees_stored_traits(ofrep: OpenFeatureClient, dressed: Shop) -> None:
    dressed.identify("eve", plan="pro")
    assert ofrep.get_string_value("text", "none", EvaluationContext("eve")) == "hello pro"
    assert ofrep.get_string_value("text", "none", EvaluationContext("eve", {"plan": "free"})) == "hello"
    assert dressed.traits_of("eve") == {"plan": "pro"}


def test_the_ofrep_provider_is_refused_with_a_wrong_key(dressed: Shop) -> None:
    provider = OFREPProvider(dressed.burgee.url, headers_factory=lambda: {"X-Environment-Key": "nobody's"})
    details = client_of(provider, "refused").get_string_details("text", "none", ANN)
    assert (details.value, details.error_code) == ("none", ErrorCode.GENERAL)
    api.clear_providers()
    provider.session.close()
