"""schemathesis over the OpenAPI document, in this process: requests by every kind of caller, undone one by one."""

import itertools
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, checks
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.failures import FailureGroup

from burgee.control.wsgi import application

SECONDS = float(os.environ.get("FUZZ_SECONDS", "20"))
"""For all operations together; a longer run finds more."""

AT_ONCE = 4
"""Of the callers, so that a run gets to many operations."""

CHECKS = [checks.status_code_conformance, checks.response_schema_conformance]
BROKEN = (500, 503)
"""The second one is told of, but here nothing is away."""

Callers = Mapping[str, Mapping[str, str]]
"""Headers by the name of the caller."""


def operations(document: dict[str, Any]) -> Iterator[Any]:
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    for found in schema.get_all_operations():
        yield found.ok()


def fuzz(
    operations: list[Any], callers: Callers, known: Mapping[str, Any], forget: Callable[[], None]
) -> dict[str, str]:
    """What went wrong, by operation and caller; as many rounds through all operations as the time allows."""
    wrong: dict[str, str] = {}
    until = time.monotonic() + SECONDS
    for number in itertools.count():
        # On a busy machine not even the first round is finished, so that each run begins elsewhere.
        for operation in random.sample(operations, len(operations)):
            if time.monotonic() >= until:
                return wrong
            forget()
            failures: list[tuple[str, str]] = []
            try:
                _round(number, operation, callers, known)(failures)
            except (InvalidSchema, Unsatisfiable) as error:
                failures.append((operation.label, str(error)))
            for failure, text in failures:
                wrong.setdefault(failure, text)
    return wrong


def _round(number: int, operation: Any, callers: Callers, known: Mapping[str, Any]) -> Any:
    """At first one request by some callers, later some by anybody."""

    def run(failures: list[tuple[str, str]]) -> None:
        @seed(number)
        @settings(
            max_examples=1 if number == 0 else 4,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(), st.randoms(use_true_random=False))
        def once(case: Case, dice: random.Random) -> None:
            for caller in random.sample(list(callers), AT_ONCE if number == 0 else 1):
                text = _sent(case, callers[caller], known, dice)
                if text:
                    failures.append((f"{operation.label} by {caller}", text))

        once()

    return run


def _sent(case: Case, headers: Mapping[str, str], known: Mapping[str, Any], dice: random.Random) -> str:
    for name in case.path_parameters or {}:
        if name in known and dice.random() < 0.9:
            case.path_parameters[name] = known[name]
    if dice.random() < 0.5:
        case.body = _with_known(case.body, known)
    with transaction.atomic():
        answer = case.call(headers=dict(headers))
        transaction.set_rollback(True)
    if answer.status_code in BROKEN:
        return f"{answer.status_code} for {case.as_curl_command()}"[:800]
    try:
        case.validate_response(answer, checks=CHECKS, headers=dict(headers))
    except FailureGroup as found:
        return "\n".join(f"{type(each).__name__}: {each}"[:800] for each in found.exceptions) + f"\n{case.body!r}"[:400]
    return ""


def _with_known(body: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(body, dict):
        return {key: known.get(f"{key}_id", _with_known(value, known)) for key, value in body.items()}
    return [_with_known(item, known) for item in body] if isinstance(body, list) else body
