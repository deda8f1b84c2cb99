"""The directory that people sign in with."""

from collections.abc import Iterator

from burgee.cli.checks.finding import Finding, fail, ok, warn
from burgee.control.kit.ldap_settings import LdapSettings
from burgee.settings_reader import read


def directory() -> Iterator[Finding]:
    from django.apps import apps

    told = read(LdapSettings)
    if not told.urls or not apps.ready:
        return
    from burgee.control.ldap.directory import trouble_with

    for url in told.urls:
        trouble = trouble_with(url)
        if trouble is None:
            yield ok("LDAP", f"{url} answers")
        else:
            yield fail("LDAP", f"{url}: {trouble}", "Start it, or correct LDAP_AUTH_URL and BURGEE_LDAP_CA_FILE.")
        if url.lower().startswith("ldap:") and not told.use_tls:
            fix = "Set LDAP_AUTH_USE_TLS=true, or use an ldaps:// address."
            yield warn("LDAP", f"passwords travel to {url} in clear", fix)
    if told.organisation_id is None:
        yield warn(
            "LDAP", "people of the directory join no organisation", "Set LDAP_DEFAULT_FLAGSMITH_ORGANISATION_ID."
        )
