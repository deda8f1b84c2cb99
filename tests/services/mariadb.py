"""A private MariaDB on an ephemeral port."""

import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql
import pytest

from burgee.settings_reader import parse_database_url
from tests.services.binaries import find_binary, free_port
from tests.services.redis import wait_for_port


@contextmanager
def running_mariadb() -> Iterator[str]:
    """URL of an empty database whose user may create more."""
    server, install = find_binary("mariadbd"), find_binary("mariadb-install-db")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="burgee-mariadb-") as folder:
        data = Path(folder) / "data"
        as_root = ["--user=root"] if os.geteuid() == 0 else []
        subprocess.run(
            [
                install,
                "--no-defaults",
                f"--datadir={data}",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *as_root,
            ],
            check=True,
            capture_output=True,
        )
        start = Path(folder) / "start.sql"
        start.write_text(
            "CREATE DATABASE burgee CHARACTER SET utf8mb4;\n"
            "CREATE USER 'burgee'@'127.0.0.1' IDENTIFIED BY 'burgee';\n"
            "GRANT ALL ON *.* TO 'burgee'@'127.0.0.1';\n"
        )
        command = [server, "--no-defaults", f"--datadir={data}", f"--socket={folder}/socket", f"--port={port}"]
        command += [
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--character-set-server=utf8mb4",
            f"--init-file={start}",
            # Without fsync: only the server dies in these tests, never the machine.
            "--innodb-flush-method=nosync",
            "--innodb-flush-log-at-trx-commit=2",
            *as_root,
        ]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait_for_port(port, process)
            yield f"mysql://burgee:burgee@127.0.0.1:{port}/burgee"
        finally:
            process.kill()  # an orderly end writes down for seconds what is removed right after
            process.wait(30)


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """One server for the whole run; a test makes a database of its own."""
    with running_mariadb() as url:
        yield url


def create_database(url: str) -> str:
    """The address of a new, empty database beside that of `url`."""
    server = parse_database_url(url)
    name = f"made_{uuid.uuid4().hex}"
    login = {"user": server.user, "password": server.password, "host": server.host, "port": server.port}
    with pymysql.connect(**login) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
    return url.rpartition("/")[0] + "/" + name
