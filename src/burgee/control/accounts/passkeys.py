"""Passkeys: keys that an authenticator makes and keeps, recognised by what they sign.

A passkey that verified its owner, by a finger or a PIN, is proof enough to sign in; beside a password any passkey is.
"""

import struct
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from django.db import transaction

from burgee.control.accounts import relying_party
from burgee.control.accounts.errors import PasskeyNotMade, PasskeyRefused, PasskeyThere, TooManyPasskeys
from burgee.control.accounts.letters import post_change
from burgee.control.accounts.models import Passkey, PasskeyChallenge, User
from burgee.control.accounts.records import tell
from burgee.control.events.catalog import EventType
from burgee.control.kit import clock
from burgee.control.kit.actor import Actor
from burgee.control.kit.constraints import on_violation
from burgee.control.kit.digests import sha256_hex
from burgee.control.mail.texts import LetterKind

if TYPE_CHECKING:
    from fido2.webauthn import AuthenticatorData, CollectedClientData, PublicKeyCredentialDescriptor

MOST: Final = 20
CHALLENGE_SECONDS: Final = 300
LONGEST_NAME: Final = 100
REQUIRED: Final = "required"
PREFERRED: Final = "preferred"

UNREADABLE: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, NotImplementedError, RecursionError,
    struct.error, UnsupportedAlgorithm,
)  # fmt: skip
"""How the library meets what no authenticator sends."""


def has_any(user: User) -> bool:
    return Passkey.objects.filter(user=user).exists()


