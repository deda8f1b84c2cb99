"""Features and environments begin and end here, because each meets all of the other in flags."""

from typing import Any

from django.db import transaction
from django.db.models import F

from burgee.control.access.grants import make_creator_admin
from burgee.control.custom_fields.models import Kind
from burgee.control.custom_fields.values import GivenValue, copy_values, set_values, told_values
from burgee.control.environments.models import Environment
from burgee.control.environments.rows import (
    add_environment,
    bury_environment,
    copy_environment,
    environment_change,
    scope_of,
)
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.models import Feature
from burgee.control.features.owners import told_attached
from burgee.control.features.rows import NewFeature, bury_feature, insert_feature
from burgee.control.jobs.services import ask_for
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.projects.models import Project
from burgee.control.segments.models import Segment
from burgee.control.segments.services import bury_segment, segment_change
from burgee.control.segments.services import told as segment_told
from burgee.control.targeting.background_clones import CLONE
from burgee.control.targeting.clones import copy_flags
from burgee.control.targeting.errors import EnvironmentUnfinished
from burgee.control.targeting.flags import NewFlag, open_flags, opening_state, options_of
from burgee.control.targeting.models import FeatureSegment, FeatureState, Flag, VariantWeight, VersionStatus
from burgee.control.targeting.options import add_option, change_option, option_change, remove_option
from burgee.control.targeting.records import Names, state_change
from burgee.control.targeting.rows import state_sheet, weights_by_state
from burgee.control.targeting.versions import user_id

__all__ = [
    "add_option",
    "change_option",
    "clone_environment",
    "create_environment",
    "create_feature",
    "delete_environment",
    "delete_feature",
    "delete_segment",
    "remove_option",
]


@transaction.atomic
def create_feature(project: Project, new: NewFeature, *, actor: Actor) -> Feature:
    """Make a feature with its options, and its default state in every environment of the project."""
    project = _locked(project)
    feature = insert_feature(project, new)
    options = options_of([feature.pk]).get(feature.pk, [])
    default = opening_state(feature, options)
    environments = Environment.objects.filter(project=project, deleted_at=None).order_by("id")
    states = open_flags([NewFlag(environment=place, feature=feature, default=default) for place in environments])
    changes = [feature_change(feature, "created")]
    changes += [option_change(option, feature, "created") for option in options]
    publish(EventType.FEATURE_CREATED, scope=scope_of_project(project), changes=[*changes, *states], actor=actor)
    return feature


@transaction.atomic
def delete_feature(feature: Feature, *, actor: Actor) -> None:
    """Take the feature, and the segments made for it alone, out of every environment; its name is free again."""
    project = _locked(feature.project)
    row = Feature.objects.select_for_update().filter(pk=feature.pk, deleted_at=None).first()
    if row is None:
        return
    changes = [feature_change(row, "deleted")]
    own = Segment.objects.filter(feature=row, deleted_at=None)
    changes += [segment_change(segment, "deleted", before=segment_told(segment)) for segment in own.order_by("id")]
    own.update(deleted_at=clock.now())
    bury_feature(row)
    publish(EventType.FEATURE_DELETED, scope=scope_of_project(project), changes=changes, actor=actor)


@transaction.atomic
def create_environment(
    project: Project, name: str, *, actor: Actor, custom_values: tuple[GivenValue, ...] = (), **facts: Any
) -> Environment:
    """Make an environment with the default state of every feature of the project; its maker administers it."""
    project = _locked(project)
    environment = add_environment(project, name, **facts)
    set_values(project, Kind.ENVIRONMENT, environment.pk, custom_values)
    features = list(Feature.objects.filter(project=project, deleted_at=None).select_related("project").order_by("id"))
    options = options_of([feature.pk for feature in features])
    states = open_flags(
        [
            NewFlag(
                environment=environment,
                feature=feature,
                default=opening_state(feature, options.get(feature.pk, [])),
            )
            for feature in features
        ]
    )
    told = {"name": environment.name, **told_values(Kind.ENVIRONMENT, environment.pk)}
    changes = [environment_change(environment, "created", after=told), *states]
    make_creator_admin(environment, actor)
    publish(EventType.ENVIRONMENT_CREATED, scope=scope_of(environment), changes=changes, actor=actor)
    return environment


