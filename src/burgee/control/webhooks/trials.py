"""Sending a sample to an address before it is used."""

from typing import Any, Final

from django.conf import settings

from burgee.control.kit import clock, outbound
from burgee.control.webhooks.couriers import Outcome, send
from burgee.control.webhooks.errors import WebhooksDisabled
from burgee.control.webhooks.messages import AUDIT_LOG_CREATED, FLAG_UPDATED
from burgee.control.webhooks.signing import body_of

PROJECT: Final = {"id": 1, "name": "Test project"}
ENVIRONMENT: Final = {"id": 1, "name": "Test environment"}


def try_out(url: str, secret: str, kind: str) -> Outcome:
    """What `url` answers to the sample of an ``environment`` or an ``organisation``."""
    if settings.CONTROL.disable_webhooks:
        raise WebhooksDisabled
    event_type, data = (FLAG_UPDATED, _flag()) if kind == "environment" else (AUDIT_LOG_CREATED, _line())
    return send(outbound.client(), url, secret, body_of(event_type, data))


def _flag() -> dict[str, Any]:
    now = clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    feature = {
        "id": 1,
        "created_date": now,
        "default_enabled": False,
        "description": "A sample",
        "initial_value": None,
        "name": "test_feature",
        "project": PROJECT,
        "type": "STANDARD",
    }
    state: dict[str, Any] = {
        "feature": feature,
        "environment": ENVIRONMENT,
        "identity": None,
        "identity_identifier": None,
        "feature_segment": None,
        "enabled": False,
        "feature_state_value": None,
        "multivariate_feature_state_values": [],
    }
    return {
        "changed_by": "test@example.com",
        "timestamp": now,
        "previous_state": state,
        "new_state": state | {"enabled": True},
    }


def _line() -> dict[str, Any]:
    return {
        "id": 1,
        "created_date": clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "log": "New Flag / Remote Config created: test_feature",
        "author": {
            "id": 1,
            "email": "test@example.com",
            "first_name": "Test",
            "last_name": "Person",
            "last_login": None,
        },
        "environment": None,
        "project": PROJECT | {"organisation": 1},
        "related_object_id": 1,
        "related_object_uuid": None,
        "related_object_type": "FEATURE",
        "is_system_event": False,
    }
