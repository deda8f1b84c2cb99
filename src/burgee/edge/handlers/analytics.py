"""Counts of evaluations that clients report."""

from typing import Any, Final

from burgee.edge.counting import EvaluationCount, Usage, client_of
from burgee.edge.handlers.bodies import read_body
from burgee.edge.request import EdgeRequest
from burgee.edge.response import EdgeResponse
from burgee.edge.view import View
from burgee.wire import sdk
from burgee.wire.fields import INTEGER_LIMIT, Refused

_DONE: Final = EdgeResponse(200, b"allow: POST, OPTIONS\r\n")
_NO_CONTENT: Final = EdgeResponse(204, b"allow: POST, OPTIONS\r\n")


class AnalyticsHandlers:
    """Handlers over the usage counters; what names no flag of the environment is dropped in silence."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def post_counts(self, request: EdgeRequest, view: View) -> EdgeResponse:
        """Version 1: a map from flag to count."""
        counts = read_body(request, _counts)
        self._count(request, view, [(name, None, None, count) for name, count in counts.items()])
        return _DONE

    def post_evaluations(self, request: EdgeRequest, view: View) -> EdgeResponse:
        """Version 2: a list that also says whether the flag was enabled."""
        found = read_body(request, sdk.evaluations)
        self._count(request, view, [(one.feature_name, None, one.enabled_when_evaluated, one.count) for one in found])
        return _NO_CONTENT

    def _count(self, request: EdgeRequest, view: View, counts: list[EvaluationCount]) -> None:
        names = view.environment.flag_names
        known = [one for one in counts if one[0] in names and 0 < one[3] <= INTEGER_LIMIT]
        if known:
            self._usage.evaluations(view.environment_id, known, client_of(request), "client")


def _counts(data: Any) -> dict[str, int]:
    if not isinstance(data, dict):
        raise Refused({"non_field_errors": ["Expected a JSON object."]})
    return {name: count for name, count in data.items() if type(count) is int}
