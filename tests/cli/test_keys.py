"""``burgee keys``, beside what the same installation stores."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def ring_file(environ) -> Path:
    return Path(environ["BURGEE_DATA_DIR"]) / "secrets.json"


def ids_in(path: Path) -> list[str]:
    return [key["id"] for key in json.loads(path.read_text())["keys"]]


@pytest.mark.usefixtures("migrated")
def test_a_rotated_key_is_first_and_the_old_one_can_be_retired(burgee, ring_file):
    assert burgee("migrate").returncode == 0
    (old,) = ids_in(ring_file)
    rotated = burgee("keys", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    new = ids_in(ring_file)[0]
    assert ids_in(ring_file) == [new, old]
    listed = burgee("keys", "list").stdout.splitlines()
    assert [line.split()[:2] for line in listed] == [[new, "newest"], [old, "older"]]
    assert burgee("keys", "retire", old).returncode == 0
    assert ids_in(ring_file) == [new]
    assert ring_file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("migrated")
@pytest.mark.parametrize("which", ["newest", "unknown"])
def test_the_newest_key_and_one_that_is_not_there_cannot_be_retired(burgee, ring_file, which):
    assert burgee("migrate").returncode == 0
    (key,) = ids_in(ring_file)
    answer = burgee("keys", "retire", key if which == "newest" else "nobody")
    assert answer.returncode == 2
    assert ids_in(ring_file) == [key]


@pytest.mark.usefixtures("migrated")
def test_keys_of_the_environment_are_not_touched(burgee, environ, ring_file):
    keys = {"BURGEE_SECRET_KEYS": "a-long-enough-secret-key"}
    assert burgee("migrate", **keys).returncode == 0
    answer = burgee("keys", "rotate", **keys)
    assert answer.returncode == 2
    assert "BURGEE_SECRET_KEYS" in answer.stderr
    assert not ring_file.exists()
    assert "Every secret is stored" in burgee("keys", "reencrypt", **keys).stdout


def test_the_doctor_and_the_list_of_settings_leave_an_empty_directory_empty(burgee, environ):
    folder = Path(environ["BURGEE_DATA_DIR"])
    assert burgee("doctor").returncode == 0
    assert burgee("settings").returncode == 0
    assert not folder.exists() or list(folder.iterdir()) == []
