"""How changes read: from the records of an event to lines in plain words. Identities are told by their id."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from burgee.control.audit.account_wording import account_line, rule_line, settings_line
from burgee.control.audit.details import details_of
from burgee.control.audit.names import name_in, own_name, told_of
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change


class Line(Struct, frozen=True, kw_only=True):
    """One line of the log, before it is sealed."""

    log: str
    change_type: str
    object_type: str
    object_id: int | None
    object_uuid: str | None
    feature_id: int | None
    environment_id: int | None
    details: list[dict[str, Any]]


CHANGE_TYPES: Final = {"created": "CREATE", "updated": "UPDATE", "published": "UPDATE", "deleted": "DELETE"}

OBJECT_TYPES: Final[Mapping[str, str]] = {
    ObjectType.LINK: "FEATURE",
    ObjectType.OPTION: "FEATURE",
    ObjectType.FEATURE_SEGMENT: "FEATURE",
    ObjectType.FLAG_VERSION: "EF_VERSION",
    ObjectType.FEATURE_IMPORT: "IMPORT_REQUEST",
}
"""What clients call an object where it is not the upper-case name of ours."""

OF_FEATURES: Final = frozenset({ObjectType.LINK, ObjectType.OPTION, ObjectType.FEATURE_SEGMENT})
"""Told as changes of their feature, by its id."""

OPENINGS: Final = frozenset(
    {
        EventType.FEATURE_CREATED,
        EventType.FEATURES_IMPORTED,
        EventType.ENVIRONMENT_CREATED,
        EventType.ENVIRONMENT_CLONED,
    }
)
"""Events in which default states come with what is created, and are no news of their own."""

NOUNS: Final[Mapping[str, str]] = {
    ObjectType.API_KEY: "API key",
    ObjectType.OIDC_PROVIDER: "OpenID provider",
    ObjectType.SAML_CONFIGURATION: "SAML configuration",
    ObjectType.SERVER_KEY: "Server-side environment key",
}
"""Where the words of the object's own name are not the best ones."""


def lines_of(event_type: str, changes: Sequence[Change]) -> list[Line]:
    """One line for each changed object; what follows from another change of the event needs none."""
    return [_line(event_type, group) for group in grouped(event_type, changes)]


def grouped(event_type: str, changes: Sequence[Change]) -> list[list[Change]]:
    """The changes that each line of an event tells, in the order of the lines."""
    told = {_place_of(change) for change in changes if change.object == ObjectType.FEATURE_STATE}
    groups: dict[object, list[Change]] = {}
    for number, change in enumerate(changes):
        if _is_implied(event_type, change, told):
            continue
        is_order = change.object == ObjectType.FEATURE_SEGMENT and change.action == "updated"
        key = ("order", change.environment_id, change.feature_id) if is_order else number
        groups.setdefault(key, []).append(change)
    return list(groups.values())


def _is_implied(event_type: str, change: Change, told: set[object]) -> bool:
    if change.object == ObjectType.FEATURE_STATE:
        is_default = change.segment_id is None and change.identity_id is None
        return event_type in OPENINGS and is_default and change.action == "created"
    if change.object == ObjectType.FEATURE_SEGMENT and change.action != "updated":
        return _place_of(change) in told
    return False


def _place_of(change: Change) -> object:
    return change.environment_id, change.feature_id, change.segment_id


def _line(event_type: str, group: Sequence[Change]) -> Line:
    change = group[0]
    is_of_feature = change.object in OF_FEATURES and change.feature_id is not None
    is_version = change.object == ObjectType.FLAG_VERSION
    return Line(
        log=account_line(event_type, change) or WORDS.get(change.object, _object)(change),
        change_type=CHANGE_TYPES.get(change.action, "UNKNOWN"),
        object_type=OBJECT_TYPES.get(change.object, change.object.value.upper())[:20],
        object_id=change.feature_id if is_of_feature else None if is_version else change.id or None,
        object_uuid=None if is_of_feature else change.uuid,
        feature_id=change.feature_id,
        environment_id=change.id if change.object == ObjectType.ENVIRONMENT else change.environment_id,
        details=details_of(group),
    )


def _object(change: Change) -> str:
    """The line of an object that has no words of its own."""
    noun = NOUNS.get(change.object, change.object.value.replace("_", " ").capitalize())
    return f"{noun} {change.action}: {own_name(change)}"


def _feature(change: Change) -> str:
    name = name_in(change, "feature")
    if change.action == "created":
        return f"New Flag / Remote Config created: {name}"
    return f"Flag / Remote Config {change.action}: {name}"


def _health(change: Change) -> str:
    told = told_of(change)
    where = f" in environment: {name_in(change, 'environment')}" if change.environment_id is not None else ""
    status = str(told.get("status", "")).lower()
    return f"{told.get('provider', 'A provider')} reported {status}: {name_in(change, 'feature')}{where}"


def _repository(change: Change) -> str:
    before, after = set((change.before or {}).get("features", ())), set((change.after or {}).get("features", ()))
    counted = f"{len(after - before)} features came, {len(before - after)} went"
    return f"Code references of {own_name(change)}: {counted}"


def _link(change: Change) -> str:
    verb = {"created": "added to", "deleted": "removed from"}.get(change.action, "changed for")
    return f"Link {verb} {name_in(change, 'feature')}: {told_of(change).get('url', '')}"


def _option(change: Change) -> str:
    verb = {"created": "added to", "deleted": "removed from"}.get(change.action, "changed for")
    return f"Multivariate option {verb} feature: {name_in(change, 'feature')}"


