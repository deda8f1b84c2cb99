"""The project of the management table: rows in bulk as services write them, published as every write is.

Run as a process of its own over an empty, migrated database: ``python -m bench.management_seed '{"features": 50}'``. It
prints what the bench must know of it.
"""

import os
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

import msgspec
from msgspec import Struct

FEATURE_VALUE: Final = "value of the flag number {}"
OVERRIDDEN_IDENTITIES: Final = 500
"""So many of the overrides are for identities, the rest for segments."""
SPLIT_EVERY: Final = 10
BATCH: Final = 1_000


class Size(Struct, frozen=True, kw_only=True):
    """How large the project is; `lines` are lines of the audit log."""

    features: int = 1_000
    environments: int = 6
    segments: int = 300
    overrides: int = 2_000
    identities: int = 100_000
    lines: int = 20_000


class Seeded(Struct, frozen=True, kw_only=True):
    """Where to look: ids and keys of the first environment, which has the overrides and the identities."""

    token: str
    organisation_id: int
    project_id: int
    environment_id: int
    client_key: str
    toggled_state_id: int
    toggled_name: str


def seed(size: Size) -> Seeded:
    from burgee.control.accounts.services import issue_token, sign_up
    from burgee.control.kit.actor import Actor
    from burgee.control.organisations.services import create_organisation
    from burgee.control.projects.services import create_project
    from burgee.control.targeting.models import FeatureState
    from burgee.control.targeting.openings import create_environment
    from burgee.control.transfer.rows import refresh_statistics
    from burgee.control.transfer.tables import all_tables

    user = sign_up("bench@example.com", "Correct-Horse-9-Battery", first_name="Ada", last_name="Bench")
    actor = Actor.user(user.pk, user.email)
    organisation = create_organisation("Bench", creator=user, actor=actor)
    project = create_project(organisation, "Large", actor=actor)
    places = [create_environment(project, f"Environment {number}", actor=actor) for number in range(size.environments)]
    features = _features(project, places, user, size)
    _override(places[0], features, _segments(project, size), size)
    _identities(places[0].pk, size)
    _publish_all(places)
    _history(project, places[0], features, actor, size)
    # As a restored or moved installation does; one that grew has the statistics of autovacuum.
    refresh_statistics(all_tables())
    _settle()
    toggled = FeatureState.objects.get(
        environment=places[0], feature=features[1], feature_segment=None, identity_id=None
    )
    return Seeded(
        token=issue_token(user),
        organisation_id=organisation.pk,
        project_id=project.pk,
        environment_id=places[0].pk,
        client_key=places[0].api_key,
        toggled_state_id=toggled.pk,
        toggled_name=features[1].name,
    )


def _features(project: Any, places: list[Any], user: Any, size: Size) -> list[Any]:
    """Features with an owner, two tags and their flags in all environments; some of them are split."""
    from burgee.control.features.models import Feature, MultivariateOption, Tag, feature_key
    from burgee.control.targeting.flags import NewFlag, open_flags, opening_state, options_of

    tags = Tag.objects.bulk_create([Tag(project=project, label=f"tag {number}") for number in range(10)])
    named = [f"feature_{number:04d}" for number in range(size.features)]
    features = Feature.objects.bulk_create(
        [
            Feature(
                project=project,
                name=name,
                live_key=feature_key(project.pk, name),
                description="One of many",
                initial_value=FEATURE_VALUE.format(number),
                type="MULTIVARIATE" if number % SPLIT_EVERY == 0 else "STANDARD",
            )
            for number, name in enumerate(named)
        ]
    )
    MultivariateOption.objects.bulk_create(
        MultivariateOption(feature=feature, value=f"variant {way}", default_percentage_allocation=30)
        for feature in features[::SPLIT_EVERY]
        for way in range(3)
    )
    Feature.owners.through.objects.bulk_create(
        Feature.owners.through(feature_id=feature.pk, user_id=user.pk) for feature in features
    )
    Feature.tags.through.objects.bulk_create(
        Feature.tags.through(feature_id=feature.pk, tag_id=tags[(number + way) % 10].pk)
        for number, feature in enumerate(features)
        for way in range(2)
    )
    options = options_of([feature.pk for feature in features])
    defaults = {feature.pk: opening_state(feature, options.get(feature.pk, [])) for feature in features}
    for place in places:
        open_flags([NewFlag(environment=place, feature=one, default=defaults[one.pk]) for one in features])
    return features


