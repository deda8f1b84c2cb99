"""From the claims of an issuer to a person."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from burgee.control.oidc.errors import SignInRefused
from burgee.control.oidc.providers import Provider
from burgee.control.sso.people import Person

LONGEST_NAME: Final = 150
LONGEST_EMAIL: Final = 254
LONGEST_SUBJECT: Final = 255
MOST_GROUPS: Final = 1000
LONGEST_GROUP: Final = 255

Claims = Mapping[str, Any]


def person_of(provider: Provider, claims: Claims) -> Person:
    """Whom the claims, which are proved, tell of; SignInRefused when that is not enough to let them in."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise SignInRefused(why="The issuer does not say who this is.")
    email = _text(claim_at(claims, provider.email_claim))
    try:
        EmailValidator()(email)
    except ValidationError as error:
        raise SignInRefused(why="The issuer does not tell your e-mail address.") from error
    if len(email) > LONGEST_EMAIL:
        raise SignInRefused(why="The issuer does not tell your e-mail address.")
    if provider.require_verified_email and not _is_true(claims.get("email_verified")):
        raise SignInRefused(why="The issuer has not verified your e-mail address.")
    return Person(
        email=email,
        subject=subject,
        first_name=_text(claim_at(claims, provider.first_name_claim))[:LONGEST_NAME],
        last_name=_text(claim_at(claims, provider.last_name_claim))[:LONGEST_NAME],
        groups=groups_in(claims, provider.groups_claim),
        has_second_factor="mfa" in _texts(claims.get("amr")),
    )


def groups_in(claims: Claims, name: str) -> tuple[str, ...] | None:
    """The groups that the claim lists: no claim, no groups. None when nothing is said of groups, or not all of them.

    Microsoft leaves the claim out for people in very many groups, and says where else to ask.
    """
    if not name:
        return None
    elsewhere = claims.get("_claim_names")
    if (isinstance(elsewhere, Mapping) and name in elsewhere) or _is_true(claims.get("hasgroups")):
        return None
    groups = dict.fromkeys(item for item in _texts(claim_at(claims, name)) if 0 < len(item) <= LONGEST_GROUP)
    return tuple(groups)[:MOST_GROUPS]


def wants_more(provider: Provider, claims: Claims) -> bool:
    """Whether the issuer should be asked for more than its token says."""
    names = [provider.email_claim, provider.groups_claim] + ["email_verified"] * provider.require_verified_email
    return any(name and claim_at(claims, name) is None for name in names)


def claim_at(claims: Claims, name: str) -> Any:
    """The claim `name`; dots lead into claims that hold claims, unless one has that very name."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _text(claim: Any) -> str:
    if not isinstance(claim, str):
        return ""
    return "".join(sign for sign in claim if sign.isprintable()).strip()


def _texts(claim: Any) -> list[str]:
    listed = claim if isinstance(claim, list) else [claim]
    return [item for item in listed if isinstance(item, str)]


def _is_true(claim: Any) -> bool:
    return claim is True or claim == "true"
