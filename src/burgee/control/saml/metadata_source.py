"""Metadata that an identity provider publishes: fetched when its address is given, and again from time to time."""

import logging
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import msgspec
from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock, outbound
from burgee.control.kit.actor import SYSTEM, Actor
from burgee.control.kit.errors import DomainError
from burgee.control.saml.documents import LARGEST_METADATA
from burgee.control.saml.errors import MetadataSilent, SamlMissing
from burgee.control.saml.models import SamlConfiguration
from burgee.control.saml.provider import read_metadata

log = logging.getLogger(__name__)

FRESH: Final = timedelta(hours=12)
LONGEST_PROBLEM: Final = 500


def fetched(url: str) -> str:
    """The text at `url`; only https says who it comes from."""
    if urlsplit(url).scheme != "https":
        raise MetadataSilent(why="The address of the metadata must begin with https.")
    client = msgspec.structs.replace(outbound.client(), largest=LARGEST_METADATA + 1)
    try:
        reply = client.get(url, {"Accept": "application/samlmetadata+xml, application/xml, */*"})
    except outbound.OutboundError as error:
        raise MetadataSilent(why=f"The metadata cannot be fetched. {error}") from error
    if not reply.is_success:
        raise MetadataSilent(why=f"The address of the metadata answers {reply.status}.")
    return reply.body


def refresh_all() -> None:
    """Read again what was not read for a while; each connection on its own."""
    due = SamlConfiguration.objects.living().exclude(idp_metadata_url=None).order_by("id")
    for row in due.filter(metadata_read_at__lt=clock.now() - FRESH):
        refresh(row)


def read_again(row: SamlConfiguration, *, actor: Actor) -> None:
    """At once, because an administrator asks; what is wrong with it stands in the row."""
    if not row.idp_metadata_url:
        raise MetadataSilent(why="The metadata came as a file: there is no address to read it from again.")
    refresh(row, actor=actor)
    row.refresh_from_db()


def refresh(row: SamlConfiguration, *, actor: Actor = SYSTEM) -> None:
    """New certificates and addresses of the same provider; another provider only comes in by an administrator."""
    try:
        text = fetched(row.idp_metadata_url or "")
        found = msgspec.to_builtins(read_metadata(text))
        if row.provider is not None and found["entity_id"] != row.provider["entity_id"]:
            raise MetadataSilent(why="The metadata is of another identity provider by now (entityID).")
    except SamlMissing:
        return
    except DomainError as error:
        log.warning("SAML metadata cannot be read again", extra={"saml_configuration_id": row.pk, "why": str(error)})
        SamlConfiguration.objects.filter(pk=row.pk).update(metadata_problem=str(error)[:LONGEST_PROBLEM])
        return
    _keep(row, text, found, actor)


@transaction.atomic
def _keep(row: SamlConfiguration, text: str, found: dict[str, object], actor: Actor) -> None:
    """Unless an administrator gave another address meanwhile."""
    before = row.provider
    row.idp_metadata_xml, row.provider = text, found
    row.metadata_read_at, row.metadata_problem = clock.now(), None
    same = SamlConfiguration.objects.filter(pk=row.pk, idp_metadata_url=row.idp_metadata_url)
    kept = same.update(
        idp_metadata_xml=text, provider=found, metadata_read_at=row.metadata_read_at, metadata_problem=None
    )
    if not kept or before == found:
        return
    change = Change(
        object=ObjectType.SAML_CONFIGURATION,
        action="updated",
        id=row.pk,
        before={"name": row.name},
        after={"name": row.name, "metadata": "new certificates or addresses"},
    )
    scope = Scope(organisation_id=row.organisation_id)
    publish(EventType.SAML_CONFIGURATION_CHANGED, scope=scope, changes=[change], actor=actor)
