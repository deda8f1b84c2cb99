"""Every page of the dashboard: looked at by axe and by the camera. A new page adds one line."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from tests.dashboard.shop import Shop


class DashboardPage(Struct, frozen=True):
    """``heading`` is its level-one heading, by which one knows that it is there."""

    heading: str
    address: Callable[[Shop], str]


PAGES: Final = {
    "projects": DashboardPage("Projects", lambda shop: "/organisation/1/projects"),
    "create-organisation": DashboardPage("New organisation", lambda shop: "/create"),
    "features": DashboardPage("Features", lambda shop: shop.path("features")),
    "connect": DashboardPage("Connect an app", lambda shop: shop.path("sdk-keys")),
}
SIGNED_OUT: Final = {
    "sign-in": DashboardPage("Sign in", lambda shop: "/login"),
    "sign-up": DashboardPage("Sign up", lambda shop: "/signup"),
    "password-recovery": DashboardPage("Forgot the password?", lambda shop: "/password-recovery"),
}
