import pytest

from burgee.control.events.models import Event
from burgee.control.events.publish import changes_of
from burgee.control.identities import services
from burgee.control.identities.errors import IdentityTaken, TraitKeyTaken, TraitKeyUnknown, TraitNotFound
from burgee.control.identities.models import Identity, TraitKey
from burgee.control.identities.overrides import copy_overrides
from burgee.control.identities.queries import identities_in, trait_keys_of
from burgee.control.identities.services import (
    add_trait,
    change_trait,
    create_identity,
    delete_identity,
    delete_trait,
    delete_trait_key,
    rename_trait,
)
from burgee.control.identities.trait_numbers import numbers_of
from burgee.control.kit.actor import SYSTEM
from burgee.control.targeting.edits import ForIdentity, Set
from burgee.control.targeting.models import FeatureState
from burgee.control.targeting.services import apply
from tests.factories.environments import an_environment
from tests.factories.features import a_feature
from tests.factories.identities import an_identity
from tests.factories.projects import a_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_identifier_is_unique_in_its_environment_and_case_matters():
    environment = an_environment()
    create_identity(environment, "ada", actor=SYSTEM)

    with pytest.raises(IdentityTaken, match="Identity with identifier 'ada' already exists in this environment"):
        create_identity(environment, "ada", actor=SYSTEM)
    create_identity(environment, "Ada", actor=SYSTEM)
    create_identity(an_environment(), "ada", actor=SYSTEM)


def test_deleting_an_identity_takes_its_overrides_and_tells_no_name():
    project = a_project()
    environment = an_environment(project)
    features = [a_feature(project), a_feature(project)]
    person, other = an_identity(environment, "secret-name"), an_identity(environment)
    for feature in features:
        for identity in (person, other):
            apply(environment, feature, [Set(target=ForIdentity(identity.pk), enabled=True)], actor=SYSTEM)
    Event.objects.all().delete()

    delete_identity(environment, person, actor=SYSTEM)

    (event,) = Event.objects.all()
    changes = changes_of(event)
    assert [(change.object, change.action) for change in changes] == [
        ("feature_state", "deleted"),
        ("feature_state", "deleted"),
        ("identity", "deleted"),
    ]
    assert {change.identity_id for change in changes} == {person.pk}
    assert "secret-name" not in str(event.payload)
    assert set(FeatureState.objects.of_identities().values_list("identity_id", flat=True)) == {other.pk}
    assert not Identity.objects.filter(pk=person.pk).exists()


def test_a_trait_write_patches_the_row_as_it_is_now():
    environment = an_environment()
    stale = an_identity(environment, traits={"a": 1})
    Identity.objects.filter(pk=stale.pk).update(traits={"a": 1, "b": 2})

    add_trait(environment, stale, "c", 3.0, actor=SYSTEM)

    assert Identity.objects.get(pk=stale.pk).traits == {"a": 1, "b": 2, "c": 3.0}


def test_values_keep_their_type():
    environment = an_environment()
    person = an_identity(environment)
    for key, value in {"float": 1.0, "int": 2**53, "bool": True, "text": "1", "empty": ""}.items():
        add_trait(environment, person, key, value, actor=SYSTEM)

    stored = Identity.objects.get(pk=person.pk).traits

    assert {key: type(value).__name__ for key, value in stored.items()} == {
        "float": "float",
        "int": "int",
        "bool": "bool",
        "text": "str",
        "empty": "str",
    }


def test_an_event_about_traits_names_keys_and_never_values():
    environment = an_environment()
    person = an_identity(environment)

    add_trait(environment, person, "plan", "top-secret", actor=SYSTEM)

    (event,) = Event.objects.all()
    assert changes_of(event)[0].after == {"trait_keys": ["plan"]}
    assert "top-secret" not in str(event.payload)


def test_the_same_value_again_tells_nothing_but_another_type_does():
    environment = an_environment()
    person = an_identity(environment, traits={"n": 1})

    change_trait(environment, person, "n", 1, actor=SYSTEM)
    assert not Event.objects.exists()

    change_trait(environment, person, "n", True, actor=SYSTEM)
    assert Event.objects.count() == 1


