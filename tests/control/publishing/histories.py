"""Random histories: steps that anybody could take through the services, on whatever exists by then."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from burgee.control.environments.models import Environment
from burgee.control.environments.services import change_environment, create_server_key, delete_server_key
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.features.rows import NewFeature, NewOption, OptionChanges
from burgee.control.features.services import FeatureChanges, change_feature
from burgee.control.identities.models import Identity
from burgee.control.identities.services import create_identity, delete_identity
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.errors import DomainError
from burgee.control.organisations.services import change_organisation
from burgee.control.projects.services import change_project
from burgee.control.segments.models import Segment
from burgee.control.segments.rules import ConditionDraft, RuleDraft
from burgee.control.segments.services import NewSegment, SegmentChanges, change_segment, create_segment
from burgee.control.targeting import openings
from burgee.control.targeting.drafts import NewVersion, create_version, edit_draft, release
from burgee.control.targeting.edits import AddSegment, Everyone, ForIdentity, ForSegment, Remove, Reorder, Set
from burgee.control.targeting.models import FeatureSegment, FlagVersion
from burgee.control.targeting.services import apply
from tests.factories.projects import a_project

VALUES = (None, "", "text", "12", 7, True, False, "é")
Step = tuple[int, int, int, int]


class World:
    """A project and what became of it; `take` makes one step, which may be refused like anybody's."""

    def __init__(self) -> None:
        self.project = a_project()
        self.names = 0
        self.actions: tuple[Callable[[int, int, int], Any], ...] = (
            self.create_feature,
            self.toggle,
            self.set_value,
            self.override_segment,
            self.remove_override,
            self.reorder,
            self.add_place,
            self.override_identity,
            self.remove_identity_override,
            self.add_option,
            self.change_option,
            self.remove_option,
            self.weigh,
            self.create_segment,
            self.change_segment,
            self.delete_segment,
            self.create_environment,
            self.clone_environment,
            self.delete_environment,
            self.change_environment,
            self.change_feature,
            self.delete_feature,
            self.server_key,
            self.change_project,
            self.change_organisation,
            self.delete_identity,
            self.draft_version,
            self.edit_draft,
            self.publish_version,
        )

    def take(self, step: Step) -> None:
        which, a, b, c = step
        with suppress(DomainError, LookupError):
            self.actions[which % len(self.actions)](a, b, c)

    def name(self) -> str:
        self.names += 1
        return f"name_{self.names}"

    def environment(self, n: int) -> Environment:
        return self.pick(Environment.objects.living().filter(project=self.project).select_related("project"), n)

    def feature(self, n: int) -> Feature:
        return self.pick(Feature.objects.living().filter(project=self.project).select_related("project"), n)

    def segment(self, n: int) -> Segment:
        return self.pick(Segment.objects.living().filter(project=self.project).select_related("project"), n)

    def identity(self, n: int) -> tuple[Environment, Identity]:
        environment = self.environment(n)
        known = list(Identity.objects.in_environment(environment.pk).order_by("id"))
        if len(known) < 3:
            return environment, create_identity(environment, self.name(), actor=SYSTEM)
        return environment, known[n % len(known)]

    @staticmethod
    def pick(rows: Any, n: int) -> Any:
        found = list(rows.order_by("id"))
        if not found:
            raise LookupError
        return found[n % len(found)]

    def edit(self, a: int, b: int, *edits: Any) -> None:
        apply(self.environment(a), self.feature(b), edits, actor=SYSTEM)

    def create_feature(self, a: int, b: int, c: int) -> None:
        options = tuple(NewOption(value=VALUES[c % 8], default_percentage_allocation=20) for _ in range(b % 3))
        new = NewFeature(
            name=self.name(), initial_value=("1", None, "x")[a % 3], options=options, default_enabled=b % 2 == 0
        )
        openings.create_feature(self.project, new, actor=SYSTEM)

    def toggle(self, a: int, b: int, c: int) -> None:
        self.edit(a, b, Set(target=Everyone(), enabled=c % 2 == 0))

    def set_value(self, a: int, b: int, c: int) -> None:
        self.edit(a, b, Set(target=Everyone(), value=VALUES[c % len(VALUES)]))

    def override_segment(self, a: int, b: int, c: int) -> None:
        target = ForSegment(self.segment(c).pk, (None, 0, 1, 5)[c % 4])
        self.edit(a, b, Set(target=target, enabled=c % 2 == 0, value=VALUES[a % len(VALUES)]))

    def remove_override(self, a: int, b: int, c: int) -> None:
        self.edit(a, b, Remove(target=ForSegment(self.segment(c).pk)))

    def reorder(self, a: int, b: int, c: int) -> None:
        rows = FeatureSegment.objects.filter(feature=self.feature(b), environment=self.environment(a))
        self.edit(a, b, Reorder(priorities={self.pick(rows.filter(version__status="live"), c).pk: c % 3}))

    def add_place(self, a: int, b: int, c: int) -> None:
        self.edit(a, b, AddSegment(segment_id=self.segment(c).pk))

    def override_identity(self, a: int, b: int, c: int) -> None:
        environment, identity = self.identity(a)
        feature = self.feature(b)
        weights = {option.pk: 100.0 for option in feature.options.order_by("id")[:1]}
        edit = Set(target=ForIdentity(identity.pk), enabled=c % 2 == 0, value=VALUES[c % 8], weights=weights)
        apply(environment, feature, [edit], actor=SYSTEM)

    def remove_identity_override(self, a: int, b: int, c: int) -> None:
        environment, identity = self.identity(a)
        apply(environment, self.feature(b), [Remove(target=ForIdentity(identity.pk))], actor=SYSTEM)

    def option(self, a: int) -> MultivariateOption:
        return self.pick(MultivariateOption.objects.filter(feature__in=Feature.objects.living()), a)

    def add_option(self, a: int, b: int, c: int) -> None:
        openings.add_option(
            self.feature(a), NewOption(value=VALUES[b % 8], default_percentage_allocation=c % 30), actor=SYSTEM
        )

    def change_option(self, a: int, b: int, c: int) -> None:
        openings.change_option(self.option(a), OptionChanges(value=VALUES[b % 8], key=f"key-{c}"), actor=SYSTEM)

    def remove_option(self, a: int, b: int, c: int) -> None:
        openings.remove_option(self.option(a), actor=SYSTEM)

    def weigh(self, a: int, b: int, c: int) -> None:
        option = self.option(b)
        target = Everyone() if c % 2 else ForSegment(self.segment(c).pk)
        apply(self.environment(a), option.feature, [Set(target=target, weights={option.pk: c % 60})], actor=SYSTEM)

    def rules(self, a: int) -> tuple[RuleDraft, ...]:
        condition = ConditionDraft(operator="EQUAL", property="plan", value=str(a))
        return (RuleDraft(type="ALL", rules=(RuleDraft(type="ANY", conditions=(condition,)),)),)

    def create_segment(self, a: int, b: int, c: int) -> None:
        feature_id = self.feature(b).pk if c % 4 == 0 else None
        create_segment(
            self.project, NewSegment(name=self.name(), rules=self.rules(a), feature_id=feature_id), actor=SYSTEM
        )

    def change_segment(self, a: int, b: int, c: int) -> None:
        change_segment(self.segment(a), SegmentChanges(name=f"s{b}", rules=self.rules(c)), actor=SYSTEM)

    def delete_segment(self, a: int, b: int, c: int) -> None:
        openings.delete_segment(self.segment(a), actor=SYSTEM)

    def room(self) -> None:
        if Environment.objects.living().filter(project=self.project).count() > 2:
            raise LookupError

    def create_environment(self, a: int, b: int, c: int) -> None:
        self.room()
        openings.create_environment(self.project, self.name(), actor=SYSTEM)

    def clone_environment(self, a: int, b: int, c: int) -> None:
        self.room()
        openings.clone_environment(self.environment(a), self.name(), actor=SYSTEM)

    def delete_environment(self, a: int, b: int, c: int) -> None:
        if Environment.objects.living().filter(project=self.project).count() > 1:
            openings.delete_environment(self.environment(a), actor=SYSTEM)

    def change_environment(self, a: int, b: int, c: int) -> None:
        facts = (
            {"use_v2_feature_versioning": b % 2 == 0},
            {"hide_disabled_flags": (None, True, False)[b % 3]},
            {"hide_sensitive_data": b % 2 == 0},
            {"name": self.name()},
        )[c % 4]
        change_environment(self.environment(a), actor=SYSTEM, **facts)

    def change_feature(self, a: int, b: int, c: int) -> None:
        changes = FeatureChanges(description=f"d{b}", is_archived=c % 2 == 0, is_server_key_only=b % 2 == 0)
        change_feature(self.feature(a), changes, actor=SYSTEM)

    def delete_feature(self, a: int, b: int, c: int) -> None:
        openings.delete_feature(self.feature(a), actor=SYSTEM)

    def server_key(self, a: int, b: int, c: int) -> None:
        environment = self.environment(a)
        key = environment.server_keys.order_by("id").first()
        if key is not None and c % 2:
            delete_server_key(key, actor=SYSTEM)
        else:
            create_server_key(environment, "key", actor=SYSTEM)

    def change_project(self, a: int, b: int, c: int) -> None:
        self.project = change_project(self.project, actor=SYSTEM, hide_disabled_flags=a % 2 == 0)

    def change_organisation(self, a: int, b: int, c: int) -> None:
        change_organisation(self.project.organisation, actor=SYSTEM, stop_serving_flags=a % 2 == 0)

    def draft_version(self, a: int, b: int, c: int) -> None:
        edit = Set(target=Everyone(), value=VALUES[c % 8], enabled=c % 2 == 0)
        create_version(self.environment(a), self.feature(b), NewVersion(edits=[edit][: c % 2]), actor=SYSTEM)

    def edit_draft(self, a: int, b: int, c: int) -> None:
        versions = FlagVersion.objects.filter(status="draft", feature__in=Feature.objects.living())
        target = ForSegment(self.segment(b).pk, c % 2)
        edit_draft(self.pick(versions, a), [Set(target=target, value=VALUES[c % 8])], actor=SYSTEM)

    def publish_version(self, a: int, b: int, c: int) -> None:
        release(self.pick(FlagVersion.objects.filter(environment=self.environment(a)), b), None, actor=SYSTEM)

    def delete_identity(self, a: int, b: int, c: int) -> None:
        environment, identity = self.identity(a)
        delete_identity(environment, identity, actor=SYSTEM)
