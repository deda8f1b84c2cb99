"""Which parts make up the process of each command."""

import functools
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import uvicorn

from burgee.edge import server as edge_server
from burgee.edge.app import EdgeApp
from burgee.edge.settings import EdgeSettings
from burgee.serve.backing import backing_alone, backing_beside_control
from burgee.serve.control_plane import control_plane
from burgee.serve.dashboard import dashboard, is_built
from burgee.serve.edge_plane import edge_plane
from burgee.serve.listening import address_of, listen
from burgee.serve.logs import set_up_logs
from burgee.serve.measuring import fresh_folder, measured_control, tallies_of
from burgee.serve.metrics import Metrics
from burgee.serve.place import Place
from burgee.serve.process import Part, Process
from burgee.serve.settings import ServerSettings
from burgee.serve.supervisor import Supervisor, watch_lifeline
from burgee.serve.welcome import welcome
from burgee.settings_reader import read, read_database


def up(settings: ServerSettings, place: Place | None = None) -> int:
    """Both planes and the worker; several processes share one socket, and the first of them has the worker."""
    set_up_logs(settings)
    if place is not None:
        watch_lifeline(place.lifeline)
        return _both_planes(settings, socket.socket(fileno=place.socket), place.index)
    listener = listen(settings)
    if settings.workers == 1:
        return _both_planes(settings, listener, 0)
    fresh_folder(settings)
    descriptor = listener.fileno()
    options = ["--host", settings.host, "--port", str(settings.port), "--workers", str(settings.workers)]

    def command(index: int, lifeline: int) -> list[str]:
        place = ["--place", f"{index},{descriptor},{lifeline}"]
        return [sys.executable, "-m", "burgee", "up", *options, *place]

    return Supervisor(command, settings.workers, socket=descriptor, seconds=settings.shutdown_seconds).run()


def _both_planes(settings: ServerSettings, listener: socket.socket, index: int) -> int:
    from burgee.control.kit.write_gate import Seat
    from burgee.control.publishing import sinks
    from burgee.serve.background import WorkerPart
    from burgee.serve.bridge import EarlyViews, control_application

    backing = backing_beside_control(read_database(), Seat)
    seconds = read(EdgeSettings).request_seconds
    site = dashboard(control_application(settings.control_threads, seconds))
    tallies = tallies_of(settings, index)
    front = site if tallies is None else measured_control(tallies, site)
    plane = edge_plane(backing, front, tallies)
    site.whole = plane.app.asgi
    sinks.subscribe(plane.following.deliver)
    parts: list[Part] = [*plane.parts]
    if isinstance(front, Metrics):
        parts.append(front)
    if index == 0:
        parts.append(WorkerPart())
    parts.append(EarlyViews())
    announce = _announcement(listener) if index == 0 else _say_nothing
    return Process(_server(settings, plane.app), parts, announce).run([listener])


def edge(settings: ServerSettings) -> int:
    """Only the data plane, following what other processes publish."""
    set_up_logs(settings)
    listener = listen(settings)
    tallies = tallies_of(settings)
    front = None if tallies is None else Metrics(tallies, None)
    plane = edge_plane(backing_alone(read_database()), front, tallies)
    return Process(_server(settings, plane.app), plane.parts, _say_nothing).run([listener])


def control(settings: ServerSettings) -> int:
    """Only the control plane, over ASGI."""
    from burgee.serve.bridge import EarlyViews, control_application

    set_up_logs(settings)
    listener = listen(settings)
    edge_settings = read(EdgeSettings)
    site = dashboard(control_application(settings.control_threads, edge_settings.request_seconds))
    tallies = tallies_of(settings)
    plane = control_plane(edge_settings, site if tallies is None else measured_control(tallies, site))
    site.whole = plane.asgi
    return Process(_server(settings, plane), [EarlyViews()], _announcement(listener)).run([listener])


def worker(settings: ServerSettings) -> int:
    """Only the worker."""
    from burgee.serve.background import run_worker

    set_up_logs(settings)
    return run_worker()


def _server(settings: ServerSettings, app: EdgeApp) -> uvicorn.Server:
    seconds = max(1, round(settings.shutdown_seconds))
    return edge_server.server(app, host=settings.host, port=settings.port, graceful_seconds=seconds)


def _announcement(listener: socket.socket) -> Callable[[], None]:
    url, database = address_of(listener), read_database()
    text = welcome(url, database, has_users=_has_users(), has_dashboard=is_built(), command=_command())
    return functools.partial(print, text, flush=True)


def _say_nothing() -> None:
    """For processes that are not the one a person looks at."""


def _command() -> str:
    """How this command was called, for hints that can be copied."""
    if Path(sys.argv[0]).name == "burgee":
        return "burgee"
    python = Path(sys.executable)
    here = Path.cwd()
    return f"{python.relative_to(here) if python.is_relative_to(here) else python} -m burgee"


def _has_users() -> bool:
    from django.db import connection

    from burgee.control.accounts.models import User

    try:
        return User.objects.exists()
    finally:
        connection.close()
