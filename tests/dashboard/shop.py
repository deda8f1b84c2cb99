"""A shop for the dashboard to show: one project with two environments and features of several kinds."""

from itertools import count
from typing import Any

from tests.serve.running import Server, made

PASSWORD = "correct-horse-battery"
FEATURES: tuple[dict[str, Any], ...] = (
    {"name": "checkout_v2", "description": "The new checkout in two steps", "default_enabled": True},
    {"name": "dark_mode", "description": "Night theme for all pages"},
    {
        "name": "free_shipping_from",
        "description": "Basket total in euro",
        "initial_value": "50",
        "default_enabled": True,
    },
    {
        "name": "banner",
        "description": "Headline on the front page",
        "initial_value": '{"text": "Sale", "colour": "red"}',
    },
    {"name": "apple_pay", "description": "Pay with a wallet", "default_enabled": True},
    {"name": "recommendations", "description": "Others bought", "initial_value": "collaborative"},
    {"name": "legacy_search", "description": "Goes when nobody uses it", "is_server_key_only": True},
)


NUMBERS = count(1)
"""People of one server have an address each."""


class Shop:
    """Somebody's on a server that may have others; `server` asks for this person."""

    def __init__(self, shared: Server, **facts: object) -> None:
        self.server = server = Server(shared.process, int(shared.url.rsplit(":", 1)[1]))
        self.email = f"ada{next(NUMBERS)}@example.com"
        person = {"email": self.email, "password": PASSWORD, "first_name": "Ada", "last_name": "L"}
        self.token = str(made(server, "/api/v1/auth/users/", person | facts)["key"])
        server.headers["Authorization"] = f"Token {self.token}"
        self.organisation: Any = made(server, "/api/v1/organisations/", {"name": "Acme"})["id"]
        project = {"name": "Web shop", "organisation": self.organisation}
        self.project: Any = made(server, "/api/v1/projects/", project)["id"]
        keys = [self.environment(name) for name in ("Development", "Production")]
        self.development, self.production = keys
        tag = made(server, f"/api/v1/projects/{self.project}/tags/", {"label": "payments", "color": "#b5603a"})
        for feature in FEATURES:
            tags = [tag["id"]] if feature["name"] in {"apple_pay", "checkout_v2"} else []
            made(server, f"/api/v1/projects/{self.project}/features/", feature | {"tags": tags})

    def environment(self, name: str, **settings: object) -> str:
        body = {"name": name, "project": self.project} | settings
        return str(made(self.server, "/api/v1/environments/", body)["api_key"])

    def path(self, page: str, environment: str | None = None) -> str:
        """The address of a page of an environment, Production unless told."""
        return f"/project/{self.project}/environment/{environment or self.production}/{page}"

    def settings(self, tab: str) -> str:
        """The address of a page of the organisation's settings."""
        return f"/organisation/{self.organisation}/settings?tab={tab}"

    def feature(self, name: str) -> int:
        _, told = self.server.ask(f"/api/v1/projects/{self.project}/features/?search={name}")
        found: Any = told
        return next(int(row["id"]) for row in found["results"] if row["name"] == name)

    def save(self, feature: str, environment: str, draft: dict[str, Any]) -> None:
        """What somebody else saved on the page of a flag."""
        path = f"/api/v1/projects/{self.project}/features/{self.feature(feature)}/save/"
        status, told = self.server.ask(path, {"environments": {environment: draft}})
        assert status == 200, told
