"""What an event says to hooks: from change records to the messages that Flagsmith's receivers know.

The records tell what changed; what never changes about it, or is told on the wire in more words, is read beside.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from burgee.control.events.catalog import ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of
from burgee.control.targeting.models import FeatureState
from burgee.control.webhooks.facts import Facts

FLAG_UPDATED: Final = "FLAG_UPDATED"
FLAG_DELETED: Final = "FLAG_DELETED"
NEW_VERSION_PUBLISHED: Final = "NEW_VERSION_PUBLISHED"
AUDIT_LOG_CREATED: Final = "AUDIT_LOG_CREATED"

OPENINGS: Final = frozenset({"feature.created", "feature.imported", "environment.created", "environment.cloned"})


class Message(Struct, frozen=True, kw_only=True):
    """One thing to say, to hooks of an environment, of the organisation, or both."""

    event_type: str
    data: dict[str, Any]
    environment_id: int | None = None
    for_organisation: bool = True


def flag_messages(event: Event) -> list[Message]:
    """What `event` says about flags, in order."""
    changes = changes_of(event)
    facts = Facts.of(changes)
    return [message for change in changes for message in _of(change, event, facts)]


def audit_messages(lines: Sequence[Mapping[str, Any]]) -> list[Message]:
    """The lines of the audit log, each a message to the organisation."""
    return [Message(event_type=AUDIT_LOG_CREATED, data=dict(line)) for line in lines]


def _of(change: Change, event: Event, facts: Facts) -> Iterator[Message]:
    if change.object == ObjectType.FEATURE_STATE and not (event.type in OPENINGS and change.action == "created"):
        yield _state_changed(change, event, facts)
    elif change.object == ObjectType.FLAG_VERSION and change.action == "published":
        yield _version_published(change, event, facts)
    elif change.object == ObjectType.FEATURE and change.action == "deleted":
        yield from _feature_deleted(change, event)


def _state_changed(change: Change, event: Event, facts: Facts) -> Message:
    data: dict[str, Any] = {
        "changed_by": _author(event),
        "timestamp": _moment(event),
        "new_state": facts.state(change, change.after) if change.after else None,
    }
    if change.before:
        data["previous_state"] = facts.state(change, change.before)
    event_type = FLAG_UPDATED if change.after else FLAG_DELETED
    return Message(event_type=event_type, data=data, environment_id=change.environment_id)


def _feature_deleted(change: Change, event: Event) -> Iterator[Message]:
    """One message for each environment, with what it served last: the rows of a deleted feature stay."""
    states = FeatureState.objects.live().defaults().filter(feature_id=change.feature_id or change.id)
    rows = states.filter(environment__deleted_at=None).select_related("environment").prefetch_related("weights")
    ends = [_end_of(state, change) for state in rows.order_by("environment_id")]
    facts = Facts.of(ends)
    for end in ends:
        yield Message(
            event_type=FLAG_DELETED,
            environment_id=end.environment_id,
            data={
                "changed_by": _author(event),
                "timestamp": _moment(event),
                "new_state": None,
                "previous_state": facts.state(end, end.before or {}),
            },
        )


def _end_of(state: FeatureState, change: Change) -> Change:
    weights = [{"option": row.option_id, "percentage": row.percentage_allocation} for row in state.weights.all()]
    told = (change.before or {}).get("feature")
    return Change(
        object=ObjectType.FEATURE_STATE,
        action="deleted",
        id=state.pk,
        feature_id=state.feature_id,
        environment_id=state.environment_id,
        before={
            "feature": told,
            "environment": {"id": state.environment_id, "name": state.environment.name},
            "enabled": state.enabled,
            "value": state.value,
            "weights": weights,
        },
    )


def _version_published(change: Change, event: Event, facts: Facts) -> Message:
    told = change.after or {}
    is_person = event.actor_kind == "user" and event.actor_id is not None
    data = {
        "uuid": change.uuid,
        "feature": told.get("feature"),
        "published_by": {"id": event.actor_id, "email": event.actor_label} if is_person else None,
        "feature_states": [
            {
                "enabled": state.get("enabled"),
                "value": state.get("value"),
                "multivariate_feature_state_values": facts.weights(None, state.get("weights") or []),
            }
            for state in told.get("states") or []
        ],
    }
    return Message(
        event_type=NEW_VERSION_PUBLISHED, data=data, environment_id=change.environment_id, for_organisation=False
    )


def _author(event: Event) -> str:
    return "" if event.actor_kind == "system" else event.actor_label or ""


def _moment(event: Event) -> str:
    return event.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
