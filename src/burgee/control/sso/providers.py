"""Asking GitHub and Google who somebody is. Only an address that they have verified counts."""

from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from burgee.control.kit import outbound
from burgee.control.sso.errors import ProviderFailed
from burgee.control.sso.people import Method, Person, Source

GITHUB: Final = "https://github.com"
UNVERIFIED: Final = "{provider} knows no verified e-mail address of this account."


BY_GITHUB: Final = Source(method=Method.GITHUB, key="github", auth_type="GITHUB")
BY_GOOGLE: Final = Source(method=Method.GOOGLE, key="google", auth_type="GOOGLE")


def github_person(code: str) -> Person:
    """Whoever allowed our application at GitHub, by the code that their browser brought back."""
    ours = settings.FEDERATION
    if not ours.github_client_id or not ours.github_client_secret:
        raise ProviderFailed(why="Signing in with GitHub is not set up on this server.")
    form = {"client_id": ours.github_client_id, "client_secret": ours.github_client_secret, "code": code}
    root = ours.github_url.rstrip("/")
    told = _asked("GitHub", "POST", f"{root}/login/oauth/access_token", body=urlencode(form).encode())
    token = _field(told, "access_token")
    if not token:
        raise ProviderFailed(why="GitHub did not accept the code.")
    api = "https://api.github.com" if root == GITHUB else f"{root}/api/v3"
    addresses = _asked("GitHub", "GET", f"{api}/user/emails", token=token)
    account = _asked("GitHub", "GET", f"{api}/user", token=token)
    first_name, _, last_name = _field(account, "name").partition(" ")
    number = account.get("id") if isinstance(account, dict) else None
    subject = str(number) if isinstance(number, int) else ""
    return _person("GitHub", subject, email=_primary(addresses), first_name=first_name, last_name=last_name)


def google_person(access_token: str) -> Person:
    """Whoever allowed our application at Google; a token that was given to another application is refused."""
    client_id = settings.FEDERATION.google_client_id
    if not client_id:
        raise ProviderFailed(why="Signing in with Google is not set up on this server.")
    query = urlencode({"access_token": access_token})
    if _field(_asked("Google", "GET", f"{settings.GOOGLE_TOKEN_INFO}?{query}"), "aud") != client_id:
        raise ProviderFailed(why="Google gave this token to another application.")
    told = _asked("Google", "GET", settings.GOOGLE_USER_INFO, token=access_token)
    is_verified = isinstance(told, dict) and told.get("email_verified") in (True, "true")
    email = _field(told, "email") if is_verified else ""
    names = {"first_name": _field(told, "given_name"), "last_name": _field(told, "family_name")}
    return _person("Google", _field(told, "sub"), email=email, **names)


def _primary(addresses: Any) -> str:
    """GitHub's main address of somebody; empty when it is not verified."""
    for entry in addresses if isinstance(addresses, list) else []:
        if isinstance(entry, dict) and entry.get("primary") is True and entry.get("verified") is True:
            return _field(entry, "email")
    return ""


def _person(provider: str, subject: str, *, email: str, first_name: str, last_name: str) -> Person:
    try:
        EmailValidator()(email)
    except ValidationError as error:
        raise ProviderFailed(why=UNVERIFIED.format(provider=provider)) from error
    if not subject:
        raise ProviderFailed(why=f"{provider} did not say which account this is.")
    return Person(email=email, subject=subject, first_name=first_name, last_name=last_name)


def _field(told: Any, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return "".join(sign for sign in value if sign.isprintable()) if isinstance(value, str) else ""


def _asked(provider: str, method: str, url: str, *, body: bytes = b"", token: str = "") -> Any:
    headers = {"Accept": "application/json", "User-Agent": "Burgee"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    client = outbound.client()
    try:
        if method == "POST":
            reply = client.post(url, body, headers | {"Content-Type": "application/x-www-form-urlencoded"})
        else:
            reply = client.get(url, headers)
        told = msgspec.json.decode(reply.body) if reply.is_success else None
    except (outbound.OutboundError, ValueError, RecursionError) as error:
        raise ProviderFailed(why=f"{provider} gave no answer that could be read.") from error
    if told is None:
        raise ProviderFailed(why=f"{provider} refused to say who this is.")
    return told