def creation_options(user: User, *, bound_to: str) -> dict[str, Any]:
    """What a browser needs to make a passkey of `user`: the argument of ``navigator.credentials.create``."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    _refuse_too_many(user)
    name = f"{user.first_name} {user.last_name}".strip()
    options, state = relying_party.server().register_begin(
        PublicKeyCredentialUserEntity(id=user.uuid.bytes, name=user.email, display_name=name or user.email),
        credentials=_descriptors(user),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _ask(state["challenge"], bound_to)
    return dict(options)


def add(user: User, made: Mapping[str, Any], *, name: str, bound_to: str, actor: Actor) -> Passkey:
    """Keep the passkey that a browser made."""
    from fido2.webauthn import RegistrationResponse

    try:
        response = RegistrationResponse.from_dict(made)
        told = response.response
        state = _state(told.client_data, bound_to, PREFERRED)
        facts = relying_party.server().register_complete(state, response)
        _refuse_unusable(told.client_data, facts)
    except UNREADABLE as error:
        raise PasskeyNotMade(why="the browser's answer does not fit what was asked.") from error
    transports = made.get("response", {}).get("transports")
    return _keep(user, facts, name=name, transports=_transports(transports), actor=actor)


@transaction.atomic
def rename(passkey: Passkey, name: str, *, actor: Actor) -> Passkey:
    if passkey.name == name:
        return passkey
    passkey.name = name
    passkey.save(update_fields=["name"])
    tell(passkey.user, EventType.USER_CHANGED, actor=actor)
    return passkey


@transaction.atomic
def remove(passkey: Passkey, *, actor: Actor) -> None:
    passkey.delete()
    tell(passkey.user, EventType.SECOND_FACTOR_REMOVED, actor=actor, factor="passkey")
    post_change(LetterKind.PASSKEY_REMOVED, passkey.user, name=passkey.name)


@transaction.atomic
def remove_all(user: User, *, actor: Actor) -> int:
    """For somebody who lost every one; returns how many there were."""
    rows = list(Passkey.objects.filter(user=user).order_by("id"))
    Passkey.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if rows:
        tell(user, EventType.SECOND_FACTOR_REMOVED, actor=actor, factor="passkey")
        post_change(LetterKind.PASSKEY_REMOVED, user, name=", ".join(row.name for row in rows))
    return len(rows)


def request_options(*, bound_to: str, user: User | None = None) -> dict[str, Any]:
    """What a browser needs to ask for a passkey: the argument of ``navigator.credentials.get``.

    Without `user` the authenticator says whose it is, and must verify its owner.
    """
    from fido2.webauthn import UserVerificationRequirement

    options, state = relying_party.server().authenticate_begin(
        credentials=None if user is None else _descriptors(user),
        user_verification=UserVerificationRequirement(REQUIRED if user is None else PREFERRED),
    )
    _ask(state["challenge"], bound_to)
    return dict(options)


def recognise(signed: Mapping[str, Any], *, bound_to: str, user: User | None = None) -> Passkey:
    """The passkey that signed what `bound_to` was asked; only one of `user` counts when they are known already."""
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    try:
        response = AuthenticationResponse.from_dict(signed)
        told = response.response
        state = _state(told.client_data, bound_to, REQUIRED if user is None else PREFERRED)
        passkey = _named(response.raw_id)
        _refuse_foreign(passkey, told.user_handle, user)
        known = AttestedCredentialData(bytes.fromhex(passkey.credential))
        relying_party.server().authenticate_complete(state, [known], response)
    except UNREADABLE as error:
        raise PasskeyRefused from error
    if told.client_data.cross_origin or not _is_newer(passkey, told.authenticator_data):
        raise PasskeyRefused
    return passkey


def named(signed: Mapping[str, Any]) -> Passkey | None:
    """The passkey that `signed` claims to come from; nothing is proved by it."""
    from fido2.utils import websafe_decode

    try:
        return _named(websafe_decode(signed["rawId"]))
    except (*UNREADABLE, PasskeyRefused):
        return None


def _named(credential_id: bytes) -> Passkey:
    found = Passkey.objects.select_related("user").filter(credential_key=sha256_hex(credential_id.hex())).first()
    if found is None:
        raise PasskeyRefused
    return found


def _refuse_foreign(passkey: Passkey, handle: bytes | None, user: User | None) -> None:
    # Who comes without a name is named by the authenticator alone, which therefore has to.
    is_named = handle == passkey.user.uuid.bytes
    is_theirs = is_named if user is None else passkey.user_id == user.pk and (handle is None or is_named)
    if not is_theirs or not passkey.user.is_active:
        raise PasskeyRefused


def _is_newer(passkey: Passkey, told: "AuthenticatorData") -> bool:
    """Whether the counter has grown; an authenticator that never counts stays at zero. The database decides a race."""
    rows = Passkey.objects.filter(pk=passkey.pk)
    counts = told.counter > 0 or passkey.sign_count > 0
    rows = rows.filter(sign_count__lt=told.counter) if counts else rows.filter(sign_count=0)
    now = clock.now()
    return bool(rows.update(sign_count=told.counter, last_used_at=now, is_synced=told.is_backed_up()))


def _ask(challenge: str, bound_to: str) -> None:
    now = clock.now()
    PasskeyChallenge.objects.filter(expires_at__lt=now).delete()
    expires_at = now + timedelta(seconds=CHALLENGE_SECONDS)
    PasskeyChallenge.objects.create(digest=sha256_hex(challenge), bound_to=bound_to, expires_at=expires_at)


def _state(told: "CollectedClientData", bound_to: str, verification: str) -> dict[str, Any]:
    """What the library needs to check an answer; the challenge is spent, whatever comes of it."""
    from fido2.utils import websafe_encode

    challenge = websafe_encode(told.challenge)
    asked = PasskeyChallenge.objects.filter(digest=sha256_hex(challenge), bound_to=bound_to)
    spent, _ = asked.filter(expires_at__gt=clock.now()).delete()
    if not spent:
        raise PasskeyRefused
    return {"challenge": challenge, "user_verification": verification}


def _refuse_unusable(told: "CollectedClientData", facts: "AuthenticatorData") -> None:
    from fido2.cose import CoseKey

    credential = facts.credential_data
    if told.cross_origin or credential is None:
        raise ValueError("no credential of this page")
    if credential.public_key.ALGORITHM not in CoseKey.supported_algorithms():
        raise ValueError("an algorithm that was not offered")


@transaction.atomic
def _keep(user: User, facts: "AuthenticatorData", *, name: str, transports: str, actor: Actor) -> Passkey:
    User.objects.select_for_update().get(pk=user.pk)
    _refuse_too_many(user)
    credential = facts.credential_data
    if credential is None:
        raise PasskeyNotMade(why="it has no key.")
    with on_violation(PasskeyThere()):
        row = Passkey.objects.create(
            user=user,
            credential_key=sha256_hex(credential.credential_id.hex()),
            credential=bytes(credential).hex(),
            sign_count=facts.counter,
            transports=transports,
            is_synced=facts.is_backed_up(),
            name=name,
        )
    tell(user, EventType.SECOND_FACTOR_ADDED, actor=actor, factor="passkey")
    post_change(LetterKind.PASSKEY_ADDED, user, name=name)
    return row


def _refuse_too_many(user: User) -> None:
    if Passkey.objects.filter(user=user).count() >= MOST:
        raise TooManyPasskeys(most=MOST)


def _descriptors(user: User) -> "list[PublicKeyCredentialDescriptor]":
    """The passkeys of `user` as browsers are told of them."""
    from fido2.webauthn import (
        AttestedCredentialData,
        AuthenticatorTransport,
        PublicKeyCredentialDescriptor,
        PublicKeyCredentialType,
    )

    return [
        PublicKeyCredentialDescriptor(
            type=PublicKeyCredentialType.PUBLIC_KEY,
            id=AttestedCredentialData(bytes.fromhex(row.credential)).credential_id,
            transports=[AuthenticatorTransport(way) for way in row.transports.split(",") if way] or None,
        )
        for row in Passkey.objects.filter(user=user).order_by("id")
    ]


def _transports(told: object) -> str:
    """The ways to reach the authenticator, as far as there is a word for them."""
    from fido2.webauthn import AuthenticatorTransport

    known = {str(way.value) for way in AuthenticatorTransport}
    words: Iterable[object] = told if isinstance(told, list) else ()
    return ",".join(sorted({str(word) for word in words} & known))
