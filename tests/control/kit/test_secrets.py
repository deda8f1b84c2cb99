"""Secrets under a key ring that is rotated while they are there."""

import re
from pathlib import Path

import pytest
from cryptography.fernet import InvalidToken

from burgee.control.environments.models import ServerKey
from burgee.control.environments.services import text_of
from burgee.control.kit import secrets
from burgee.control.kit.actor import SYSTEM
from burgee.control.kit.reencryption import keys_in_use, reencrypt, secret_columns
from burgee.control.transfer.progress import silent
from burgee.control.webhooks.services import create_webhook, secret_of
from burgee.settings_reader import open_key_ring, retire_key, rotate_keys
from tests.factories.environments import a_server_key, an_environment

HOOK = {"url": "https://example.com/", "secret": "hush", "enabled": True}
SOURCES = Path(secrets.__file__).parents[1]


@pytest.fixture(autouse=True)
def _ring_of_its_own(tmp_path, monkeypatch, settings):
    monkeypatch.setenv("BURGEE_DATA_DIR", str(tmp_path))
    settings.DATA_DIR = tmp_path
    secrets._opened.cache_clear()
    open_key_ring()
    yield
    secrets._opened.cache_clear()


def test_a_rotated_key_encrypts_at_once_and_the_old_one_still_decrypts():
    before = secrets.encrypt("seed")
    old = secrets.newest_key()
    new = rotate_keys().id
    assert secrets.newest_key() == new
    assert secrets.key_of(secrets.encrypt("seed")) == new
    assert (secrets.key_of(before), secrets.decrypt(before)) == (old, "seed")
    assert secrets.key_of(secrets.renewed(before)) == new
    retire_key(old)
    assert secrets.key_of(before) is None
    with pytest.raises(InvalidToken):
        secrets.decrypt(before)


@pytest.mark.django_db
def test_every_stored_secret_is_put_under_the_newest_key_in_steps_that_are_told():
    environment = an_environment()
    for _ in range(3):
        a_server_key(environment)
    hook = create_webhook(environment, actor=SYSTEM, **HOOK)
    known = {key.pk: text_of(key) for key in ServerKey.objects.all()}
    old = secrets.newest_key()
    assert keys_in_use()[old] >= 3
    new = rotate_keys().id
    steps: list[tuple[str, int, int]] = []
    assert reencrypt(lambda *step: steps.append(step)) == 0
    assert set(keys_in_use()) == {new}
    assert ("environments.ServerKey.ciphertext", 3, 3) in steps
    retire_key(old)
    assert {key.pk: text_of(key) for key in ServerKey.objects.all()} == known
    hook.refresh_from_db()
    assert secret_of(hook) == "hush"
    assert reencrypt(silent) == 0


@pytest.mark.django_db
def test_what_no_key_opens_is_counted_and_left_alone():
    key, _ = a_server_key(an_environment())
    ServerKey.objects.update(ciphertext="garbage")
    rotate_keys()
    assert reencrypt(silent) == 1
    assert ServerKey.objects.get(pk=key.pk).ciphertext == "garbage"
    assert keys_in_use()[None] == 1


def test_each_encrypted_column_is_named_so_that_rotation_finds_it():
    found = {name.rpartition(".")[2] for name in (f"{model.__name__}.{field}" for model, field in secret_columns())}
    assigned = {
        name
        for path in SOURCES.rglob("*.py")
        for name in re.findall(r"(\w+)\s*=\s*encrypt\(", path.read_text(encoding="utf-8"))
    }
    assert assigned
    assert assigned <= found
