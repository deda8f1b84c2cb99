"""`can` is the only question about permissions; every answer in the control plane comes from here."""

from django.db.models import QuerySet

from burgee.control.access.permissions import Permission
from burgee.control.access.rules import role_allows
from burgee.control.accounts.models import User
from burgee.control.environments.models import Environment
from burgee.control.organisations.models import Membership, Organisation, Role
from burgee.control.projects.models import Project

Subject = Organisation | Project | Environment | None
"""What a permission is asked for; None is the installation as a whole."""


def can(user: User, permission: Permission, subject: Subject) -> bool:
    """Whether `user` may do it there. Denied by default; being a superuser grants nothing inside organisations."""
    if subject is None:
        return permission == Permission.SIGNED_IN
    return role_allows(role_in(user, organisation_id_of(subject)), permission)


def role_in(user: User, organisation_id: int) -> str | None:
    """The user's role in the organisation, or None for a stranger."""
    return (
        Membership.objects.filter(user_id=user.pk, organisation_id=organisation_id)
        .values_list("role", flat=True)
        .first()
    )


def organisation_id_of(subject: Organisation | Project | Environment) -> int:
    if isinstance(subject, Organisation):
        return subject.pk
    if isinstance(subject, Project):
        return subject.organisation_id
    return subject.project.organisation_id


def visible_projects(user: User) -> QuerySet[Project]:
    """The living projects that the user may view."""
    return Project.objects.living().filter(organisation_id__in=_administered(user))


def visible_environments(user: User) -> QuerySet[Environment]:
    """The living environments that the user may view."""
    return Environment.objects.living().filter(project__organisation_id__in=_administered(user))


def _administered(user: User) -> QuerySet[Membership, int]:
    return Membership.objects.filter(user_id=user.pk, role=Role.ADMIN).values_list("organisation_id", flat=True)
