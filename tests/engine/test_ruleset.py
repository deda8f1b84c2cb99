import msgspec
import pytest

from burgee.engine import (
    Choice,
    Condition,
    Environment,
    Flag,
    Identity,
    Outcome,
    Override,
    RecentDraws,
    Rule,
    Ruleset,
    Scalar,
    Segment,
    SegmentUnit,
    State,
    Variant,
    compile_flag,
    compile_segment,
    compile_state,
)
from burgee.engine.index import LONGEST_NAMES, LONGEST_VALUE, REMEMBERED, SHAPES
from burgee.engine.plans import KEPT

ENVIRONMENT = Environment("env", "Production")
HALVES = (
    Variant(key="warm", value="red", weight=50, priority=1),
    Variant(key="cold", value="blue", weight=50, priority=2),
)


def told(outcome: Outcome) -> tuple[object, str | None]:
    return outcome.value, outcome.variant


def a_state(value: str, *variants: Variant) -> State:
    return State(enabled=True, value=value, key="7", variants=variants)


def a_segment(number: int, plan: str) -> SegmentUnit:
    condition = Condition(operator="EQUAL", property="plan", value=plan)
    rules = (Rule(type="ALL", conditions=(condition,)),)
    return compile_segment(number, Segment(key=str(number), name=f"{plan} plan", rules=rules))


def a_ruleset() -> Ruleset[tuple[object, str | None]]:
    banner = Flag(
        name="banner",
        state=a_state("plain"),
        overrides=(
            Override(segment=1, state=a_state("gold"), priority=2, segment_name="gold plan"),
            Override(segment=2, state=a_state("still gold"), priority=1, segment_name="gold plan"),
        ),
    )
    colour = Flag(name="colour", state=a_state("grey", *HALVES))
    segments = [a_segment(1, "gold"), a_segment(2, "gold"), a_segment(3, "silver")]
    return Ruleset(ENVIRONMENT, segments, [compile_flag(banner, told), compile_flag(colour, told)])


def test_defaults_are_what_nobody_in_particular_gets() -> None:
    assert a_ruleset().defaults == [("plain", None), ("grey", None)]
    assert a_ruleset().evaluate(None) == [("plain", None), ("grey", None)]


def test_an_identity_gets_its_share_of_a_split_and_its_segments_strongest_override() -> None:
    banner, colour = a_ruleset().evaluate(Identity("ada", "", {"plan": "gold"}))

    assert banner == ("still gold", None)
    assert colour in {("red", "warm"), ("blue", "cold")}


def test_own_overrides_beat_segments_and_those_of_unknown_flags_are_ignored() -> None:
    own: dict[str, Choice[tuple[object, str | None]]] = {
        name: compile_state(name, a_state("mine"), told, "IDENTITY") for name in ("banner", "colour", "gone")
    }
    ada = Identity("ada", "", {"plan": "gold"})

    assert a_ruleset().evaluate(ada, own) == [("mine", None), ("mine", None)]
    assert a_ruleset().evaluate_one("banner", ada, own) == ("mine", None)


def test_an_own_override_may_split_too() -> None:
    own = {"banner": compile_state("banner", a_state("mine", *HALVES), told, "IDENTITY")}

    assert a_ruleset().evaluate_one("banner", Identity("ada"), own) in {("red", "warm"), ("blue", "cold")}


def test_a_flag_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        a_ruleset().evaluate_one("gone", Identity("ada"))


def test_matching_segments_come_in_the_order_of_segments_with_those_that_override_nothing() -> None:
    rules = a_ruleset()

    assert rules.matching_segments(Identity("ada", "", {"plan": "gold"})) == [1, 2]
    assert rules.matching_segments(Identity("ada", "", {"plan": "silver"})) == [3]
    assert rules.matching_segments(Identity("ada")) == []


def test_every_outcome_is_rendered_once_however_often_it_is_served() -> None:
    rendered: list[str | None] = []

    def render(outcome: Outcome) -> str | None:
        rendered.append(outcome.variant)
        return outcome.variant

    rules = Ruleset(ENVIRONMENT, [], [compile_flag(Flag(name="colour", state=a_state("grey", *HALVES)), render)])
    for number in range(100):
        rules.evaluate(Identity(str(number)))

    assert sorted(rendered, key=str) == [None, "cold", "control", "warm"]


def test_replacing_units_leaves_the_old_ruleset_and_the_order_alone() -> None:
    old = a_ruleset()
    plain = compile_flag(Flag(name="banner", state=a_state("new")), told)

    new = old.replacing(flags={"banner": plain, "colour": None}, segments={2: None, 3: a_segment(3, "gold")})

    gold = Identity("ada", "", {"plan": "gold"})
    assert new.evaluate(gold) == [("new", None)]
    assert new.matching_segments(gold) == [1, 3]
    assert old.matching_segments(gold) == [1, 2]
    assert new.segments[1] is old.segments[1]


