import importlib
import json
from typing import Any

import pytest


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    # Before DRF's views, which ask for our renderer while they load.
    importlib.import_module("burgee.control.urls")
    from drf_spectacular.generators import SchemaGenerator

    generated = SchemaGenerator().get_schema(request=None, public=True)
    told: dict[str, Any] = json.loads(json.dumps(generated, default=str))
    return told
