"""Where the protocol of SCIM reads and writes: the people and the groups of one organisation."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final

from django.db import transaction
from scim2_models import (
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    SearchRequest,
    TooManyException,
)
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator
from scim2_server.storage import ScimStorage, SearchPage

from burgee.control.kit.actor import Actor
from burgee.control.scim.errors import TokenUnknown
from burgee.control.scim.models import Provisioning
from burgee.control.scim.resources import GROUP, PERSON
from burgee.control.scim.shelves import Groups, People, Shelf, one, shown

MOST_LOOKED_THROUGH: Final = 10_000
"""A filter that no index answers is tried on at most so many; directories ask by name or id."""


class Storage(ScimStorage):
    """``writes``: the request changes something."""

    def __init__(self, provisioning: Provisioning, actor: Actor, *, writes: bool) -> None:
        self._provisioning = provisioning
        self._writes = writes
        organisation = provisioning.organisation
        self._shelves: dict[str | None, Shelf[Any]] = {
            PERSON: People(organisation, actor),
            GROUP: Groups(organisation, actor),
        }

    def operation(self) -> AbstractContextManager[None]:
        """Reads hold up nobody; of two writes of a directory the second sees what the first did."""
        return self._alone() if self._writes else nullcontext()

    def get(
        self,
        resource_type: ResourceType,
        resource_id: str,
        *,
        response_parameters: ResponseParameters[Any] | None = None,
    ) -> Resource[Any]:
        shelf = self._shelves[resource_type.name]
        links = response_parameters is None or _keeps_links(response_parameters)
        return shown(shelf, [one(shelf, resource_id)], links=links)[0]

    def search(
        self,
        resource_types: list[ResourceType],
        search_request: SearchRequest[Any],
        *,
        position: Any = None,  # noqa: ARG002 - the library's signature; pages have numbers here
    ) -> SearchPage:
        start = search_request.start_index_0 or 0
        stop = start + (search_request.count or 0)
        shelves = [self._shelves[resource_type.name] for resource_type in resource_types]
        if len(shelves) == 1 and search_request.filter is None and search_request.sort_by is None:
            return _numbered(shelves[0], start, stop, links=_keeps_links(search_request))
        found = [resource for shelf in shelves for resource in _matching(shelf, search_request)]
        return SearchPage(len(found), search_request.sort(found)[start:stop])

    def create(self, resource_type: ResourceType, resource: Resource[Any]) -> Resource[Any]:
        shelf = self._shelves[resource_type.name]
        return shown(shelf, [shelf.add(resource)])[0]

    def update(
        self, resource_type: ResourceType, resource: Resource[Any], *, expected_version: str | None = None
    ) -> Resource[Any]:
        shelf = self._shelves[resource_type.name]
        row = one(shelf, str(resource.id))
        _refuse_stale(shelf, row, expected_version)
        shelf.change(row, resource)
        return shown(shelf, [one(shelf, str(resource.id))])[0]

    def delete(self, resource_type: ResourceType, resource_id: str, *, expected_version: str | None = None) -> None:
        shelf = self._shelves[resource_type.name]
        row = one(shelf, resource_id)
        _refuse_stale(shelf, row, expected_version)
        shelf.remove(row)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with transaction.atomic():
            known = {"pk": self._provisioning.pk, "digest": self._provisioning.digest}
            if Provisioning.objects.select_for_update().filter(**known).first() is None:
                raise TokenUnknown
            yield


def _refuse_stale(shelf: Shelf[Any], row: Any, expected_version: str | None) -> None:
    """Others than the directory change people and groups, too."""
    if expected_version not in {None, shelf.facts([row], links=True)[0]["meta"].version}:
        raise PreconditionFailedException


def _numbered(shelf: Shelf[Any], start: int, stop: int, *, links: bool) -> SearchPage:
    total = shelf.rows().count()
    rows = list(shelf.rows()[start : min(stop, total)]) if start < total else []
    return SearchPage(total, shown(shelf, rows, links=links))


def _matching(shelf: Shelf[Any], asked: SearchRequest[Any]) -> list[Resource[Any]]:
    equalities = _equalities(asked.filter.ast) if asked.filter is not None else ()
    narrowed = (shelf.narrowed(attribute, value) for attribute, value in equalities)
    rows = next((found for found in narrowed if found is not None), None)
    if rows is None:
        rows = shelf.rows()
        if rows.count() > MOST_LOOKED_THROUGH:
            raise TooManyException
    found = shown(shelf, list(rows))
    return [resource for resource in found if asked.filter is None or asked.filter.match(resource)]


def _equalities(node: Any) -> Iterator[tuple[str, str]]:
    """What must equal which text for the filter to match."""
    if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_:
        for term in node.terms:
            yield from _equalities(term)
    is_equality = isinstance(node, Comparison) and node.op == CompareOperator.eq and isinstance(node.value, str)
    if is_equality and node.attr_path.sub_attr is None:
        yield node.attr_path.attr.casefold(), node.value


def _keeps_links(asked: ResponseParameters[Any]) -> bool:
    """Whether the answer shows who is in a group, and in which groups somebody is."""
    kept = [_attribute(path) for path in asked.attributes or ()]
    left_out = {_attribute(path) for path in asked.excluded_attributes or ()}
    if kept:
        return bool({"members", "groups", "meta"} & set(kept))
    return not left_out & {"members", "groups"}


def _attribute(path: Any) -> str:
    return str(path).rpartition(":")[2].partition(".")[0].casefold()
