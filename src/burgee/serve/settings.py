"""How the server process itself is set up."""

from typing import Annotated, Final, Literal

from msgspec import Struct

from burgee.settings_reader import SettingsError, Var, open_key_ring, read

SHORTEST_TOKEN: Final = 16


class ServerSettings(Struct, frozen=True, kw_only=True):
    host: Annotated[
        str, Var("BURGEE_HOST", about="Address to listen on. 127.0.0.1 is this machine only; 0.0.0.0 is every network.")
    ] = "127.0.0.1"
    port: Annotated[int, Var("PORT", "BURGEE_PORT", about="Port to listen on.", ge=1, le=65535)] = 8000
    workers: Annotated[
        int,
        Var(
            "BURGEE_WORKERS",
            "WEB_CONCURRENCY",
            "GUNICORN_WORKERS",
            about="Server processes. More than one needs a server database.",
            ge=1,
            le=256,
        ),
    ] = 1
    control_threads: Annotated[
        int,
        Var(
            "BURGEE_CONTROL_THREADS",
            "GUNICORN_THREADS",
            about="Threads of the control plane in a process.",
            ge=1,
            le=64,
        ),
    ] = 4
    shutdown_seconds: Annotated[
        float, Var("BURGEE_SHUTDOWN_SECONDS", about="How long requests in flight may take to finish.", ge=0.1, le=300)
    ] = 5.0
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        Var("LOG_LEVEL", about="The least severe lines logged."),
    ] = "INFO"
    log_format: Annotated[
        Literal["generic", "json"], Var("LOG_FORMAT", about="Lines for people, or one JSON object a line.")
    ] = "generic"
    metrics: Annotated[
        bool, Var("PROMETHEUS_ENABLED", about="Whether /metrics/ is served, for Prometheus, without signing in.")
    ] = False


class ServicesSettings(Struct, frozen=True, kw_only=True):
    """Services beside the database; none is needed."""

    upstream_url: Annotated[
        str,
        Var(
            "BURGEE_UPSTREAM_URL",
            about="For burgee edge: the Burgee whose snapshots this node serves and to which it forwards traits.",
        ),
    ] = ""
    peer_token: Annotated[
        str,
        Var(
            "BURGEE_PEER_TOKEN",
            secret=True,
            about="What nodes show to their upstream, the same on both. Without it: made from the secret keys.",
        ),
    ] = ""


def peer_token() -> str:
    """The token between nodes; those that share the secret keys need no setting."""
    token = read(ServicesSettings).peer_token
    if token and len(token) < SHORTEST_TOKEN:
        raise SettingsError([f"BURGEE_PEER_TOKEN is too short. Set it to at least {SHORTEST_TOKEN} random characters."])
    return token or open_key_ring().derive("peer").hex()
