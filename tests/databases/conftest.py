from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These take longer than any other test: they begin first, so that no process waits for them at the end."""
    items.sort(key=lambda item: HERE not in item.path.parents)
