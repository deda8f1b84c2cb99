"""Which parts a change makes out of date."""

import pytest

from burgee.control.events.catalog import ObjectType
from burgee.control.events.publish import Change
from burgee.control.publishing.affected import affected_by


def change(kind: ObjectType, action: str = "updated", **ids: int) -> Change:
    return Change(object=kind, action=action, **({"id": 5} | ids))


@pytest.mark.parametrize(
    ("changed", "environments", "project"),
    [
        (change(ObjectType.FEATURE), {}, {"flag/5"}),
        (change(ObjectType.OPTION, feature_id=7), {}, {"flag/7"}),
        (change(ObjectType.SEGMENT), {}, {"segment/5"}),
        (change(ObjectType.PROJECT), {}, {"settings"}),
        (change(ObjectType.FEATURE_STATE, environment_id=2, feature_id=7), {2: {"flag/7"}}, set()),
        (change(ObjectType.FEATURE_SEGMENT, environment_id=2, feature_id=7), {2: {"flag/7"}}, set()),
        (change(ObjectType.FLAG_VERSION, "published", environment_id=2, feature_id=7), {2: {"flag/7"}}, set()),
        (change(ObjectType.FLAG_VERSION, "updated", environment_id=2, feature_id=7), {}, set()),
        (
            change(ObjectType.FEATURE_STATE, environment_id=2, feature_id=7, identity_id=257),
            {2: {"overrides/1"}},
            set(),
        ),
        (change(ObjectType.IDENTITY, "deleted", environment_id=2, identity_id=256), {2: {"overrides/0"}}, set()),
        (change(ObjectType.IDENTITY, "created", environment_id=2, identity_id=256), {}, set()),
        (change(ObjectType.ENVIRONMENT), {5: {"settings"}}, set()),
        (change(ObjectType.SERVER_KEY, environment_id=2), {2: {"settings"}}, set()),
        (change(ObjectType.TAG), {}, set()),
    ],
)
def test_a_change_makes_these_parts_out_of_date(changed, environments, project):
    affected = affected_by([changed])
    assert (affected.environments, affected.project, affected.rebuilt) == (environments, project, set())


def test_an_environment_that_begins_or_ends_is_rebuilt():
    changes = [change(ObjectType.ENVIRONMENT, "created"), change(ObjectType.ENVIRONMENT, "deleted", id=6)]
    assert affected_by(changes).rebuilt == {5, 6}


def test_what_identity_overrides_hold_of_a_feature_is_looked_up():
    changes = [change(ObjectType.FEATURE, "deleted"), change(ObjectType.OPTION, feature_id=7)]
    assert affected_by(changes).overridden == {5, 7}


def test_the_end_of_a_project_or_an_organisation_ends_all_below():
    assert affected_by([change(ObjectType.PROJECT, "deleted")]).everything
    assert affected_by([change(ObjectType.ORGANISATION, "deleted")]).everything
    assert affected_by([change(ObjectType.ORGANISATION)]).organisation == {"settings"}
