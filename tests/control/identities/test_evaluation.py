import pytest

from burgee.control.identities.evaluation import as_engine_identity, effective_states
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import Everyone, ForIdentity, ForSegment, Set
from burgee.control.targeting.openings import delete_feature
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project
from tests.factories.segments import a_segment

pytestmark = pytest.mark.django_db


def test_the_strongest_state_decides():
    project = a_project()
    environment = an_environment(project)
    plain, by_segment, by_identity = (a_feature(project, initial_value="default") for _ in range(3))
    weak, strong, foreign = a_segment(project), a_segment(project), a_segment(project, ("EQUAL", "plan", "free"))
    person, other = an_identity(environment, traits={"plan": "pro"}), an_identity(environment)
    for feature in (by_segment, by_identity):
        edits = [
            Set(target=ForSegment(foreign.pk), value="foreign"),
            Set(target=ForSegment(strong.pk), value="strong", enabled=True),
            Set(target=ForSegment(weak.pk), value="weak"),
        ]
        apply(environment, feature, edits, actor=SYSTEM)
    apply(environment, by_identity, [Set(target=ForIdentity(person.pk), value=5)], actor=SYSTEM)
    apply(environment, plain, [Set(target=ForIdentity(other.pk), value="others")], actor=SYSTEM)

    effective = effective_states(environment, person)

    assert [(row.feature, row.value, row.overridden_by, row.segment) for row in effective] == [
        (plain, "default", None, None),
        (by_segment, "strong", "SEGMENT", strong),
        (by_identity, 5, "IDENTITY", None),
    ]
    assert effective[1].state.enabled


def test_a_split_gives_everyone_one_of_its_values_and_keeps_it():
    project = a_project()
    environment = an_environment(project)
    a_feature(project, initial_value="control", variants={"a": 50, "b": 50})
    people = [an_identity(environment) for _ in range(30)]

    values = [effective_states(environment, person)[0].value for person in people]

    assert set(values) == {"a", "b"}
    assert values == [effective_states(environment, person)[0].value for person in people]


def test_deleted_features_and_states_of_other_environments_do_not_count():
    project = a_project()
    here, there = an_environment(project), an_environment(project)
    kept, gone = a_feature(project), a_feature(project)
    apply(there, kept, [Set(target=Everyone(), value="there")], actor=SYSTEM)
    delete_feature(gone, actor=SYSTEM)

    (row,) = effective_states(here, an_identity(here))

    assert (row.feature, row.value) == (kept, None)


def test_the_hashing_key_is_composite_or_the_id_or_the_imported_id():
    environment = an_environment()
    person = an_identity(environment, "ada")
    assert as_engine_identity(environment, person).key == f"{environment.api_key}_ada"

    environment.use_identity_composite_key_for_hashing = False
    assert as_engine_identity(environment, person).key == str(person.pk)

    person.legacy_hash_id = 99
    assert as_engine_identity(environment, person).key == "99"


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries):
    project = a_project()
    environment = an_environment(project)
    segment = a_segment(project)
    for number in range(20):
        feature = a_feature(project, variants={"a": 10} if number % 2 else None)
        apply(environment, feature, [Set(target=ForSegment(segment.pk), enabled=True)], actor=SYSTEM)
    person = an_identity(environment, traits={"plan": "pro"})

    with django_assert_max_num_queries(2):
        assert len(effective_states(environment, person)) == 20
