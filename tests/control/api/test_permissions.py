"""Who gets in where: every route that the URL configuration knows, asked by every kind of caller."""

from typing import Any, NamedTuple

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from burgee.control.access.grants import Entry, grant
from burgee.control.access.roles import create_role, give_role
from burgee.control.kit.actor import SYSTEM
from burgee.control.organisations.api_keys import create_api_key
from tests.control.api.conftest import client_of, forget_throttles
from tests.control.api.permission_table import KEYS, TAGGED_KEYS, bare, endpoints, everything, needs, rights
from tests.control.api.route_table import ROUTES, Route
from tests.factories.accounts import a_user
from tests.factories.environments import an_environment
from tests.factories.features import a_tag
from tests.factories.organisations import a_member, an_organisation
from tests.factories.projects import a_project

NEEDS = needs()
CLOSED = [route for route in ROUTES if not route.is_public]
SCOPED = [route for route in CLOSED if route.is_scoped]
VIEWS = {"project:VIEW_PROJECT", "env:VIEW_ENVIRONMENT"}
SCOPE_TEXTS = {f"No {kind} matches the given query." for kind in ("Project", "Environment", "Organisation")}


class Caller(NamedTuple):
    client: APIClient
    has: set[str]
    tagged: set[str] = set()
    is_person: bool = True


class World:
    """An organisation with one project and one environment, and ways to meet it."""

    def __init__(self) -> None:
        self.organisation = an_organisation(name="Acme")
        self.project = a_project(self.organisation)
        self.environment = an_environment(self.project)
        self.places = {"org": self.organisation, "project": self.project, "env": self.environment}
        self.known = {
            "organisation_id": self.organisation.pk,
            "project_id": self.project.pk,
            "environment_key": self.environment.api_key,
            "environment_id": self.environment.pk,
        }

    def person(self, *keys: str, role: str = "USER", admin_of: str | None = None) -> APIClient:
        user = a_user()
        a_member(self.organisation, user, role)
        for level, place in self.places.items():
            entries = [Entry(key.partition(":")[2]) for key in sorted(keys) if key.startswith(f"{level}:")]
            if entries or admin_of == level:
                grant(user, place, entries=entries, is_admin=admin_of == level, actor=SYSTEM)
        return client_of(user)

    def key(self, *, is_admin: bool, bearer_of: dict[str, tuple[int, ...]] | None = None) -> APIClient:
        """A client with a key that has a role with these keys, each limited to tags."""
        key, text = create_api_key(self.organisation, name="ci", is_admin=is_admin, actor=SYSTEM)
        if bearer_of:
            give_role(self.role(bearer_of), key, actor=SYSTEM)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
        return client

    def role(self, keys: dict[str, tuple[int, ...]]) -> Any:
        role = create_role(self.organisation, "Role", actor=SYSTEM)
        for level, place in self.places.items():
            entries = [Entry(key.partition(":")[2], tags) for key, tags in keys.items() if key.startswith(f"{level}:")]
            grant(role, place, entries=entries, actor=SYSTEM)
        return role


def member(world: World) -> Caller:
    return Caller(world.person(), {"org:member"})


def viewer(world: World) -> Caller:
    return Caller(world.person(*VIEWS), {"org:member", "env:any"} | VIEWS)


def project_admin(world: World) -> Caller:
    return Caller(world.person(admin_of="project"), {"org:member"} | everything("project", "env"))


def environment_admin(world: World) -> Caller:
    has = {"org:member", "project:VIEW_PROJECT"} | everything("env")
    return Caller(world.person("project:VIEW_PROJECT", admin_of="env"), has)


def organisation_admin(world: World) -> Caller:
    return Caller(world.person(role="ADMIN"), {"org:member"} | everything("org", "project", "env"))


def admin_key(world: World) -> Caller:
    has = {"org:member"} | everything("org", "project", "env")
    return Caller(world.key(is_admin=True), has, is_person=False)


def plain_key(world: World) -> Caller:
    # A key is told that it has no permissions of its own to ask for, whatever it may do.
    return Caller(world.key(is_admin=False), {"org:member", "env:any"}, is_person=False)


