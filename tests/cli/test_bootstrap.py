import sqlite3
from contextlib import closing
from pathlib import Path

import pytest


@pytest.fixture
def rows(environ):
    def count(table: str) -> int:
        with closing(sqlite3.connect(Path(environ["BURGEE_DATA_DIR"]) / "burgee.sqlite3")) as database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    return count


def test_an_empty_installation_gets_all_three_and_a_link(burgee, rows):
    answer = burgee("bootstrap", ADMIN_EMAIL="ada@example.com", ORGANISATION_NAME="Acme", PROJECT_NAME="Shop")
    assert answer.returncode == 0, answer.stderr
    assert "Administrator ada@example.com made." in answer.stdout
    assert "Organisation Acme made." in answer.stdout
    assert "Project Shop made." in answer.stdout
    assert "http://localhost:8000/password-reset/confirm/" in answer.stdout
    assert [rows(f"{table}") for table in ("accounts_user", "organisations_organisation", "projects_project")] == [
        1,
        1,
        1,
    ]


@pytest.mark.usefixtures("migrated")
def test_a_second_time_changes_nothing(burgee, rows):
    first = burgee("bootstrap", "--email", "ada@example.com")
    second = burgee("bootstrap", "--email", " ADA@example.com")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "Administrator ada@example.com is there." in second.stdout
    assert "made." not in second.stdout
    assert [rows(f"{table}") for table in ("accounts_user", "organisations_organisation", "projects_project")] == [
        1,
        1,
        1,
    ]


@pytest.mark.usefixtures("migrated")
def test_a_second_administrator_is_not_made(burgee, rows):
    assert burgee("bootstrap", "--email", "ada@example.com").returncode == 0
    answer = burgee("bootstrap", "--email", "eve@example.com")
    assert answer.returncode == 1
    assert "there are users already" in answer.stderr
    assert rows("accounts_user") == 1


@pytest.mark.parametrize("email", ["ada", "ada@", "@example.com"])
@pytest.mark.usefixtures("migrated")
def test_what_is_no_address_is_refused(burgee, rows, email):
    answer = burgee("bootstrap", "--email", email)
    assert answer.returncode == 2
    assert "is no e-mail address" in answer.stderr
    assert rows("accounts_user") == 0


@pytest.mark.usefixtures("migrated")
def test_there_is_no_default_password(burgee, environ):
    assert burgee("bootstrap").returncode == 0
    with closing(sqlite3.connect(Path(environ["BURGEE_DATA_DIR"]) / "burgee.sqlite3")) as database:
        (password,) = database.execute("SELECT password FROM accounts_user").fetchone()
    assert password.startswith("!")