def test_a_trait_is_added_once_changed_when_it_is_there_and_renamed_to_a_free_key():
    environment = an_environment()
    person = an_identity(environment, traits={"a": 1, "b": 2})

    with pytest.raises(TraitKeyTaken):
        add_trait(environment, person, "a", 2, actor=SYSTEM)
    with pytest.raises(TraitNotFound):
        change_trait(environment, person, "z", 2, actor=SYSTEM)
    with pytest.raises(TraitKeyTaken):
        rename_trait(environment, person, ("a", "b"), 1, actor=SYSTEM)
    with pytest.raises(TraitNotFound):
        delete_trait(environment, person, "z", actor=SYSTEM)
    rename_trait(environment, person, ("a", "c"), 9, actor=SYSTEM)
    delete_trait(environment, person, "b", actor=SYSTEM)

    assert Identity.objects.get(pk=person.pk).traits == {"c": 9}


def test_a_key_has_one_number_in_its_environment():
    here, there = an_environment(), an_environment()

    first = numbers_of(here.pk, ["a", "b"])

    assert sorted(first.values()) == [1, 2]
    assert numbers_of(here.pk, ["b", "c"]) == {"b": first["b"], "c": 3}
    assert numbers_of(there.pk, ["c"]) == {"c": 1}


def test_a_key_is_taken_from_every_identity_in_small_steps(monkeypatch):
    monkeypatch.setattr(services, "BATCH", 3)
    environment, elsewhere = an_environment(), an_environment()
    numbers_of(environment.pk, ["plan", 'od"d\n'])
    people = [an_identity(environment, traits={"plan": number, 'od"d\n': 1}) for number in range(8)]
    an_identity(environment, traits={"other": "plan"})
    spared = an_identity(elsewhere, traits={"plan": 1})

    assert delete_trait_key(environment, "plan", actor=SYSTEM) == 8
    assert delete_trait_key(environment, 'od"d\n', actor=SYSTEM) == 8

    assert all(Identity.objects.get(pk=person.pk).traits == {} for person in people)
    assert Identity.objects.get(pk=spared.pk).traits == {"plan": 1}
    assert [event.type for event in Event.objects.all()] == ["environment.trait_key_deleted"] * 2


def test_a_deleted_key_is_listed_again_with_its_old_number_when_somebody_has_it_again():
    environment = an_environment()
    person = an_identity(environment, traits={"plan": "pro"})
    number = numbers_of(environment.pk, ["plan"])["plan"]
    delete_trait_key(environment, "plan", actor=SYSTEM)
    assert trait_keys_of(environment) == []

    Identity.objects.filter(pk=person.pk).update(traits={"plan": "free"})
    assert trait_keys_of(environment) == ["plan"]

    assert numbers_of(environment.pk, ["plan"]) == {"plan": number}
    assert TraitKey.objects.count() == 1


def test_an_unknown_key_cannot_be_deleted():
    with pytest.raises(TraitKeyUnknown):
        delete_trait_key(an_environment(), "nothing", actor=SYSTEM)


def test_a_search_in_quotes_is_exact_and_any_other_finds_parts():
    environment = an_environment()
    for identifier in ("ada", "ADA-2", 'a"b', "bob"):
        an_identity(environment, identifier)

    def found(search: str) -> list[str]:
        return [row.identifier for row in identities_in(environment, search=search)]

    assert found('"ada"') == ["ada"]
    assert found("ada") == ["ada", "ADA-2"]
    assert found('"a"b"') == ['a"b']
    assert found('"') == ['a"b']
    assert found("") == ["ada", "ADA-2", 'a"b', "bob"]
    assert found('"ad"') == []


def test_copying_overrides_makes_them_equal():
    project = a_project()
    environment = an_environment(project)
    split = a_feature(project, variants={"a": 50, "b": 50})
    only_source, only_target = a_feature(project), a_feature(project)
    source, target = an_identity(environment), an_identity(environment)
    first, second = split.options.order_by("pk")
    on_source, on_target = ForIdentity(source.pk), ForIdentity(target.pk)
    apply(environment, split, [Set(target=on_source, value="x", weights={first.pk: 100})], actor=SYSTEM)
    apply(environment, split, [Set(target=on_target, value="y", weights={second.pk: 100})], actor=SYSTEM)
    apply(environment, only_source, [Set(target=on_source, enabled=True, value=7)], actor=SYSTEM)
    apply(environment, only_target, [Set(target=on_target, enabled=True)], actor=SYSTEM)

    copy_overrides(environment, source, target, actor=SYSTEM)

    def overrides(identity: Identity) -> dict:
        return {
            state.feature_id: (
                state.enabled,
                state.value,
                dict(state.weights.values_list("option_id", "percentage_allocation")),
            )
            for state in FeatureState.objects.filter(identity_id=identity.pk)
        }

    assert overrides(target) == overrides(source)
    assert set(overrides(target)) == {split.pk, only_source.pk}
