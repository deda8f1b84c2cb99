"""Flags of an environment, without an identity."""

from typing import Final

from burgee.edge.counting import Told, Usage
from burgee.edge.errors import refused
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse, detail
from burgee.edge.view import View
from burgee.wire import quirks, sdk, snapshot

_NO_FEATURE: Final = "No Feature matches the given query."
_LARGEST_ID: Final = 2**63 - 1


class FlagHandlers:
    """Handlers over the usage counters."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def get(self, request: EdgeRequest, view: View) -> EdgeResponse:
        """`GET /flags/`, and one flag with `?feature=`."""
        if request.query:
            parameters = request.parameters()
            if parameters.get("format", "json") != "json":
                raise refused(404, "Not found.")
            if "feature" in parameters:
                return self._one(view, parameters["feature"])
        if b"if-none-match" in request.headers and request.presents(view.etag):
            return EdgeResponse(304, view.etag_header + view.updated_header)
        told = view.told
        if told.times:  # what `Usage.told` would do: a call would double the cost of counting
            told.times += 1
        else:
            self._usage.told(told)
        return view.flags.for_request(request)

    def _one(self, view: View, name: str) -> EdgeResponse:
        found = view.flags_by_folded_name.get(name.casefold()) if name else view.first_flag
        if found is None:
            return detail(404, quirks.FEATURE_NOT_FOUND, headers=view.updated_header)
        self._usage.told(Told(view.environment_id, [found]))
        return EdgeResponse(200, view.flag_headers, found)


def get_multivariate_options(request: EdgeRequest, view: View) -> EdgeResponse:
    """The control value and the options of one feature."""
    feature_id = int(request.names[0])
    part = view.environment.flags.get(snapshot.flag_part(feature_id)) if feature_id <= _LARGEST_ID else None
    if part is None or (part.is_server_key_only and not view.server):
        return detail(404, _NO_FEATURE)
    options = [{"value": one.value} for one in part.state.variants]
    return EdgeResponse(200, view.flag_headers, sdk.encode({"control_value": part.state.value, "options": options}))
