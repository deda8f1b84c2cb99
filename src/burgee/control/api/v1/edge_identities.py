"""What Flagsmith answers from DynamoDB alone: refused, in the words of a Flagsmith that has none."""

from typing import ClassVar, NoReturn

from rest_framework.request import Request

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, EnvironmentFromUrl, ProjectFromUrl
from burgee.control.api.base.routing import path
from burgee.control.api.base.scopes import Scope
from burgee.control.api.base.views import METHODS
from burgee.control.kit.errors import DomainError

NEVER: dict[str, tuple[int, ...]] = dict.fromkeys(METHODS, ())


class DynamoNotEnabled(DomainError):
    code = "dynamo_not_enabled"
    message = "Dynamo DB is not enabled for this project"


class InDynamo(ApiView):
    """Clients ask only in projects with ``use_edge_identities``, which none has."""

    scope: ClassVar[Scope] = EnvironmentFromUrl()
    permission: ClassVar[Permission] = Permission.VIEW_ENVIRONMENT
    tags = ("edge-identities",)
    succeeds = NEVER

    def refuse(self, request: Request, **_: object) -> NoReturn:  # noqa: ARG002 - a handler
        raise DynamoNotEnabled


class EdgeIdentities(InDynamo):
    get = post = InDynamo.refuse


class EdgeIdentity(InDynamo):
    """One of them, and all that stands below it."""

    get = post = put = patch = delete = InDynamo.refuse


class EdgeIdentityOverrides(InDynamo):
    get = InDynamo.refuse


class EdgeIdentityFeatureStates(InDynamo):
    put = delete = InDynamo.refuse


class MigrationToEdge(InDynamo):
    scope = ProjectFromUrl()
    permission = Permission.PROJECT_ADMIN
    post = InDynamo.refuse


routes = [
    path("environments/<str:environment_key>/edge-identities/", EdgeIdentities),
    path("environments/<str:environment_key>/edge-identities/<path:rest>", EdgeIdentity),
    path("environments/<str:environment_key>/edge-identity-overrides", EdgeIdentityOverrides),
    path("environments/environments/<str:environment_key>/edge-identities-featurestates", EdgeIdentityFeatureStates),
    path("projects/<int:project_id>/migrate-to-edge/", MigrationToEdge),
]
