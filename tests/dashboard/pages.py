"""Every page of the dashboard: looked at by axe and by the camera. A new page adds one line."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from tests.dashboard.people import address_of_a_segment, address_of_an_identity
from tests.dashboard.shop import Shop
from tests.serve.running import made

GITHUB: Final = "https://token.actions.githubusercontent.com"


def address_of_a_difference(shop: Shop) -> str:
    shop.save("dark_mode", shop.development, {"environment_default": {"enabled": True}})
    return f"/project/{shop.project}/compare"


def address_of_some_usage(shop: Shop) -> str:
    shop.server.ask("/api/v1/flags/", **{"X-Environment-Key": shop.production})
    return f"/project/{shop.project}/usage"


def address_of_a_flag(shop: Shop) -> str:
    """It has a link of each kind."""
    feature = shop.feature("checkout_v2")
    for page in ("issues/12", "pull/34", "wiki/Checkout-in-two-steps"):
        path = f"/api/v1/projects/{shop.project}/features/{feature}/feature-external-resources/"
        made(shop.server, path, {"url": f"https://github.com/acme/web-shop/{page}"})
    return shop.path(f"features/{feature}")


def address_of_a_group(shop: Shop) -> str:
    made(shop.server, f"/api/v1/organisations/{shop.organisation}/groups/", {"name": "Checkout team"})
    return shop.settings("groups")


def address_of_provisioning(shop: Shop) -> str:
    """Its directory has brought somebody."""
    scim = made(shop.server, f"/api/v1/organisations/{shop.organisation}/scim/", {})
    headers = {"Authorization": f"Bearer {scim['token']}", "Content-Type": "application/scim+json"}
    status, _ = shop.server.ask("/api/v1/scim/v2/Users", {"userName": "grace@example.com"}, **headers)
    assert status == 201
    return shop.settings("provisioning")


def address_of_trust(shop: Shop) -> str:
    rules = [{"claim": "repository", "values": ["acme/web-shop", "acme/shipping"]}]
    body = {"name": "Deploys", "issuer": GITHUB, "audience": shop.server.url, "claim_rules": rules, "is_admin": True}
    made(shop.server, f"/api/v1/organisations/{shop.organisation}/trust-relationships/", body)
    return shop.settings("trust")


def address_of_custom_fields(shop: Shop) -> str:
    """One that features have, and one that nothing has."""
    for name, kind in (("Ticket", "url"), ("Budget", "int")):
        body = {"name": name, "type": kind, "organisation": shop.organisation, "description": "For the report"}
        made(shop.server, "/api/v1/metadata/fields/", body)
    return shop.settings("custom-fields")


def address_of_the_policy(shop: Shop) -> str:
    """While somebody fails to sign in, which is told on the next page."""
    wrong = {"email": "stranger@example.com", "password": "wrong"}
    shop.server.ask("/api/v1/auth/login/", wrong, Authorization="")
    return "/server"


class DashboardPage(Struct, frozen=True):
    """``heading`` is its level-one heading, by which one knows that it is there."""

    heading: str
    address: Callable[[Shop], str]


PAGES: Final = {
    "projects": DashboardPage("Projects", lambda shop: f"/organisation/{shop.organisation}/projects"),
    "create-organisation": DashboardPage("New organisation", lambda shop: "/create"),
    "features": DashboardPage("Features", lambda shop: shop.path("features")),
    "flag": DashboardPage("checkout_v2", address_of_a_flag),
    "features-everywhere": DashboardPage("Features", lambda shop: shop.path("features?view=all")),
    "connect": DashboardPage("Connect an app", lambda shop: shop.path("sdk-keys")),
    "compare": DashboardPage("Compare", address_of_a_difference),
    "audit-log": DashboardPage("Audit log", lambda shop: f"/project/{shop.project}/audit-log"),
    "usage": DashboardPage("Usage", address_of_some_usage),
    "segment": DashboardPage("Payers", address_of_a_segment),
    "segments": DashboardPage("Segments", lambda shop: f"/project/{shop.project}/segments"),
    "new-segment": DashboardPage("New segment", lambda shop: f"/project/{shop.project}/segments/new"),
    "identities": DashboardPage("Identities", lambda shop: shop.path("users")),
    "identity": DashboardPage("lena", address_of_an_identity),
    "playground": DashboardPage("Test as", lambda shop: shop.path("playground?identifier=lena")),
    "settings-members": DashboardPage("Members", lambda shop: shop.settings("members")),
    "settings-roles": DashboardPage("Roles", lambda shop: shop.settings("roles")),
    "settings-groups": DashboardPage("Groups", address_of_a_group),
    "settings-provisioning": DashboardPage("Provisioning", address_of_provisioning),
    "settings-trust": DashboardPage("Trust relationships", address_of_trust),
    "settings-custom-fields": DashboardPage("Custom fields", address_of_custom_fields),
    "settings-sso": DashboardPage("Single sign-on", lambda shop: shop.settings("sso")),
    "settings-api-keys": DashboardPage("API keys", lambda shop: shop.settings("api-keys")),
    "settings-organisation": DashboardPage("General", lambda shop: shop.settings("general")),
    "settings-project": DashboardPage("General", lambda shop: f"/project/{shop.project}/settings"),
    "settings-environments": DashboardPage(
        "Environments", lambda shop: f"/project/{shop.project}/settings?tab=environments"
    ),
    "settings-project-permissions": DashboardPage(
        "Permissions", lambda shop: f"/project/{shop.project}/settings?tab=permissions"
    ),
    "settings-tags": DashboardPage("Tags", lambda shop: f"/project/{shop.project}/settings?tab=tags"),
    "settings-transfer": DashboardPage(
        "Import and export", lambda shop: f"/project/{shop.project}/settings?tab=import-export"
    ),
    "settings-environment": DashboardPage("General", lambda shop: shop.path("settings")),
    "settings-server-keys": DashboardPage("SDK keys", lambda shop: shop.path("settings?tab=keys")),
    "settings-webhooks": DashboardPage("Webhooks", lambda shop: shop.path("settings?tab=webhooks")),
    "account": DashboardPage("Profile", lambda shop: "/account"),
    "settings-sign-in-policy": DashboardPage("Sign-in policy", address_of_the_policy),
    "server-log": DashboardPage("Sign-ins and changes", lambda shop: "/server?tab=log"),
    "account-security": DashboardPage("Security", lambda shop: "/account?tab=security"),
}
SIGNED_OUT: Final = {
    "sign-in": DashboardPage("Sign in", lambda shop: "/login"),
    "sign-up": DashboardPage("Sign up", lambda shop: "/signup"),
    "password-recovery": DashboardPage("Forgot the password?", lambda shop: "/password-recovery"),
}
