"""The control plane as a server of its own, behind the same protocol as the data plane and so with its deadlines."""

from burgee.edge.app import EdgeApp
from burgee.edge.asgi import Asgi, AsgiApp
from burgee.edge.cors import Cors
from burgee.edge.keys import Keys
from burgee.edge.router import Router
from burgee.edge.settings import EdgeSettings
from burgee.edge.store import Store
from burgee.edge.stream import Streams


def control_plane(settings: EdgeSettings, application: AsgiApp) -> EdgeApp:
    """A data plane that has no paths, so that `application` answers everything."""
    keys = Keys(Store(gzip_bytes=settings.gzip_bytes), remembered=1, seconds=settings.unknown_key_seconds)
    plane = EdgeApp(settings, Router({}, ()), Streams(settings), Cors(settings), keys)
    plane.asgi = Asgi(plane, application)
    return plane
