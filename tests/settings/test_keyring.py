import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from burgee.settings_reader import KeyRing, SecretKey, SettingsError, add_keys, known_key_ids, open_key_ring

LONG = "a-long-enough-secret-key"
OTHER = "another-long-enough-secret"


def test_the_file_is_made_once_and_only_its_owner_reads_it(tmp_path):
    environ = {"BURGEE_DATA_DIR": str(tmp_path / "new" / "data")}
    ring = open_key_ring(environ)
    path = tmp_path / "new" / "data" / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_key_ring(environ) == ring
    assert [entry.name for entry in path.parent.iterdir()] == ["secrets.json"]


def test_first_starts_at_the_same_time_agree_on_one_ring(tmp_path):
    environ = {"BURGEE_DATA_DIR": str(tmp_path)}
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: open_key_ring(environ), range(32)))
    assert len({ring.current.secret for ring in rings}) == 1


def test_the_environment_wins_over_the_file(tmp_path):
    data = {"BURGEE_DATA_DIR": str(tmp_path)}
    assert open_key_ring(data | {"DJANGO_SECRET_KEY": LONG}).current.secret == LONG
    ring = open_key_ring(data | {"DJANGO_SECRET_KEY": LONG, "BURGEE_SECRET_KEYS": f"{OTHER},{LONG}"})
    assert [key.secret for key in ring.keys] == [OTHER, LONG]
    assert not list(tmp_path.iterdir())


def test_a_key_has_the_same_id_wherever_it_stands(tmp_path):
    old = open_key_ring({"DJANGO_SECRET_KEY": LONG})
    rotated = open_key_ring({"BURGEE_SECRET_KEYS": f"{OTHER},{LONG}"})
    assert rotated.find(old.current.id) == old.current
    assert rotated.derive("cookies", old.current.id) == old.derive("cookies")
    assert rotated.derive("cookies") != old.derive("cookies")


def test_purposes_get_different_bytes():
    ring = open_key_ring({"DJANGO_SECRET_KEY": LONG})
    assert len(ring.derive("cookies")) == 32
    assert ring.derive("cookies") != ring.derive("keys")


def test_an_unknown_key_id_is_refused():
    ring = open_key_ring({"DJANGO_SECRET_KEY": LONG})
    assert ring.find("nobody") is None
    with pytest.raises(LookupError, match="nobody"):
        ring.derive("cookies", "nobody")


def test_short_keys_are_refused_and_not_shown():
    with pytest.raises(SettingsError, match=r"BURGEE_SECRET_KEYS=\*\*\* is wrong"):
        open_key_ring({"BURGEE_SECRET_KEYS": f"{LONG},short"})


@pytest.mark.parametrize("content", ["", "{", '{"keys": "x"}', '{"keys": []}'])
def test_a_broken_file_is_named_and_never_replaced(tmp_path, content):
    path = tmp_path / "secrets.json"
    path.write_text(content)
    with pytest.raises(SettingsError, match=r"secrets\.json is no readable key ring"):
        open_key_ring({"BURGEE_DATA_DIR": str(tmp_path)})
    assert path.read_text() == content


def test_a_key_does_not_print_its_secret(tmp_path):
    ring = open_key_ring({"BURGEE_DATA_DIR": str(tmp_path)})
    secret = json.loads((tmp_path / "secrets.json").read_text())["keys"][0]["secret"]
    assert secret not in repr(ring)


def test_a_data_directory_that_is_a_file_is_named(tmp_path):
    path = tmp_path / "data"
    path.write_text("")
    with pytest.raises(SettingsError, match="Make the directory writable, or set BURGEE_DATA_DIR"):
        open_key_ring({"BURGEE_DATA_DIR": str(path)})


RESTORED = KeyRing((SecretKey("aa", "a-restored-secret-key"),))


def test_asking_for_the_known_keys_makes_none(tmp_path):
    environ = {"BURGEE_DATA_DIR": str(tmp_path / "data")}
    assert known_key_ids(environ) == frozenset()
    assert not (tmp_path / "data").exists()
    ring = open_key_ring(environ)
    assert known_key_ids(environ) == {ring.current.id}


def test_added_keys_stand_behind_those_that_are_there(tmp_path):
    environ = {"BURGEE_DATA_DIR": str(tmp_path)}
    ring = open_key_ring(environ)
    add_keys(RESTORED, environ)
    add_keys(RESTORED, environ)
    assert open_key_ring(environ).keys == (*ring.keys, *RESTORED.keys)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_added_keys_make_the_file_where_there_is_none(tmp_path):
    environ = {"BURGEE_DATA_DIR": str(tmp_path / "data")}
    add_keys(RESTORED, environ)
    assert open_key_ring(environ) == RESTORED


def test_keys_are_not_added_to_those_of_the_environment(tmp_path):
    with pytest.raises(SettingsError, match="BURGEE_SECRET_KEYS"):
        add_keys(RESTORED, {"BURGEE_DATA_DIR": str(tmp_path), "DJANGO_SECRET_KEY": LONG})
    assert list(tmp_path.iterdir()) == []
