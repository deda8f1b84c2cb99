"""A directory as it speaks SCIM to us."""

import json
from typing import Any

from rest_framework.test import APIClient

ROOT = "/api/v1/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class Directory:
    def __init__(self, token: str) -> None:
        self.token = token
        self._client = APIClient(raise_request_exception=True)

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **query: str) -> Any:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return self._client.generic(
            method,
            f"{ROOT}/{path}",
            sent,
            content_type="application/scim+json",
            query_params=query,
            headers={"Authorization": f"Bearer {self.token}"} | (headers or {}),
        )

    def get(self, path: str, headers: dict[str, str] | None = None, **query: str) -> Any:
        return self.ask("GET", path, headers=headers, **query)

    def add(self, user_name: str, **facts: Any) -> Any:
        return self.ask("POST", "Users", {"schemas": [USER], "userName": user_name} | facts)

    def added(self, user_name: str, **facts: Any) -> dict[str, Any]:
        answer = self.add(user_name, **facts)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def add_group(self, name: str, *member_ids: str, **facts: Any) -> Any:
        members = [{"value": member_id} for member_id in member_ids]
        return self.ask("POST", "Groups", {"schemas": [GROUP], "displayName": name, "members": members} | facts)

    def replace(self, path: str, **facts: Any) -> Any:
        return self.ask("PUT", path, {"schemas": [USER]} | facts)

    def patch(self, path: str, *operations: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        return self.ask("PATCH", path, {"schemas": [PATCH], "Operations": list(operations)}, headers)

    def activate(self, user_id: object, *, to: object) -> Any:
        return self.patch(f"Users/{user_id}", {"op": "replace", "path": "active", "value": to})

    def found(self, kind: str, text: str, **query: str) -> list[dict[str, Any]]:
        answer = self.get(kind, filter=text, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()["Resources"]
