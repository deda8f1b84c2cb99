"""Writes src/generated/api.ts from this checkout: python dashboard/generate_types.py [--check]."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TYPES = HERE / "src" / "generated" / "api.ts"
METHODS = ("get", "post", "put", "patch", "delete")
STALE = "dashboard/src/generated/api.ts does not fit the API any more. Run: make types"


def document() -> dict[str, Any]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "burgee.control.settings")
    import django

    django.setup()
    # Before DRF's views, which ask for our renderer while they load.
    importlib.import_module("burgee.control.urls")
    from drf_spectacular.generators import SchemaGenerator

    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def trimmed(schema: dict[str, Any]) -> dict[str, Any]:
    """Without the prose, and only the shapes that a client sends or reads."""
    for item in schema["paths"].values():
        for operation in (item[method] for method in METHODS if method in item):
            operation.pop("description", None)
            operation.pop("security", None)
            operation.get("requestBody", {}).get("content", {}).pop("multipart/form-data", None)
            operation.get("requestBody", {}).get("content", {}).pop("application/x-www-form-urlencoded", None)
    return schema


def types(schema: dict[str, Any]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder) / "openapi.json", Path(folder) / "api.ts"
        given.write_text(json.dumps(schema, sort_keys=True))
        program = HERE / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
        command = [node(), str(program), str(given), "-o", str(made), "--default-non-nullable=false"]
        subprocess.run(command, check=True, capture_output=True, cwd=HERE)
        # Where the document names no query, the route may still read one.
        return made.read_text().replace("query?: never;", "query?: { [name: string]: unknown };")


def node() -> str:
    sys.path.insert(0, str(HERE))
    from build import find_node

    found = find_node()
    if found is None:
        raise SystemExit("Node 20.19 or newer is needed.")
    return str(found)


def main(arguments: list[str]) -> int:
    new = types(trimmed(document()))
    if "--check" in arguments:
        if TYPES.read_text() == new:
            return 0
        print(STALE)
        return 1
    TYPES.write_text(new)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
