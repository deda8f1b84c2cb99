from itertools import count

from burgee.control.environments.models import Environment
from burgee.control.features.models import Feature, FeatureType, MultivariateOption, Tag, feature_key, option_key
from burgee.control.kit.values import FlagValue
from burgee.control.projects.models import Project
from burgee.control.targeting.flags import NewFlag, open_flags, opening_state
from tests.factories.projects import a_project

_numbers = count(1)


def a_feature(project: Project | None = None, *, variants: dict[FlagValue, float] | None = None, **fields) -> Feature:
    """A feature with a default state in each living environment; `variants` maps values to percentages."""
    project = project or a_project()
    name = fields.pop("name", None) or f"feature_{next(_numbers)}"
    if variants:
        fields.setdefault("type", FeatureType.MULTIVARIATE)
    feature = Feature.objects.create(project=project, name=name, live_key=feature_key(project.pk, name), **fields)
    options = [an_option(feature, value, percentage) for value, percentage in (variants or {}).items()]
    environments = Environment.objects.living().filter(project=project).order_by("id")
    default = opening_state(feature, options)
    open_flags([NewFlag(environment=place, feature=feature, default=default) for place in environments])
    return feature


def an_option(
    feature: Feature, value: FlagValue = "variant", percentage: float = 0, *, key: str | None = None
) -> MultivariateOption:
    """An option without weights: the states of the feature do not know it yet."""
    return MultivariateOption.objects.create(
        feature=feature,
        value=value,
        key=key,
        live_key=option_key(feature.pk, key) if key else None,
        default_percentage_allocation=percentage,
    )


def a_tag(project: Project, label: str = "tag", **fields) -> Tag:
    return Tag.objects.create(project=project, label=label, **fields)
