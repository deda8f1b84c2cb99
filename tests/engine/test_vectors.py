import json
from pathlib import Path
from typing import Any

import pytest

from burgee.engine import evaluate_context

VECTORS = Path(__file__).parents[2] / "contract" / "engine"


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{topic.stem}: {case['name']}")
        for topic in sorted(VECTORS.glob("*.json"))
        for case in json.loads(topic.read_text(encoding="utf-8"))
    ]


def test_there_are_vectors_for_every_topic() -> None:
    assert len(_cases()) > 200


@pytest.mark.parametrize("case", _cases())
def test_a_context_evaluates_as_the_contract_says(case: dict[str, Any]) -> None:
    assert evaluate_context(case["context"]) == case["result"]
