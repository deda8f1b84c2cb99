"""Stands in for GitHub, Google and OIDC issuers, which tests cannot reach: a real TLS server on this machine.

It answers with the shapes that those services document. The address is one that policy admits; the settings that tests
of webhooks use lead it here.
"""

import ipaddress
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

HOST = "93.184.216.34"
URL = f"https://{HOST}"
ISSUER = f"{URL}/issuer"

Answer = Callable[["Asked"], tuple[int, Any]]


class Asked:
    def __init__(self, path: str, headers: dict[str, str], body: str) -> None:
        parts = urlsplit(path)
        self.path, self.headers = parts.path, headers
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.form = {name: values[0] for name, values in parse_qs(body).items()}

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")


class Elsewhere:
    """What is asked, and what is answered by path."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[Asked] = []
        self.answers: dict[str, Answer] = {}
        self.keys: dict[str, Any] = {}
        self.answers["/issuer/.well-known/openid-configuration"] = lambda _: (
            200,
            {"issuer": ISSUER, "jwks_uri": f"{URL}/issuer/keys"},
        )
        self.answers["/issuer/keys"] = lambda _: (200, {"keys": [_public(kid, key) for kid, key in self.keys.items()]})

    def connect(self, _address: tuple[str, int]) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def token(self, *, kid: str = "one", algorithm: str = "RS256", **claims: Any) -> str:
        """A token of the issuer; a claim that is None is left out."""
        now = int(time.time())
        told = {"iss": ISSUER, "aud": "burgee", "sub": "repo:acme/shop", "iat": now, "exp": now + 300} | claims
        kept = {name: value for name, value in told.items() if value is not None}
        return jwt.encode(kept, self.keys[kid], algorithm=algorithm, headers={"kid": kid})


@cache
def rsa_key(number: int = 1, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def public_pem(key: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def make_certificate(folder: Path) -> Path:
    """A certificate for the address, which signs itself, beside its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "elsewhere.pem"
    form, secret = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    place.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, form, secret)
    )
    return place


@contextmanager
def an_elsewhere(certificate: Path) -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.path, dict(self.headers), self.rfile.read(length).decode())
            running.asked.append(asked)
            status, told = running.answers.get(asked.path, lambda _: (404, {}))(asked)
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Tests look at what was asked instead."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    running = Elsewhere(server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _public(kid: str, key: Any) -> dict[str, Any]:
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return json.loads(algorithm.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"}
