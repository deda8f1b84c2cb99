from itertools import count
from typing import Any

from burgee.control.projects.models import Project
from burgee.control.segments.models import Segment
from tests.factories.projects import a_project

_numbers = count(1)


def a_rule(*conditions: tuple[str, str | None, str | None]) -> list[dict[str, Any]]:
    """A rule tree as stored: all of `conditions`, each (operator, property, value)."""
    listed = [
        {"id": number, "operator": operator, "property": name, "value": value, "description": None}
        for number, (operator, name, value) in enumerate(conditions, start=3)
    ]
    inner = {"id": 2, "type": "ALL", "rules": [], "conditions": listed}
    return [{"id": 1, "type": "ALL", "rules": [inner], "conditions": []}]


def a_segment(project: Project | None = None, *conditions: tuple[str, str | None, str | None], **fields) -> Segment:
    """A segment over all of `conditions`; without any, of those whose plan is "pro"."""
    project = project or a_project()
    rules = a_rule(*(conditions or (("EQUAL", "plan", "pro"),)))
    return Segment.objects.create(
        **({"project": project, "name": f"Segment {next(_numbers)}", "rules": rules} | fields)
    )
