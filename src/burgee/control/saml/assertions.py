"""What a signed assertion must say before it is believed, asked exactly; and what it says about a person."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct

from burgee.control.saml.documents import Element, text_of
from burgee.control.saml.errors import ResponseRefused
from burgee.control.saml.names import ASSERTION, BEARER, TRANSIENT, tag

MULTIPLE_FACTORS: Final = frozenset(
    {
        "https://refeds.org/profile/mfa",
        "http://schemas.microsoft.com/claims/multipleauthn",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
        "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
    }
)


class Expected(Struct, frozen=True, kw_only=True):
    """Who must have issued it, for whom, to which address; ``tolerance``: how far clocks may be apart."""

    issuer: str
    audience: str
    recipient: str
    at: datetime
    tolerance: timedelta


class Told(Struct, frozen=True, kw_only=True):
    """What the assertion says. ``in_response_to`` is None when nobody asked for it."""

    assertion_id: str
    in_response_to: str | None
    spent_until: datetime
    name_id: str
    name_id_is_transient: bool
    attributes: tuple[tuple[str, str, tuple[str, ...]], ...]
    has_second_factor: bool


def read(response: Element, expected: Expected) -> Told:
    """What the one assertion of `response` says, when it is for us and for now."""
    assertion = response.find(tag(ASSERTION, "Assertion"))
    if response.get("Destination", expected.recipient) != expected.recipient:
        raise ResponseRefused(why="it was sent to another address (Destination).")
    if text_of(assertion.find(tag(ASSERTION, "Issuer"))) != expected.issuer:
        raise ResponseRefused(why="somebody else issued it (Issuer).")
    _require_audience(assertion, expected.audience)
    subject = assertion.find(tag(ASSERTION, "Subject"))
    confirmed = _confirmation(subject, response.get("InResponseTo"), expected)
    name_id = subject.find(tag(ASSERTION, "NameID"))
    return Told(
        assertion_id=assertion.get("ID"),
        in_response_to=confirmed.get("InResponseTo"),
        spent_until=_moment(confirmed.get("NotOnOrAfter")) + expected.tolerance,
        name_id=text_of(name_id),
        name_id_is_transient=name_id is not None and name_id.get("Format") == TRANSIENT,
        attributes=tuple(_attributes(assertion)),
        has_second_factor=bool(MULTIPLE_FACTORS & _contexts(assertion)),
    )


def _require_audience(assertion: Element, ours: str) -> None:
    """Every restriction must name us, and there must be one."""
    path = f"{tag(ASSERTION, 'Conditions')}/{tag(ASSERTION, 'AudienceRestriction')}"
    restrictions = assertion.findall(path)
    named = [{text_of(one) for one in each.findall(tag(ASSERTION, "Audience"))} for each in restrictions]
    if not named or any(ours not in each for each in named):
        raise ResponseRefused(why="it is meant for another service (Audience).")


def _confirmation(subject: Element | None, in_response_to: str | None, expected: Expected) -> Element:
    """The confirmation that whoever brings this may sign in: at our address, now, in answer to the same request."""
    if subject is None:
        raise ResponseRefused(why="it names nobody (Subject).")
    why = "it confirms nobody to us (SubjectConfirmation)."
    for confirmation in subject.findall(tag(ASSERTION, "SubjectConfirmation")):
        data = confirmation.find(tag(ASSERTION, "SubjectConfirmationData"))
        if confirmation.get("Method") != BEARER or data is None:
            continue
        if data.get("Recipient") != expected.recipient:
            why = "it is for another address (Recipient)."
        elif not _is_now(data, expected):
            why = "it has expired or is not valid yet; compare the clocks."
        elif data.get("InResponseTo") != in_response_to:
            why = "it answers another request (InResponseTo)."
        else:
            return data
    raise ResponseRefused(why=why)


def _is_now(data: Element, expected: Expected) -> bool:
    if data.get("NotOnOrAfter") is None or _moment(data.get("NotOnOrAfter")) + expected.tolerance <= expected.at:
        return False
    return data.get("NotBefore") is None or _moment(data.get("NotBefore")) - expected.tolerance <= expected.at


def _moment(written: str | None) -> datetime:
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError as error:
        raise ResponseRefused(why="a time in it cannot be read.") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _attributes(assertion: Element) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    """Name, friendly name and values."""
    path = f"{tag(ASSERTION, 'AttributeStatement')}/{tag(ASSERTION, 'Attribute')}"
    for attribute in assertion.findall(path):
        values = (text_of(value) for value in attribute.findall(tag(ASSERTION, "AttributeValue")))
        told = tuple(value for value in values if value)
        yield attribute.get("Name") or "", attribute.get("FriendlyName") or "", told


def _contexts(assertion: Element) -> set[str]:
    path = (
        f"{tag(ASSERTION, 'AuthnStatement')}/{tag(ASSERTION, 'AuthnContext')}/{tag(ASSERTION, 'AuthnContextClassRef')}"
    )
    return {text_of(context) for context in assertion.findall(path)}