def _segments(project: Any, size: Size) -> list[Any]:
    from burgee.control.segments.models import Segment
    from burgee.control.segments.rules import ConditionDraft, RuleDraft, stored

    def rules(number: int) -> Any:
        conditions = (
            ConditionDraft(operator="EQUAL", property="plan", value=f"plan {number}"),
            ConditionDraft(operator="GREATER_THAN", property="age", value=str(number % 90)),
        )
        return stored((RuleDraft(type="ALL", rules=(RuleDraft(type="ANY", conditions=conditions),)),))

    return Segment.objects.bulk_create(
        [Segment(project=project, name=f"Segment {number}", rules=rules(number)) for number in range(size.segments)]
    )


def _override(place: Any, features: list[Any], segments: list[Any], size: Size) -> None:
    """Overrides for segments, one or more a feature, and for the first identities."""
    from burgee.control.targeting.models import FeatureSegment, FlagVersion
    from burgee.control.targeting.rows import NewState, created, insert_states, versioned
    from burgee.control.targeting.sheet import StateSheet

    versions = {version.feature_id: version for version in FlagVersion.objects.filter(environment=place)}
    of_identities = min(OVERRIDDEN_IDENTITIES, size.overrides)
    sheet = StateSheet(enabled=True, value="overridden", weights={})
    rounds = range(size.overrides - of_identities)
    rows = created(
        FeatureSegment,
        [
            FeatureSegment(
                version=versions[features[number % size.features].pk],
                environment=place,
                feature=features[number % size.features],
                segment=segments[(number + number // size.features) % size.segments],
                priority=number // size.features,
            )
            for number in rounds
        ],
    )
    insert_states([versioned(versions[row.feature_id], sheet, row) for row in rows])
    insert_states(
        [
            NewState(environment_id=place.pk, feature_id=features[number].pk, identity_id=number + 1, sheet=sheet)
            for number in range(of_identities)
        ]
    )


def _identities(environment_id: int, size: Size) -> None:
    from burgee.control.identities.models import Identity, identity_lookup

    def rows() -> Iterator[Identity]:
        for number in range(size.identities):
            identifier = f"user-{number * 7919 % 1_000_003:07d}@customer{number % 977}.example.com"
            traits = {"plan": f"plan {number % 300}", "age": number % 90, "email": identifier, "beta": number % 2 == 0}
            yield Identity(
                environment_id=environment_id,
                identifier=identifier,
                lookup=identity_lookup(environment_id, identifier),
                traits=traits,
            )

    waiting = rows()
    while batch := list(islice(waiting, BATCH)):
        Identity.objects.bulk_create(batch)


def _publish_all(places: list[Any]) -> None:
    from burgee.control.publishing.services import repair

    for place in places:
        repair(place.pk)


def _history(project: Any, place: Any, features: list[Any], actor: Any, size: Size) -> None:
    """Edits of long ago, told by the audit log itself."""
    from burgee.control.audit.services import record
    from burgee.control.events import relay
    from burgee.control.events.models import Event
    from burgee.control.kit import clock

    def told(number: int) -> Event:
        feature = features[number % size.features]
        names = {
            "feature": {"id": feature.pk, "name": feature.name},
            "environment": {"id": place.pk, "name": place.name},
        }
        before, after = ({"enabled": on, "value": "a", "weights": []} for on in (number % 2 == 0, number % 2 == 1))
        change = {
            "object": "feature_state",
            "action": "updated",
            "id": number + 1,
            "feature_id": feature.pk,
            "environment_id": place.pk,
            "before": names | before,
            "after": names | after,
        }
        return Event(
            organisation_id=project.organisation_id,
            project_id=project.pk,
            environment_id=place.pk,
            type="flag.changed",
            payload={"changes": [change]},
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_label=actor.label,
            occurred_at=clock.now(),
        )

    Event.objects.bulk_create((told(number) for number in range(size.lines)), batch_size=BATCH)
    while relay.dispatch(()):
        continue
    record(Event.objects.filter(organisation_id=project.organisation_id).latest("seq"))


def _settle() -> None:
    """What was written in bulk is cleaned up and on the disk: no part of what people wait for later."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("CHECKPOINT")


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "burgee.control.settings"
    django.setup()
    seeded = seed(msgspec.json.decode(sys.argv[1], type=Size))
    print(msgspec.json.encode(seeded).decode(), flush=True)


if __name__ == "__main__":
    main()
