"""Names of attributes of an identity provider, for those that are not the usual ones."""

from typing import Final

from django.db import transaction

from burgee.control.events.catalog import EventType
from burgee.control.kit.actor import Actor
from burgee.control.saml.configurations import tell
from burgee.control.saml.errors import TooManyMappings
from burgee.control.saml.models import SamlAttributeMapping, SamlConfiguration

MOST: Final = 50


@transaction.atomic
def add_mapping(
    configuration: SamlConfiguration, *, field: str, idp_attribute_name: str, actor: Actor
) -> SamlAttributeMapping:
    if configuration.mappings.count() >= MOST:
        raise TooManyMappings(limit=MOST)
    made = SamlAttributeMapping.objects.create(
        configuration=configuration, field=field, idp_attribute_name=idp_attribute_name
    )
    _tell(configuration, actor, before=None, after=_told(made))
    return made


@transaction.atomic
def change_mapping(mapping: SamlAttributeMapping, *, actor: Actor, **facts: str) -> SamlAttributeMapping:
    before = _told(mapping)
    for name, new in facts.items():
        setattr(mapping, name, new)
    if _told(mapping) == before:
        return mapping
    mapping.save(update_fields=list(facts))
    _tell(mapping.configuration, actor, before=before, after=_told(mapping))
    return mapping


@transaction.atomic
def remove_mapping(mapping: SamlAttributeMapping, *, actor: Actor) -> None:
    _tell(mapping.configuration, actor, before=_told(mapping), after=None)
    mapping.delete()


def _told(mapping: SamlAttributeMapping) -> dict[str, str]:
    return {"field": mapping.field, "idp_attribute_name": mapping.idp_attribute_name}


def _tell(
    configuration: SamlConfiguration, actor: Actor, *, before: dict[str, str] | None, after: dict[str, str] | None
) -> None:
    named = {"name": configuration.name}
    tell(
        configuration,
        EventType.SAML_CONFIGURATION_CHANGED,
        "updated",
        actor,
        before=named | {"mapping": before},
        after=named | {"mapping": after},
    )
