"""The one question about permissions, against a database."""

import pytest

from burgee.control.access.grants import Entry, change_grant, grant, withdraw
from burgee.control.access.inspection import inspect
from burgee.control.access.models import Grant
from burgee.control.access.permissions import Permission
from burgee.control.access.queries import can, rights_at, visible_environments, visible_projects
from burgee.control.access.roles import create_role, give_role
from burgee.control.access.services import expel_members, open_project
from burgee.control.accounts.models import User
from burgee.control.events.models import Event
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.organisations.groups import add_to_group, create_group
from burgee.control.organisations.services import add_member
from burgee.control.targeting.openings import clone_environment, create_environment
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.organisations import a_member, an_organisation
from tests.factories.projects import a_project

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Scene:
    def __init__(self) -> None:
        self.organisation = an_organisation()
        self.project = a_project(self.organisation)
        self.environment = an_environment(self.project)
        self.user = a_user()
        a_member(self.organisation, self.user)

    def again(self) -> User:
        """The user as the next request loads them."""
        return User.objects.get(pk=self.user.pk)

    def may(self, permission: Permission, subject: object) -> bool:
        return can(self.again(), permission, subject)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def events() -> list[str]:
    return [event.type for event in Event.objects.order_by("id")]


def test_a_member_may_nothing_until_something_is_granted(scene):
    assert not scene.may(Permission.VIEW_PROJECT, scene.project)

    grant(scene.user, scene.project, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)

    assert scene.may(Permission.VIEW_PROJECT, scene.project)
    assert list(visible_projects(scene.again())) == [scene.project]
    assert list(visible_environments(scene.again())) == []
    assert events() == ["grant.created"]


def test_a_project_administrator_sees_every_environment_of_the_project(scene):
    grant(scene.user, scene.project, is_admin=True, actor=SYSTEM)
    an_environment(a_project(scene.organisation))

    assert list(visible_environments(scene.again())) == [scene.environment]
    assert scene.may(Permission.ENVIRONMENT_ADMIN, scene.environment)


def test_groups_and_roles_pass_on_what_they_were_granted(scene):
    group = create_group(scene.organisation, "Developers", actor=SYSTEM)
    add_to_group(group, [scene.user.pk], actor=SYSTEM)
    grant(group, scene.project, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)
    role = create_role(scene.organisation, "Tagger", actor=SYSTEM)
    grant(role, scene.project, entries=[Entry("MANAGE_TAGS")], actor=SYSTEM)
    give_role(role, group, actor=SYSTEM)

    assert sorted(rights_at(scene.again(), scene.project).unlimited) == ["MANAGE_TAGS", "VIEW_PROJECT"]


def test_the_inspector_says_where_each_right_comes_from(scene):
    group = create_group(scene.organisation, "Developers", actor=SYSTEM)
    add_to_group(group, [scene.user.pk], actor=SYSTEM)
    for holder in (group, scene.user):
        grant(holder, scene.environment, entries=[Entry("VIEW_ENVIRONMENT")], actor=SYSTEM)
    role = create_role(scene.organisation, "Owner", actor=SYSTEM)
    grant(role, scene.project, is_admin=True, actor=SYSTEM)
    give_role(role, scene.user, actor=SYSTEM)

    found = inspect(scene.again(), scene.environment)

    assert (found.is_admin, found.admin_sources.is_direct) == (True, False)
    assert [origin.name for origin in found.admin_sources.roles] == ["Owner"]
    sources = found.permissions["VIEW_ENVIRONMENT"]
    assert (sources.is_direct, [origin.name for origin in sources.groups]) == (True, ["Developers"])


def test_grants_outside_the_own_organisations_are_worth_nothing(scene):
    foreign = a_project()
    grant(scene.user, foreign, is_admin=True, actor=SYSTEM)

    assert not scene.may(Permission.VIEW_PROJECT, foreign)
    assert list(visible_projects(scene.again())) == []


def test_who_was_removed_does_not_find_the_old_grants_on_return(scene):
    a_member(scene.organisation, a_user(), "ADMIN")
    grant(scene.user, scene.project, is_admin=True, actor=SYSTEM)

    expel_members(scene.organisation, [scene.user.pk], actor=SYSTEM)
    add_member(scene.organisation, scene.user, role="USER", actor=SYSTEM)

    assert not scene.may(Permission.VIEW_PROJECT, scene.project)


def test_who_makes_a_place_administers_it(scene):
    actor = Actor.user(scene.user.pk, scene.user.email)
    project = open_project(scene.organisation, "Mine", actor=actor)
    made = create_environment(scene.project, "Mine", actor=actor)
    cloned = clone_environment(scene.environment, "Copy", actor=actor)

    assert scene.may(Permission.PROJECT_ADMIN, project)
    assert scene.may(Permission.ENVIRONMENT_ADMIN, made)
    assert scene.may(Permission.ENVIRONMENT_ADMIN, cloned)
    assert not scene.may(Permission.VIEW_ENVIRONMENT, scene.environment)
    assert events() == ["project.created", "environment.created", "environment.cloned"]


def test_a_key_that_makes_a_project_is_granted_nothing(scene):
    open_project(scene.organisation, "By a key", actor=Actor.api_key(1, "ci"))

    assert not Grant.objects.exists()


def test_creating_projects_can_be_kept_to_administrators_whatever_was_granted(scene):
    grant(scene.user, scene.organisation, entries=[Entry("CREATE_PROJECT")], actor=SYSTEM)
    assert scene.may(Permission.CREATE_PROJECT, scene.organisation)

    scene.organisation.restrict_project_create_to_admin = True

    assert not scene.may(Permission.CREATE_PROJECT, scene.organisation)


def test_an_equal_change_of_a_grant_tells_nobody(scene):
    row = grant(scene.user, scene.project, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)

    change_grant(row, entries=[Entry("VIEW_PROJECT")], is_admin=False, actor=SYSTEM)
    change_grant(row, entries=[Entry("MANAGE_TAGS")], actor=SYSTEM)
    withdraw(row, actor=SYSTEM)

    assert events() == ["grant.created", "grant.changed", "grant.deleted"]
    assert not scene.may(Permission.MANAGE_TAGS, scene.project)


def test_any_number_of_questions_costs_two_queries(scene, django_assert_num_queries):
    grant(scene.user, scene.project, entries=[Entry("VIEW_PROJECT")], actor=SYSTEM)
    user = scene.again()

    with django_assert_num_queries(2):
        for permission in Permission:
            can(user, permission, scene.project)
            can(user, permission, scene.environment)
            can(user, permission, scene.organisation)