@transaction.atomic
def clone_environment(
    source: Environment, name: str, *, actor: Actor, later: bool = False, **facts: Any
) -> Environment:
    """Make an environment with the settings, custom fields, defaults and segment overrides of `source`.

    Seeds and positions are kept, so that its splits fall as in the source for equal identity keys; keys and
    identities are not copied. With `later` a worker copies the flags, and nobody is served before it has. Raises
    EnvironmentUnfinished when that is still to come for `source`.
    """
    _locked(source.project)
    if Environment.objects.filter(pk=source.pk, is_creating=True).exists():
        raise EnvironmentUnfinished
    environment = copy_environment(source, name)
    facts |= {"is_creating": True} if later else {}
    for field, value in facts.items():
        setattr(environment, field, value)
    if facts:
        environment.save(update_fields=list(facts))
    if later:
        ask_for(CLONE, subject_id=environment.pk, payload={"source_id": source.pk})
    else:
        copy_flags(source, environment)
    copy_values(Kind.ENVIRONMENT, source.pk, environment.pk)
    told_after = {"name": environment.name, "source": {"id": source.pk, "name": source.name}}
    told_after |= told_values(Kind.ENVIRONMENT, environment.pk)
    changes = [environment_change(environment, "created", after=told_after)]
    make_creator_admin(environment, actor)
    publish(EventType.ENVIRONMENT_CLONED, scope=scope_of(environment), changes=changes, actor=actor)
    return environment


@transaction.atomic
def delete_environment(environment: Environment, *, actor: Actor) -> None:
    """Stop serving an environment; its name is free again."""
    row = Environment.objects.select_for_update().filter(pk=environment.pk, deleted_at=None).first()
    if row is None:
        return
    bury_environment(row)
    changes = [environment_change(row, "deleted", before={"name": row.name})]
    publish(EventType.ENVIRONMENT_DELETED, scope=scope_of(environment), changes=changes, actor=actor)


@transaction.atomic
def delete_segment(segment: Segment, *, actor: Actor) -> None:
    """Take a segment away with its overrides in every environment; the overrides behind them move up."""
    row = Segment.objects.select_for_update().select_related("project").filter(pk=segment.pk, deleted_at=None).first()
    if row is None:
        return
    changes = [bury_segment(row)]
    flags = Flag.objects.filter(feature__feature_segments__segment=row).order_by("id")
    list(Flag.objects.select_for_update().filter(pk__in=list(flags.values_list("pk", flat=True))).order_by("id"))
    places = FeatureSegment.objects.filter(segment=row).exclude(version__status=VersionStatus.SUPERSEDED)
    served = FeatureSegment.objects.filter(segment=row, version__status=VersionStatus.LIVE)
    for place in served.order_by("id"):
        flag = Flag.objects.filter(environment_id=place.environment_id, feature_id=place.feature_id)
        flag.update(change_number=F("change_number") + 1, changed_at=clock.now(), changed_by_id=user_id(actor))
    for place in places.select_related("feature", "environment", "version").order_by("id"):
        if place.version.status == VersionStatus.LIVE:
            changes += _override_gone(place, row)
        behind = FeatureSegment.objects.filter(version_id=place.version_id, priority__gt=place.priority)
        behind.update(priority=F("priority") - 1)
        place.delete()
    publish(EventType.SEGMENT_DELETED, scope=scope_of_project(row.project), changes=changes, actor=actor)


def scope_of_project(project: Project) -> Scope:
    return Scope(organisation_id=project.organisation_id, project_id=project.pk)


def feature_change(feature: Feature, action: str) -> Change:
    """The line in an event of a feature that begins or ends."""
    told = _told(feature)
    return Change(
        object=ObjectType.FEATURE,
        action=action,
        id=feature.pk,
        uuid=str(feature.uuid),
        feature_id=feature.pk,
        before=told if action == "deleted" else None,
        after=None if action == "deleted" else told,
    )


def _locked(project: Project) -> Project:
    # One at a time: a feature and an environment that begin together must still meet.
    return Project.objects.select_for_update().get(pk=project.pk)


def _told(feature: Feature) -> dict[str, Any]:
    return {
        "feature": {"id": feature.pk, "name": feature.name},
        "type": feature.type,
        "description": feature.description,
        "initial_value": feature.initial_value,
        "default_enabled": feature.default_enabled,
        **told_attached(feature),
        **told_values(Kind.FEATURE, feature.pk),
    }


def _override_gone(place: FeatureSegment, segment: Segment) -> list[Change]:
    names = Names(
        feature_id=place.feature_id,
        feature=place.feature.name,
        environment_id=place.environment_id,
        environment=place.environment.name,
        segments={segment.pk: segment.name},
    )
    gone = [
        Change(
            object=ObjectType.FEATURE_SEGMENT,
            action="deleted",
            id=place.pk,
            feature_id=place.feature_id,
            environment_id=place.environment_id,
            segment_id=segment.pk,
        )
    ]
    state = FeatureState.objects.filter(feature_segment=place).first()
    if state is None:
        return gone
    weights = weights_by_state(VariantWeight.objects.filter(state=state))
    sheet = state_sheet(state, weights.get(state.pk, {}))
    return [*gone, state_change((sheet, None), names, segment_id=segment.pk, priorities=(place.priority, None))]
