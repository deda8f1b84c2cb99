"""The dashboard's files at / and below, before whatever answers the other paths.

The files are made by ``dashboard/build.py`` and lie in the package. A path that is no file and that no other part
claims is a page of the dashboard: it gets index.html, and the browser's router decides.
"""

import html
import mimetypes
import re
import secrets
from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from burgee import __version__
from burgee.edge.asgi import AsgiApp, Receive, Scope, Send
from burgee.settings_reader import SettingsError, Var, read

FOLDER: Final = Path(__file__).parent / "static" / "dashboard"

CLAIMED: Final = re.compile(
    r"/(api|admin|static|sse|ofrep|o|accounts|saml2|scim|health|healthcheck|metrics|version|config|processor"
    r"|_burgee|\.well-known|swagger[^/]*|robots\.txt)(/|$)"
)
"""Paths that are never a page, so that an unknown one below them stays the JSON 404 that clients know."""

INLINE_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
ENCODINGS: Final = ((b"br", ".br"), (b"gzip", ".gz"))
FOR_EVER: Final = b"public, max-age=31536000, immutable"
UNBUILT: Final = (
    b"The dashboard is not part of this installation, but the API answers. "
    b"In a checkout, run: make run (it needs Node 20.19 or newer, or a network to fetch it).\n"
)


class DashboardSettings(Struct, frozen=True, kw_only=True):
    base_path: Annotated[
        str,
        Var(
            "BURGEE_BASE_PATH",
            about="Path below which a proxy shows Burgee, such as /flags, whether or not the proxy takes it away.",
        ),
    ] = ""
    api_url: Annotated[
        str,
        Var("API_URL", about="API that the dashboard talks to, when it is not this server's; ends in /api/v1/."),
    ] = ""
    flags_url: Annotated[
        str,
        Var(
            "FLAGSMITH_ON_FLAGSMITH_API_URL",
            "FLAGSMITH_CLIENT_API",
            about="SDK API from which the dashboard reads its own flags; without it this server's.",
        ),
    ] = ""
    flags_key: Annotated[
        str,
        Var(
            "FLAGSMITH_ON_FLAGSMITH_API_KEY",
            "FLAGSMITH",
            about="Client key of the environment with the dashboard's own flags; without it they have built-in values.",
        ),
    ] = ""

    @property
    def base(self) -> str:
        """The path with a slash on both ends."""
        inner = self.base_path.strip("/")
        if not re.fullmatch(r"[\w./~-]*", inner, re.ASCII):
            raise SettingsError([f"BURGEE_BASE_PATH={self.base_path!r} is wrong. Set it to a path such as /flags."])
        return f"/{inner}/" if inner else "/"


def dashboard(inner: AsgiApp) -> "Dashboard":
    """The dashboard before the control plane `inner`, by the settings of both."""
    from burgee.control.settings import CONTROL

    facts = {
        "version": __version__,
        "preventSignup": CONTROL.prevent_signup,
        "preventEmailPassword": CONTROL.prevent_email_password,
        "inviteNeeded": not CONTROL.allow_registration_without_invite,
        "hideInviteLinks": CONTROL.disable_invite_links,
        "publicUrl": CONTROL.public_url,
    }
    return Dashboard(inner, read(DashboardSettings), facts)


def is_built() -> bool:
    """Whether this installation has the dashboard's files."""
    return (FOLDER / "index.html").is_file()