def test_more_values_than_are_remembered_are_still_told_apart() -> None:
    rules = a_ruleset()
    strangers = [Identity("u", "", {"plan": f"plan {number}"}) for number in range(REMEMBERED + 5)]

    assert not any(rules.matching_segments(stranger) for stranger in strangers)
    assert rules.matching_segments(Identity("ada", "", {"plan": "gold"})) == [1, 2]


def test_values_too_long_to_be_remembered_are_still_told_apart() -> None:
    plan = "g" * (LONGEST_VALUE + 1)
    rules = a_ruleset().replacing(segments={3: a_segment(3, plan)})

    for _ in range(2):
        assert rules.matching_segments(Identity("ada", "", {"plan": plan})) == [3]
        assert rules.matching_segments(Identity("ada", "", {"plan": plan + "g"})) == []


def a_segment_without(number: int, *names: str) -> SegmentUnit:
    conditions = tuple(Condition(operator="IS_SET", property=name) for name in names)
    return compile_segment(number, Segment(key="1", name="bare", rules=(Rule(type="NONE", conditions=conditions),)))


def test_who_lacks_traits_is_told_from_who_carries_them_however_many_others_there_are() -> None:
    rules = a_ruleset().replacing(segments={4: a_segment_without(4, "plan", "team")})
    shapes: list[dict[str, Scalar]] = [{f"trait {number}": 1} for number in range(SHAPES + 5)]
    shapes += [{}, {"x" * (LONGEST_NAMES + 1): 1}, {"team": None}]

    for traits in shapes:
        assert rules.matching_segments(Identity("ada", "", traits)) == [4]
        assert rules.matching_segments(Identity("ada", "", {**traits, "team": "red"})) == []
        assert rules.matching_segments(Identity("ada", "", {**traits, "plan": "gold"})) == [1, 2]
    assert rules.matching_segments(None) == [4]


def test_more_combinations_of_segments_than_plans_are_kept_for_are_still_told_apart() -> None:
    numbers = range(KEPT.bit_length())
    conditions = [Condition(operator="EQUAL", property=f"trait {number}", value="on") for number in numbers]
    segments = [
        compile_segment(number, Segment(key="1", name="on", rules=(Rule(type="ALL", conditions=(condition,)),)))
        for number, condition in enumerate(conditions)
    ]
    flags = [
        compile_flag(
            Flag(name=str(number), state=a_state("off"), overrides=(Override(segment=number, state=a_state("on")),)),
            told,
        )
        for number in numbers
    ]
    rules = Ruleset(ENVIRONMENT, segments, flags)

    for combination in range(2 ** len(numbers)):
        wanted = ["on" if combination >> number & 1 else "off" for number in numbers]
        traits = {f"trait {number}": value for number, value in enumerate(wanted)}
        results, plan = rules.evaluate_by_plan(Identity("ada", "", traits))
        assert results == [(value, None) for value in wanted]
        assert plan is None or list(plan.settled()) == results
    assert plan is None


@pytest.mark.parametrize("splits", [0, 1, 2])
def test_a_plan_settles_what_no_split_decides(splits: int) -> None:
    flags = [Flag(name=str(number), state=a_state("grey", *HALVES)) for number in range(splits)]
    plain = Flag(name="plain", state=a_state("plain"))
    rules = Ruleset(ENVIRONMENT, [], [compile_flag(flag, told) for flag in (plain, *flags)])
    results, plan = rules.evaluate_by_plan(Identity("ada"))
    assert plan is not None
    assert list(plan.settled()) == [("plain", None)]
    assert plan.drawn(results) == tuple(results[1:])
    assert rules.evaluate_by_plan(Identity("eve"))[1] is plan


def test_what_was_drawn_lately_is_what_would_be_drawn_again() -> None:
    own = {"banner": compile_state("banner", a_state("mine"), told, "IDENTITY")}
    split = {"button": compile_flag(Flag(name="button", state=a_state("grey", *HALVES)), told)}
    recent: RecentDraws[tuple[object, str | None]] = RecentDraws()
    for rules in (a_ruleset().replacing(flags=split), a_ruleset().replacing(flags=split)):
        for _ in range(2):
            for number in range(40):
                traits: dict[str, Scalar] = {"plan": ("gold", "free")[number % 2]}
                for identity in (Identity(f"ada {number}", "", traits), Identity(f"ada {number}")):
                    assert rules.evaluate_by_plan(identity, None, recent) == rules.evaluate_by_plan(identity)
                    assert rules.evaluate_by_plan(identity, own, recent) == rules.evaluate_by_plan(identity, own)
        assert rules.evaluate_by_plan(None, None, recent) == rules.evaluate_by_plan(None)


