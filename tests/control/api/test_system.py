import json

import pytest
from django.test import override_settings

from burgee.control.settings import ControlSettings
from burgee.settings_reader import SettingsError, read
from tests.factories.accounts import a_user


def test_the_version_says_whether_this_is_the_first_run(anybody):
    empty = anybody.get("/version/").json()
    a_user()
    used = anybody.get("/version/").json()

    assert empty["self_hosted_data"] == {"has_users": False, "has_logins": False}
    assert used["self_hosted_data"]["has_users"] is True
    assert (used["is_saas"], used["is_enterprise"]) == (False, False)


def test_health_is_told_without_an_account(anybody):
    for path in ("/health", "/healthcheck", "/health/readiness/", "/health/liveness/"):
        answer = anybody.get(path)
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")


def test_robots_are_sent_away(anybody):
    assert "Disallow: /" in anybody.get("/robots.txt").content.decode()


def test_the_dashboard_script_names_only_what_is_set(anybody):
    def overrides():
        script = anybody.get("/config/project-overrides").content.decode()
        return json.loads(script.removeprefix("window.projectOverrides = ").rstrip(";\n"))

    assert overrides() == {}
    with override_settings(CONTROL=ControlSettings(prevent_signup=True)):
        assert overrides() == {"preventSignup": True}
    with override_settings(CONTROL=ControlSettings(disable_invite_links=True, cookie_auth_enabled=True)):
        cookies = {"cookieAuthEnabled": True, "cookieSameSite": "lax", "useSecureCookies": False}
        assert overrides() == {"hideInviteLinks": True} | cookies


def test_what_waits_for_consumers_is_counted(anybody):
    assert anybody.get("/processor/monitoring/").json() == {"waiting": 0}


@pytest.mark.parametrize("rate", ["20", "often", "0/min", "20/year", "/min"])
def test_a_rate_that_is_none_stops_the_start_and_names_the_variable(rate):
    with pytest.raises(SettingsError, match="LOGIN_THROTTLE_RATE"):
        read(ControlSettings, {"LOGIN_THROTTLE_RATE": rate})
