import pytest
from hypothesis import given
from hypothesis import strategies as st

from burgee.settings_reader import Database, SettingsError, parse_database_url, read_database


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        read_database(environ)
    return str(caught.value)


def test_without_any_variable_it_is_sqlite_in_the_data_directory(tmp_path):
    database = read_database({"BURGEE_DATA_DIR": str(tmp_path)})
    assert database == Database(engine="sqlite", name=str(tmp_path / "burgee.sqlite3"))
    assert not database.is_server


@pytest.mark.parametrize(
    ("scheme", "engine", "port"),
    [
        ("postgres", "postgresql", 5432),
        ("postgresql", "postgresql", 5432),
        ("POSTGRESQL+psycopg", "postgresql", 5432),
        ("mysql", "mysql", 3306),
        ("mariadb", "mysql", 3306),
        ("oracle", "oracle", 1521),
        ("mssql", "mssql", 1433),
        ("sqlserver", "mssql", 1433),
    ],
)
def test_every_engine_has_its_schemes_and_its_port(scheme, engine, port):
    database = read_database({"DATABASE_URL": f"{scheme}://ada:pw@db.example/flags"})
    assert (database.engine, database.port, database.host, database.name) == (engine, port, "db.example", "flags")
    assert database.is_server


def test_a_full_address_is_taken_apart():
    assert parse_database_url("postgres://a%40b:p%2Fw%3A@[::1]:6000/my%20flags?sslmode=require&x=1") == Database(
        engine="postgresql",
        user="a@b",
        password="p/w:",
        host="::1",
        port=6000,
        name="my flags",
        options={"sslmode": "require", "x": "1"},
    )


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:////var/burgee.sqlite3", "/var/burgee.sqlite3"), ("sqlite3:////a%20b.db?x=1", "/a b.db")],
)
def test_sqlite_addresses_name_files(url, path):
    assert parse_database_url(url).name == path


def test_a_relative_sqlite_file_is_beside_the_process(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert parse_database_url("sqlite:///flags.db").name == str(tmp_path / "flags.db")


@pytest.mark.parametrize(
    "url",
    [
        "flags",
        "postgres:ada:hunter2",
        "mongodb://ada:hunter2@db/flags",
        "postgres://ada:hunter2@/flags",
        "postgres://ada:hunter2@db",
        "postgres://ada:hunter2@db:port/flags",
        "postgres://ada:hunter2@db:99999/flags",
        "postgres://ada:hun/ter2@x@db/flags",
        "postgres://ada:hunter2@[::1/flags",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_a_wrong_address_is_refused_without_its_password(url):
    message = refusal({"DATABASE_URL": url})
    assert message.startswith("DATABASE_URL=")
    assert "Write it as postgresql://user:password@host:5432/name" in message
    assert "hunter2" not in message
    assert "ter2" not in message


def test_the_discrete_form_is_read():
    environ = {
        "DJANGO_DB_ENGINE": "django.db.backends.mysql",
        "DJANGO_DB_NAME": "flags",
        "DJANGO_DB_USER": "ada",
        "DJANGO_DB_PASSWORD": "p@w",
        "DJANGO_DB_HOST": "db",
        "DJANGO_DB_CONN_MAX_AGE": "-1",
    }
    assert read_database(environ) == Database(
        engine="mysql", name="flags", user="ada", password="p@w", host="db", port=3306, conn_max_age=0
    )


def test_the_address_wins_over_the_discrete_form():
    environ = {"DATABASE_URL": "mysql://ada@db/one", "DJANGO_DB_NAME": "two", "DJANGO_DB_HOST": "db"}
    assert read_database(environ).name == "one"


def test_the_discrete_form_says_what_is_missing():
    message = refusal({"DJANGO_DB_NAME": "flags"})
    assert "DJANGO_DB_USER is not set." in message
    assert "DJANGO_DB_HOST is not set." in message


def test_an_unknown_engine_of_the_discrete_form_is_named():
    message = refusal({"DJANGO_DB_NAME": "flags", "DJANGO_DB_ENGINE": "paradox"})
    assert message.startswith("DJANGO_DB_ENGINE='paradox' is wrong.")


def test_a_database_prints_without_its_password():
    database = parse_database_url("postgres://ada:hunter2@db/flags")
    assert str(database) == "postgresql://ada:***@db:5432/flags"


@given(
    user=st.text(min_size=1),
    password=st.text(),
    name=st.text(min_size=1),
    options=st.dictionaries(st.text(min_size=1), st.text(min_size=1), max_size=3),
)
def test_an_address_survives_being_written_and_read(user, password, name, options):
    database = Database(
        engine="postgresql", user=user, password=password, host="db", port=1, name=name, options=options
    )
    try:
        database.url.encode()
    except UnicodeEncodeError:
        return
    if name.strip("/"):
        assert parse_database_url(database.url) == database
