import pytest


@pytest.mark.parametrize("role", ["control", "worker"])
def test_a_role_that_writes_refuses_to_run_apart_on_sqlite(burgee, role):
    answer = burgee(role)
    assert answer.returncode == 2
    assert f"burgee {role} cannot run apart on SQLite" in answer.stderr
    assert "Run burgee up, or set DATABASE_URL" in answer.stderr


@pytest.mark.parametrize(("arguments", "variables"), [(["--workers", "2"], {}), ([], {"BURGEE_WORKERS": "2"})])
def test_several_workers_need_a_server_database(burgee, arguments, variables):
    answer = burgee("up", *arguments, **variables)
    assert answer.returncode == 2
    assert "2 workers need a server database" in answer.stderr


def test_a_missing_driver_names_the_extra_that_installs_it(burgee, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['oracledb'] = None")
    answer = burgee("migrate", DATABASE_URL="oracle://ada:hunter2@localhost:1/flags", PYTHONPATH=str(tmp_path))
    assert answer.returncode == 2
    assert "oracle://ada:***@localhost:1/flags needs a driver" in answer.stderr
    assert "pip install 'burgee[oracle]'" in answer.stderr


def test_without_a_command_the_usage_is_shown(burgee):
    answer = burgee()
    assert answer.returncode == 2
    assert "usage: burgee" in answer.stderr


def test_an_edge_on_sqlite_needs_somewhere_to_forward_writes_to(burgee):
    answer = burgee("edge")
    assert answer.returncode == 2
    assert "BURGEE_UPSTREAM_URL is not set" in answer.stderr


@pytest.mark.parametrize("command", ["up", "control", "worker", "migrate"])
def test_a_database_that_does_not_answer_is_named_without_its_password(burgee, command):
    answer = burgee(command, DATABASE_URL="postgresql://ada:hunter2@127.0.0.1:1/flags")
    assert answer.returncode == 2
    assert "postgresql://ada:***@127.0.0.1:1/flags does not answer" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "hunter2" not in answer.stderr
