"""Whether this process measures itself, and what that puts around its applications."""

import shutil
from pathlib import Path

from burgee.edge.asgi import AsgiApp
from burgee.serve.metrics import Backlog, Metrics
from burgee.serve.settings import ServerSettings
from burgee.serve.tallies import Tallies
from burgee.settings_reader import DataSettings, read


def tallies_of(settings: ServerSettings, index: int = 0) -> Tallies | None:
    """None without PROMETHEUS_ENABLED; processes that share a port share a folder."""
    if not settings.metrics:
        return None
    return Tallies(folder(), index) if settings.workers > 1 else Tallies()


def fresh_folder(settings: ServerSettings) -> None:
    """Before the first of several processes starts."""
    if settings.metrics:
        shutil.rmtree(folder(), ignore_errors=True)
        folder().mkdir(mode=0o700, parents=True)


def folder() -> Path:
    return read(DataSettings).data_dir / "metrics"


def measured_control(tallies: Tallies, inner: AsgiApp) -> Metrics:
    """`inner`, which ends in Django, with ``/metrics/``; Django's requests are counted from now on."""
    from burgee.control.api.base.timing import WATCHERS

    WATCHERS.append(tallies.control)
    return Metrics(tallies, inner, _backlog)


def _backlog() -> Backlog:
    from django.db import connection

    from burgee.control.events.backlog import backlog

    try:
        return backlog()
    finally:
        connection.close()
