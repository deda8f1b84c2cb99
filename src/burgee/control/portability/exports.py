"""Exporting the features of an environment with its defaults: asked for at once, made in the background."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from django.db import transaction

from burgee.control.environments.models import Environment
from burgee.control.environments.rows import scope_of
from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, publish
from burgee.control.features.models import Feature, MultivariateOption, Tag
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import ask_for
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.portability import files
from burgee.control.portability.errors import ExportTagUnknown
from burgee.control.portability.files import Item, Variant, typed
from burgee.control.portability.models import FeatureExport, TransferStatus
from burgee.control.targeting.errors import EnvironmentUnfinished
from burgee.control.targeting.models import FeatureState, VariantWeight
from burgee.control.targeting.rows import state_sheet, weights_by_state
from burgee.control.targeting.sheet import StateSheet

EXPORT: Final = "export-features"
KEPT: Final = timedelta(days=14)
GIVEN_UP: Final = "It failed several times; the log of the server says why."


@transaction.atomic
def ask_for_export(environment: Environment, tag_ids: Collection[int], *, actor: Actor) -> FeatureExport:
    """An export to be made: of every feature, or of those with one of the tags."""
    if environment.is_creating:
        raise EnvironmentUnfinished
    known = set(Tag.objects.filter(project_id=environment.project_id, pk__in=tag_ids).values_list("pk", flat=True))
    for tag_id in tag_ids:
        if tag_id not in known:
            raise ExportTagUnknown(id=tag_id)
    now = clock.now()
    export = FeatureExport.objects.create(
        environment=environment,
        name=f"{environment.name} | {now:%Y-%m-%d %H:%M} UTC",
        tag_ids=sorted(known),
        created_at=now,
    )
    ask_for(EXPORT, subject_id=export.pk)
    place = {"environment": {"id": environment.pk, "name": environment.name}}
    tags = sorted(Tag.objects.filter(pk__in=known).values_list("label", flat=True))
    change = Change(
        object=ObjectType.FEATURE_EXPORT,
        action="created",
        id=export.pk,
        environment_id=environment.pk,
        after=place | {"tags": tags},
    )
    publish(EventType.FEATURES_EXPORTED, scope=scope_of(environment), changes=[change], actor=actor)
    return export


def run_export(job: Job) -> None:
    """Make the file; nothing happens when it is made or nobody can fetch it any more."""
    waiting = FeatureExport.objects.filter(pk=job.subject_id or 0, status=TransferStatus.PROCESSING)
    export = waiting.select_related("environment").first()
    if export is None:
        return
    data = files.written(_items(export))
    if len(data) > files.LARGEST:
        waiting.update(
            status=TransferStatus.FAILED,
            error=f"The file would have {len(data)} bytes; {files.LARGEST} are allowed. Choose tags to export less.",
        )
    else:
        waiting.update(status=TransferStatus.SUCCESS, data=data.decode())


def give_up(job: Job) -> None:
    """Say that it will not come."""
    waiting = FeatureExport.objects.filter(pk=job.subject_id or 0, status=TransferStatus.PROCESSING)
    waiting.update(status=TransferStatus.FAILED, error=GIVEN_UP)


def expire() -> int:
    """Delete what is too old to be fetched; returns how many."""
    return FeatureExport.objects.filter(created_at__lt=clock.now() - KEPT).delete()[0]


def _items(export: FeatureExport) -> Iterator[Item]:
    features = Feature.objects.filter(project_id=export.environment.project_id, deleted_at=None, is_archived=False)
    if export.tag_ids:
        features = features.filter(tags__in=export.tag_ids).distinct()
    chosen = {feature.pk: feature for feature in features}
    options = MultivariateOption.objects.filter(feature__in=features.order_by().values("pk")).in_bulk()
    defaults = FeatureState.objects.live().defaults().filter(environment=export.environment)
    states = defaults.filter(feature__in=features.order_by().values("pk")).order_by("feature_id")
    weights = weights_by_state(VariantWeight.objects.filter(state__in=states.order_by()))
    for state in states:
        if state.feature_id in chosen:
            yield _item(chosen[state.feature_id], state_sheet(state, weights.get(state.pk, {})), options)


def _item(feature: Feature, state: StateSheet, options: dict[int, MultivariateOption]) -> Item:
    return Item(
        name=feature.name,
        default_enabled=feature.default_enabled,
        is_server_key_only=feature.is_server_key_only,
        initial_value=feature.initial_value,
        value=state.value,
        type=typed(state.value),
        enabled=state.enabled,
        multivariate=tuple(
            Variant(
                percentage_allocation=weight.percentage,
                default_percentage_allocation=options[option_id].default_percentage_allocation,
                value=options[option_id].value,
                type=typed(options[option_id].value),
            )
            for option_id, weight in state.weights.items()
            if option_id in options
        ),
    )
