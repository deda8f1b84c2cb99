"""What messages say about features, segments and options beyond the change itself, read at once for an event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from burgee.control.events.catalog import ObjectType
from burgee.control.events.publish import Change
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.segments.models import Segment
from burgee.control.targeting.models import VariantWeight


class Facts(Struct, frozen=True):
    """Rows by id; ids of weights by state and option."""

    features: Mapping[int, Feature]
    segments: Mapping[int, Segment]
    options: Mapping[int, MultivariateOption]
    weight_ids: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, changes: Sequence[Change]) -> "Facts":
        states = [change for change in changes if change.object == ObjectType.FEATURE_STATE]
        features = {change.feature_id for change in states if change.feature_id}
        segments = {change.segment_id for change in states if change.segment_id}
        options = set(_option_ids(changes))
        weights = VariantWeight.objects.filter(state_id__in={change.id for change in states}) if options else []
        return cls(
            Feature.objects.select_related("project").in_bulk(features),
            Segment.objects.in_bulk(segments),
            MultivariateOption.objects.in_bulk(options),
            {(row.state_id, row.option_id): row.pk for row in weights},
        )

    def state(self, change: Change, told: Mapping[str, Any]) -> dict[str, Any]:
        """A state as receivers know it; ``told`` is one side of the change."""
        return {
            "feature": self._feature(told),
            "environment": told.get("environment"),
            "identity": change.identity_id,
            "identity_identifier": None,
            "feature_segment": self._override(change, told),
            "enabled": told.get("enabled"),
            "feature_state_value": told.get("value"),
            "multivariate_feature_state_values": self.weights(change.id, told.get("weights") or []),
        }

    def weights(self, state_id: int | None, told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                "id": self.weight_ids.get((state_id or 0, weight["option"])),
                "multivariate_feature_option": self._option(weight["option"]),
                "percentage_allocation": weight["percentage"],
            }
            for weight in told
        ]

    def _feature(self, told: Mapping[str, Any]) -> dict[str, Any]:
        named = dict(told.get("feature") or {})
        row = self.features.get(named.get("id") or 0)
        if row is None:
            return named
        return {
            "id": row.pk,
            "created_date": row.created_date,
            "default_enabled": row.default_enabled,
            "description": row.description,
            "initial_value": row.initial_value,
            "name": row.name,
            "project": {"id": row.project_id, "name": row.project.name},
            "type": row.type,
        }

    def _override(self, change: Change, told: Mapping[str, Any]) -> dict[str, Any] | None:
        if change.segment_id is None:
            return None
        row = self.segments.get(change.segment_id)
        said = told.get("segment") or {}
        name = row.name if row else said.get("name")
        segment = {"id": change.segment_id, "name": name, "description": row.description if row else None}
        return {"segment": segment, "priority": said.get("priority")}

    def _option(self, option_id: int) -> dict[str, Any]:
        row = self.options.get(option_id)
        return {"id": option_id, "value": row.value if row else None}


def _option_ids(changes: Iterable[Change]) -> Iterable[int]:
    for change in changes:
        for told in (change.before or {}, change.after or {}):
            for state in (told, *(told.get("states") or ())):
                yield from (weight["option"] for weight in state.get("weights") or ())
