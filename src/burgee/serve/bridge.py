"""Django beside the event loop: WSGI in a bounded pool of threads."""

from typing import TYPE_CHECKING

from a2wsgi import WSGIMiddleware

if TYPE_CHECKING:
    from asgiref.typing import ASGI3Application


def control_application(threads: int) -> "ASGI3Application":
    """The control plane as an ASGI application; requests beyond the pool wait in line."""
    from burgee.control.wsgi import application

    return WSGIMiddleware(application, workers=threads)  # type: ignore[return-value]  # a2wsgi has types of its own
