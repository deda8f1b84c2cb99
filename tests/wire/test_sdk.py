import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burgee.wire import quirks, sdk
from burgee.wire.fields import Refused

KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20) | st.sampled_from(
    [" k", "k\0", "k" * 201]
)
VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**54), 2**54)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(["x" * 2001, "\0", [1], {}])
)
TRAITS = st.lists(
    st.fixed_dictionaries({"trait_key": KEYS, "trait_value": VALUES}, optional={"transient": st.booleans()}), max_size=4
)
BODIES = st.fixed_dictionaries(
    {}, optional={"identifier": st.none() | st.just(" ada ") | KEYS, "traits": TRAITS, "transient": st.booleans()}
)


def outcome(read, value):
    try:
        request = read(value)
    except Refused as refused:
        return refused.errors
    return (request.identifier or "").strip(), request.traits, request.transient


@given(BODIES)
def test_the_fast_reader_and_the_one_that_explains_itself_agree(body):
    assert outcome(sdk.read_identify, json.dumps(body).encode()) == outcome(sdk.identify_request, body)


def test_an_anonymous_identity_is_named_after_its_sorted_traits():
    traits = [("plan", "pro"), ("age", 4), ("gone", None)]

    assert quirks.anonymous_identifier(traits) == hashlib.sha256(b"age4planpro").hexdigest()
    assert quirks.anonymous_identifier(reversed(traits)) == quirks.anonymous_identifier(traits)


@pytest.mark.parametrize(
    ("form", "data"),
    [
        (b"identifier=a+b", {"identifier": "a b"}),
        (b"traits[1]trait_key=b&traits[0].trait_key=a", {"traits": [{"trait_key": "a"}, {"trait_key": "b"}]}),
        (b"identifier=%ff", {"identifier": "\N{REPLACEMENT CHARACTER}"}),
        (b"", {}),
    ],
)
def test_a_form_stands_for_an_object(form, data):
    assert sdk.form_data(form) == data