def key_with_role(world: World) -> Caller:
    has = {"project:CREATE_FEATURE", *VIEWS}
    client = world.key(is_admin=False, bearer_of=dict.fromkeys(has, ()))
    return Caller(client, has | {"org:member", "env:any"}, is_person=False)


def tag_limited(world: World) -> Caller:
    tag = a_tag(world.project)
    user = a_user()
    a_member(world.organisation, user)
    limits = dict.fromkeys(VIEWS, ()) | dict.fromkeys(TAGGED_KEYS, (tag.pk,))
    give_role(world.role(limits), user, actor=SYSTEM)
    return Caller(client_of(user), {"org:member", "env:any"} | VIEWS, tagged=set(TAGGED_KEYS))


CALLERS = (
    member,
    viewer,
    project_admin,
    environment_admin,
    organisation_admin,
    admin_key,
    plain_key,
    key_with_role,
    tag_limited,
)


def is_admitted(caller: Caller, route: Route) -> bool:
    """What the table says."""
    need = NEEDS[route.method, route.template]
    if need.only_people and not caller.is_person:
        return False
    return need.what == "signed-in" or need.what in caller.has or (need.is_tagged and need.what in caller.tagged)


def ask(client: APIClient, route: Route, known: dict[str, object]) -> Any:
    """The answer; whatever it changed is undone."""
    forget_throttles()
    with transaction.atomic():
        answer = client.generic(route.method.upper(), route.path(**known), b"{}", content_type="application/json")
        transaction.set_rollback(True)
    return answer


def was_refused(answer: Any) -> bool:
    if answer.status_code == 404 and answer.headers["Content-Type"] == "application/json":
        return answer.json().get("detail") in SCOPE_TEXTS
    return answer.status_code in {401, 403}


def disagreements(caller: Caller, known: dict[str, object], level: str = "") -> list[str]:
    """The routes, of those that need something on `level`, where the answer is not what the table says."""
    needed = {where: need for where, need in NEEDS.items() if need.what.startswith(level)}
    asked = [route for route in SCOPED if (route.method, route.template) in needed]
    return [
        str(route) for route in asked if was_refused(ask(caller.client, route, known)) == is_admitted(caller, route)
    ]


def test_the_table_names_every_route():
    served = {(route.method, route.template) for route in ROUTES}

    assert served - set(NEEDS) == set(), "add these to contract/permissions.tsv"
    assert set(NEEDS) - served == set(), "these are not served any more"


def test_the_table_says_which_routes_are_public():
    public = {(route.method, route.template) for route in ROUTES if route.is_public}

    assert {found for found in public if found in NEEDS} == {
        found for found, need in NEEDS.items() if need.what == "public"
    }


def test_the_table_agrees_with_what_clients_expect_or_says_why_not():
    served = {(method, bare(path)): need.what for (method, path), need in NEEDS.items()}
    expected = rights()

    assert (served.keys() & endpoints()) - expected.keys() == set(), "add these to contract/rights.tsv"
    wrong = [row for where, row in expected.items() if (row.short == served.get(where)) == bool(row.difference)]
    assert wrong == [], "say in contract/rights.tsv why they differ, or no more that they do"


@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: caller.__name__)
def test_everybody_gets_in_exactly_where_the_table_says(caller):
    world = World()

    assert disagreements(caller(world), world.known) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_single_permission_opens_exactly_what_needs_it(key):
    world = World()
    has = {"org:member", "env:any", key} | VIEWS

    assert disagreements(Caller(world.person(key, *VIEWS), has), world.known, key.partition(":")[0]) == []


def test_nobody_gets_in_without_a_token():
    world = World()
    closed = [str(route) for route in CLOSED if ask(APIClient(), route, world.known).status_code != 401]

    assert closed == []


@pytest.mark.parametrize("kind", ["person", "key"])
def test_what_is_of_another_organisation_looks_missing(kind):
    world, elsewhere = World(), World()
    client = elsewhere.person(role="ADMIN") if kind == "person" else elsewhere.key(is_admin=True)
    told_apart = []
    for route in SCOPED:
        foreign = ask(client, route, world.known)
        missing = ask(client, route, dict.fromkeys(world.known, 4242))
        if foreign.status_code not in {403, 404} or (foreign.status_code, foreign.content) != (
            missing.status_code,
            missing.content,
        ):
            told_apart.append(str(route))

    assert told_apart == []
