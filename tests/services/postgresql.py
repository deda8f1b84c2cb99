"""A private PostgreSQL cluster in a temporary directory, reached over a Unix socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.services.binaries import find_binary, free_port, newest_folder
from tests.services.migrated import migrate

_TEMPLATE = "migrated"


class PostgresqlServer:
    """Can be stopped and started again; `stop` is immediate, as when its machine dies."""

    def __init__(self, folder: Path) -> None:
        self._bin = newest_folder("/usr/lib/postgresql/*/bin")
        self._folder = folder
        self._port = free_port()
        self._user = "postgres" if os.geteuid() == 0 else None
        self._has_template = False

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def conninfo(self, database: str = "postgres") -> str:
        return f"host=127.0.0.1 port={self._port} user=postgres dbname={database}"

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/{database}"

    def initialise(self) -> None:
        if self._user is not None:
            user = pwd.getpwnam(self._user)
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync", str(self._data))
        # Without fsync: only the server dies in these tests, never the machine.
        options = f"\nport = {self._port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(options + "shared_buffers = 16MB\nmax_connections = 60\nfsync = off\n")

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(self._folder / "log"))

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._data))

    def create_database(self, name: str, template: str = "template1") -> str:
        """Its conninfo; a copy of `template`, which nobody may be connected to."""
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.conninfo(name)

    def create_migrated(self, name: str) -> str:
        """The URL of a new database with the newest schema."""
        if not self._has_template:
            self.create_database(_TEMPLATE)
            with tempfile.TemporaryDirectory() as folder:
                migrate(self.url(_TEMPLATE), Path(folder))
            self._has_template = True
        self.create_database(name, _TEMPLATE)
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        command = [find_binary(program, self._bin), *arguments]
        if self._user is not None:
            command = ["runuser", "-u", self._user, "--", *command]
        # No pipes: the server would inherit them and keep them open.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self._folder, check=False
            )
            output.seek(0)
            assert done.returncode == 0, output.read().decode(errors="replace")


@contextmanager
def running_postgresql() -> Iterator[PostgresqlServer]:
    find_binary("initdb", newest_folder("/usr/lib/postgresql/*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="burgee-postgresql-"))
    server = PostgresqlServer(folder)
    try:
        server.initialise()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One cluster for the whole run; a test makes a database of its own."""
    with running_postgresql() as server:
        yield server
