"""Finding environments."""

from burgee.control.environments.models import Environment, EnvironmentQuerySet
from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.prepared import Prepared
from burgee.control.projects.models import Project

_WITH_DIGEST = Prepared(lambda digest: _living().filter(key_digest=digest))
_WITH_ID = Prepared(lambda environment_id: _living().filter(pk=environment_id))


def environment_with_key(api_key: str) -> Environment | None:
    """The living environment with this client key, with its project and organisation."""
    found = _WITH_DIGEST.first(digest=sha256_hex(api_key))
    return found if found and found.api_key == api_key else None


def environment_with_id(environment_id: int) -> Environment | None:
    """The living environment with this id, with its project and organisation."""
    return _WITH_ID.first(environment_id=environment_id)


def environment_of(project: Project, environment_id: int) -> Environment | None:
    """The living environment of `project` with this id."""
    found = environment_with_id(environment_id)
    return found if found and found.project_id == project.pk else None


def _living() -> EnvironmentQuerySet:
    return Environment.objects.living().select_related("project__organisation")
