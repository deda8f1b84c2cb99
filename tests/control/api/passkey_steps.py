"""What people do with passkeys over the API, as a browser does it for them."""

from tests.control.authenticator import Authenticator

PASSWORD = "Correct-Horse-9-Battery"
OWN = "/api/v1/auth/passkeys/"
NEW = f"{OWN}registration/options/"
ASK = f"{OWN}sign-in/options/"
ENTER = f"{OWN}sign-in/"


def post(client, path: str, body: dict | None = None):
    return client.post(path, body or {}, format="json")


def add(client, key: Authenticator, name: str = "Blue key", **wrong):
    return post(client, OWN, {"name": name, "credential": key.make(post(client, NEW).json(), **wrong)})


def enter(client, key: Authenticator, **wrong):
    """Sign in without a name."""
    return post(client, ENTER, {"credential": key.sign(post(client, ASK).json(), **wrong)})


def challenge(client) -> str:
    told = post(client, "/api/v1/auth/login/", {"email": "ada@example.com", "password": PASSWORD}).json()
    return told["ephemeral_token"]


def enter_after(client, key: Authenticator, token: str, **wrong):
    """Sign in as whoever `token` was given to."""
    signed = key.sign(post(client, ASK, {"ephemeral_token": token}).json(), **wrong)
    return post(client, ENTER, {"ephemeral_token": token, "credential": signed})


def refused(answer) -> bool:
    return (answer.status_code, answer.json().get("code")) == (401, "passkey_refused")
