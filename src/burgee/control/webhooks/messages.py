"""What an event says to hooks: from change records to the messages that Flagsmith's receivers know.

The records tell what changed; what never changes about it, or is told on the wire in more words, is read beside.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from burgee.control.events.catalog import ObjectType
from burgee.control.events.models import Event
from burgee.control.events.publish import Change, changes_of
from burgee.control.targeting.models import FeatureState, FlagVersion
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


class Author(Struct, frozen=True, kw_only=True):
    """Who changed a flag: what they are called, and the person when it is one."""

    name: str = ""
    person: dict[str, Any] | None = None

    @classmethod
    def of(cls, event: Event, changes: Sequence[Change]) -> "Author":
        if event.actor_kind == "user" and event.actor_id is not None:
            return cls(name=event.actor_label or "", person={"id": event.actor_id, "email": event.actor_label})
        if event.actor_kind != "system":
            return cls(name=event.actor_label or "")
        # The worker makes a version live whose time has come: who published it for then changes the flag.
        versions = [change.id for change in changes if _is_publication(change)]
        rows = FlagVersion.objects.filter(pk__in=versions).exclude(published_by=None).select_related("published_by")
        user = rows[0].published_by if versions and rows else None
        return cls(name=user.email, person={"id": user.pk, "email": user.email}) if user else cls()


def flag_messages(event: Event) -> list[Message]:
    """What `event` says about flags, in order."""
    changes = changes_of(event)
    facts, author = Facts.of(changes), Author.of(event, changes)
    return [message for change in changes for message in _of(change, event, facts, author)]


def audit_messages(lines: Sequence[Mapping[str, Any]]) -> list[Message]:
    """The lines of the audit log, each a message to the organisation."""
    return [Message(event_type=AUDIT_LOG_CREATED, data=dict(line)) for line in lines]


def _of(change: Change, event: Event, facts: Facts, author: Author) -> Iterator[Message]:
    if change.object == ObjectType.FEATURE_STATE and not (event.type in OPENINGS and change.action == "created"):
        yield _state_changed(change, event, facts, author)
    elif _is_publication(change):
        yield _version_published(change, facts, author)
    elif change.object == ObjectType.FEATURE and change.action == "deleted":
        yield from _feature_deleted(change, event, author)


def _state_changed(change: Change, event: Event, facts: Facts, author: Author) -> Message:
    data: dict[str, Any] = {
        "changed_by": author.name,
        "timestamp": _moment(event),
        "new_state": facts.state(change, change.after) if change.after else None,
    }
    if change.before:
        data["previous_state"] = facts.state(change, change.before)
    event_type = FLAG_UPDATED if change.after else FLAG_DELETED
    return Message(event_type=event_type, data=data, environment_id=change.environment_id)


def _feature_deleted(change: Change, event: Event, author: Author) -> Iterator[Message]:
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
                "changed_by": author.name,
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


def _version_published(change: Change, facts: Facts, author: Author) -> Message:
    told = change.after or {}
    data = {
        "uuid": change.uuid,
        "feature": told.get("feature"),
        "published_by": author.person,
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


def _is_publication(change: Change) -> bool:
    return change.object == ObjectType.FLAG_VERSION and change.action == "published"


def _moment(event: Event) -> str:
    return event.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
