"""What a directory may look through: the people and the groups of one organisation, as resources of SCIM."""

import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from django.db.models import Model, QuerySet
from scim2_models import NotFoundException, Resource

from burgee.control.accounts.models import User, email_key
from burgee.control.kit.actor import Actor
from burgee.control.kit.digests import live_key
from burgee.control.organisations.groups import delete_group
from burgee.control.organisations.models import GroupMembership, Membership, Organisation, UserGroup
from burgee.control.scim.groups import add_group, change_to
from burgee.control.scim.models import ProvisionedUser
from burgee.control.scim.people import add_person, change_person, remove_person, visible
from burgee.control.scim.resources import (
    GroupResource,
    PersonResource,
    group_facts,
    person_facts,
    wanted_group,
    wanted_person,
)

M = TypeVar("M", bound=Model)


class Shelf(Protocol[M]):
    """The rows of one resource type. ``links`` says whether what a resource points to is looked up, too."""

    resource: type[Resource[Any]]

    def rows(self) -> QuerySet[M]:
        """All of them in a lasting order."""
        ...

    def narrowed(self, attribute: str, value: str) -> QuerySet[M] | None:
        """Those of which the attribute may equal `value`; None when no index knows."""
        ...

    def facts(self, rows: Sequence[M], *, links: bool) -> list[dict[str, Any]]: ...

    def add(self, resource: Any) -> M: ...

    def change(self, row: M, resource: Any) -> None: ...

    def remove(self, row: M) -> None: ...


class _OfOrganisation:
    def __init__(self, organisation: Organisation, actor: Actor) -> None:
        self.organisation = organisation
        self.actor = actor


class People(_OfOrganisation):
    resource: type[Resource[Any]] = PersonResource

    def rows(self) -> QuerySet[User]:
        return visible(self.organisation)

    def narrowed(self, attribute: str, value: str) -> QuerySet[User] | None:
        if attribute == "id":
            return with_id(self.rows(), value)
        if attribute == "username":
            return self.rows().filter(email_key=email_key(value))
        if attribute == "externalid":
            key = live_key("provisioned", self.organisation.pk, value)
            return self.rows().filter(provisioned_users__external_key=key)
        return None

    def facts(self, rows: Sequence[User], *, links: bool) -> list[dict[str, Any]]:
        ids = [user.pk for user in rows]
        known = ProvisionedUser.objects.filter(organisation=self.organisation, user_id__in=ids)
        said = {row.user_id: row for row in known}
        members = Membership.objects.filter(organisation=self.organisation, user_id__in=ids)
        joined = dict(members.values_list("user_id", "date_joined"))
        groups: dict[int, list[tuple[uuid.UUID, str]]] = defaultdict(list)
        if links:
            inside = GroupMembership.objects.filter(group__organisation=self.organisation, user_id__in=ids)
            for row in inside.order_by("group_id").select_related("group"):
                groups[row.user_id].append((row.group.uuid, row.group.name))
        return [
            person_facts(user, said.get(user.pk), joined=joined.get(user.pk), groups=groups[user.pk] if links else None)
            for user in rows
        ]

    def add(self, resource: Any) -> User:
        return add_person(self.organisation, wanted_person(resource), actor=self.actor)

    def change(self, row: User, resource: Any) -> None:
        change_person(self.organisation, row, wanted_person(resource), actor=self.actor)

    def remove(self, row: User) -> None:
        remove_person(self.organisation, row, actor=self.actor)


class Groups(_OfOrganisation):
    resource: type[Resource[Any]] = GroupResource

    def rows(self) -> QuerySet[UserGroup]:
        return UserGroup.objects.filter(organisation=self.organisation).order_by("pk")

    def narrowed(self, attribute: str, value: str) -> QuerySet[UserGroup] | None:
        if attribute == "id":
            return with_id(self.rows(), value)
        if attribute == "externalid":
            return self.rows().filter(external_key=live_key("group", self.organisation.pk, value))
        if attribute == "displayname":
            # Engines disagree about case beyond ASCII.
            names = self.rows().values_list("pk", "name")
            return self.rows().filter(pk__in=[pk for pk, name in names if _plain(name) == _plain(value)])
        return None

    def facts(self, rows: Sequence[UserGroup], *, links: bool) -> list[dict[str, Any]]:
        if not links:
            return [group_facts(group, None) for group in rows]
        people = defaultdict(list)
        inside = GroupMembership.objects.filter(group_id__in=[group.pk for group in rows])
        for group_id, person in inside.order_by("user_id").values_list("group_id", "user__uuid"):
            people[group_id].append(person)
        return [group_facts(group, people[group.pk]) for group in rows]

    def add(self, resource: Any) -> UserGroup:
        return add_group(self.organisation, wanted_group(resource), actor=self.actor)

    def change(self, row: UserGroup, resource: Any) -> None:
        change_to(row, wanted_group(resource), actor=self.actor)

    def remove(self, row: UserGroup) -> None:
        delete_group(row, actor=self.actor)


def shown(shelf: Shelf[M], rows: Sequence[M], *, links: bool = True) -> list[Resource[Any]]:
    return [shelf.resource.model_validate(facts) for facts in shelf.facts(rows, links=links)]


def one(shelf: Shelf[M], resource_id: str) -> M:
    """The row with this id; NotFoundException when there is none here."""
    found = with_id(shelf.rows(), resource_id).first()
    if found is None:
        raise NotFoundException
    return found


def with_id(rows: QuerySet[M], text: str) -> QuerySet[M]:
    """An id has one spelling."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        return rows.none()
    return rows.filter(uuid=found) if str(found) == text else rows.none()


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()
