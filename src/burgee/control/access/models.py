"""What was granted: to people, to groups, and through roles to people, groups and keys."""

from django.conf import settings
from django.db import models

from burgee.control.environments.models import Environment
from burgee.control.kit.values import JsonTextField
from burgee.control.organisations.models import ApiKey, Organisation, UserGroup
from burgee.control.projects.models import Project


class CustomRole(models.Model):
    """A named set of grants. Its ``tags`` limit every permission that tags can limit and that names no tags itself."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    name = models.CharField(max_length=255)
    live_key = models.CharField(max_length=64, unique=True)
    description = models.TextField(null=True)
    tags = JsonTextField(default=list)

    def __str__(self) -> str:
        return self.name


class RoleAssignment(models.Model):
    """A role given to exactly one of a person, a group and a key; ``live_key`` keeps it from being given twice."""

    role = models.ForeignKey(CustomRole, on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles", null=True)
    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE, related_name="roles", null=True)
    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="roles", null=True)
    live_key = models.CharField(max_length=64, unique=True)


class Grant(models.Model):
    """What exactly one of a person, a group and a role may do in one place; one row for each pair of them.

    The place is the organisation, or in it one project or one environment. ``permissions`` is a list of
    ``{"key", "tags"}``; tags limit that key to features that carry one of them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="grants")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="grants", null=True)
    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="grants", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants", null=True)
    group = models.ForeignKey(UserGroup, on_delete=models.CASCADE, related_name="grants", null=True)
    role = models.ForeignKey(CustomRole, on_delete=models.CASCADE, related_name="grants", null=True)
    is_admin = models.BooleanField(default=False)
    permissions = JsonTextField(default=list)
    live_key = models.CharField(max_length=64, unique=True)
