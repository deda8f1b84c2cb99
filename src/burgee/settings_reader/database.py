"""Where the database is: ``DATABASE_URL``, Flagsmith's ``DJANGO_DB_*`` variables, or SQLite in the data directory."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from msgspec import Struct

from burgee.settings_reader.location import DataSettings
from burgee.settings_reader.reader import MASK, SettingsError, Var, mask, read

Engine = Literal["sqlite", "postgresql", "mysql", "oracle", "mssql"]

SCHEMES: dict[str, Engine] = {
    "sqlite": "sqlite", "sqlite3": "sqlite",
    "postgres": "postgresql", "postgresql": "postgresql", "psql": "postgresql", "pgsql": "postgresql",
    "mysql": "mysql", "mysql2": "mysql", "mariadb": "mysql",
    "oracle": "oracle",
    "mssql": "mssql", "sqlserver": "mssql",
}  # fmt: skip
PORTS: dict[Engine, int] = {"postgresql": 5432, "mysql": 3306, "oracle": 1521, "mssql": 1433}
FIX = "Write it as postgresql://user:password@host:5432/name (or sqlite, mysql, mariadb, oracle, mssql)"


class DatabaseSettings(Struct, frozen=True, kw_only=True):
    url: Annotated[
        str,
        Var(
            "DATABASE_URL",
            "BURGEE_DATABASE_URL",
            secret=True,
            about="Address of the database, e.g. postgresql://user:password@host:5432/name. "
            "Percent-encode special characters. Without it: SQLite in the data directory.",
        ),
    ] = ""
    engine: Annotated[
        str, Var("DJANGO_DB_ENGINE", about="Engine of the DJANGO_DB_* form: a name as in DATABASE_URL.")
    ] = "postgresql"
    name: Annotated[str, Var("DJANGO_DB_NAME", about="Database name; used only without DATABASE_URL.")] = ""
    user: Annotated[str, Var("DJANGO_DB_USER", about="Database user.")] = ""
    password: Annotated[str, Var("DJANGO_DB_PASSWORD", about="Database password.", secret=True)] = ""
    host: Annotated[str, Var("DJANGO_DB_HOST", about="Database host.")] = ""
    port: Annotated[int | None, Var("DJANGO_DB_PORT", about="Database port.", ge=1, le=65535)] = None
    conn_max_age: Annotated[
        int, Var("DJANGO_DB_CONN_MAX_AGE", about="Seconds to keep a database connection; 0 or less: not at all.")
    ] = 60


class Database(Struct, frozen=True, kw_only=True):
    """One database; ``name`` is a file path for SQLite."""

    engine: Engine
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: int | None = None
    options: dict[str, str] = {}
    conn_max_age: int = 60

    @property
    def is_server(self) -> bool:
        return self.engine != "sqlite"

    @property
    def url(self) -> str:
        """The address a driver takes; holds the password, so never log it."""
        if not self.is_server:
            return f"sqlite:///{self.name}"
        login = quote(self.user, safe="") + (":" + quote(self.password, safe="") if self.password else "")
        where = f"[{self.host}]" if ":" in self.host else quote(self.host, safe="")
        port = f":{self.port}" if self.port else ""
        query = "&".join(f"{quote(key, safe='')}={quote(value, safe='')}" for key, value in self.options.items())
        at = f"{login}@" if login else ""
        return f"{self.engine}://{at}{where}{port}/{quote(self.name, safe='')}" + (f"?{query}" if query else "")

    def __str__(self) -> str:
        return mask(self.url)


def read_database(environ: Mapping[str, str] | None = None) -> Database:
    """The database the environment names; SettingsError when it names none that can be used."""
    settings = read(DatabaseSettings, environ)
    age = max(0, settings.conn_max_age)
    if settings.url:
        return parse_database_url(settings.url, conn_max_age=age)
    if settings.name or settings.host:
        return _discrete(settings, age)
    folder = read(DataSettings, environ).data_dir
    return Database(engine="sqlite", name=str(folder.absolute() / "burgee.sqlite3"), conn_max_age=age)


def _discrete(settings: DatabaseSettings, conn_max_age: int) -> Database:
    engine = SCHEMES.get(settings.engine.rpartition(".")[2].lower())
    if engine is None:
        raise SettingsError([f"DJANGO_DB_ENGINE={settings.engine!r} is wrong. Set it to one of {', '.join(SCHEMES)}."])
    if engine == "sqlite":
        return Database(engine=engine, name=str(Path(settings.name).absolute()), conn_max_age=conn_max_age)
    missing = [f"DJANGO_DB_{word.upper()}" for word in ("name", "user", "host") if not getattr(settings, word)]
    if missing:
        raise SettingsError([f"{name} is not set. Set it, or use DATABASE_URL. {FIX}." for name in missing])
    return Database(
        engine=engine,
        name=settings.name,
        user=settings.user,
        password=settings.password,
        host=settings.host,
        port=settings.port or PORTS[engine],
        conn_max_age=conn_max_age,
    )


def parse_database_url(url: str, *, conn_max_age: int = 60, variable: str = "DATABASE_URL") -> Database:
    """The database of an address; the error names the variable it came from and hides the password."""

    def wrong(why: str) -> SettingsError:
        shown = repr(mask(url)) if "://" in url else MASK
        return SettingsError([f"{variable}={shown} is wrong: {why}. {FIX}."])

    scheme, separator, rest = url.partition("://")
    engine = SCHEMES.get(scheme.lower().partition("+")[0])
    if not separator or engine is None:
        raise wrong("it does not start with a known engine and ://")
    if engine == "sqlite":
        return _sqlite(rest, conn_max_age, wrong("it names no file"))
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong("the port is no number from 1 to 65535, or the host has a stray bracket") from error
    if not parts.hostname:
        raise wrong("it names no host")
    if not parts.path.strip("/"):
        raise wrong("it names no database")
    return Database(
        engine=engine,
        name=unquote(parts.path[1:]),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=unquote(parts.hostname),
        port=port or PORTS[engine],
        options=dict(parse_qsl(parts.query)),
        conn_max_age=conn_max_age,
    )


def _sqlite(rest: str, conn_max_age: int, no_file: SettingsError) -> Database:
    """sqlite:///relative.sqlite3 and sqlite:////absolute.sqlite3, as everybody writes them."""
    path = unquote(rest.partition("?")[0]).removeprefix("/")
    if not path or path == ":memory:":
        raise no_file
    return Database(engine="sqlite", name=str(Path(path).absolute()), conn_max_age=conn_max_age)
