"""The buttons of OpenID providers on the page for signing in."""

from collections.abc import Iterator

from django.conf import settings

from burgee.control.oidc.models import OidcProvider
from burgee.control.oidc.providers import Provider, provider_of, provider_of_server
from burgee.control.organisations.models import Organisation
from burgee.control.sso.doors import Door


def oidc_doors(_domain: str) -> Iterator[Door]:
    """That of the server, and those of its organisation when there is but one.

    Where there are several, none of them may put a button before the people of the others: theirs come by the
    address of the provider.
    """
    if settings.OIDC.issuer:
        yield _door(provider_of_server())
    if Organisation.objects.living().count() == 1:
        for row in OidcProvider.objects.living().order_by("id"):
            yield _door(provider_of(row))


def has_providers() -> bool:
    """Whether some organisation has one, shown or not."""
    return OidcProvider.objects.living().exists()


def _door(provider: Provider) -> Door:
    source = provider.source
    return Door(method=source.method, key=source.key, name=provider.name, start_url=provider.start_url)
