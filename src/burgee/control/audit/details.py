"""Which fields of an object changed, from what to what."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from burgee.control.events.catalog import ObjectType
from burgee.control.events.publish import Change

NAMES: Final = frozenset({"feature", "environment", "segment", "identity"})
"""What stands in records to say which object it is."""


def details_of(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Every field that differs, as ``{field, old, new}``; null and the empty text do not differ."""
    return [item for change in changes for item in _of(change)]


def _of(change: Change) -> Iterator[dict[str, Any]]:
    before, after = _flat(change.before or {}, change), _flat(change.after or {}, change)
    prefix = _prefix(change)
    for field in [*before, *(field for field in after if field not in before)]:
        old, new = before.get(field), after.get(field)
        if (old if old != "" else None) != (new if new != "" else None):
            yield {"field": f"{prefix}{field}", "old": old, "new": new}


def _prefix(change: Change) -> str:
    """Several places change in one line: each is told apart by its segment."""
    if change.object != ObjectType.FEATURE_SEGMENT:
        return ""
    segment = ((change.before or {}) | (change.after or {})).get("segment") or {}
    return f"{segment.get('name') or change.segment_id}: "


def _flat(told: dict[str, Any], change: Change) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    is_state = change.object == ObjectType.FEATURE_STATE
    for field, value in told.items():
        if field == "weights" and isinstance(value, list):
            flat |= {f"percentage of option {item.get('option')}": item.get("percentage") for item in value}
        elif field == "custom_fields" and isinstance(value, dict):
            flat |= {f"custom field {name}": text for name, text in value.items()}
        elif field not in NAMES or not isinstance(value, dict):
            flat["feature_state_value" if is_state and field == "value" else field] = _plain(value)
        elif field == change.object:
            flat["name"] = value.get("name")
    return flat


def _plain(value: Any) -> Any:
    if isinstance(value, dict) and "name" in value:
        return value["name"]
    if isinstance(value, dict) and value.keys() == {"id"}:
        return f"#{value['id']}"
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return value
