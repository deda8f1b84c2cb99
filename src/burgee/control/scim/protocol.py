"""The protocol of SCIM: scim2-server answers directories, over the people and groups of one organisation each.

This module loads the libraries of SCIM, which are large: it is imported when a directory asks.
"""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    InvalidFilterException,
    InvalidPathException,
    InvalidValueException,
    Patch,
    PatchOp,
    Resource,
    ResourceType,
    SCIMException,
    ScimPolicy,
    ScimProvider,
    SearchRequest,
    ServiceProviderConfig,
    Sort,
)
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import DomainError
from burgee.control.scim import members
from burgee.control.scim.models import Provisioning
from burgee.control.scim.resources import GroupResource, PersonResource
from burgee.control.scim.storage import Storage
from burgee.control.scim.tokens import base_url

MOST_RESULTS: Final = 200
LONGEST_EXPRESSION: Final = 2000
MOST_OPERATIONS: Final = 1000
"""Directories ask for a name or an id, and change a few things at a time; more would hold up everybody else."""

READS: Final = frozenset({"GET", "HEAD"})

SCIM_TYPES: Final[Mapping[str, str]] = {
    "email_taken": "uniqueness",
    "external_id_taken": "uniqueness",
    "name_of_another": "mutability",
    "new_email_taken": "uniqueness",
    "person_elsewhere": "uniqueness",
    "person_external_id_taken": "uniqueness",
    "person_known": "uniqueness",
    "scim_value_too_long": "invalidValue",
    "unknown_group_members": "invalidValue",
    "user_name_unusable": "invalidValue",
}
"""What SCIM calls our errors, by their codes."""

STATUSES: Final = {"uniqueness": 409, "invalidValue": 400, "mutability": 400}


class Asked(Struct, frozen=True, kw_only=True):
    """A request below the address that the directory was given."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


class Service(ScimService):
    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        texts = payload.values() if isinstance(payload, dict) else ()
        if any(_is_too_long(text) for text in texts):
            raise InvalidFilterException(detail=f"A filter may have at most {LONGEST_EXPRESSION} characters.")
        return super().read_search(resource_types, payload)

    def read_patch(self, resource_type: ResourceType, body: bytes, content_type: str | None) -> "PatchOp[Any]":
        _refuse_large(self.decode_body(body, content_type))
        return super().read_patch(resource_type, body, content_type)

    def apply_patch(
        self, current: Resource[Any], patch_op: "PatchOp[Any]", conditions: Conditions
    ) -> Resource[Any] | None:
        if not isinstance(current, GroupResource):
            return super().apply_patch(current, patch_op, conditions)
        self.check_preconditions(current, "PATCH", conditions)
        return current if members.apply(current, patch_op) else None


SERVICE: Final = Service(
    ScimProvider(
        models=[PersonResource, GroupResource],
        config=ServiceProviderConfig(
            patch=Patch(supported=True),
            bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
            filter=Filter(supported=True, max_results=MOST_RESULTS),
            change_password=ChangePassword(supported=False),
            sort=Sort(supported=True),
            etag=ETag(supported=True),
            authentication_schemes=[
                AuthenticationScheme(
                    type=AuthenticationScheme.Type.oauthbearertoken,
                    name="Token of the organisation",
                    description="The token that an administrator made in the organisation's settings.",
                    primary=True,
                )
            ],
        ),
        # What Okta and Entra ID send beyond the letter of the standard.
        policy=ScimPolicy(
            unknown=ScimPolicy.Unknown.ignore,
            remove_value_as_filter=ScimPolicy.RemoveValue.apply,
            unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
        ),
    )
)


def answer(provisioning: Provisioning, asked: Asked, *, actor: Actor) -> ScimResponse:
    """What the directory of `provisioning` is told; its errors, too."""
    method = "GET" if asked.method == "HEAD" else asked.method
    request = ScimRequest(
        method=method,
        base_url=base_url(),
        path=asked.path,
        query=asked.query,
        headers=asked.headers,
        body=asked.body,
    )
    storage = Storage(provisioning, actor, writes=asked.method not in READS)
    try:
        return ScimHandler(SERVICE, storage).handle(request)
    except (SCIMException, DomainError, RecursionError) as error:
        return SERVICE.error_response(_named(error))


def _refuse_large(told: Any) -> None:
    """Before the paths are parsed and the operations applied, each of which looks through the whole resource."""
    lists = [value for value in told.values() if isinstance(value, list)] if isinstance(told, dict) else []
    if any(len(operations) > MOST_OPERATIONS for operations in lists):
        raise InvalidValueException(detail=f"A request may have at most {MOST_OPERATIONS} operations.")
    steps = [step for operations in lists for step in operations if isinstance(step, dict)]
    if any(_is_too_long(step[key]) for step in steps for key in step if key.casefold() == "path"):
        raise InvalidPathException(detail=f"A path may have at most {LONGEST_EXPRESSION} characters.")


def _is_too_long(text: object) -> bool:
    return isinstance(text, str) and len(text) > LONGEST_EXPRESSION


def _named(error: Exception) -> Exception:
    """`error` in the words of SCIM."""
    if isinstance(error, RecursionError):
        return InvalidPathException(detail="This is nested too deeply.")
    if not isinstance(error, DomainError):
        return error
    named = SCIMException(detail=str(error))
    named.scim_type = SCIM_TYPES.get(error.code, "")
    named.status = STATUSES.get(named.scim_type, error.status)
    return named
