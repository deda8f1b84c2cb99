import json
import os
import stat
from pathlib import Path

import pytest

from tests.serve.running import an_environment, made, signed_up, start

__all__ = ["start"]

pytestmark = pytest.mark.process


def flags(server, key):
    return server.ask("/api/v1/flags/", **{"X-Environment-Key": key})


@pytest.fixture
def served(start):
    """A server with one flag and a server-side key, and what asks for it."""
    server = signed_up(start())
    key, project = an_environment(server)
    made(server, f"/api/v1/projects/{project}/features/", {"name": "banner", "initial_value": "v1"})
    return server, key, project


def test_a_backup_is_taken_while_serving_and_restores_with_its_keys_elsewhere(burgee, start, served, tmp_path):
    server, key, project = served
    (tmp_path / "passphrase").write_text("correct horse battery\n")
    saved = burgee("backup", "saved.burgee", "--passphrase-file", "passphrase")
    assert (saved.returncode, saved.stderr.count("Traceback")) == (0, 0), saved.stderr
    assert "secret keys" not in saved.stdout
    assert stat.S_IMODE((tmp_path / "saved.burgee").stat().st_mode) == 0o600
    made(server, f"/api/v1/projects/{project}/features/", {"name": "later"})
    assert server.stop()[0] == 0

    elsewhere = {"BURGEE_DATA_DIR": str(tmp_path / "elsewhere")}
    refused = burgee("restore", "saved.burgee", **elsewhere)
    assert refused.returncode == 1
    assert "--passphrase-file" in refused.stderr
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / "wrong").write_text("wrong horse")
    refused = burgee("restore", "saved.burgee", "--passphrase-file", "wrong", **elsewhere)
    assert (refused.returncode, "does not open" in refused.stderr) == (1, True)
    restored = burgee("restore", "saved.burgee", "--passphrase-file", "passphrase", **elsewhere)
    assert restored.returncode == 0, restored.stderr
    secrets = [json.loads((tmp_path / name / "secrets.json").read_text()) for name in ("data", "elsewhere")]
    assert secrets[0] == secrets[1]

    again = start(**elsewhere)
    status, answer = flags(again, key)
    assert status == 200
    assert [(flag["feature"]["name"], flag["feature_state_value"]) for flag in answer] == [("banner", "v1")]
    again.headers = server.headers
    assert again.ask("/api/v1/organisations/")[0] == 200
    assert again.stop()[0] == 0


@pytest.mark.usefixtures("migrated")
def test_without_a_passphrase_it_says_that_the_keys_are_not_in_it(burgee, environ, tmp_path):
    assert burgee("migrate").returncode == 0
    saved = burgee("backup", "saved.burgee")
    assert saved.returncode == 0
    assert "secrets.json" in saved.stdout
    elsewhere = {"BURGEE_DATA_DIR": str(tmp_path / "elsewhere")}
    refused = burgee("restore", "saved.burgee", **elsewhere)
    assert (refused.returncode, "Put back the secrets.json" in refused.stderr) == (1, True)
    assert burgee("restore", "saved.burgee", "--without-keys", **elsewhere).returncode == 0


def test_a_database_that_is_being_served_is_not_restored_over(burgee, served):
    server, key, _ = served
    assert burgee("backup", "saved.burgee").returncode == 0
    refused = burgee("restore", "saved.burgee", "--replace")
    assert refused.returncode == 1
    assert "Stop Burgee" in refused.stderr
    assert flags(server, key)[0] == 200
    assert server.stop()[0] == 0
    restored = burgee("restore", "saved.burgee", "--replace")
    assert restored.returncode == 0, restored.stderr
    assert ".before-" in restored.stdout


@pytest.mark.database
def test_an_edge_takes_what_was_restored_under_it(burgee, start, postgresql_server, tmp_path):
    """Its snapshot is of a higher revision, but the new epoch wins."""
    url = postgresql_server.create_migrated(f"restore_{os.getpid()}")
    server = signed_up(start("up", DATABASE_URL=url))
    key, project = an_environment(server)
    made(server, f"/api/v1/projects/{project}/features/", {"name": "banner", "initial_value": "v1"})
    assert burgee("backup", "saved.burgee", DATABASE_URL=url).returncode == 0
    made(server, f"/api/v1/projects/{project}/features/", {"name": "later"})
    made(server, f"/api/v1/projects/{project}/features/", {"name": "latest"})
    assert server.stop()[0] == 0
    edge = start("edge", DATABASE_URL=url)
    assert len(flags(edge, key)[1]) == 3
    restored = burgee("restore", "saved.burgee", "--replace", DATABASE_URL=url)
    assert restored.returncode == 0, restored.stderr
    until_names(edge, key, ["banner"])
    assert edge.stop()[0] == 0


@pytest.mark.database
def test_a_backup_restores_into_a_server_database_that_has_no_tables_yet(burgee, postgresql_server):
    first, second = postgresql_server.create_migrated(f"first_{os.getpid()}"), f"second_{os.getpid()}"
    postgresql_server.create_database(second)
    assert burgee("backup", "saved.burgee", DATABASE_URL=first).returncode == 0
    restored = burgee("restore", "saved.burgee", DATABASE_URL=postgresql_server.url(second))
    assert restored.returncode == 0, restored.stderr


@pytest.mark.database
def test_an_installation_moves_to_postgresql_and_serves_there(burgee, start, served, postgresql_server):
    server, key, project = served
    name = f"move_{os.getpid()}"
    postgresql_server.create_database(name)
    url = postgresql_server.url(name)
    before = flags(server, key)
    assert server.stop()[0] == 0
    moved = burgee("move", "--to", url)
    assert moved.returncode == 0, moved.stderr
    assert "1 environments are proven" in moved.stdout
    again = start("up", DATABASE_URL=url)
    again.headers = server.headers
    assert flags(again, key) == before
    made(again, f"/api/v1/projects/{project}/features/", {"name": "later"})
    refused = burgee("move", "--to", url)
    assert (refused.returncode, "not empty" in refused.stderr) == (1, True)
    assert again.stop()[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("move", "--to", "nonsense"), "--to="),
        (("move", "--to", "sqlite:///data/burgee.sqlite3"), "already"),
        (("move", "--to", "postgresql://nobody@127.0.0.1:1/x"), "does not answer"),
        (("restore", "missing.burgee"), "No such file"),
        (("backup", "x", "--passphrase-file", "missing"), "cannot be read"),
        (("backup", "missing/folder/x"), "cannot be written"),
    ],
)
@pytest.mark.usefixtures("migrated")
def test_what_is_wrong_is_said_in_one_line(burgee, arguments, said):
    answer = burgee(*arguments)
    assert answer.returncode in {1, 2}
    assert said in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_backup_before_the_first_start_is_refused(burgee, tmp_path):
    answer = burgee("backup", "x")
    assert answer.returncode == 1
    assert "no database" in answer.stderr
    assert not Path(tmp_path / "x").exists()


def until_names(server, key, names):
    import time

    deadline = time.monotonic() + 30
    while [flag["feature"]["name"] for flag in flags(server, key)[1]] != names:
        assert time.monotonic() < deadline, "the edge did not take the restored snapshot"
        time.sleep(0.02)
