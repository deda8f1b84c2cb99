"""Answers are counted once each, and their flags as often as they were told."""

from burgee.edge.counting import Told
from burgee.edge.usage import tally as tallying
from burgee.edge.usage.tally import Tally


def lasting(environment_id: int, *flags: bytes) -> Told:
    return Told(environment_id, flags, lasting=True)


def counted(tally: Tally) -> dict[tuple[int, bytes], int]:
    while tally.waiting:
        tally.count(1_000)
    return drained(tally)


def drained(tally: Tally) -> dict[tuple[int, bytes], int]:
    return {(environment, flag): count for environment, of in tally.drain().items() for flag, count in of.items()}


def test_an_answer_that_is_given_again_counts_again():
    tally, answer = Tally(), lasting(1, b"a", b"b")
    for _ in range(3):
        tally.told(answer)
    tally.told(Told(1, [b"b"]))
    tally.told(Told(2, [b"b"]))
    assert counted(tally) == {(1, b"a"): 3, (1, b"b"): 4, (2, b"b"): 1}


def test_an_answer_counts_on_after_it_was_drained():
    tally, answer = Tally(), lasting(1, b"a")
    tally.told(answer)
    assert counted(tally) == {(1, b"a"): 1}
    assert counted(tally) == {}
    tally.told(answer)
    assert counted(tally) == {(1, b"a"): 1}


def test_an_answer_is_counted_as_often_as_it_was_given_although_it_became_lasting_later():
    tally, answer = Tally(), Told(1, [b"a"])
    tally.told(answer)
    answer.lasting = True
    tally.told(answer)
    tally.told(answer)
    assert counted(tally) == {(1, b"a"): 3}


def test_a_flag_that_stands_twice_in_an_answer_counts_twice():
    tally, answer = Tally(), lasting(1, b"a", b"a")
    tally.told(answer)
    tally.told(answer)
    assert counted(tally) == {(1, b"a"): 4}


def test_counting_stops_after_so_many_flags_and_goes_on_with_the_next_answer():
    tally = Tally()
    for number in range(10):
        tally.told(lasting(1, b"a", b"%d" % number))
    tally.count(4)
    assert sum(drained(tally).values()) == 4
    assert sum(counted(tally).values()) == 16


def test_answers_beyond_those_that_may_wait_are_counted_at_once(monkeypatch):
    monkeypatch.setattr(tallying, "ANSWERS_AT_MOST", 2)
    tally = Tally()
    for number in range(5):
        tally.told(lasting(1, b"%d" % number))
    assert [flag for _, flag in drained(tally)] == [b"0", b"1", b"2"]
    monkeypatch.setattr(tallying, "WAITING_AT_MOST", 2)
    tally.told(lasting(1, b"5"))
    assert [flag for _, flag in drained(tally)] == [b"3"]


def test_beyond_so_many_flags_only_those_known_go_on():
    tally = Tally(most=2)
    tally.told(lasting(1, b"a", b"b"))
    tally.count(10)
    tally.told(Told(1, [b"b", b"c"]))
    tally.told(lasting(2, b"b"))
    assert counted(tally) == {(1, b"a"): 1, (1, b"b"): 2}


def test_answers_that_are_given_once_are_counted_many_at_a_time():
    tally = Tally()
    for number in range(1_000):
        tally.told(Told(number % 2, [b"a", b"%d" % (number % 4)]))
    assert drained(tally) == {
        (0, b"a"): 500,
        (0, b"0"): 250,
        (0, b"2"): 250,
        (1, b"a"): 500,
        (1, b"1"): 250,
        (1, b"3"): 250,
    }
