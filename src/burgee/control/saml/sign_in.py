"""A person comes from an identity provider: asked for, or on the provider's own account."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

import msgspec
from django.conf import settings
from django.db import transaction

from burgee.control.kit import clock
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import live_key
from burgee.control.saml.addresses import dashboard_url, entity_id, response_url
from burgee.control.saml.assertions import Expected, Told, read
from burgee.control.saml.envelope import opened
from burgee.control.saml.errors import ProviderUnknown, ResponseRefused
from burgee.control.saml.models import SamlConfiguration, SpentAssertion
from burgee.control.saml.persons import person
from burgee.control.saml.protocol import require_installed, verified
from burgee.control.saml.provider import Provider
from burgee.control.saml.requests import is_ours, sign_on_address
from burgee.control.sso.arrivals import Entry, arrive
from burgee.control.sso.doors import Door
from burgee.control.sso.handover import Met, collect, leave
from burgee.control.sso.people import Arrival, Method, Person, Source

log = logging.getLogger(__name__)

AUTH_TYPE: Final = "SAML"


def begin(configuration: SamlConfiguration) -> str:
    """Where to send the browser."""
    require_installed()
    return sign_on_address(configuration, _provider(configuration))


def receive(configuration: SamlConfiguration, posted: str, relay_state: str, browser: str = "") -> str:
    """Where to send the browser with the answer that it brought: to the dashboard, with a code worth one sign-in.

    With `browser`, a secret that it keeps, nobody else can use the code.
    """
    try:
        told = _believed(configuration, posted)
        met = Met(person=_person(configuration, told), source=source(configuration), arrival=Arrival())
        code = _leave_once(configuration, told, met, browser)
    except ResponseRefused as error:
        log.warning("a SAML response was refused", extra={"saml_configuration_id": configuration.pk, "why": str(error)})
        raise
    return dashboard_url(configuration, code=code, relay_state=relay_state)


def enter(code: str, *, browser: str = "", address: str, label: str | None) -> Entry:
    """Let in whom `code` was given for."""
    met = collect(code, Method.SAML, browser=browser)
    return arrive(met.person, met.source, arrival=met.arrival, address=address, label=label)


def source(configuration: SamlConfiguration) -> Source:
    """By its number: a name may be given again to another organisation."""
    return Source(
        method=Method.SAML,
        key=f"saml:{configuration.pk}",
        auth_type=AUTH_TYPE,
        organisation_id=configuration.organisation_id,
    )


def saml_doors(domain: str) -> Iterator[Door]:  # noqa: ARG001 - the same for every domain
    """One for all connections, so that nobody learns whose there are: people type the name of theirs."""
    if SamlConfiguration.objects.living().exclude(metadata_read_at=None).exists():
        yield Door(method=Method.SAML, key="saml", name="Single sign-on (SAML)")


def forget_spent() -> None:
    """Let go of assertions that nobody could use again anyway."""
    SpentAssertion.objects.filter(expires_at__lt=clock.now()).delete()


def _believed(configuration: SamlConfiguration, posted: str) -> Told:
    provider = _provider(configuration)
    response = verified(opened(posted), configuration, provider)
    expected = Expected(
        issuer=provider.entity_id,
        audience=entity_id(configuration),
        recipient=response_url(configuration),
        at=clock.now(),
        tolerance=timedelta(seconds=settings.SAML.accepted_time_diff),
    )
    told = read(response, expected)
    if told.in_response_to is None:
        if not configuration.allow_idp_initiated:
            raise ResponseRefused(why="nobody asked for it, and sign-in begun at the provider is not allowed here.")
    elif not is_ours(told.in_response_to, configuration):
        raise ResponseRefused(why="it answers no request of ours, or one of long ago (InResponseTo).")
    return told


def _person(configuration: SamlConfiguration, told: Told) -> Person:
    named: defaultdict[str, list[str]] = defaultdict(list)
    for mapping in configuration.mappings.order_by("id"):
        named[mapping.field].append(mapping.idp_attribute_name)
    return person(told, named, name_id_is_email=settings.SAML.use_name_id_as_email)


@transaction.atomic
def _leave_once(configuration: SamlConfiguration, told: Told, met: Met, browser: str) -> str:
    """An assertion and a request are good for one sign-in each; the database decides who was first."""
    with on_violation(ResponseRefused(why="it was used already.")):
        SpentAssertion.objects.create(
            assertion_key=live_key("saml assertion", configuration.pk, told.assertion_id), expires_at=told.spent_until
        )
    return leave(met, journey=told.in_response_to, browser=browser)


def _provider(configuration: SamlConfiguration) -> Provider:
    if configuration.provider is None:
        raise ProviderUnknown
    return msgspec.convert(configuration.provider, Provider)
