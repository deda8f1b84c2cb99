"""Connections to identity providers: made, changed, taken away, their keys replaced."""

from typing import Any, Final

import msgspec
from django.db import transaction

from burgee.control.events.catalog import EventType, ObjectType
from burgee.control.events.publish import Change, Scope, publish
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import folded, live_key
from burgee.control.kit.secrets import encrypt
from burgee.control.organisations.models import Organisation
from burgee.control.saml import keys, metadata_source
from burgee.control.saml.errors import KeyChanging, KeyNotChanging, NameReserved, NameTaken
from burgee.control.saml.models import SamlConfiguration
from burgee.control.saml.provider import read_metadata
from burgee.control.saml.sign_in import source
from burgee.control.sso.links import forget_source

RESERVED: Final = frozenset({"configuration", "attribute-mapping", "login"})
"""Parts of our own addresses, where names of configurations stand, too."""

TOLD: Final = (
    "name",
    "frontend_url",
    "idp_metadata_url",
    "allow_idp_initiated",
)


def configuration_named(name: str) -> SamlConfiguration | None:
    """The configuration with this name in any spelling, of an organisation that lives."""
    rows = SamlConfiguration.objects.living().select_related("organisation")
    return rows.filter(name_key=name_key(name)).first()


def name_key(name: str) -> str:
    return live_key("saml configuration", folded(name))


def create_configuration(organisation: Organisation, *, actor: Actor, **facts: Any) -> SamlConfiguration:
    """With a new key pair of its own. What takes long comes before the transaction."""
    pair = keys.new_pair(facts["name"])
    row = SamlConfiguration(
        organisation=organisation, certificate=pair.certificate, ciphertext=encrypt(pair.key), **facts
    )
    _read_provider(row, facts)
    with transaction.atomic():
        _save(row)
        tell(row, EventType.SAML_CONFIGURATION_CREATED, "created", actor, after=_told(row))
    return row


def change_configuration(row: SamlConfiguration, *, actor: Actor, **facts: Any) -> SamlConfiguration:
    before, unlike = _told(row), {name: new for name, new in facts.items() if getattr(row, name) != new}
    if not unlike:
        return row
    for name, new in unlike.items():
        setattr(row, name, new)
    _read_provider(row, unlike)
    with transaction.atomic():
        _save(row)
        tell(row, EventType.SAML_CONFIGURATION_CHANGED, "updated", actor, before=before, after=_told(row))
    return row


@transaction.atomic
def delete_configuration(row: SamlConfiguration, *, actor: Actor) -> None:
    """Nobody is known by it any more."""
    forget_source(source(row).key)
    tell(row, EventType.SAML_CONFIGURATION_DELETED, "deleted", actor, before=_told(row))
    row.delete()


def prepare_key(row: SamlConfiguration, *, actor: Actor) -> SamlConfiguration:
    """A next key: our metadata names both, so that the identity provider can learn it before it is used."""
    if row.next_certificate is not None:
        raise KeyChanging
    pair = keys.new_pair(row.name)
    new = {"next_certificate": pair.certificate, "next_ciphertext": encrypt(pair.key)}
    return _set_keys(row, "next key prepared", actor, **new)


def use_next_key(row: SamlConfiguration, *, actor: Actor) -> SamlConfiguration:
    """The next key takes the place of the one in use, which is gone."""
    _require_next(row)
    new = {"certificate": row.next_certificate, "ciphertext": row.next_ciphertext}
    return _set_keys(row, "key replaced", actor, **new, next_certificate=None, next_ciphertext=None)


def drop_next_key(row: SamlConfiguration, *, actor: Actor) -> SamlConfiguration:
    _require_next(row)
    return _set_keys(row, "next key dropped", actor, next_certificate=None, next_ciphertext=None)


def tell(row: SamlConfiguration, event_type: EventType, action: str, actor: Actor, **values: Any) -> None:
    change = Change(object=ObjectType.SAML_CONFIGURATION, action=action, id=row.pk, **values)
    publish(event_type, scope=Scope(organisation_id=row.organisation_id), changes=[change], actor=actor)


def _require_next(row: SamlConfiguration) -> None:
    if row.next_certificate is None:
        raise KeyNotChanging


@transaction.atomic
def _set_keys(row: SamlConfiguration, what: str, actor: Actor, **columns: Any) -> SamlConfiguration:
    for name, new in columns.items():
        setattr(row, name, new)
    row.save(update_fields=list(columns))
    told = {"name": row.name}
    tell(row, EventType.SAML_CONFIGURATION_CHANGED, "updated", actor, before=told, after=told | {"keys": what})
    return row


def _read_provider(row: SamlConfiguration, new: dict[str, Any]) -> None:
    """What the metadata says, from its address before from its text."""
    if new.get("idp_metadata_url"):
        row.idp_metadata_xml = metadata_source.fetched(new["idp_metadata_url"])
    elif "idp_metadata_xml" not in new:
        return
    row.metadata_problem = None
    row.metadata_read_at = clock.now() if row.idp_metadata_xml else None
    row.provider = msgspec.to_builtins(read_metadata(row.idp_metadata_xml)) if row.idp_metadata_xml else None


def _save(row: SamlConfiguration) -> None:
    if folded(row.name) in RESERVED:
        raise NameReserved
    row.name_key = name_key(row.name)
    with on_violation(NameTaken()):
        row.save()


def _told(row: SamlConfiguration) -> dict[str, Any]:
    provider = row.provider or {}
    return {name: getattr(row, name) for name in TOLD} | {"identity_provider": provider.get("entity_id")}
