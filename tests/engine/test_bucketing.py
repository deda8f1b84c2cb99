import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burgee.engine.bucketing import PLACES, percentage, place_of, places_below, places_up_to


def bucket(*ids: object) -> float:
    return percentage(place_of(",".join(map(str, ids)).encode()))


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("1", "1"), 84.97699539907981),
        (("7", "env_id1"), 17.763552710542108),
        ((7, "env_id1"), 17.763552710542108),
        (("12", "93"), 27.655531106221243),
        (("1", True), 23.59471894378876),
        (("1", 1.5), 50.82016403280656),
        (("seg", "héllo"), 13.252650530106022),
        (("1", ""), 78.4756951390278),
        (("1", "a,b"), 51.040208041608324),
        (("1", "a", "b"), 51.040208041608324),
        (("1", "user-18120"), 67.37347469493898),
        (("1", "user-3505"), 0.0),
    ],
)
def test_ids_have_the_place_that_every_sdk_gives_them(ids: tuple[object, ...], expected: float) -> None:
    assert bucket(*ids) == expected


@given(st.binary(max_size=40))
def test_a_draw_of_a_hundred_is_repeated_until_it_is_less(joined: bytes) -> None:
    assert 0 <= place_of(joined) < PLACES


@given(st.floats(allow_nan=True))
def test_limits_as_places_admit_what_the_percentages_admit(limit: float) -> None:
    probes = {0, 1, PLACES - 1, min(places_below(limit), PLACES - 1), max(places_up_to(limit) - 1, 0)}
    for place in probes:
        assert (place < places_up_to(limit)) == (percentage(place) <= limit)
        if not math.isnan(limit):  # a share without a number for a limit is empty on either side
            assert (place < places_below(limit)) == (percentage(place) < limit)
