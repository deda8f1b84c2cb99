"""Importing features: what is new, what is overwritten, and that a bad file changes nothing."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from burgee.control.events.models import Event
from burgee.control.features.models import Feature, MultivariateOption
from burgee.control.jobs.models import Job
from burgee.control.jobs.services import MOST_ATTEMPTS, run_due
from burgee.control.kit import clock
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.portability import imports, writing
from burgee.control.portability.errors import FileNotText, FileTooLarge, ImportUnderWay
from burgee.control.portability.imports import ask_for_import
from burgee.control.portability.models import FeatureImport
from burgee.control.publishing.models import Head
from burgee.control.publishing.parts import build_all
from burgee.control.publishing.queries import snapshot
from burgee.control.publishing.services import repair
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.models import FeatureSegment, FeatureState, FlagVersion, VariantWeight
from burgee.control.targeting.openings import clone_environment, delete_environment
from burgee.control.targeting.services import apply
from burgee.control.worker.jobs import KINDS
from tests.control.portability.conftest import a_variant, an_item, do_all_jobs
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.organisations import a_member
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


def served(environment, name):
    """Enabled, value and shares of the default of a feature."""
    state = FeatureState.objects.live().defaults().get(environment=environment, feature__name=name)
    weights = VariantWeight.objects.filter(state=state).order_by("position")
    shares = [(weight.option.value, weight.percentage_allocation) for weight in weights.select_related("option")]
    return state.enabled, state.value, shares


def test_a_new_feature_begins_everywhere_with_its_definition_and_here_with_its_state(imported):
    here = an_environment()
    there = an_environment(here.project)

    row = imported(here, [an_item("Fresh", initial_value="7", default_enabled=True, value="now", enabled=False)])

    assert (row.status, row.outcome) == ("SUCCESS", {"created": 1, "overwritten": 0, "skipped": 0})
    assert served(here, "Fresh") == (False, "now", [])
    assert served(there, "Fresh") == (True, 7, [])
    assert Feature.objects.get().initial_value == "7"


def test_a_new_feature_brings_its_variants_with_their_shares_here_and_their_defaults_elsewhere(imported):
    here = an_environment()
    there = an_environment(here.project)
    variants = [
        a_variant("a", 10, default=60),
        a_variant(2, 20, default=30, kind="int"),
        a_variant(True, 0, kind="bool"),
    ]

    imported(here, [an_item(value="control", multivariate=variants)])

    assert Feature.objects.get().type == "MULTIVARIATE"
    assert served(here, "fresh") == (False, "control", [("a", 10), (2, 20), (True, 0)])
    assert served(there, "fresh") == (False, None, [("a", 60), (2, 30), (True, 0)])


@pytest.mark.database
@pytest.mark.parametrize(
    ("value", "kind", "stored"),
    [
        ("5", "int", 5),
        (5, "int", 5),
        ("true", "bool", True),
        (False, "bool", False),
        ("5", "unicode", "5"),
        (None, "int", None),
    ],
)
def test_values_are_taken_in_their_type(imported, value, kind, stored):
    here = an_environment()

    imported(here, [an_item(value=value, type=kind)])

    found = FeatureState.objects.get().value
    assert (found, type(found)) == (stored, type(stored))


@pytest.mark.database
def test_a_feature_that_is_there_is_skipped_whatever_the_case_of_its_name(imported):
    here = an_environment()
    a_feature(here.project, name="old", initial_value="mine")
    before = Event.objects.count()

    row = imported(here, [an_item("OLD", value="theirs", enabled=True)])

    assert row.outcome == {"created": 0, "overwritten": 0, "skipped": 1}
    assert served(here, "old") == (False, "mine", [])
    assert Event.objects.count() == before


@pytest.mark.database
def test_a_feature_that_is_there_is_overwritten_here_and_kept_elsewhere(imported):
    here = an_environment()
    there = an_environment(here.project)
    feature = a_feature(here.project, name="old", initial_value="mine", variants={"a": 30, "b": 40})
    segment, identity = a_segment(here.project), an_identity(here)
    edits = [
        Set(target=ForSegment(segment.pk), value="segment"),
        Set(target=ForIdentity(identity.pk), value="identity"),
    ]
    apply(here, feature, edits, actor=SYSTEM)
    apply(there, feature, edits[:1], actor=SYSTEM)
    kept = served(there, "old")

    item = an_item(
        "old", initial_value="no", value="theirs", enabled=True, multivariate=[a_variant("b", 90, default=1)]
    )
    row = imported(here, [item], "OVERWRITE_DESTRUCTIVE")

    assert row.outcome == {"created": 0, "overwritten": 1, "skipped": 0}
    assert served(here, "old") == (True, "theirs", [("a", 0), ("b", 90)])
    assert served(there, "old") == kept
    assert list(FeatureSegment.objects.values_list("environment_id", flat=True)) == [there.pk]
    assert not FeatureState.objects.of_identities().exists()
    feature.refresh_from_db()
    assert (feature.initial_value, feature.deleted_at) == ("mine", None)
    assert sorted(MultivariateOption.objects.values_list("default_percentage_allocation", flat=True)) == [30, 40]


def test_a_variant_that_the_feature_lacks_is_added_without_a_share_elsewhere(imported):
    here = an_environment()
    there = an_environment(here.project)
    a_feature(here.project, name="old", variants={1: 100})

    variants = [a_variant(True, 25, default=80, kind="bool"), a_variant(1, 75, default=20, kind="int")]
    imported(here, [an_item("old", multivariate=variants)], "OVERWRITE_DESTRUCTIVE")

    assert served(here, "old")[2] == [(1, 75), (True, 25)]
    assert served(there, "old")[2] == [(1, 100), (True, 0)]


@pytest.mark.database
def test_in_an_environment_with_versions_an_import_makes_and_publishes_one(imported):
    here = an_environment(use_v2_feature_versioning=True)
    a_feature(here.project, name="old")

    imported(here, [an_item("old", enabled=True)], "OVERWRITE_DESTRUCTIVE")

    assert list(FlagVersion.objects.order_by("number").values_list("status", flat=True)) == ["superseded", "live"]
    assert served(here, "old")[0] is True


@pytest.mark.database
def test_an_import_is_one_event_and_publishes_each_environment_once(imported):
    here = an_environment()
    there = an_environment(here.project)
    for name in ("one", "two", "three"):
        a_feature(here.project, name=name)
    for environment in (here, there):
        repair(environment.pk)
    user = a_user("ada@example.com")
    a_member(here.project.organisation, user, "ADMIN")

    items = [an_item(name, enabled=True) for name in ("one", "two", "four", "five")]
    imported(here, items, "OVERWRITE_DESTRUCTIVE", Actor.user(user.pk, user.email))

    event = Event.objects.get()
    assert (event.type, event.actor_label) == ("feature.imported", "ada@example.com")
    for environment in (here, there):
        assert Head.objects.get(pk=environment.pk).revision == 2
        published = snapshot(environment.pk)
        assert published is not None
        assert published.parts == build_all(environment.pk)


@pytest.mark.database
@pytest.mark.parametrize(
    ("content", "feature", "why"),
    [
        (b"{", None, "not JSON"),
        (b'{"a": 1}', None, "list of features"),
        ([3], None, "object"),
        ([an_item(), an_item("bad", enabled="yes")], "bad", "`bool`"),
        ([an_item(), an_item("bad", value="x", type="int")], "bad", "int"),
        ([an_item(), an_item("bad", value="x", type="bool")], "bad", "bool"),
        ([an_item(), an_item("bad", value=7)], "bad", "unicode"),
        ([an_item(), an_item("bad", type="float")], "bad", "float"),
        ([an_item(), an_item("bad", value=2**31, type="int")], "bad", ""),
        ([an_item(), an_item("bad", value="x" * 20_001)], "bad", "20000"),
        ([an_item(), an_item("")], "", "name"),
        ([an_item(), an_item("x" * 2001)], "x" * 2000, "name"),
        ([an_item(), an_item("a\x00b")], "a\x00b", "Null"),
        ([an_item(), an_item("FRESH")], "FRESH", "Another item"),
        ([an_item(), an_item("bad", multivariate=[a_variant("a", 60), a_variant("b", 60)])], "bad", ""),
        ([an_item(), an_item("bad", multivariate=[a_variant("a", 0, default=-1)])], "bad", ""),
        ([an_item(), {"name": "bad"}], "bad", "enabled"),
    ],
)
def test_a_bad_file_is_explained_and_changes_nothing(imported, content, feature, why):
    here = an_environment()

    row = imported(here, content, "OVERWRITE_DESTRUCTIVE")

    assert row.status == "FAILED"
    (problem,) = row.problems
    assert problem["feature"] == feature
    assert why in problem["why"]
    assert problem["item"] == (None if isinstance(content, bytes) else len(content))
    assert not Feature.objects.exists()
    assert not Event.objects.exists()


def test_every_problem_of_a_file_is_told_at_once(imported):
    here = an_environment()

    row = imported(here, [an_item("a", enabled=3), an_item("b"), an_item("c", value=1.5)])

    assert [(problem["item"], problem["feature"]) for problem in row.problems] == [(1, "a"), (3, "c")]


def test_the_rules_of_the_project_are_checked_before_anything_is_written(imported):
    here = an_environment()
    project = here.project
    project.feature_name_regex = "[a-z]+"
    project.max_features_allowed = 2
    project.save()
    a_feature(project, name="old", initial_value="mine")

    row = imported(here, [an_item("old", value="new"), an_item("good"), an_item("B4D")], "OVERWRITE_DESTRUCTIVE")

    assert [problem["feature"] for problem in row.problems] == [None, "B4D"]
    assert "limit of 2" in row.problems[0]["why"]
    assert served(here, "old") == (False, "mine", [])


@pytest.mark.database
def test_what_only_the_writing_finds_out_undoes_all_of_it(imported):
    here = an_environment()
    project = here.project
    project.enforce_feature_owners = True
    project.save()
    a_feature(project, name="old", initial_value="mine")

    row = imported(here, [an_item("old", value="new"), an_item("fresh")], "OVERWRITE_DESTRUCTIVE")

    assert (row.problems[0]["item"], row.problems[0]["feature"]) == (2, "fresh")
    assert "owner" in row.problems[0]["why"]
    assert served(here, "old") == (False, "mine", [])


@pytest.mark.database
def test_an_environment_has_one_import_at_a_time():
    here = an_environment()
    ask_for_import(here, b"[]", "SKIP", actor=SYSTEM)

    with pytest.raises(ImportUnderWay):
        ask_for_import(here, b"[]", "SKIP", actor=SYSTEM)
    ask_for_import(an_environment(here.project), b"[]", "SKIP", actor=SYSTEM)

    do_all_jobs()
    ask_for_import(here, b"[]", "SKIP", actor=SYSTEM)


@pytest.mark.database
@pytest.mark.parametrize(
    ("data", "error"), [(b" " * 1_000_001, FileTooLarge), (b"\xff", FileNotText), (b"[\x00]", FileNotText)]
)
def test_what_cannot_be_a_file_of_features_is_refused_at_once(data, error):
    with pytest.raises(error):
        ask_for_import(an_environment(), data, "SKIP", actor=SYSTEM)
    assert not FeatureImport.objects.exists()


def test_an_import_into_an_environment_that_was_deleted_says_so(imported):
    here = an_environment()
    row = ask_for_import(here, json.dumps([an_item()]).encode(), "SKIP", actor=SYSTEM)
    delete_environment(here, actor=SYSTEM)

    do_all_jobs()

    row.refresh_from_db()
    assert row.problems == [{"why": "The environment was deleted.", "item": None, "feature": None}]


def test_an_import_that_always_fails_is_given_up_and_lets_the_next_one_in(monkeypatch):
    here = an_environment()
    row = ask_for_import(here, json.dumps([an_item()]).encode(), "SKIP", actor=SYSTEM)
    monkeypatch.setattr(writing, "_known", None)
    for _ in range(MOST_ATTEMPTS):
        Job.objects.update(due_at=clock.now())
        run_due(KINDS, owner="test")

    row.refresh_from_db()
    assert (row.status, row.data) == ("FAILED", None)
    assert "Nothing was changed" in row.problems[0]["why"]
    ask_for_import(here, b"[]", "SKIP", actor=SYSTEM)


@pytest.mark.database
def test_old_imports_are_let_go(imported):
    here = an_environment()
    imported(here, [])
    assert imports.expire() == 0

    FeatureImport.objects.update(created_at=clock.now() - timedelta(days=15))

    assert imports.expire() == 1


def test_an_environment_that_is_still_being_made_takes_no_import():
    clone = clone_environment(an_environment(), "Clone", later=True, actor=SYSTEM)

    with pytest.raises(Exception, match="still being made"):
        ask_for_import(clone, b"[]", "SKIP", actor=SYSTEM)


@pytest.mark.database
def test_nobody_changes_variant_when_a_feature_is_overwritten(imported):
    here = an_environment()
    feature = a_feature(here.project, name="old", variants={"a": 50, "b": 50})
    apply(here, feature, [Set(target=Everyone(), value="v")], actor=SYSTEM)
    before = FeatureState.objects.get().bucketing_seed, list(VariantWeight.objects.values_list("option", "position"))

    imported(here, [an_item("old", multivariate=[a_variant("a", 50), a_variant("b", 50)])], "OVERWRITE_DESTRUCTIVE")

    after = FeatureState.objects.get().bucketing_seed, list(VariantWeight.objects.values_list("option", "position"))
    assert after == before


def test_each_further_feature_of_a_file_costs_few_queries(imported):
    here = an_environment()
    an_environment(here.project)

    def cost(*names):
        with CaptureQueriesContext(connection) as queries:
            imported(here, [an_item(name) for name in names])
        return len(queries)

    one, eleven = cost("first"), cost(*(f"feature {number}" for number in range(10)), "last")

    assert (eleven - one) / 10 <= 10
