"""Where identity providers and browsers reach us about a configuration: never what a request's Host says."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings

from burgee.control.saml.models import SamlConfiguration


def entity_id(configuration: SamlConfiguration) -> str:
    """Our name for the identity provider, under which our metadata can be had."""
    return f"{_root(configuration)}/metadata/"


def response_url(configuration: SamlConfiguration) -> str:
    """Where the browser brings the provider's answer: the assertion consumer service."""
    return f"{_root(configuration)}/response/"


def dashboard_url(configuration: SamlConfiguration, *, code: str, relay_state: str) -> str:
    """The dashboard's page that exchanges `code`. Only a path of that very dashboard is passed on as ``next``."""
    shown = {"code": code}
    following = _path_within(configuration.frontend_url, relay_state)
    if following:
        shown["next"] = following
    return f"{configuration.frontend_url.rstrip('/')}/saml?{urlencode(shown)}"


def _root(configuration: SamlConfiguration) -> str:
    ours = settings.PUBLIC_URL
    if settings.SAML.force_ssl and ours.startswith("http:"):
        ours = f"https:{ours.removeprefix('http:')}"
    return f"{ours}/api/v1/auth/saml/{configuration.name}"


def _path_within(frontend: str, wanted: str) -> str:
    """The path of `wanted` when it leads into the dashboard at `frontend`, else nothing."""
    if not wanted.isprintable() or "\\" in wanted:
        return ""
    try:
        here, there = urlsplit(frontend), urlsplit(wanted)
    except ValueError:
        return ""
    base = here.path.rstrip("/")
    if (there.scheme, there.netloc) != (here.scheme, here.netloc) or not there.path.startswith(f"{base}/"):
        return ""
    path = there.path.removeprefix(base)
    if path.startswith("//"):
        return ""
    return f"{path}?{there.query}" if there.query else path