def test_draws_are_kept_for_as_many_as_there_is_room_for() -> None:
    rules = a_ruleset().replacing(flags={"button": compile_flag(Flag(name="button", state=a_state("grey")), told)})
    recent: RecentDraws[tuple[object, str | None]] = RecentDraws(2)
    first = rules.evaluate_by_plan(Identity("1"), None, recent)[0]
    rules.evaluate_by_plan(Identity("2"), None, recent)
    assert rules.evaluate_by_plan(Identity("1"), None, recent)[0] is first

    rules.evaluate_by_plan(Identity("3"), None, recent)

    again = rules.evaluate_by_plan(Identity("1"), None, recent)[0]
    assert again is not first
    assert again == first


def test_no_plan_alone_decides_for_nobody_and_for_who_has_states_of_their_own() -> None:
    own = {"banner": compile_state("banner", a_state("mine"), told, "IDENTITY")}
    assert a_ruleset().evaluate_by_plan(None)[1] is None
    assert a_ruleset().evaluate_by_plan(Identity("ada"), own)[1] is None


def test_of_two_equal_overrides_the_one_listed_first_decides() -> None:
    overrides = tuple(Override(segment=1, state=a_state(value), priority=1) for value in ("first", "second"))
    flag = compile_flag(Flag(name="banner", state=a_state("plain"), overrides=overrides), told)
    gold = Identity("ada", "", {"plan": "gold"})

    rules = a_ruleset().replacing(flags={"banner": flag})

    assert rules.evaluate_one("banner", gold) == ("first", None)
    assert rules.evaluate(gold)[0] == ("first", None)


def test_an_override_may_put_an_end_to_a_split_or_begin_one() -> None:
    rules = [
        a_ruleset().replacing(
            flags={
                "colour": compile_flag(
                    Flag(name="colour", state=state, overrides=(Override(segment=1, state=override),)), told
                )
            }
        )
        for state, override in (
            (a_state("grey", *HALVES), a_state("gold")),
            (a_state("gold"), a_state("grey", *HALVES)),
        )
    ]
    silver, gold = Identity("ada", "", {"plan": "silver"}), Identity("ada", "", {"plan": "gold"})

    assert [rule.evaluate(gold)[1] == ("gold", None) for rule in rules] == [True, False]
    assert [rule.evaluate(silver)[1] == ("gold", None) for rule in rules] == [False, True]


def test_an_override_of_a_segment_that_is_not_there_waits_for_it() -> None:
    rules = a_ruleset().replacing(segments={2: None})

    assert rules.evaluate_one("banner", Identity("ada", "", {"plan": "gold"})) == ("gold", None)


def test_paths_read_the_environment_the_flags_and_the_identity() -> None:
    paths = {
        "$.environment.key": "env",
        "$.features.banner.value": "plain",
        "$.segments['1'].name": "gold plan",
        "$.identity.traits.plan": "gold",
        "$.identity.key": "env_ada",
    }
    conditions = tuple(Condition(operator="EQUAL", property=path, value=value) for path, value in paths.items())
    reader = Segment(key="9", name="reader", rules=(Rule(type="ALL", conditions=conditions),))

    rules = a_ruleset().replacing(segments={9: compile_segment(9, reader)})

    assert 9 in rules.matching_segments(Identity("ada", "", {"plan": "gold"}))
    assert 9 not in rules.matching_segments(None)


def test_an_explanation_names_what_decided_and_what_each_condition_saw() -> None:
    own = {"colour": compile_state("colour", a_state("mine"), told, "IDENTITY")}

    explanation = a_ruleset().explain(Identity("ada", "", {"plan": "gold"}), own)

    banner, colour = explanation.flags
    assert (banner.decided_by, banner.segment, banner.value) == ("segment", 2, "still gold")
    assert banner.reason == "TARGETING_MATCH; segment=gold plan"
    assert [(override.matched, override.decided) for override in banner.overrides] == [(True, False), (True, True)]
    assert (colour.decided_by, colour.value, colour.reason) == ("identity", "mine", "IDENTITY")
    silver = explanation.segments[2]
    assert (silver.held, silver.rules[0].conditions[0].seen, silver.rules[0].conditions[0].held) == (
        False,
        "gold",
        False,
    )
    assert msgspec.json.decode(msgspec.json.encode(explanation))["flags"][0]["decided_by"] == "segment"
