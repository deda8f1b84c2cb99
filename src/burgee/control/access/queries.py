"""`can` is the only question about permissions; every answer in the control plane comes from here."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from burgee.control.access.errors import SecondFactorNeeded
from burgee.control.access.permissions import FOR_EVERY_MEMBER, Permission
from burgee.control.access.rules import NOBODY, Place, Rights, asked_at
from burgee.control.access.standing import Principal, standing_of
from burgee.control.environments.models import Environment
from burgee.control.organisations.models import Organisation
from burgee.control.projects.models import Project

Subject = Organisation | Project | Environment | None
"""What a permission is asked for; None is the installation as a whole."""


def can(principal: Principal, permission: Permission, subject: Subject, tags: Collection[int] = ()) -> bool:
    """Whether `principal` may do it there. Denied by default; being a superuser grants nothing inside organisations.

    `tags` are those of the feature it is done to: grants that are limited to tags count only with one of them.
    """
    if subject is None:
        return permission == Permission.SIGNED_IN
    standing = _by_standing(principal, permission, subject)
    return _rights_for(principal, permission, subject).allows(permission, tags) if standing is None else standing


def can_for_some(principal: Principal, permission: Permission, subject: Subject) -> bool:
    """Like `can`, also when it is allowed for features with certain tags alone: then each must be asked about."""
    if subject is None:
        return permission == Permission.SIGNED_IN
    standing = _by_standing(principal, permission, subject)
    return _rights_for(principal, permission, subject).allows_some(permission) if standing is None else standing


def refuse_withheld(principal: Principal, subject: Subject) -> None:
    """Raise SecondFactorNeeded where a second factor is missing: to members it may be said that the place exists."""
    if subject is not None and place_of(subject).organisation_id in standing_of(principal).withheld:
        raise SecondFactorNeeded


def rights_at(principal: Principal, subject: Organisation | Project | Environment) -> Rights:
    """Everything that `principal` may do there."""
    return standing_of(principal).rights_at(place_of(subject))


def place_of(subject: Organisation | Project | Environment) -> Place:
    if isinstance(subject, Organisation):
        return Place(subject.pk)
    if isinstance(subject, Project):
        return Place(subject.organisation_id, subject.pk)
    return Place(subject.project.organisation_id, subject.project_id, subject.pk)


def visible_projects(principal: Principal) -> QuerySet[Project]:
    """The living projects that the caller may view."""
    standing = standing_of(principal)
    granted = {
        grant.place.project_id
        for grant in standing.grants
        if grant.is_admin or Permission.VIEW_PROJECT in grant.permissions
    }
    seen = Q(organisation_id__in=standing.administered) | Q(pk__in=granted - {None})
    return Project.objects.living().filter(seen)


def visible_environments(principal: Principal) -> QuerySet[Environment]:
    """The living environments that the caller may view."""
    standing = standing_of(principal)
    grants = [grant for grant in standing.grants if grant.is_admin or Permission.VIEW_ENVIRONMENT in grant.permissions]
    granted = {grant.place.environment_id for grant in grants} - {None}
    projects = {grant.place.project_id for grant in grants if grant.is_admin} - {None}
    seen = Q(project__organisation_id__in=standing.administered) | Q(pk__in=granted) | Q(project_id__in=projects)
    return Environment.objects.living().filter(seen)


def _by_standing(
    principal: Principal, permission: Permission, subject: Organisation | Project | Environment
) -> bool | None:
    """The answer that membership gives; None when it depends on grants."""
    place = place_of(subject)
    standing = standing_of(principal)
    if place.organisation_id in standing.administered:
        return True
    if permission in FOR_EVERY_MEMBER:
        return permission == Permission.SIGNED_IN or place.organisation_id in standing.roles
    if permission == Permission.ORGANISATION_ADMIN:
        return False
    is_reserved = isinstance(subject, Organisation) and subject.restrict_project_create_to_admin
    return False if permission == Permission.CREATE_PROJECT and is_reserved else None


def _rights_for(principal: Principal, permission: Permission, subject: Organisation | Project | Environment) -> Rights:
    place = asked_at(permission, place_of(subject))
    return NOBODY if place is None else standing_of(principal).rights_at(place)
