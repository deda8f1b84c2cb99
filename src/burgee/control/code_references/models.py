"""Where the code of a project names its features, as far as its repositories were scanned."""

from django.db import models

from burgee.control.kit.digests import live_key
from burgee.control.projects.models import Project


class VcsProvider(models.TextChoices):
    GITHUB = "github"


class Repository(models.Model):
    """A repository as it was last scanned."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="repositories")
    lookup = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=2000)
    vcs_provider = models.CharField(max_length=20, choices=VcsProvider, default=VcsProvider.GITHUB)
    revision = models.CharField(max_length=100)
    scanned_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.url


class Sighting(models.Model):
    """A feature that a repository names or once named; ``count`` is how often it does in the last scan.

    By name, because code may name a feature before it exists.
    """

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="sightings")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sightings")
    feature_name = models.CharField(max_length=100)
    count = models.PositiveIntegerField(default=0)
    found_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["project", "feature_name"], name="sighting_feature")]


class Reference(models.Model):
    """A line of the last scan that names a feature."""

    repository = models.ForeignKey(Repository, on_delete=models.CASCADE, related_name="references")
    feature_name = models.CharField(max_length=100)
    file_path = models.TextField()
    line_number = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["repository", "feature_name"], name="reference_feature")]


def repository_key(project_id: int, url: str) -> str:
    """One row for each repository of a project."""
    return live_key("repository", project_id, url)
