"""Links from a feature to pages elsewhere: tickets, pull requests, documents. Nobody there is told of it."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import QuerySet
from msgspec import UNSET, Struct, UnsetType

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.features.errors import LinkTaken, TooManyLinks
from burgee.control.features.models import Feature, FeatureLink, LinkType, link_key
from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import NotFound

MOST_LINKS: Final = 50

# Below any host, as most have GitHub or GitLab on one of their own. GitLab's groups nest.
PATHS: Final = {
    LinkType.GITLAB_ISSUE: re.compile(r"(?:/[^/]+){2,}/-/issues/[0-9]+/?"),
    LinkType.GITLAB_MR: re.compile(r"(?:/[^/]+){2,}/-/merge_requests/[0-9]+(?:/.*)?"),
    LinkType.GITHUB_ISSUE: re.compile(r"(?:/[^/]+){2}/issues/[0-9]+/?"),
    LinkType.GITHUB_PR: re.compile(r"(?:/[^/]+){2}/pull/[0-9]+(?:/.*)?"),
}


class LinkFacts(Struct, frozen=True, kw_only=True):
    """What is left unset stays; the type of another URL is then told from that URL."""

    url: str | UnsetType = UNSET
    type: LinkType | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType | None = UNSET


def type_of(url: str) -> LinkType:
    """What the path of the URL says it is."""
    path = urlsplit(url).path
    return next((kind for kind, pattern in PATHS.items() if pattern.fullmatch(path)), LinkType.LINK)


def links_of(feature: Feature) -> QuerySet[FeatureLink]:
    """Oldest first."""
    return FeatureLink.objects.filter(feature=feature).order_by("pk")


@transaction.atomic
def add_link(feature: Feature, url: str, facts: LinkFacts, *, actor: Actor) -> FeatureLink:
    """One more link; no feature has one twice."""
    row = _locked(feature.pk)
    if row.links.count() >= MOST_LINKS:
        raise TooManyLinks(limit=MOST_LINKS)
    link = FeatureLink(feature=row)
    _take(link, url, facts)
    link.save()
    _tell(EventType.LINK_CREATED, "created", link, actor, after=_told(link))
    return link


@transaction.atomic
def change_link(link: FeatureLink, facts: LinkFacts, *, actor: Actor) -> FeatureLink:
    row = _current(link)
    before = _told(row)
    _take(row, row.url if isinstance(facts.url, UnsetType) else facts.url, facts)
    after = _told(row)
    if before != after:
        row.save()
        _tell(EventType.LINK_CHANGED, "updated", row, actor, before=before, after=after)
    return row


@transaction.atomic
def remove_link(link: FeatureLink, *, actor: Actor) -> None:
    row = _current(link)
    _tell(EventType.LINK_DELETED, "deleted", row, actor, before=_told(row))
    row.delete()


def _locked(feature_id: int) -> Feature:
    """Changes of the links of one feature wait for each other."""
    # MariaDB cannot lock one table of a join, so the project is read apart.
    row = Feature.objects.select_for_update().filter(pk=feature_id, deleted_at=None).first()
    if row is None:
        raise NotFound(what="Feature")
    return row


def _current(link: FeatureLink) -> FeatureLink:
    """The link as it is once nobody else changes links of its feature."""
    feature = _locked(link.feature_id)
    row = feature.links.filter(pk=link.pk).first()
    if row is None:
        raise NotFound(what="FeatureLink")
    row.feature = feature
    return row


def _take(link: FeatureLink, url: str, facts: LinkFacts) -> None:
    if url != link.url:
        link.url, link.live_key, link.type = url, link_key(link.feature_id, url), type_of(url)
        if FeatureLink.objects.filter(live_key=link.live_key).exists():
            raise LinkTaken
    if not isinstance(facts.type, UnsetType):
        link.type = facts.type
    if not isinstance(facts.metadata, UnsetType):
        link.metadata = facts.metadata


def _told(link: FeatureLink) -> dict[str, Any]:
    named = {"feature": {"id": link.feature_id, "name": link.feature.name}}
    return named | {"url": link.url, "type": link.type, "metadata": link.metadata}


def _tell(event: EventType, action: str, link: FeatureLink, actor: Actor, **told: dict[str, Any]) -> None:
    project = link.feature.project
    change = Change(
        object=ObjectType.LINK,
        action=action,
        id=link.pk,
        feature_id=link.feature_id,
        before=told.get("before"),
        after=told.get("after"),
    )
    scope = Scope(organisation_id=project.organisation_id, project_id=project.pk)
    publish(event, scope=scope, changes=[change], actor=actor)
