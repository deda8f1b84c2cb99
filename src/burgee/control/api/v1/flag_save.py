"""One draft over several environments, saved at once."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import structs
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, ProjectFromUrl, parsed
from burgee.control.api.base.errors import shape
from burgee.control.api.base.routing import path
from burgee.control.api.v1.addressed_feature import addressed_feature
from burgee.control.api.v1.change_numbers import StaleWrite
from burgee.control.api.v1.draft_json import FlagStateJson, PlannedDraftInput, draft_of, flag_state_json
from burgee.control.api.v1.flag_updates import ChangeRequestsInUse
from burgee.control.api.v1.insight_json import environment_of
from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.projects.models import Project
from burgee.control.segments.models import Segment
from burgee.control.targeting.errors import StaleEdit
from burgee.control.targeting.history import latest_edits
from burgee.control.targeting.queries import change_number
from burgee.control.targeting.rows import load_sheets
from burgee.control.targeting.saving import Plan, SaveRefused, save_flag

LONGEST_NOTE: Final = 2000
MOST_ENVIRONMENTS: Final = 100


class SaveInput(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=LONGEST_NOTE)
    environments = serializers.DictField(
        child=PlannedDraftInput(), allow_empty=False, help_text="By the key of the environment."
    )

    def validate_environments(self, given: dict[str, Any]) -> dict[str, Any]:
        if len(given) > MOST_ENVIRONMENTS:
            raise ValidationError([f"At most {MOST_ENVIRONMENTS} environments can be saved at once."])
        return given


class SavedFlagJson(FlagStateJson):
    changed = serializers.BooleanField()


class SaveJson(serializers.Serializer[Any]):
    environments = serializers.DictField(child=SavedFlagJson(), help_text="By the key of the environment.")


class SaveFlag(ApiView):
    """All environments or none, in one event; which permissions are needed in each depends on what the draft names."""

    scope = ProjectFromUrl()
    permission = Permission.VIEW_PROJECT
    tags = ("insight",)
    accepts = SaveInput
    answers = SaveJson

    def post(self, request: Request, project: Project, feature_id: int) -> Response:
        feature = addressed_feature(project, feature_id)
        facts = parsed(SaveInput, request)
        places = {key: environment_of(self, project, key) for key in facts["environments"]}
        for key, place in places.items():
            self._permit(place, feature, facts["environments"][key])
        plans = _plans(places, feature, facts["environments"])
        try:
            applied = save_flag(feature, plans, actor=self.actor, note=facts.get("note") or None)
        except SaveRefused as error:
            raise _refusal(error, places, feature) from error
        return Response(
            {
                "environments": {
                    key: saved_json(place, feature) | {"changed": bool(applied[place.pk].changes)}
                    for key, place in places.items()
                }
            }
        )

    def _permit(self, environment: Environment, feature: Feature, draft: Mapping[str, Any]) -> None:
        permit_draft(self, environment, feature, draft)


def permit_draft(view: ApiView, environment: Environment, feature: Feature, draft: Mapping[str, Any]) -> None:
    """403 unless the caller may write what the draft names; 409 where change requests are the way."""
    if "environment_default" in draft or draft.get("identity_overrides"):
        view.require_about(Permission.UPDATE_FEATURE_STATE, environment, feature)
    if draft.get("identity_overrides"):
        view.require(Permission.MANAGE_IDENTITIES, environment)
    if "segment_overrides" in draft:
        view.require_about(Permission.MANAGE_SEGMENT_OVERRIDES, environment, feature)
    if environment.minimum_change_request_approvals is not None:
        raise ChangeRequestsInUse


def saved_json(environment: Environment, feature: Feature) -> dict[str, Any]:
    """The flag as it is served now."""
    sheet = load_sheets(environment.pk, [feature.pk])[feature.pk]
    options = MultivariateOption.objects.filter(feature=feature).order_by("pk").values_list("pk", flat=True)
    segments = Segment.objects.in_bulk(list(sheet.places))
    return flag_state_json(sheet, change_number(environment.pk, feature.pk), segments, list(options))


def _plans(places: Mapping[str, Environment], feature: Feature, bodies: Mapping[str, Any]) -> list[Plan]:
    plans, wrong = [], {}
    for key, place in places.items():
        expected = bodies[key].get("expected")
        try:
            draft = draft_of(place, feature, bodies[key])
        except ValidationError as error:
            wrong[key] = error.detail
        else:
            numbers = None if expected is None else frozenset({expected})
            plans.append(Plan(environment=place, draft=draft, expected=numbers))
    if wrong:
        raise ValidationError({"environments": wrong})
    return plans


def _refusal(error: SaveRefused, places: Mapping[str, Environment], feature: Feature) -> Exception:
    keys = {place.pk: key for key, place in places.items()}
    stale = {keys[pk]: one for pk, one in error.by_environment.items() if isinstance(one, StaleEdit)}
    if not stale:
        return ValidationError({"environments": {keys[pk]: shape(one) for pk, one in error.by_environment.items()}})
    told = {key: _missed(places[key], feature, one) for key, one in stale.items()}
    first = next(iter(stale.values()))
    return StaleWrite({"detail": str(first), "code": first.code, "environments": told})


def _missed(environment: Environment, feature: Feature, error: StaleEdit) -> dict[str, Any]:
    seen, current = error.facts["seen"], error.facts["current"]
    missed = current - seen if seen is not None and seen < current else 0
    edits = latest_edits(environment, feature.pk, missed)
    return {"change_number": current, "changes": [structs.asdict(edit) for edit in edits]}


routes = [path("projects/<int:project_id>/features/<int:feature_id>/save/", SaveFlag)]
