"""What the data plane can be told; the composition root reads it from the environment."""

from typing import Annotated

from msgspec import Meta, Struct

from burgee.settings_reader import Var

_Seconds = Annotated[float, Meta(gt=0)]
_Count = Annotated[int, Meta(ge=1)]


class EdgeSettings(Struct, frozen=True, kw_only=True):
    """Every field has a default that suits one machine with the embedded database."""

    body_limit: Annotated[
        _Count, Var("BURGEE_SDK_BODY_LIMIT", about="Bytes that a request to an SDK route may carry; beyond it 413.")
    ] = 1_000_000
    keep_alive_seconds: Annotated[
        _Seconds,
        Var("BURGEE_KEEP_ALIVE_SECONDS", "GUNICORN_KEEP_ALIVE", about="How long an idle connection stays open."),
    ] = 75.0
    request_seconds: Annotated[
        _Seconds, Var("BURGEE_REQUEST_SECONDS", about="How long a client may take to send one request.")
    ] = 30.0
    stalled_reader_seconds: Annotated[
        _Seconds,
        Var(
            "BURGEE_STALLED_READER_SECONDS",
            about="How long a client may leave its answer unread before the connection is dropped.",
        ),
    ] = 60.0

    cors_allow_all: Annotated[
        bool, Var("CORS_ORIGIN_ALLOW_ALL", about="Whether pages of any origin may call the API.")
    ] = True
    cors_allowed_origins: Annotated[
        tuple[str, ...], Var("CORS_ALLOWED_ORIGINS", about="Origins that may call the API when not all may.")
    ] = ()
    cors_extra_headers: Annotated[
        tuple[str, ...],
        Var(
            "FLAGSMITH_CORS_EXTRA_ALLOW_HEADERS", about="Further request headers that pages of other origins may send."
        ),
    ] = ("sentry-trace", "traceparent", "tracestate", "baggage")

    gzip_bytes: Annotated[
        _Count, Var("BURGEE_GZIP_BYTES", about="Prepared answers from this size on are also kept compressed.")
    ] = 1_400
    gzip_identity_bytes: Annotated[
        _Count,
        Var(
            "BURGEE_GZIP_IDENTITY_BYTES",
            about="Answers about an identity, which nobody can prepare, are compressed from this size on.",
        ),
    ] = 100_000

    stream_heartbeat_seconds: Annotated[
        _Seconds, Var("BURGEE_STREAM_HEARTBEAT_SECONDS", about="Seconds between signs of life on an idle stream.")
    ] = 25.0
    stream_connections: Annotated[
        _Count,
        Var(
            "BURGEE_STREAM_CONNECTIONS",
            about="Streams that one process keeps open; beyond it 503 with Retry-After.",
        ),
    ] = 20_000
    stream_admissions_per_second: Annotated[
        _Count,
        Var(
            "BURGEE_STREAM_ADMISSIONS_PER_SECOND",
            about="New streams a second; the rest is told to come back a little later, each at another moment.",
        ),
    ] = 2_000

    sse_authentication_token: Annotated[
        str | None,
        Var(
            "SSE_AUTHENTICATION_TOKEN",
            secret=True,
            about="What `queue-change` asks for as `Authorization: Token …`; unset, the route does not exist.",
        ),
    ] = None

    new_identities_per_minute: Annotated[
        int,
        Var(
            "BURGEE_NEW_IDENTITIES_PER_MINUTE",
            about="New identities that client keys of one environment may make in one process, as many at once; "
            "beyond it they are evaluated but not stored. 0: no limit.",
            ge=0,
        ),
    ] = 600
    identities_per_environment: Annotated[
        int,
        Var(
            "BURGEE_IDENTITIES_PER_ENVIRONMENT",
            about="From this many on, client keys make no new ones. 0: no limit.",
            ge=0,
        ),
    ] = 10_000_000
    free_disk_mb: Annotated[
        int,
        Var(
            "BURGEE_FREE_DISK_MB",
            about="With less room on the disk of the data, no new identities are stored and the journal takes nothing.",
            ge=0,
        ),
    ] = 128

    unknown_keys: Annotated[
        _Count, Var("BURGEE_UNKNOWN_KEYS", about="How many keys without an environment are remembered.")
    ] = 2_000
    unknown_key_seconds: Annotated[
        _Seconds,
        Var(
            "BURGEE_UNKNOWN_KEY_SECONDS",
            about="How long such a key is refused without asking the feed again.",
        ),
    ] = 10.0

    retry_after_seconds: Annotated[
        _Count, Var("BURGEE_RETRY_AFTER_SECONDS", about="What Retry-After says when the server cannot answer now.")
    ] = 5
