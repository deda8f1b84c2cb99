"""A real identity provider: pysaml2's, with a page where people sign in, on this machine."""

import html
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.control.saml.forge import Keys
from tests.services.binaries import find_binary

with warnings.catch_warnings():
    # What it imports has been renamed meanwhile.
    warnings.simplefilter("ignore")
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
    from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
    from saml2.config import IdPConfig
    from saml2.saml import NAMEID_FORMAT_PERSISTENT, NameID
    from saml2.server import Server

SIGN_IN = "<form method=post><input type=hidden name=url value='{}'><button>Sign in as Grace</button></form>"
GRACE = {"mail": ["grace@acme.example"], "givenName": ["Grace"], "sn": ["Hopper"]}


class IdentityProvider:
    """``knows`` is our metadata; ``how`` is passed to pysaml2 when it makes an answer."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.url = folder, f"http://127.0.0.1:{port}"
        keys = Keys()
        (folder / "key.pem").write_bytes(keys.pem)
        (folder / "certificate.pem").write_bytes(keys.certificate)
        self.how: dict[str, Any] = {"sign_assertion": True, "sign_response": True}
        self.relay_state = ""
        self.subject = "grace-1"
        self.server = self._server([])

    def knows(self, metadata: str) -> None:
        place = self.folder / "service.xml"
        place.write_text(metadata)
        self.server = self._server([str(place)])

    @property
    def metadata(self) -> str:
        from saml2.metadata import entity_descriptor

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(entity_descriptor(self.server.config))

    def asked(self, url: str) -> Any:
        """Our request as the provider reads it, with its signature."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return self.server.parse_authn_request(
            told["SAMLRequest"],
            BINDING_HTTP_REDIRECT,
            relay_state=told.get("RelayState"),
            sigalg=told["SigAlg"],
            signature=told["Signature"],
        )

    def answer(self, url: str) -> tuple[str, str]:
        """Where the browser posts what."""
        request = self.asked(url).message
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            response = self.server.create_authn_response(
                GRACE,
                in_response_to=request.id,
                destination=request.assertion_consumer_service_url,
                sp_entity_id=request.issuer.text,
                name_id=NameID(format=NAMEID_FORMAT_PERSISTENT, text=self.subject),
                sign_alg="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                digest_alg="http://www.w3.org/2001/04/xmlenc#sha256",
                authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": self.url},
                **self.how,
            )
        return request.assertion_consumer_service_url, str(response)

    def page(self, url: str) -> str:
        """The form that a browser posts to us by itself."""
        place, response = self.answer(url)
        made = self.server.apply_binding(
            BINDING_HTTP_POST, response, place, relay_state=self.relay_state, response=True
        )
        return str(made["data"])

    def _server(self, metadata: list[str]) -> Server:
        bindings = [(f"{self.url}/sso", BINDING_HTTP_REDIRECT)]
        facts: dict[str, Any] = {
            "entityid": f"{self.url}/metadata",
            "service": {"idp": {"endpoints": {"single_sign_on_service": bindings}, "want_authn_requests_signed": True}},
            "key_file": str(self.folder / "key.pem"),
            "cert_file": str(self.folder / "certificate.pem"),
            "xmlsec_binary": find_binary("xmlsec1"),
        }
        if metadata:
            facts["metadata"] = {"local": metadata}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Server(config=IdPConfig().load(facts))


@contextmanager
def an_identity_provider(folder: Path) -> Iterator[IdentityProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._show(SIGN_IN.format(html.escape(f"{running.url}{self.path}", quote=True)))

        def do_POST(self) -> None:
            posted = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._show(running.page(posted["url"][0]))

        def _show(self, page: str) -> None:
            body = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Tests look at the pages instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = IdentityProvider(folder, server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
