"""A security key in software: it makes passkeys and signs with them, and can be told to do it wrongly."""

import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class Authenticator:
    def __init__(self, *, origin: str = "http://localhost:8000", counts: bool = True) -> None:
        self.origin = origin
        self.counter = 1 if counts else 0
        self.counts = counts
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = os.urandom(32)
        self.handle = b""

    def make(self, options: dict, *, algorithm: int | None = None, **wrong) -> dict:
        """What ``navigator.credentials.create`` would give."""
        options = options["publicKey"]
        self.handle = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        if algorithm is not None:
            public[3] = algorithm
        data = AttestedCredentialData.create(Aaguid(bytes(16)), self.credential_id, public)
        facts = self._facts(wrong.get("domain", options["rp"]["id"]), FLAG.UP | FLAG.UV | FLAG.AT, data)
        attestation = AttestationObject.create("none", facts, {})
        client_data = self._client_data("webauthn.create", options, wrong)
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(attestation),
            "transports": ["usb", "nonsense"],
        }
        return self._answer(response)

    def sign(self, options: dict, *, verified: bool = True, named: bool = True, **wrong) -> dict:
        """What ``navigator.credentials.get`` would give."""
        options = options["publicKey"]
        if self.counts:
            self.counter += 1
        flags = FLAG.UP | (FLAG.UV if verified else FLAG(0))
        facts = self._facts(wrong.get("domain", options["rpId"]), wrong.get("flags", flags))
        client_data = self._client_data(wrong.get("type", "webauthn.get"), options, wrong)
        key = wrong.get("signer", self.key)
        signature = key.sign(bytes(facts) + sha256(client_data), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(facts),
            "signature": websafe_encode(signature),
        }
        if named:
            response["userHandle"] = websafe_encode(wrong.get("handle", self.handle))
        return self._answer(response)

    def _facts(self, domain: str, flags: FLAG, data: bytes = b"") -> AuthenticatorData:
        return AuthenticatorData.create(sha256(domain.encode()), flags, self.counter, data)

    def _client_data(self, kind: str, options: dict, wrong: dict) -> CollectedClientData:
        challenge = wrong.get("challenge", options["challenge"])
        origin = wrong.get("origin", self.origin)
        return CollectedClientData.create(kind, challenge, origin, wrong.get("cross_origin", False))

    def _answer(self, response: dict) -> dict:
        shown = websafe_encode(self.credential_id)
        return {"id": shown, "rawId": shown, "type": "public-key", "response": response, "clientExtensionResults": {}}
