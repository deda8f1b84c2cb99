"""A conformance checker of SCIM clients against a real server, and the requests of real directories."""

import uuid
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from tests.clients.burgee import Burgee

PERSONS_ADDRESS = "user_name"


class Addresses(list[str]):
    """What a checker may call people: it cannot see in a schema that a name here is an address, each used once."""

    def __init__(self) -> None:
        super().__init__([""])

    def __getitem__(self, _: Any) -> str:  # type: ignore[override]  # one at a time
        return f"{uuid.uuid4()}@example.com"


def over(http: httpx.Client) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The server of `http` as the WSGI application that the checker's client calls."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        names = {name: name[5:].replace("_", "-") for name in environ if name.startswith("HTTP_")}
        headers = {shown: environ[name] for name, shown in names.items() if shown != "HOST"}
        if environ.get("CONTENT_TYPE"):
            headers["Content-Type"] = environ["CONTENT_TYPE"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = environ.get("QUERY_STRING") or ""
        place = environ["PATH_INFO"] + (f"?{query}" if query else "")
        answer = http.request(environ["REQUEST_METHOD"], place, content=body, headers=headers)
        status = f"{answer.status_code} {HTTPStatus(answer.status_code).phrase}"
        start_response(status, [(name, value) for name, value in answer.headers.items() if name != "content-length"])
        return [answer.content]

    return application


@pytest.fixture(scope="module")
def token(burgee: Burgee) -> str:
    organisation = burgee.call("POST", "/api/v1/organisations/", {"name": "Provisioned"})
    made = burgee.call("POST", f"/api/v1/organisations/{organisation['id']}/scim/")
    assert made["base_url"].endswith("/api/v1/scim/v2")
    return str(made["token"])


def test_it_conforms(burgee: Burgee, token: str) -> None:
    with httpx.Client(base_url=burgee.url, timeout=30, trust_env=False) as http:
        client = WSGISCIMClient(
            over(http), base_url=f"{burgee.url}/api/v1/scim/v2", headers={"Authorization": f"Bearer {token}"}
        )
        client.discover()
        person = client.get_resource_model("User")
        assert person is not None
        person.model_fields[PERSONS_ADDRESS].examples = Addresses()

        results = check_server(client)

    good = {Status.SUCCESS, Status.SKIPPED}
    failed = [f"{found.title}: {found.reason}" for found in results if found.status not in good]
    assert failed == ["check_remove_attribute: Attribute 'active' was not removed"], "Everybody is active or not."
    assert sum(found.status == Status.SUCCESS for found in results) > 50
