"""What operators of the server decide about SAML, and what it costs those who do not use it."""

import os
import subprocess
import sys

import lxml.etree
import pytest
import xmlsec

from burgee.cli.checks.services import saml
from burgee.control.kit.saml_settings import SamlSettings, canonicalizations
from burgee.control.saml.models import SamlConfiguration
from burgee.settings_reader import SettingsError
from tests.control.saml.forge import signed

LOADED = """
import django, sys
django.setup()
import burgee.control.urls
print([name for name in ("lxml", "xmlsec", "onelogin") if name in sys.modules])
"""


def test_other_canonical_forms_are_accepted_when_the_operator_names_them(answer, idp_keys, bring, settings) -> None:
    settings.SAML_CANONICALIZATIONS = canonicalizations((xmlsec.Transform.C14N.href,))
    transforms = (xmlsec.Transform.ENVELOPED, xmlsec.Transform.C14N)

    tree = signed(answer, idp_keys, canonical=xmlsec.Transform.C14N, transforms=transforms)

    assert bring(tree).status_code == 200


def test_nothing_but_canonical_forms_can_be_named() -> None:
    with pytest.raises(SettingsError):
        canonicalizations(("http://www.w3.org/TR/1999/REC-xslt-19991116",))


def test_the_tolerance_of_clocks_is_the_operators(answer, idp_keys, bring, settings) -> None:
    settings.SAML = SamlSettings(accepted_time_diff=0)

    assert bring(signed(answer.but(not_before=30), idp_keys)).status_code == 401


def test_the_name_id_may_be_the_address(answer, idp_keys, bring, enter, settings) -> None:
    settings.SAML = SamlSettings(use_name_id_as_email=True)

    tree = signed(answer.but(attributes={}, name_id="grace@acme.example"), idp_keys)

    assert enter(bring(tree)).status_code == 200


def test_a_server_does_not_load_the_libraries_before_somebody_uses_them(tmp_path) -> None:
    environ = os.environ | {"DJANGO_SETTINGS_MODULE": "burgee.control.settings", "BURGEE_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", LOADED], env=environ, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_both_libraries_are_built_with_the_same_parser() -> None:
    """With different ones the second refuses to load, or worse."""
    assert xmlsec.get_libxml_version() == lxml.etree.LIBXML_VERSION


def test_the_doctor_tells_what_is_wrong_with_connections(connection) -> None:
    assert [finding.level for finding in saml()] == ["ok"]

    SamlConfiguration.objects.update(metadata_problem="It answers 500.")

    found = list(saml())
    assert [finding.level for finding in found] == ["ok", "warn"]
    assert "It answers 500." in found[1].text


def test_the_doctor_is_silent_without_connections() -> None:
    assert list(saml()) == []