class Dashboard:
    """An ASGI application before `inner`; what comes below the base path goes to `whole` as if it came without it."""

    def __init__(self, inner: AsgiApp, settings: DashboardSettings, facts: Mapping[str, object]) -> None:
        self._inner = inner
        self._base = settings.base
        self.whole: AsgiApp = self
        self._pages = Pages(settings, facts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        path: str = scope["path"]
        if self._base != "/" and (path + "/").startswith(self._base):
            await self.whole(_below(scope, self._base), receive, send)
            return
        reads = scope["method"] in {"GET", "HEAD"} and not CLAIMED.match(path)
        answer = self._pages.answer(path, dict(scope["headers"])) if reads else None
        if answer is None:
            await self._inner(scope, receive, send)
        else:
            await _send(send, answer, bodiless=scope["method"] == "HEAD")


class Answer(Struct, frozen=True):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""


class Pages:
    def __init__(self, settings: DashboardSettings, facts: Mapping[str, object]) -> None:
        elsewhere = [_origin(url) for url in (settings.api_url, settings.flags_url) if url]
        self._connect = " ".join(["'self'", *elsewhere])
        shown = {"api": settings.api_url, "flagsUrl": settings.flags_url, "flagsKey": settings.flags_key, **facts}
        self._marks = {
            "__BASE__": html.escape(settings.base),
            "__FACTS__": html.escape(msgspec.json.encode(shown).decode()),
        }

    def answer(self, path: str, headers: Mapping[bytes, bytes]) -> Answer | None:
        """None when the dashboard was not built and the path is somebody else's."""
        name = path.lstrip("/")
        file = None if name in {"", "index.html"} else _file(name)
        if file is not None:
            return _whole_file(file, headers)
        if name.startswith("assets/"):
            # An asset of an earlier build must not come back as a page, which the browser would take for a script.
            return Answer(404, PLAIN)
        index = FOLDER / "index.html"
        if index.is_file():
            return self._page(index.read_text(encoding="utf-8"))
        return None if name else Answer(503, PLAIN, UNBUILT)

    def _page(self, text: str) -> Answer:
        # Before anything is filled in: no other script is allowed than the build wrote.
        scripts = _allowed_scripts(text)
        nonce = secrets.token_urlsafe(16)
        for mark, value in (self._marks | {"__NONCE__": nonce}).items():
            text = text.replace(mark, value)
        # Each answer has its own nonce for the styles that the component library makes, so none is kept.
        policy = (
            f"default-src 'none'; script-src {scripts}; style-src 'self' 'nonce-{nonce}'; "
            f"img-src 'self' data: blob:; font-src 'self'; connect-src {self._connect}; manifest-src 'self'; "
            "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'self'"
        )
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", policy.encode()),
            *GUARDS,
        ]
        return Answer(200, headers, text.encode())


def _allowed_scripts(page: str) -> str:
    """Files of this server, and the scripts that stand in the page as it was built, by their digests."""
    digests = [b64encode(sha256(script.encode()).digest()).decode() for script in INLINE_SCRIPT.findall(page)]
    return " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])


PLAIN: Final = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
GUARDS: Final = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


class _File(Struct, frozen=True):
    path: Path
    kind: bytes
    tag: bytes
    forms: tuple[bytes, ...]


@lru_cache(512)
def _file(name: str) -> _File | None:
    """What lies at `name` in the folder; None for nothing and for whatever tries to leave it."""
    try:
        path = (FOLDER / name).resolve()
        if not path.is_relative_to(FOLDER.resolve()) or path.name.startswith(".") or not path.is_file():
            return None
    except (OSError, ValueError):  # longer than a name can be, or with a null character in it
        return None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    forms = tuple(form for form, ending in ENCODINGS if path.with_name(path.name + ending).is_file())
    tag = f'"{sha256(path.read_bytes()).hexdigest()[:20]}"'.encode()
    return _File(path, (kind + charset).encode(), tag, forms)


def _whole_file(file: _File, headers: Mapping[bytes, bytes]) -> Answer:
    accepted = headers.get(b"accept-encoding", b"").replace(b" ", b"").split(b",")
    form = next((form for form in file.forms if form in accepted), None)
    told = [
        (b"etag", file.tag[:-1] + (b"-" + form if form else b"") + b'"'),
        (b"cache-control", FOR_EVER if file.path.parent.name == "assets" else b"public, max-age=3600"),
        (b"vary", b"Accept-Encoding"),
        *GUARDS[:1],
    ]
    if told[0][1] in headers.get(b"if-none-match", b"").replace(b" ", b"").split(b","):
        return Answer(304, told)
    path = file.path
    if form is not None:
        told.append((b"content-encoding", form))
        path = path.with_name(path.name + dict(ENCODINGS)[form])
    return Answer(200, [(b"content-type", file.kind), *told], path.read_bytes())


def _below(scope: Scope, base: str) -> Scope:
    cut = len(base) - 1
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": scope["path"][cut:] or "/", "raw_path": raw[cut:] or b"/"}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _send(send: Send, answer: Answer, *, bodiless: bool) -> None:
    headers = [*answer.headers]
    if answer.status != 304:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    start: dict[str, Any] = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": b"" if bodiless else answer.body, "more_body": False})
