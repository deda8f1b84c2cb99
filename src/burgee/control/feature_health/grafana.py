"""Alerts of Grafana and Alertmanager as reports: they name a feature in their labels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from burgee.control.feature_health.models import HealthStatus
from burgee.control.feature_health.services import Report

FEATURE: Final = "flagsmith_feature"
ENVIRONMENT: Final = "flagsmith_environment"

TEXTS: Final = (("summary", "Summary"), ("description", "Description"))
LINKS: Final = (
    ("generatorURL", "Alert"),
    ("dashboardURL", "Dashboard"),
    ("panelURL", "Panel"),
    ("silenceURL", "Silence"),
)


def reports_of(alerts: Sequence[Mapping[str, Any]]) -> Iterator[Report]:
    """One report for each alert that names a feature; others are about something else."""
    for alert in alerts:
        labels = alert["labels"]
        if not labels.get(FEATURE):
            continue
        yield Report(
            feature=labels[FEATURE],
            environment=labels.get(ENVIRONMENT) or None,
            status=HealthStatus.UNHEALTHY if alert["status"] == "firing" else HealthStatus.HEALTHY,
            external_id=alert.get("fingerprint") or None,
            reason=_reason(alert),
        )


def _reason(alert: Mapping[str, Any]) -> dict[str, Any]:
    annotations = alert.get("annotations") or {}
    texts = [{"text": annotations[name], "title": title} for name, title in TEXTS if annotations.get(name)]
    if alert["labels"].get("alertname"):
        texts.insert(0, {"text": alert["labels"]["alertname"], "title": "Alert"})
    links = [{"url": alert[name], "title": title} for name, title in LINKS if is_web_address(alert.get(name))]
    if is_web_address(annotations.get("runbook_url")):
        links.append({"url": annotations["runbook_url"], "title": "Runbook"})
    return {"text_blocks": texts, "url_blocks": links}


def is_web_address(url: object) -> bool:
    """Whether a browser may follow it."""
    return isinstance(url, str) and url.lower().startswith(("http://", "https://"))
