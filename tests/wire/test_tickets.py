import pytest
from hypothesis import given
from hypothesis import strategies as st

from burgee.wire.tickets import Ticket, sign, verify

KEY, OLD_KEY = b"k" * 32, b"o" * 32
TICKET = Ticket(1_000, (3, 7))


def test_a_ticket_comes_back_as_it_was_signed():
    assert verify(sign(TICKET, KEY), [KEY], now=999.9) == TICKET


def test_any_key_of_the_ring_is_enough():
    assert verify(sign(TICKET, OLD_KEY), [KEY, OLD_KEY], now=0) == TICKET


def test_an_expired_ticket_is_none():
    assert verify(sign(TICKET, KEY), [KEY], now=1_000) is None


def test_a_ticket_of_another_installation_is_none():
    assert verify(sign(TICKET, OLD_KEY), [KEY], now=0) is None
    assert verify(sign(TICKET, KEY), [], now=0) is None


@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_changed_ticket_is_none(place: int):
    text = sign(TICKET, KEY)
    changed = list(text)
    changed[place] = "A" if text[place] != "A" else "B"
    assert verify("".join(changed), [KEY], now=0) is None


@given(st.text())
def test_any_other_text_is_none(text: str):
    assert verify(text, [KEY], now=0) is None
