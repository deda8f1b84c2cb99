"""What begins and ends together with permissions."""

from collections.abc import Collection
from typing import Any

from django.db import transaction

from burgee.control.access.grants import make_creator_admin
from burgee.control.access.models import Grant, RoleAssignment
from burgee.control.kit.actor import Actor
from burgee.control.organisations.models import Organisation
from burgee.control.organisations.services import remove_members
from burgee.control.projects.models import Project
from burgee.control.projects.services import create_project


@transaction.atomic
def open_project(organisation: Organisation, name: str, *, actor: Actor, **facts: Any) -> Project:
    """A new project, which its creator administers."""
    project = create_project(organisation, name, actor=actor, **facts)
    make_creator_admin(project, actor)
    return project


@transaction.atomic
def expel_members(organisation: Organisation, user_ids: Collection[int], *, actor: Actor) -> None:
    """All of them or none; what was granted to them does not wait for their return."""
    remove_members(organisation, user_ids, actor=actor)
    Grant.objects.filter(organisation=organisation, user_id__in=user_ids).delete()
    RoleAssignment.objects.filter(role__organisation=organisation, user_id__in=user_ids).delete()
