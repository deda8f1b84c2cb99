import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from flag_engine.engine import get_evaluation_result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from burgee.engine import Environment, Explanation, Identity, Ruleset, compile_segment, evaluate_context
from burgee.engine.context import read_flags, read_identity, read_segment
from tests.engine.known_differences import as_the_reference_should_read
from tests.engine.tapes import Tape, a_context

EXAMPLES = 20_000 if os.environ.get("CI") == "true" else 1_500

thorough = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
some = settings(max_examples=EXAMPLES // 10, deadline=None, database=None)
tapes = st.binary(min_size=250, max_size=250)  # more than a context reads; one size is drawn twice as fast as many


def reference(context: dict[str, Any]) -> dict[str, Any]:
    with warnings.catch_warnings():  # it compiles patterns as they are
        warnings.simplefilter("ignore")
        result = get_evaluation_result(as_the_reference_should_read(context))  # type: ignore[arg-type]
    return {"flags": result["flags"], "segments": result["segments"]}


@pytest.mark.timeout(600)
@thorough
@given(tapes)
def test_any_context_comes_out_as_from_the_reference_engine(tape: bytes) -> None:
    context = a_context(Tape(tape))

    assert evaluate_context(context) == reference(context)


def ruleset(context: dict[str, Any]) -> Ruleset[Any]:
    return Ruleset(
        Environment(context["environment"]["key"], context["environment"]["name"]),
        [compile_segment(id_, read_segment(segment)) for id_, segment in context["segments"].items()],
        read_flags(context),
        document=context,
    )


@some
@given(tapes)
def test_the_index_finds_the_segments_that_asking_each_one_finds(tape: bytes) -> None:
    context = a_context(Tape(tape))
    rules, identity = ruleset(context), read_identity(context)

    for asked in (identity, *_lookalikes(identity), identity):
        each = [segment.id for segment in rules.explain(asked).segments if segment.held]

        assert rules.matching_segments(asked) == each


def _lookalikes(identity: Identity | None) -> Iterator[Identity]:
    """The same identity with its values written in other ways, which nothing kept from before may confuse."""
    if identity is None:
        return
    rewritings: tuple[Callable[[Any], Any], ...] = (
        str,
        float,
        bool,
        lambda value: int(float(value)),
        lambda value: -float(value),
    )
    for rewritten in rewritings:
        traits = dict(identity.traits)
        for name, value in traits.items():
            with suppress(ValueError, TypeError, OverflowError):
                traits[name] = rewritten(value)
        yield Identity(identity.identifier, identity.key, traits)


@some
@given(tapes)
def test_explanations_tell_what_evaluation_decides(tape: bytes) -> None:
    context = a_context(Tape(tape))
    rules, identity = ruleset(context), read_identity(context)

    explanation = rules.explain(identity)

    assert isinstance(explanation, Explanation)
    decided = [
        (flag["name"], flag["enabled"], flag["value"], flag["reason"], flag["variant"])
        for flag in rules.evaluate(identity)
    ]
    assert [(flag.name, flag.enabled, flag.value, flag.reason, flag.variant) for flag in explanation.flags] == [
        (name, enabled, hex(value) if type(value) is int and abs(value) >= 2**63 else value, reason, variant)
        for name, enabled, value, reason, variant in decided
    ]
    for flag in explanation.flags:
        assert [override.segment for override in flag.overrides if override.decided] == (
            [] if flag.segment is None else [flag.segment]
        )


@some
@given(tapes)
def test_one_flag_comes_out_as_among_all(tape: bytes) -> None:
    context = a_context(Tape(tape))
    rules, identity = ruleset(context), read_identity(context)

    assert [rules.evaluate_one(name, identity) for name in rules.flags] == rules.evaluate(identity)
