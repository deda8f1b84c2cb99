"""The features of a project, and the one that the address of a request names."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from burgee.control.api.base import get_or_missing
from burgee.control.features.models import Feature
from burgee.control.projects.models import Project


def features_of(project: Project) -> QuerySet[Feature]:
    """The living features of a project, ready to be changed."""
    return Feature.objects.filter(project=project, deleted_at=None).select_related("project")


def addressed_feature(project: Project, feature_id: int) -> Feature:
    """The living feature with that id; a 404 when the project has none."""
    return get_or_missing(features_of(project), pk=feature_id)


def refuse_another(facts: Mapping[str, Any], feature_id: int) -> None:
    """Raise ValidationError when the body names another feature than the address."""
    named = facts.get("feature", feature_id)
    if named != feature_id:
        raise ValidationError({"feature": [f'Invalid pk "{named}" - object does not exist.']})
