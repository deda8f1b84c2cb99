"""What operators may say about one OpenID provider for the whole server."""

from typing import Annotated

from msgspec import Struct

from burgee.settings_reader import Var


class OidcSettings(Struct, frozen=True, kw_only=True):
    """Signing in with the company's own OpenID provider, for everybody on this server."""

    issuer: Annotated[
        str, Var("BURGEE_OIDC_ISSUER", about="OpenID issuer that people of this server sign in with; empty: none.")
    ] = ""
    name: Annotated[str, Var("BURGEE_OIDC_NAME", about="What the button calls it.")] = "Company account"
    client_id: Annotated[str, Var("BURGEE_OIDC_CLIENT_ID", about="Our application at that issuer.")] = ""
    client_secret: Annotated[
        str, Var("BURGEE_OIDC_CLIENT_SECRET", secret=True, about="Its secret; none for a public application.")
    ] = ""
    scopes: Annotated[str, Var("BURGEE_OIDC_SCOPES", about="Scopes that are asked for, separated by spaces.")] = (
        "openid email profile"
    )
    email_claim: Annotated[str, Var("BURGEE_OIDC_EMAIL_CLAIM", about="Claim that holds the e-mail address.")] = "email"
    first_name_claim: Annotated[str, Var("BURGEE_OIDC_FIRST_NAME_CLAIM", about="Claim that holds the first name.")] = (
        "given_name"
    )
    last_name_claim: Annotated[str, Var("BURGEE_OIDC_LAST_NAME_CLAIM", about="Claim that holds the last name.")] = (
        "family_name"
    )
    groups_claim: Annotated[
        str, Var("BURGEE_OIDC_GROUPS_CLAIM", about="Claim that lists groups by external id; empty: groups stay as is.")
    ] = ""
    organisation_id: Annotated[
        int | None,
        Var(
            "BURGEE_OIDC_ORGANISATION_ID", about="Organisation that new people join, and whose groups the claim names."
        ),
    ] = None
    require_verified_email: Annotated[
        bool,
        Var("BURGEE_OIDC_REQUIRE_VERIFIED_EMAIL", about="Refuse people whose address the issuer has not verified."),
    ] = True
