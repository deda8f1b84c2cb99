"""Django beside the event loop: WSGI in a bounded pool of threads."""

from typing import Any, cast

from a2wsgi import WSGIMiddleware

from burgee.edge.asgi import AsgiApp


def control_application(threads: int) -> AsgiApp:
    """The control plane as an ASGI application; requests beyond the pool wait in line."""
    from burgee.control.wsgi import application

    wsgi: Any = application
    return cast("AsgiApp", WSGIMiddleware(wsgi, workers=threads))
