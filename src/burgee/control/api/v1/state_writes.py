"""What the routes that write states share: who may be written, and with which errors."""

from collections.abc import Collection
from typing import Any

from rest_framework.exceptions import PermissionDenied, ValidationError

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView
from burgee.control.api.v1.state_json import state_edit, state_json, weights_of
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature
from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import DomainError
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Remove, Target
from burgee.control.targeting.errors import InvalidAllocation, OptionNotFound
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.queries import target_of
from burgee.control.targeting.services import AppliedEdit, apply


class DirectWriteNotAllowed(DomainError):
    """Environments with versions are written by publishing one; identity overrides stand outside versions."""

    code = "direct_feature_state_write_not_allowed"
    message = "This environment uses v2 feature versioning. Use the environment feature version endpoint instead."


class DefaultStays(DomainError):
    """A feature has a default in every environment for as long as both live."""

    code = "default_state_stays"
    message = "The environment default of a feature cannot be deleted."


def refuse_versioned(environment: Environment, target: Target | None = None) -> None:
    if environment.use_v2_feature_versioning and not isinstance(target, ForIdentity):
        raise DirectWriteNotAllowed


def require_override_rights(view: ApiView, target: Target, environment: Environment, feature: Feature) -> None:
    """403 for an override without the right to manage its kind, whichever route writes it."""
    if isinstance(target, ForIdentity):
        view.require(Permission.MANAGE_IDENTITIES, environment)
    if isinstance(target, ForSegment):
        view.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, environment, feature)


def feature_in(environment: Environment, feature_id: int) -> Feature:
    """A feature of the environment's project; 403 for every other one, there or not."""
    living = Feature.objects.filter(project_id=environment.project_id, deleted_at=None)
    feature = living.select_related("project").filter(pk=feature_id).first()
    if feature is None:
        raise PermissionDenied
    return feature


def write_state(
    environment: Environment,
    feature: Feature,
    target: Target,
    facts: dict[str, Any],
    *,
    actor: Actor,
    must_be_new: bool = False,
    expected: Collection[int] | None = None,
) -> AppliedEdit:
    """Give `target` the state that the body describes."""
    refuse_versioned(environment, target)
    try:
        edit = state_edit(target, facts, must_be_new=must_be_new)
        return apply(environment, feature, [edit], actor=actor, expected=expected)
    except OptionNotFound as error:
        shape = {"multivariate_feature_state_values": [{str(error.field): [str(error)]}]}
        raise ValidationError(shape) from error
    except InvalidAllocation as error:
        raise ValidationError({"multivariate_feature_state_values": [str(error)]}) from error


def delete_state(
    environment: Environment, state: FeatureState, *, actor: Actor, expected: Collection[int] | None = None
) -> None:
    """Take an override away."""
    target = target_of(state)
    refuse_versioned(environment, target)
    if isinstance(target, Everyone):
        raise DefaultStays
    apply(environment, state.feature, [Remove(target=target)], actor=actor, expected=expected)


def shown(environment: Environment, applied: AppliedEdit, target: Target) -> dict[str, Any]:
    """The state of `target` after an edit."""
    state = applied.state(target)
    return state_json(state, environment, weights_of([state]))
