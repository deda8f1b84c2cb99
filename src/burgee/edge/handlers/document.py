"""The environment document, for clients that evaluate by themselves."""

import time
from email.utils import formatdate, parsedate_to_datetime

from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse
from burgee.edge.view import View


def get_document(request: EdgeRequest, view: View) -> EdgeResponse:
    """`GET /environment-document/`, or 304 for those who have it."""
    modified = _last_modified(view)
    if _is_known(request, view, modified):
        return EdgeResponse(304, view.etag_header + view.updated_header + modified)
    response = view.document.for_request(request)
    return response.with_headers(modified) if modified else response


def _last_modified(view: View) -> bytes:
    """Nothing while the second of the change lasts: a second change in it would carry the same date."""
    updated = int(view.environment.updated_at)
    if time.time() < updated + 1:
        return b""
    return b"last-modified: %s\r\n" % formatdate(updated, usegmt=True).encode()


def _is_known(request: EdgeRequest, view: View, modified: bytes) -> bool:
    if b"if-none-match" in request.headers:
        return request.presents(view.etag)
    since = request.headers.get(b"if-modified-since")
    if since is None or not modified:
        return False
    try:
        moment = parsedate_to_datetime(since.decode("latin-1")).timestamp()
    except (ValueError, OverflowError, OSError):
        return False
    return moment >= int(view.environment.updated_at)
