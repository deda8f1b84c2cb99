from itertools import count

from burgee.control.access.models import CustomRole, Grant, RoleAssignment
from burgee.control.accounts.models import User
from burgee.control.environments.models import Environment
from burgee.control.projects.models import Project

_numbers = count(1)


def a_grant(user: User, place: Project | Environment, *permissions: str) -> Grant:
    """What a person may do in one place, by a role of its own."""
    environment = place if isinstance(place, Environment) else None
    project = place if isinstance(place, Project) else place.project
    name = f"role {next(_numbers)}"
    role = CustomRole.objects.create(organisation=project.organisation, name=name, live_key=name)
    RoleAssignment.objects.create(role=role, user=user, live_key=name)
    return Grant.objects.create(
        organisation=project.organisation,
        project=project,
        environment=environment,
        role=role,
        permissions=[{"key": key, "tags": []} for key in permissions],
        live_key=name,
    )
