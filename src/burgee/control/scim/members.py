"""Who comes into a group and who leaves it, many at a time: one by one, each would look through the whole group."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from scim2_models import InvalidValueException, PatchOp, PatchOperation

from burgee.control.scim.resources import GroupResource

MOST_STEPS: Final = 100
"""What is left after putting together what belongs together; more would hold up everybody else."""

ONE_MEMBER: Final = re.compile(r'members\[value eq "([^"\\]*)"\]', re.IGNORECASE)


def apply(group: GroupResource, patch: "PatchOp[Any]") -> bool:
    """Do what `patch` says; whether that changed anything."""
    steps = list(_together(patch.operations or ()))
    if sum(isinstance(step, PatchOperation) for step in steps) > MOST_STEPS:
        raise InvalidValueException(detail=f"A request may have at most {MOST_STEPS} operations of this kind.")
    changes = [_take_out(group, step) if isinstance(step, set) else _do(group, patch, step) for step in steps]
    return any(changes)


def _together(operations: Iterable["PatchOperation[Any]"]) -> Iterator["set[str] | PatchOperation[Any]"]:
    """Whom neighbouring operations take out as one set of ids; those that let people in as one operation."""
    for kind, neighbours in groupby(operations, key=_kind):
        alike = list(neighbours)
        if kind == "out":
            yield {member_id for operation in alike for member_id in _taken_out(operation) or ()}
        elif kind == "in":
            alike[0].value = [entry for operation in alike for entry in operation.value or ()]
            yield alike[0]
        else:
            yield from alike


def _kind(operation: "PatchOperation[Any]") -> str:
    if _taken_out(operation) is not None:
        return "out"
    lets_in = operation.op == PatchOperation.Op.add and _is_whole(operation) and isinstance(operation.value, list)
    return "in" if lets_in else "else"


def _taken_out(operation: "PatchOperation[Any]") -> list[str] | None:
    """The ids of those whom the operation takes out; None when it does something else, or says it otherwise."""
    if operation.op != PatchOperation.Op.remove or operation.path is None:
        return None
    named = ONE_MEMBER.fullmatch(str(operation.path))
    if named is not None and operation.value is None:
        return [named[1]]
    if not _is_whole(operation) or not isinstance(operation.value, list) or not operation.value:
        return None
    # Entra ID names whom to remove with an empty reference beside the id.
    entries = [_told_of(entry) for entry in operation.value]
    ids = [entry["value"] for entry in entries if entry.keys() == {"value"} and isinstance(entry["value"], str)]
    return ids if len(ids) == len(entries) else None


def _is_whole(operation: "PatchOperation[Any]") -> bool:
    return operation.path is not None and str(operation.path).casefold() == "members"


def _told_of(entry: Any) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value is not None} if isinstance(entry, dict) else {}


def _take_out(group: GroupResource, member_ids: set[str]) -> bool:
    kept = [member for member in group.members or () if member.value not in member_ids]
    is_changed = len(kept) != len(group.members or ())
    group.members = kept or None
    return is_changed


def _do(group: GroupResource, patch: "PatchOp[Any]", operation: "PatchOperation[Any]") -> bool:
    return bool(patch.model_copy(update={"operations": [operation]}).patch(group))
