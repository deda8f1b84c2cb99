"""The unique hashes under which identities and trait keys are found on every engine."""

from hashlib import sha256


def identity_lookup(environment_id: int, identifier: str) -> str:
    return sha256(f"{environment_id}:{identifier}".encode()).hexdigest()


def trait_key_lookup(environment_id: int, name: str) -> str:
    return sha256(f"{environment_id}:{name}".encode()).hexdigest()
