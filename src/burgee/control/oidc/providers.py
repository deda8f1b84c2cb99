"""The OpenID providers that people can sign in with: one of the whole server, and those of organisations."""

from typing import Final

from django.conf import settings
from msgspec import Struct

from burgee.control.kit.digests import sha256_hex
from burgee.control.kit.secrets import decrypted
from burgee.control.oidc.errors import ProviderUnknown
from burgee.control.oidc.models import OidcProvider
from burgee.control.sso.people import Method, Source

SERVER_SLUG: Final = "company"
"""The provider that the operator's settings name."""

RESERVED: Final = frozenset({SERVER_SLUG, "login", "token"})
AUTH_TYPE: Final = "OIDC"


class Provider(Struct, frozen=True, kw_only=True):
    """An issuer, our application there, and how its claims are read."""

    slug: str
    name: str
    source: Source
    issuer: str
    client_id: str
    client_secret: str
    scopes: str
    email_claim: str
    first_name_claim: str
    last_name_claim: str
    groups_claim: str
    require_verified_email: bool

    @property
    def start_url(self) -> str:
        return f"{settings.PUBLIC_URL}/api/v1/auth/oidc/{self.slug}/start/"

    @property
    def callback_url(self) -> str:
        return f"{settings.PUBLIC_URL}/api/v1/auth/oidc/{self.slug}/callback/"


def provider_named(slug: str) -> Provider:
    """The provider whose addresses bear `slug`; ProviderUnknown when there is none."""
    if slug == SERVER_SLUG and settings.OIDC.issuer:
        return provider_of_server()
    row = OidcProvider.objects.living().filter(slug=slug).first()
    # MariaDB compares without case; an address has one spelling.
    if row is None or row.slug != slug:
        raise ProviderUnknown
    return provider_of(row)


def provider_of_server() -> Provider:
    told = settings.OIDC
    return Provider(
        slug=SERVER_SLUG,
        name=told.name,
        source=Source(
            method=Method.OIDC,
            key=_source_key(SERVER_SLUG, told.issuer),
            default_organisation_id=told.organisation_id,
            auth_type=AUTH_TYPE,
        ),
        issuer=told.issuer,
        client_id=told.client_id,
        client_secret=told.client_secret,
        scopes=told.scopes,
        email_claim=told.email_claim,
        first_name_claim=told.first_name_claim,
        last_name_claim=told.last_name_claim,
        groups_claim=told.groups_claim,
        require_verified_email=told.require_verified_email,
    )


def provider_of(row: OidcProvider) -> Provider:
    source = Source(
        method=Method.OIDC,
        key=_source_key(str(row.pk), row.issuer),
        organisation_id=row.organisation_id,
        joins=row.joins,
        role=row.role,
        auth_type=AUTH_TYPE,
    )
    return Provider(
        slug=row.slug,
        name=row.name,
        source=source,
        issuer=row.issuer,
        client_id=row.client_id,
        client_secret=_secret_of(row),
        scopes=row.scopes,
        email_claim=row.email_claim,
        first_name_claim=row.first_name_claim,
        last_name_claim=row.last_name_claim,
        groups_claim=row.groups_claim,
        require_verified_email=row.require_verified_email,
    )


def _source_key(name: str, issuer: str) -> str:
    """Another issuer is another source: whoever points a provider elsewhere must not inherit who was linked to it."""
    return f"oidc:{name}:{sha256_hex(issuer)[:16]}"


def _secret_of(row: OidcProvider) -> str:
    return decrypted(row.client_secret_ciphertext) or ""
