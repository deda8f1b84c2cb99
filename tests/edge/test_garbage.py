"""Whatever is thrown at the SDK routes, the answer is never a 5xx."""

import json
import os
import time
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from burgee.edge.settings import EdgeSettings
from tests.edge.parts import (
    CLIENT_KEY,
    SERVER_KEY,
    complete,
    flag,
    overridden,
    override,
    segment,
    state,
    variant,
    when,
)
from tests.edge.parts import settings as environment
from tests.edge.serving import serving

SECONDS = float(os.environ.get("BURGEE_GARBAGE_SECONDS", "30" if os.environ.get("CI") else "5"))
ROUTES = [
    "/api/v1/flags/",
    "/api/v1/flags",
    "/api/v1/flags/1/multivariate-options/",
    "/api/v1/flags/someone",
    "/api/v1/identities/",
    "/api/v1/identities/someone/",
    "/api/v1/identities/someone/traits/plan",
    "/api/v1/traits/",
    "/api/v1/traits/bulk/",
    "/api/v1/traits/increment-value/",
    "/api/v1/environment-document/",
    "/api/v1/analytics/flags/",
    "/api/v2/analytics/flags/",
    "/ofrep/v1/evaluate/flags",
    "/ofrep/v1/evaluate/flags/flag_1",
    f"/sse/environments/{CLIENT_KEY}/queue-change",
    "/health/readiness/",
]
NAMES = [
    "identifier", "identity", "traits", "trait_key", "trait_value", "transient", "increment_by", "evaluations", "count",
    "feature_name", "enabled_when_evaluated", "identity_identifier", "context", "targetingKey", "plan", "updated_at",
]  # fmt: skip
TEXTS = st.text(max_size=30) | st.sampled_from(
    ["\0", "\ud800", " ", "x" * 2001, "$.identity.key", "1e999", "pro", "plan"]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**53, 2**63, 2**64, -(2**63) - 1, 10**400, -0.0])
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | TEXTS, inner, max_size=4),
    max_leaves=12,
)
TRAITS = st.lists(st.fixed_dictionaries({"trait_key": SCALARS, "trait_value": VALUES}, optional={"transient": SCALARS}))
SHAPED = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, VALUES) | {"traits": TRAITS | VALUES})
BODIES = (
    (SHAPED | VALUES).map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
    | st.sampled_from([b"[" * 5000, b'{"traits":' * 3000, b"{}\0", b"9" * 5000, b"identifier=%ff&traits[0]trait_key=a"])
)
MEDIA = st.sampled_from(
    [
        "application/json",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/JSON",
        "text/xml",
        "a" * 300,
        "",
    ]
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "x-environment-key": st.sampled_from([CLIENT_KEY, SERVER_KEY, "ser.", "", "é".encode(), b"\xff", "x" * 5000]),
        "content-type": MEDIA,
        "accept": st.sampled_from(["*/*", "text/html", ",", ";q", "application/json;q=x", "", b"\xff"]),
        "accept-encoding": st.sampled_from(["gzip", "gzip;q=0", "br", "*"]),
        "if-none-match": st.sampled_from(["*", 'W/"1.1c"', '"', ",,", "W/"]),
        "if-modified-since": st.sampled_from(
            ["Sat, 21 Nov 2026 19:38:28 GMT", "no", "Sat, 99 Nov 9999 99:99:99 GMT", "0"]
        ),
        "authorization": st.sampled_from(
            ["Bearer", "Bearer x", f"Bearer {CLIENT_KEY}", "Token ", "Token s3cret", b"\xff"]
        ),
        "origin": st.sampled_from(["null", "https://a", ""]),
        "access-control-request-method": st.just("GET"),
        "user-agent": st.sampled_from(["flagsmith-js-sdk/1.2.3", b"\xff" * 600, ""]),
        "last-event-id": st.sampled_from(["1.1", "\xe9".encode()]),
    },
)
QUERIES = st.dictionaries(
    st.sampled_from(["identifier", "feature", "transient", "format", "page", "%ff"]),
    TEXTS | st.just("flag_1"),
    max_size=3,
).map(lambda pairs: "&".join(f"{quote(k)}={quote(v.encode('utf-8', 'surrogatepass'))}" for k, v in pairs.items()))
METHODS = st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])


@pytest.mark.timeout(SECONDS + 60)
def test_garbage_never_breaks_an_sdk_route():
    parts = (
        environment(),
        flag(1, overrides=(override(7, 70), override(8, 80, priority=1))),
        flag(2, is_server_key_only=True, enabled=False),
        flag(3, variants=(variant(1, "a", 50.0),)),
        segment(7, when("plan", "EQUAL", "pro"), when("plan", "REGEX", "(a+)+$"), when("plan", "MODULO", "0|1")),
        segment(8, when("$.identity.traits.plan", "IN", '["1"]'), when("plan", "GREATER_THAN", "1.0.0:semver")),
        overridden(5, "someone", (1, state(99))),
    )
    until = time.monotonic() + SECONDS
    asked = 0
    with serving(complete(*parts), settings=EdgeSettings(sse_authentication_token="s3cret", body_limit=50_000)) as edge:

        @given(METHODS, st.sampled_from(ROUTES), QUERIES, HEADERS, BODIES)
        @settings(
            max_examples=60,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def throw(method, path, query, headers, body) -> None:
            nonlocal asked
            asked += 1
            headers = {"x-environment-key": CLIENT_KEY, "content-type": "application/json", **headers}
            try:
                response = edge.client.request(
                    method, f"{path}?{query}" if query else path, headers=headers, content=body
                )
            except (httpx.LocalProtocolError, httpx.InvalidURL):
                return
            assert response.status_code < 500, (method, path, query, headers, body, response.text)

        while time.monotonic() < until:
            throw()
        assert edge.get("/api/v1/flags/").status_code == 200
    assert asked > 50
