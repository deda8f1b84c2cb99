"""The chain of the audit log: whatever is done to its rows is found and named, except erasing a person."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from burgee.control.audit.chain import GROUPS, START, End, erase, findings, seal
from burgee.control.audit.models import AuditLog
from burgee.control.audit.positions import positions_text, runs_in
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock

LENGTH = 8

ALTERATIONS = {
    "log": "something else",
    "details": [{"field": "enabled", "old": True, "new": False}],
    "author_label": "mallory@example.com",
    "author_id": 666,
    "author_kind": "api_key",
    "organisation_id": 2,
    "event_type": "feature.deleted",
    "project_id": 9,
    "environment_id": None,
    "change_type": "DELETE",
    "object_type": "SEGMENT",
    "object_id": 77,
    "object_uuid": "another",
    "is_system_event": True,
    "seq": 4711,
    "index": 3,
    "previous_hash": "1" * 64,
    "hash": "2" * 64,
}


def a_line(position: int) -> AuditLog:
    return AuditLog(
        pk=100 + position,
        organisation_id=1,
        position=position,
        seq=position,
        index=0,
        event_uuid=f"00000000-0000-0000-0000-{position:012}",
        event_type="feature.created",
        occurred_at=clock.now(),
        project_id=3,
        environment_id=5,
        change_type="CREATE",
        object_type="FEATURE",
        object_id=position,
        author_kind="user",
        author_id=7,
        author_label="ada@example.com",
        log=f"New Flag / Remote Config created: flag {position}",
        details=[{"field": "name", "old": None, "new": f"flag {position}"}],
    )


def a_chain(length: int = LENGTH) -> tuple[list[AuditLog], End]:
    lines, previous = [], START
    for position in range(1, length + 1):
        line = a_line(position)
        seal(line, previous)
        previous = line.hash
        lines.append(line)
    return lines, End(1, length, previous)


def found(lines, end, known=None, erased=()):
    return list(findings(lines, end, known or {}, [range(position, position + 1) for position in erased]))


def test_a_chain_as_it_was_written_is_whole():
    assert found(*a_chain()) == []
    assert found([], End(1, 0, START)) == []


@settings(deadline=None, max_examples=60)
@given(position=st.integers(1, LENGTH), field=st.sampled_from(sorted(ALTERATIONS)))
def test_an_altered_field_is_found_and_its_line_named(position, field):
    lines, end = a_chain()
    setattr(lines[position - 1], field, ALTERATIONS[field])
    faults = found(lines, end)
    assert position in {fault.position for fault in faults}
    assert 100 + position in {fault.line_id for fault in faults}


@settings(deadline=None, max_examples=40)
@given(gone=st.sets(st.integers(1, LENGTH), min_size=1))
def test_missing_lines_are_found_and_named(gone):
    lines, end = a_chain()
    faults = found([line for line in lines if line.position not in gone], end)
    runs = [list(run) for _, run in itertools.groupby(sorted(gone), key=lambda n: n - sorted(gone).index(n))]
    assert {fault.position for fault in faults if "missing" in fault.problem} == {run[0] for run in runs}


@settings(deadline=None, max_examples=40)
@given(places=st.lists(st.integers(1, LENGTH), min_size=2, max_size=2, unique=True))
def test_lines_that_changed_places_are_found_and_named(places):
    lines, end = a_chain()
    first, second = (lines[place - 1] for place in sorted(places))
    first.position, second.position = second.position, first.position
    faults = found(sorted(lines, key=lambda line: line.position), end)
    assert set(places) <= {fault.position for fault in faults}
    assert any("re-ordered" in fault.problem for fault in faults)


@pytest.mark.parametrize("position", range(1, LENGTH + 1))
def test_a_rewritten_tail_is_found_by_a_checkpoint(position):
    lines, _ = a_chain()
    known = {line.position: line.hash for line in lines}
    lines[position - 1].log = "rewritten"
    previous = lines[position - 2].hash if position > 1 else START
    for line in lines[position - 1 :]:
        seal(line, previous)
        previous = line.hash
    forged = End(1, LENGTH, previous)
    assert found(lines, forged) == []
    assert [fault.position for fault in found(lines, forged, known)] == list(range(position, LENGTH + 1))


def test_a_cut_tail_is_found_even_when_the_end_was_moved():
    lines, end = a_chain()
    cut = lines[:-2]
    assert [str(fault) for fault in found(cut, end)] == ["organisation 1, position 7: missing: 7 to 8"]
    moved = End(1, 6, cut[-1].hash)
    assert found(cut, moved) == []
    assert found(cut, moved, {8: end.hash})


def test_lines_beside_the_chain_are_found():
    lines, end = a_chain()
    extra = a_line(LENGTH + 1)
    seal(extra, end.hash)
    assert found([*lines, extra], end)
    early = a_line(0)
    seal(early, START)
    assert found([early, *lines], end)


@settings(deadline=None, max_examples=30)
@given(
    positions=st.sets(st.integers(1, LENGTH), min_size=1),
    groups=st.sets(st.sampled_from(["who", "log", "details"]), min_size=1),
)
def test_erasing_people_keeps_the_chain_whole(positions, groups):
    lines, end = a_chain()
    for position in positions:
        erase(lines[position - 1], groups)
    assert found(lines, end, erased=positions) == []
    for position in positions:
        line = lines[position - 1]
        assert all(getattr(line, field) is None for group in groups for field in GROUPS[group])
        assert not groups & set(line.salts)


@pytest.mark.parametrize("group", ["who", "log", "details"])
def test_what_no_erasure_tells_of_was_not_erased_but_altered(group):
    lines, end = a_chain()
    erase(lines[2], [group])
    assert [str(fault) for fault in found(lines, end, erased=[2, 4])] == [
        "organisation 1, position 3 (line 103): emptied, and no erasure tells of it"
    ]


def a_chain_with_an_erasure(text):
    """The second line and those that `text` names are emptied by what the last line tells."""
    lines, end = a_chain()
    last = a_line(LENGTH + 1)
    last.event_type = EventType.PERSON_ERASED
    last.details = [{"field": "erased_lines", "old": None, "new": 3}, {"field": "positions", "old": None, "new": text}]
    seal(last, end.hash)
    for position in (2, 5, 6):
        erase(lines[position - 1], ["log"])
    return [*lines, last], End(1, LENGTH + 1, last.hash)


@pytest.mark.parametrize(
    ("text", "unsaid"),
    [
        ("2,5-6", []),
        ("1-9", []),
        ("5-6", [2]),
        ("6,2", [5]),
        ("", [2, 5, 6]),
        ("9-1,x,5-,²", [2, 5, 6]),
        (7, [2, 5, 6]),
    ],
)
def test_a_line_tells_which_lines_were_erased(text, unsaid):
    assert [fault.position for fault in found(*a_chain_with_an_erasure(text))] == unsaid


def test_emptying_the_line_that_tells_of_an_erasure_is_found():
    lines, end = a_chain_with_an_erasure("2,5-6")
    erase(lines[-1], ["details"])
    assert [fault.position for fault in found(lines, end)] == [2, 5, 6, LENGTH + 1]


@given(positions=st.sets(st.integers(1, 60)))
def test_places_are_told_as_short_text(positions):
    text = positions_text(positions)
    assert {position for run in runs_in(text) for position in run} == positions
    assert positions_text([9, 3, 4, 5, 4]) == "3-5,9"


@pytest.mark.parametrize("field", ["salts", "digests", "details"])
@pytest.mark.parametrize("nonsense", [None, [], "text", 7, {"what": {}}])
def test_nonsense_in_a_line_is_found_and_named(field, nonsense):
    lines, end = a_chain()
    setattr(lines[2], field, nonsense)
    assert {3} == {fault.position for fault in found(lines, end) if fault.line_id == 103}


def test_what_was_erased_cannot_be_filled_in_again():
    lines, end = a_chain()
    erase(lines[2], ["who"])
    lines[2].author_label = "somebody@example.com"
    assert [fault.position for fault in found(lines, end, erased=[3])] == [3]


def test_what_happened_cannot_be_erased():
    lines, end = a_chain()
    erase(lines[2], ["what"])
    assert 3 in {fault.position for fault in found(lines, end)}


def test_equal_texts_have_unequal_digests_so_that_nobody_can_guess_what_was_erased():
    one, other = a_line(1), a_line(1)
    seal(one, START)
    seal(other, START)
    assert one.digests["who"] != other.digests["who"]
