"""The listening socket, made before anything else starts so that a port in use is told at once."""

import socket

from burgee.serve.settings import ServerSettings
from burgee.settings_reader import SettingsError


def listen(settings: ServerSettings) -> socket.socket:
    """A bound socket; SettingsError when there is no such address or it is taken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise SettingsError(
            [f"BURGEE_HOST={settings.host!r} is wrong: {error.strerror}. Set it to an address of this machine."]
        ) from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        fix = "Stop what listens there, or set PORT or BURGEE_HOST to another."
        raise SettingsError([f"{where} cannot be listened on: {error.strerror}. {fix}"]) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """How a person on this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    if host in {"127.0.0.1", "0.0.0.0", "::", "::1"}:  # noqa: S104  # recognised, not bound
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
