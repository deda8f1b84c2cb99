"""A private LDAP directory, OpenLDAP's, on ephemeral ports: plain with StartTLS, and TLS alone."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import ldap3
from msgspec import Struct

from tests.services.binaries import find_binary, free_port, newest_folder
from tests.services.redis import wait_for_port

BASE = "dc=acme,dc=example"
ADMIN = f"cn=admin,{BASE}"
ADMIN_PASSWORD = "directory-admin"
PEOPLE = f"ou=people,{BASE}"

CONFIGURATION = """\
include {schema}/core.schema
include {schema}/cosine.schema
include {schema}/inetorgperson.schema
include {schema}/nis.schema
include {folder}/active-directory.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/pid
TLSCertificateFile {tls}/server.pem
TLSCertificateKeyFile {tls}/server.pem
TLSCACertificateFile {tls}/ca.pem
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
sizelimit size.soft=500 size.hard=5000 size.prtotal=unlimited
database mdb
suffix "{base}"
rootdn "{admin}"
rootpw {password}
directory {folder}/data
overlay memberof
"""

ACTIVE_DIRECTORY = """\
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.656 NAME 'userPrincipalName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.2 NAME 'objectGUID' EQUALITY octetStringMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 SINGLE-VALUE )
objectclass ( 1.2.840.113556.1.5.9 NAME 'user' SUP inetOrgPerson STRUCTURAL
  MAY ( sAMAccountName $ userPrincipalName $ objectGUID ) )
"""


class Slapd(Struct):
    plain_port: int
    tls_port: int

    @property
    def url(self) -> str:
        return f"ldap://localhost:{self.plain_port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://localhost:{self.tls_port}"

    @contextmanager
    def administered(self) -> Iterator[ldap3.Connection]:
        connection = ldap3.Connection(self.url, ADMIN, ADMIN_PASSWORD, auto_bind=True, raise_exceptions=True)
        try:
            yield connection
        finally:
            connection.unbind()

    def add(self, dn: str, classes: str | Sequence[str], **attributes: object) -> str:
        with self.administered() as connection:
            connection.add(dn, classes, attributes)
        return dn

    def change(self, dn: str, **attributes: object) -> None:
        with self.administered() as connection:
            connection.modify(dn, {name: [(ldap3.MODIFY_REPLACE, value)] for name, value in attributes.items()})

    def delete(self, dn: str) -> None:
        with self.administered() as connection:
            connection.delete(dn)

    def empty(self) -> None:
        """Everything goes but the tree itself."""
        with self.administered() as connection:
            connection.search(BASE, "(|(objectClass=person)(objectClass=groupOfNames)(objectClass=posixGroup))")
            for entry in connection.entries:
                connection.delete(entry.entry_dn)


@contextmanager
def running_slapd(tls: Path, port: int | None = None) -> Iterator[Slapd]:
    """A directory with an empty tree, at `port` or wherever is room; `tls` holds ``ca.pem`` and ``server.pem``."""
    server = find_binary("slapd", "/usr/lib/openldap")
    schema = newest_folder("/etc/ldap/schema") or "/etc/openldap/schema"
    directory = Slapd(port or free_port(), free_port())
    with tempfile.TemporaryDirectory(prefix="burgee-slapd-") as folder:
        (Path(folder) / "data").mkdir()
        (Path(folder) / "active-directory.schema").write_text(ACTIVE_DIRECTORY)
        facts = {"schema": schema, "folder": folder, "tls": tls, "base": BASE}
        configuration = Path(folder) / "slapd.conf"
        configuration.write_text(CONFIGURATION.format(admin=ADMIN, password=ADMIN_PASSWORD, **facts))
        urls = f"ldap://127.0.0.1:{directory.plain_port} ldaps://127.0.0.1:{directory.tls_port}"
        process = subprocess.Popen(
            [server, "-f", str(configuration), "-h", urls, "-d", "0"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        try:
            wait_for_port(directory.plain_port, process)
            directory.add(BASE, ["dcObject", "organization"], dc="acme", o="Acme")
            directory.add(PEOPLE, "organizationalUnit", ou="people")
            directory.add(f"ou=groups,{BASE}", "organizationalUnit", ou="groups")
            yield directory
        finally:
            process.terminate()
            process.communicate(timeout=10)
