import pytest

from burgee.control.segments.errors import NestedTooDeep, TooManyConditions
from burgee.control.segments.rules import (
    ConditionDraft,
    RuleDraft,
    check_rules,
    refused_pattern,
    stored,
    unusable_patterns,
)


def conditions(count: int) -> tuple[ConditionDraft, ...]:
    return tuple(ConditionDraft(operator="EQUAL", property="p", value=str(number)) for number in range(count))


def test_two_levels_are_enough():
    inner = RuleDraft(type="ANY", conditions=conditions(1))
    check_rules([RuleDraft(type="ALL", rules=(inner,))], condition_limit=100)

    deeper = RuleDraft(type="ALL", rules=(RuleDraft(type="ANY", rules=(inner,)),))
    with pytest.raises(NestedTooDeep):
        check_rules([deeper], condition_limit=100)


def test_conditions_are_counted_over_the_whole_tree():
    tree = [RuleDraft(type="ALL", conditions=conditions(50), rules=(RuleDraft(type="ANY", conditions=conditions(51)),))]

    with pytest.raises(TooManyConditions, match="has 101 conditions, which exceeds the maximum condition count of 100"):
        check_rules(tree, condition_limit=100)


def test_ids_given_once_stay_through_edits_and_are_not_given_again():
    first = stored([RuleDraft(type="ALL", rules=(RuleDraft(type="ANY", conditions=conditions(2)),))])
    outer, inner = first[0]["id"], first[0]["rules"][0]["id"]
    kept, dropped = (condition["id"] for condition in first[0]["rules"][0]["conditions"])

    second = stored(
        [
            RuleDraft(
                id=outer,
                type="ALL",
                rules=(
                    RuleDraft(
                        id=inner,
                        type="NONE",
                        conditions=(
                            ConditionDraft(operator="IS_SET", property="q"),
                            ConditionDraft(id=kept, operator="EQUAL", property="p", value="z"),
                        ),
                    ),
                ),
            )
        ],
        former=first,
    )

    assert second[0]["id"] == outer
    assert second[0]["rules"][0]["id"] == inner
    new, old = second[0]["rules"][0]["conditions"]
    assert old["id"] == kept
    assert new["id"] not in {kept, dropped}


def test_one_id_named_twice_is_given_once():
    former = stored([RuleDraft(type="ALL", conditions=conditions(1))])
    (condition,) = former[0]["conditions"]
    twice = ConditionDraft(id=condition["id"], operator="EQUAL", property="p", value="1")

    after = stored([RuleDraft(type="ALL", conditions=(twice, twice))], former=former)

    ids = [condition["id"] for condition in after[0]["conditions"]]
    assert ids[0] == condition["id"]
    assert len(set(ids)) == 2


def test_ids_of_somebody_else_are_not_taken_over():
    (rule,) = stored([RuleDraft(id=4711, type="ALL", conditions=conditions(1))])

    assert rule["id"] == 1


def test_a_pattern_that_only_a_backtracking_engine_knows_is_refused_with_its_part():
    assert refused_pattern(r"^user\d+@.*\.com$") is None
    assert refused_pattern("(a)(?=b)") is not None
    assert refused_pattern(r"(a)\1") is not None


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "*", "(" * 900])
def test_what_no_engine_can_compile_is_let_through_and_listed(pattern):
    rules = stored([RuleDraft(type="ALL", conditions=(ConditionDraft(operator="REGEX", property="p", value=pattern),))])

    assert refused_pattern(pattern) is None
    assert list(unusable_patterns(rules)) == [pattern]
