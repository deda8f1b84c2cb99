"""Projects: made, changed, deleted."""

from typing import Any

from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.organisations.models import Organisation
from burgee.control.projects.errors import ProjectNameTaken
from burgee.control.projects.models import Project, project_key


@transaction.atomic
def create_project(organisation: Organisation, name: str, *, actor: Actor, **facts: Any) -> Project:
    with on_violation(ProjectNameTaken()):
        project = Project.objects.create(
            organisation=organisation, name=name, live_key=project_key(organisation.pk, name), **facts
        )
    _tell(project, EventType.PROJECT_CREATED, "created", actor, after={"name": name})
    return project


@transaction.atomic
def change_project(project: Project, *, actor: Actor, **facts: Any) -> Project:
    before = {name: getattr(project, name) for name, new in facts.items() if getattr(project, name) != new}
    if not before:
        return project
    for name in before:
        setattr(project, name, facts[name])
    project.live_key = project_key(project.organisation_id, project.name)
    with on_violation(ProjectNameTaken()):
        project.save(update_fields=[*before, "live_key"])
    after = {name: facts[name] for name in before}
    _tell(project, EventType.PROJECT_CHANGED, "updated", actor, before=before, after=after)
    return project


@transaction.atomic
def delete_project(project: Project, *, actor: Actor) -> None:
    """Everything below disappears with it, because only the living are ever asked for; its name is free again."""
    project.deleted_at = clock.now()
    project.live_key = None
    project.save(update_fields=["deleted_at", "live_key"])
    _tell(project, EventType.PROJECT_DELETED, "deleted", actor, before={"name": project.name})


def _tell(project: Project, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.PROJECT, action=action, id=project.pk, uuid=str(project.uuid), **values)
    scope = Scope(organisation_id=project.organisation_id, project_id=project.pk)
    publish(event_type, scope=scope, changes=[change], actor=actor)
