"""A project with one environment, built through the management API."""

import itertools
from typing import Any

from tests.clients.burgee import Burgee

Rules = list[dict[str, Any]]
_numbers = itertools.count()


class Shop:
    """Features, segments and identities are named by their names; ids stay in here."""

    def __init__(self, burgee: Burgee) -> None:
        self.burgee = burgee
        name = f"Shop {next(_numbers)}"
        self.organisation = burgee.call("POST", "/api/v1/organisations/", {"name": name})["id"]
        project = {"name": name, "organisation": self.organisation}
        self.project = burgee.call("POST", "/api/v1/projects/", project)["id"]
        environment = burgee.call("POST", "/api/v1/environments/", {"name": "Production", "project": self.project})
        self.environment: int = environment["id"]
        self.key: str = environment["api_key"]
        self.server_key: str = burgee.call("POST", f"{self._environment}/api-keys/", {"name": "server"})["key"]
        self.features: dict[str, int] = {}
        self.segments: dict[str, int] = {}
        self.identities: dict[str, int] = {}
        self._states: dict[str, int] = {}
        self._overrides: dict[tuple[str, str], int] = {}

    @property
    def _project(self) -> str:
        return f"/api/v1/projects/{self.project}"

    @property
    def _environment(self) -> str:
        return f"/api/v1/environments/{self.key}"

    def feature(self, name: str, value: str = "", *, enabled: bool = True, **fields: Any) -> int:
        body = {"name": name, "initial_value": value or None, "default_enabled": enabled} | fields
        self.features[name] = self.burgee.call("POST", f"{self._project}/features/", body)["id"]
        return self.features[name]

    def variants(self, name: str, weights: dict[str, float], value: str = "control value") -> int:
        options = [
            {"type": "unicode", "string_value": f"value {key}", "key": key, "default_percentage_allocation": weight}
            for key, weight in weights.items()
        ]
        return self.feature(name, value, multivariate_options=options)

    def options_of(self, name: str) -> list[dict[str, Any]]:
        found = self.burgee.call("GET", f"{self._project}/features/{self.features[name]}/mv-options/")
        options: list[dict[str, Any]] = found["results"]
        return options

    def drop_feature(self, name: str) -> None:
        self.burgee.call("DELETE", f"{self._project}/features/{self.features.pop(name)}/")

    def weigh(self, name: str, option: str, weight: float) -> None:
        """Give an option another share in this environment."""
        found = next(one["id"] for one in self.options_of(name) if one["key"] == option)
        shares = [{"multivariate_feature_option": found, "percentage_allocation": weight}]
        self.turn(name, multivariate_feature_state_values=shares)

    def turn(self, name: str, **state: Any) -> None:
        """Change the environment's own state of a feature."""
        self.burgee.call("PUT", self.state_path(name), state)

    def state_path(self, name: str) -> str:
        return f"{self._environment}/featurestates/{self._state(name)}/"

    def _state(self, name: str) -> int:
        if name not in self._states:
            found = self.burgee.call("GET", f"{self._environment}/featurestates/?feature={self.features[name]}")
            self._states[name] = found["results"][0]["id"]
        return self._states[name]

    def segment(self, name: str, *conditions: dict[str, Any], rules: Rules | None = None) -> int:
        """All conditions must hold; `rules` says it otherwise."""
        nested = [{"type": "ALL", "conditions": list(conditions), "rules": []}]
        body = {"name": name, "project": self.project, "rules": rules or [{"type": "ALL", "rules": nested}]}
        self.segments[name] = self.burgee.call("POST", f"{self._project}/segments/", body)["id"]
        return self.segments[name]

    def change_segment(self, name: str, *conditions: dict[str, Any]) -> None:
        nested = [{"type": "ALL", "conditions": list(conditions), "rules": []}]
        body = {"name": name, "project": self.project, "rules": [{"type": "ALL", "rules": nested}]}
        self.burgee.call("PUT", f"{self._project}/segments/{self.segments[name]}/", body)

    def override_segment(
        self, feature: str, segment: str, value: str, *, priority: int = 0, enabled: bool = True
    ) -> None:
        body = {
            "feature_segment": {"segment": self.segments[segment], "priority": priority},
            "enabled": enabled,
            "feature_state_value": {"type": "unicode", "string_value": value},
        }
        path = f"{self._environment}/features/{self.features[feature]}/create-segment-override/"
        self.burgee.call("POST", path, body)

    def identity(self, identifier: str) -> int:
        if identifier not in self.identities:
            path = f"{self._environment}/identities/"
            self.identities[identifier] = self.burgee.call("POST", path, {"identifier": identifier})["id"]
        return self.identities[identifier]

    def override_identity(self, feature: str, identifier: str, **state: Any) -> None:
        """As `turn`, for one identity; a second call changes the override."""
        states = f"{self._environment}/identities/{self.identity(identifier)}/featurestates/"
        known = self._overrides.get((feature, identifier))
        body = {"feature": self.features[feature], "enabled": True} | state
        if known is None:
            self._overrides[feature, identifier] = self.burgee.call("POST", states, body)["id"]
        else:
            self.burgee.call("PUT", f"{states}{known}/", body)

    def drop_override(self, feature: str, identifier: str) -> None:
        state = self._overrides.pop((feature, identifier))
        self.burgee.call("DELETE", f"{self._environment}/identities/{self.identity(identifier)}/featurestates/{state}/")

    def settings(self, **fields: Any) -> None:
        self.burgee.call("PATCH", f"{self._environment}/", fields)

    def evaluations(self, feature: str) -> int:
        """How often clients said that they evaluated it."""
        path = f"{self._project}/features/{self.features[feature]}/evaluation-data/"
        return sum(
            row["count"] for row in self.burgee.call("GET", f"{path}?environment_id={self.environment}&period=7")
        )

    def flags(self) -> dict[str, dict[str, Any]]:
        return by_name(self.burgee.call("GET", "/api/v1/flags/", **{"X-Environment-Key": self.server_key}))

    def identify(self, identifier: str, **traits: Any) -> dict[str, Any]:
        body = {"identifier": identifier, "traits": as_traits(traits)}
        found: dict[str, Any] = self.burgee.call(
            "POST", "/api/v1/identities/", body, **{"X-Environment-Key": self.server_key}
        )
        return found

    def traits_of(self, identifier: str) -> dict[str, Any]:
        path = f"/api/v1/identities/?identifier={identifier}"
        answer = self.burgee.call("GET", path, **{"X-Environment-Key": self.server_key})
        return {one["trait_key"]: one["trait_value"] for one in answer["traits"]}


def as_traits(traits: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"trait_key": key, "trait_value": value} for key, value in traits.items()]


def by_name(flags: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {flag["feature"]["name"]: flag for flag in flags}


def condition(property_: str | None, operator: str, value: str | None = None) -> dict[str, Any]:
    return {"property": property_, "operator": operator, "value": value}
