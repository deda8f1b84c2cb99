import json
from collections.abc import Callable
from typing import Any

import pytest

from burgee.control.jobs.services import run_due
from burgee.control.kit.actor import SYSTEM
from burgee.control.portability.imports import ask_for_import
from burgee.control.portability.models import FeatureImport
from burgee.control.worker.jobs import KINDS


def do_all_jobs() -> None:
    run_due(KINDS, owner="test")


def an_item(name: str = "fresh", **facts: Any) -> dict[str, Any]:
    """An item of a file as Flagsmith writes it."""
    return {
        "name": name,
        "default_enabled": False,
        "is_server_key_only": False,
        "initial_value": None,
        "value": None,
        "type": "unicode",
        "enabled": False,
        "multivariate": [],
    } | facts


def a_variant(value: Any, percentage: float, *, default: float = 0, kind: str = "unicode") -> dict[str, Any]:
    return {
        "percentage_allocation": percentage,
        "default_percentage_allocation": default,
        "value": value,
        "type": kind,
    }


@pytest.fixture
def imported(committing) -> Callable[..., FeatureImport]:
    """Import items, or bytes, into an environment, and do the work."""

    def run(environment, content: Any, strategy: str = "SKIP", actor=SYSTEM) -> FeatureImport:
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        with committing():
            row = ask_for_import(environment, data, strategy, actor=actor)
            do_all_jobs()
        row.refresh_from_db()
        return row

    return run
