import msgspec
import pytest

from bench import engines
from bench.workloads import CLIENT_KEY, SMALL, USUAL, WORKLOADS, context, delta, traits
from burgee.edge.store import Store
from burgee.wire.snapshot import FlagPart, SegmentPart


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda workload: workload.name)
def test_a_workload_has_the_flags_and_segments_that_its_name_says(workload):
    parts = delta(workload).parts.values()

    assert sum(isinstance(part, FlagPart) for part in parts) == workload.flags
    assert sum(isinstance(part, SegmentPart) for part in parts) == workload.segments


def test_the_usual_workload_answers_flags_with_about_fifteen_kilobytes():
    store = Store()
    store.accept(delta(USUAL))
    view = store.by_client_key(CLIENT_KEY.encode())

    assert view is not None
    assert 14_000 < len(view.flags.body) < 17_000
    assert len(msgspec.json.decode(view.flags.body)) == USUAL.flags


def test_identities_have_five_traits_and_are_in_different_segments():
    rules = engines.ruleset(delta(USUAL))
    people = [engines.engine.Identity(f"person-{number}", "", traits(number)) for number in range(50)]
    found = [tuple(rules.matching_segments(one)) for one in people]

    assert {len(one.traits) for one in people} == {5}
    assert len(set(found)) > 10
    assert 1 < sum(map(len, found)) / len(found) < USUAL.segments / 2


def test_the_official_engine_gets_the_same_environment():
    given = context(delta(USUAL), "person-1", traits(1))
    segments = given["segments"].values()

    assert len(given["features"]) == USUAL.flags
    assert len(given["segments"]) == USUAL.segments
    assert sum(len(segment["overrides"]) for segment in segments) == sum(
        len(part.overrides) for part in delta(USUAL).parts.values() if isinstance(part, FlagPart)
    )


def test_a_comparison_fails_when_the_engines_disagree(monkeypatch):
    answer = engines.official

    def wrong(given):
        result = answer(given)
        next(iter(result["flags"].values()))["enabled"] ^= True
        return result

    monkeypatch.setattr(engines, "official", wrong)

    with pytest.raises(AssertionError, match="disagree"):
        engines.compare(SMALL, seconds=0.01)
