import re
import urllib.error
import urllib.request
from base64 import b64encode
from hashlib import sha256

import pytest

from tests.serve.running import Server, Start

pytestmark = pytest.mark.process


def got(server: Server, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(server.url + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): text for name, text in error.headers.items()}, error.read()


def test_pages_are_the_dashboard_and_the_api_stays_the_api(shared: Server, built: None):
    for path in ("/", "/project/1/environment/abc/features", "/login"):
        status, headers, body = got(shared, path)
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
        nonce = re.search(r"'nonce-([^']+)'", headers["content-security-policy"])
        assert nonce is not None
        assert f'content="{nonce[1]}"'.encode() in body
        assert "unsafe" not in headers["content-security-policy"]
        (script,) = re.findall(rb"<script>(.*?)</script>", body, re.DOTALL)
        digest = b64encode(sha256(script).digest()).decode()
        assert f"script-src 'self' 'sha256-{digest}';" in headers["content-security-policy"]
        assert b"__" not in body.split(b"<title>")[0]
    for path in ("/api/v1/nothing/", "/api/nothing", "/o/nothing"):
        status, headers, _ = got(shared, path)
        assert (status, headers["content-type"]) == (404, "application/json")


def test_assets_are_kept_for_ever_and_come_compressed(shared: Server, built: None):
    asset = re.search(r'src="\./(assets/[^"]+\.js)"', got(shared, "/")[2].decode())
    assert asset is not None
    _, headers, _ = got(shared, f"/{asset[1]}", **{"Accept-Encoding": "gzip, br"})
    assert headers["content-encoding"] == "br"
    assert "immutable" in headers["cache-control"]
    again, _, body = got(shared, f"/{asset[1]}", **{"Accept-Encoding": "gzip, br", "If-None-Match": headers["etag"]})
    assert (again, body) == (304, b"")
    assert got(shared, "/assets/gone.js")[0] == 404
    assert got(shared, "/../../../settings.py")[1]["content-type"] == "text/html; charset=utf-8"


def test_below_a_path_everything_works_with_a_proxy_that_keeps_it(start: Start, built: None):
    server = start(BURGEE_BASE_PATH="/flags")
    _, _, body = got(server, "/flags/project/1")
    assert b'<base href="/flags/"' in body
    assert got(server, "/flags/api/v1/nothing/")[0] == 404
    assert got(server, "/flags/version/")[1]["content-type"] == "application/json"
    assert got(server, "/flags/api/v1/flags/", **{"X-Environment-Key": "none"})[0] in {401, 403}
