"""What operators may say about people and machines that are known elsewhere, and about applications."""

from typing import Annotated

from msgspec import Struct

from burgee.settings_reader import Var


class FederationSettings(Struct, frozen=True, kw_only=True):
    """Signing in with GitHub and Google, tokens of machines, and where people consent."""

    github_client_id: Annotated[
        str, Var("GITHUB_CLIENT_ID", about="OAuth application at GitHub that people sign in with.")
    ] = ""
    github_client_secret: Annotated[
        str, Var("GITHUB_CLIENT_SECRET", secret=True, about="Secret of the application at GitHub.")
    ] = ""
    github_url: Annotated[
        str, Var("BURGEE_GITHUB_URL", about="GitHub, or a GitHub Enterprise Server, for signing in.")
    ] = "https://github.com"
    google_client_id: Annotated[
        str,
        Var(
            "BURGEE_GOOGLE_CLIENT_ID", "OAUTH_CLIENT_ID", about="OAuth application at Google that people sign in with."
        ),
    ] = ""
    trust_token_seconds: Annotated[
        int,
        Var(
            "TRUST_RELATIONSHIP_ACCESS_TOKEN_LIFETIME_SECONDS",
            about="Seconds that a token lasts which a machine got for its OIDC token.",
            ge=60,
            le=86_400,
        ),
    ] = 3600
    dashboard_url: Annotated[
        str,
        Var(
            "FLAGSMITH_FRONTEND_URL",
            about="Address of the dashboard, when it is not that of this server: people allow applications there.",
        ),
    ] = ""
