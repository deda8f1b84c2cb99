"""The authorisation server: what is asked of it over HTTP, answered by oauthlib from our tables."""

import json
import logging
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import Struct
from oauthlib.oauth2 import AccessDeniedError, OAuth2Error, WebApplicationServer

from burgee.control.accounts.models import User
from burgee.control.kit.actor import Actor
from burgee.control.oauth.errors import Refused
from burgee.control.oauth.models import Application
from burgee.control.oauth.protocol import SCOPES, Answers
from burgee.control.oauth.tokens import ACCESS_LIFETIME

CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")
"""The SHA-256 of a verifier, in base64url."""

PLACE: Final = "https://burgee/"
"""The library reads parameters from a URL or a body; which URL it is makes no difference to it."""

Form = Iterable[tuple[str, str]]


class Answer(Struct, frozen=True):
    status: int
    body: Any
    headers: Mapping[str, str]


class Asked(Struct, frozen=True):
    """What a valid request for authorisation wants."""

    application: Application
    scopes: tuple[str, ...]
    redirect_uri: str

    def scopes_in_words(self) -> dict[str, str]:
        return {scope: SCOPES[scope] for scope in self.scopes}


# At its debug level the library writes tokens.
logging.getLogger("oauthlib").setLevel(logging.INFO)


def _random(_request: object) -> str:
    # Without a dot, by which bearers of other kinds are told apart.
    return secrets.token_urlsafe(32)


_server: Final = WebApplicationServer(
    Answers(), token_generator=_random, token_expires_in=int(ACCESS_LIFETIME.total_seconds())
)


def asked(parameters: Form) -> Asked:
    """What is wanted; Refused when it cannot be had. Nothing is redirected: the page that asks tells the person."""
    pairs = list(parameters)
    _require_challenge(dict(pairs))
    try:
        scopes, facts = _server.validate_authorization_request(f"{PLACE}?{urlencode(pairs)}")
    except OAuth2Error as error:
        raise _refused(error) from error
    return Asked(facts["request"].client, tuple(scopes), facts["redirect_uri"])


def consent(parameters: Form, user: User, *, actor: Actor) -> str:
    """`user` allows it: the address to send them to, with a code."""
    pairs = list(parameters)
    wanted = asked(pairs)
    facts = {"user": user, "actor": actor, "client": wanted.application}
    headers, _, _ = _server.create_authorization_response(
        f"{PLACE}?{urlencode(pairs)}", scopes=list(wanted.scopes), credentials=facts
    )
    location: str = headers["Location"]
    return location


def denial(parameters: Form) -> str:
    """The person does not allow it: the address to send them to, with the reason."""
    pairs = list(parameters)
    wanted = asked(pairs)
    error = AccessDeniedError(state=dict(pairs).get("state"))
    location: str = error.in_uri(wanted.redirect_uri)
    return location


def token_answer(form: Form, authorization: str) -> Answer:
    return _answered(_server.create_token_response, form, authorization)


def revocation_answer(form: Form, authorization: str) -> Answer:
    return _answered(_server.create_revocation_response, form, authorization)


def introspection_answer(form: Form, authorization: str) -> Answer:
    return _answered(_server.create_introspect_response, form, authorization)


def _answered(endpoint: Any, form: Form, authorization: str) -> Answer:
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": authorization}
    try:
        headers, body, status = endpoint(PLACE, "POST", urlencode(list(form)), sent)
    except OAuth2Error as error:
        headers, body, status = error.headers, error.json, error.status_code
    kept = {name: value for name, value in headers.items() if name != "Content-Type"}
    return Answer(status, json.loads(body) if body else None, kept)


def _require_challenge(parameters: Mapping[str, str]) -> None:
    if parameters.get("code_challenge_method") != "S256":
        raise Refused("invalid_request", "code_challenge_method must be S256.")
    if not CHALLENGE.fullmatch(parameters.get("code_challenge", "")):
        raise Refused("invalid_request", "code_challenge must be the base64url of a SHA-256.")


def _refused(error: OAuth2Error) -> Refused:
    return Refused(error.error or "invalid_request", error.description or "The request cannot be granted.")