def _segment(change: Change) -> str:
    name = name_in(change, "segment")
    return f"New Segment created: {name}" if change.action == "created" else f"Segment {change.action}: {name}"


def _environment(change: Change) -> str:
    if change.action == "created":
        return f"New Environment created: {own_name(change)}"
    if (change.after or {}).get("is_creating") is False:
        return f"Environment is ready: {own_name(change)}"
    return f"Environment {change.action}: {own_name(change)}"


def _export(change: Change) -> str:
    return f"Features exported from environment: {name_in(change, 'environment')}"


def _import(change: Change) -> str:
    return f"Features imported into environment: {name_in(change, 'environment')}"


def _state(change: Change) -> str:
    feature, environment = name_in(change, "feature"), name_in(change, "environment")
    where = f"in environment: {environment}"
    if change.identity_id is not None:
        return f"Override {change.action} for feature: {feature} and identity: #{change.identity_id} {where}"
    if change.segment_id is not None:
        return f"Override {change.action} for feature: {feature} and segment: {name_in(change, 'segment')} {where}"
    return f"Flag state {change.action} for feature: {feature} {where}"


def _place(change: Change) -> str:
    feature, environment = name_in(change, "feature"), name_in(change, "environment")
    if change.action == "updated":
        return f"Segment rules updated for flag: {feature} in environment: {environment}"
    verb = "added to" if change.action == "created" else "removed from"
    return f"Segment {name_in(change, 'segment')} {verb} flag: {feature} in environment: {environment}"


def _version(change: Change) -> str:
    feature, environment = name_in(change, "feature"), name_in(change, "environment")
    if change.action == "published":
        return f"New version published for feature: {feature}"
    number = told_of(change).get("number", "")
    return f"Version {number} {change.action} for feature: {feature} in environment: {environment}"


def _member(change: Change) -> str:
    told = told_of(change)
    verb = {"created": "joined as", "deleted": "left as"}.get(change.action, "is now")
    return f"User {name_in(change, 'user')} {verb} {told.get('role', 'member')}"


def _bearer(change: Change) -> str:
    """Who has a right: a person is told by id, so that they can be forgotten."""
    told = told_of(change)
    kind = next((kind for kind in ("user", "group", "api_key", "role") if kind in told), "user")
    return f"{kind.replace('api_key', 'API key')} {name_in(change, kind)}"


def _assignment(change: Change) -> str:
    verb = "taken from" if change.action == "deleted" else "given to"
    return f"Role {name_in(change, 'role')} {verb} {_bearer(change)}"


def _grant(change: Change) -> str:
    place = next((kind for kind in ("environment", "project") if kind in told_of(change)), None)
    where = f"in {place}: {name_in(change, place)}" if place else "in the organisation"
    return f"Permissions {change.action} for {_bearer(change)} {where}"


def _group_member(change: Change) -> str:
    if change.action == "updated":
        verb = "is now admin of" if (change.after or {}).get("is_admin") else "is no longer admin of"
    else:
        verb = "left" if change.action == "deleted" else "joined"
    return f"User {name_in(change, 'user')} {verb} group {name_in(change, 'group')}"


def _provisioning(change: Change) -> str:
    words = {
        "created": "Provisioning by SCIM switched on",
        "deleted": "Provisioning by SCIM switched off",
    }
    return words.get(change.action, "Token for provisioning by SCIM replaced")


def _provisioned(change: Change) -> str:
    who = f"User {name_in(change, 'user')}"
    if change.action == "deleted":
        return f"{who} is no longer provisioned by SCIM"
    if change.action == "created":
        return f"{who} is provisioned by SCIM"
    return f"What the directory says of {who[0].lower()}{who[1:]} was updated by SCIM"


def _attached_field(change: Change) -> str:
    name, kind = name_in(change, "custom_field"), told_of(change).get("kind", "object")
    if change.action == "updated":
        return f"Custom field {name} of every {kind}: requirement updated"
    return f"Custom field {name} {'added to' if change.action == 'created' else 'removed from'} every {kind}"


def _identity(change: Change) -> str:
    if not change.identity_id:
        return f"Trait deleted from every identity: {told_of(change).get('trait_key', '')}"
    what = "Traits of identity" if change.action == "updated" else "Identity"
    return f"{what} {change.action}: #{change.identity_id}"


WORDS: Final[Mapping[str, Callable[[Change], str]]] = {
    ObjectType.FEATURE: _feature,
    ObjectType.FEATURE_HEALTH: _health,
    ObjectType.REPOSITORY: _repository,
    ObjectType.LINK: _link,
    ObjectType.OPTION: _option,
    ObjectType.SEGMENT: _segment,
    ObjectType.ENVIRONMENT: _environment,
    ObjectType.FEATURE_STATE: _state,
    ObjectType.FEATURE_SEGMENT: _place,
    ObjectType.FLAG_VERSION: _version,
    ObjectType.IDENTITY: _identity,
    ObjectType.MEMBERSHIP: _member,
    ObjectType.GROUP_MEMBERSHIP: _group_member,
    ObjectType.ROLE_ASSIGNMENT: _assignment,
    ObjectType.GRANT: _grant,
    ObjectType.FEATURE_EXPORT: _export,
    ObjectType.FEATURE_IMPORT: _import,
    ObjectType.ATTACHED_FIELD: _attached_field,
    ObjectType.PROVISIONING: _provisioning,
    ObjectType.PROVISIONED_USER: _provisioned,
    ObjectType.SIGN_IN_RULE: rule_line,
    ObjectType.SIGN_IN_SETTINGS: settings_line,
}
