"""What the record of a change calls things."""

from collections.abc import Mapping
from typing import Any

from burgee.control.events.publish import Change


def told_of(change: Change) -> dict[str, Any]:
    """What holds after the change, and what held before where nothing is said of that."""
    return (change.before or {}) | (change.after or {})


def name_in(change: Change, what: str) -> str:
    """What the record calls an object, or its id."""
    told = told_of(change)
    nested = told.get(what)
    if isinstance(nested, dict) and nested.get("name"):
        return str(nested["name"])
    if isinstance(nested, dict) and nested.get("id") is not None:
        return f"#{nested['id']}"
    ids: Mapping[str, int | None] = {
        "feature": change.feature_id,
        "environment": change.environment_id,
        "segment": change.segment_id,
        "identity": change.identity_id,
    }
    return f"#{ids.get(what) or change.id}"


def own_name(change: Change) -> str:
    """What the record calls the changed object itself."""
    told = told_of(change)
    for key in ("name", "label", "url"):
        if isinstance(told.get(key), str) and told[key]:
            return str(told[key])
    for key in (change.object.value, "user", "group", "role", "organisation", "project"):
        if isinstance(told.get(key), dict):
            return name_in(change, key)
    return f"#{change.id}"
