"""What every view of the management API stands on.

A resource module holds its serializers, its views and its routes::

    from rest_framework.request import Request
    from rest_framework.response import Response

    from burgee.control.access.permissions import Permission
    from burgee.control.api.base import ApiView, ProjectFromUrl, paginated, parsed
    from burgee.control.api.base.routing import path

    class Tags(ApiView):
        scope = ProjectFromUrl()
        permission = {"get": Permission.VIEW_PROJECT, "post": Permission.MANAGE_TAGS}
        tags = ("tags",)
        accepts = TagInput    # optional, for the OpenAPI document
        answers = TagOutput   # optional, for the OpenAPI document

        def get(self, request: Request, project: Project) -> Response:
            return paginated(request, project.tags.order_by("id"), lambda rows: [present(tag) for tag in rows])

        def post(self, request: Request, project: Project) -> Response:
            facts = parsed(TagInput, request)                     # 400 in the usual shape, or a dict
            tag = create_tag(project, **facts, actor=self.actor)
            return Response(present(tag), status=201)

    routes = [path("projects/<int:project_id>/tags/", Tags)]      # collected by api.v1

* ``permission`` is one permission for all methods, a mapping from method to permission, or ``Public("why")``.
* ``scope`` takes its arguments out of the URL and puts the object found in their place:

  =============================  ==================  =============================  =======================
  scope                          takes               gives                          missing or foreign
  =============================  ==================  =============================  =======================
  ``NoScope()``                  nothing             nothing                        -
  ``OrganisationFromUrl()``      organisation_id     organisation                   403
  ``ProjectFromUrl()``           project_id          project                        404
  ``EnvironmentFromUrl()``       environment_key     environment (with project)     404
  ``EnvironmentByIdFromUrl()``   environment_id      environment (with project)     404
  ``OrganisationFromBody()``     (body.organisation) organisation                   403, absent: 400
  ``ProjectFromBody()``          (body.project)      project                        403
  ``EnvironmentFromBody()``      (.environment_id)   environment (with project)     403
  =============================  ==================  =============================  =======================

  It may be a mapping from method to scope, too. ``ProjectFromUrl(missing=Missing.REFUSED)`` answers 403 instead of 404.
* The view has ``self.principal`` (a person or a key, for ``visible_projects`` and its like), ``self.user`` (the person;
  400 for a key), ``self.actor`` (for services) and ``self.allows(permission, subject)``.
* ``for_people = True`` refuses keys with 403. A view whose permission tags can limit states
  ``asks_about_features = True`` and calls ``self.require_about(permission, subject, feature)`` before it writes.
* Errors: raise a ``DomainError`` (``field`` set: ``{field: [message]}``, else ``{"detail": message}``), or DRF's own
  exceptions where the shape is peculiar (``ValidationError("text")`` is a bare array).
  ``get_or_missing(queryset, id=…)`` raises the 404 with Flagsmith's text.
* Lists: ``paginated`` is styles A and B, a plain ``Response([...])`` style C, ``cursored`` style D.
"""

from burgee.control.api.base.objects import found_or_missing, get_or_missing
from burgee.control.api.base.pagination import cursored, paginated
from burgee.control.api.base.parsing import body_of, integer_from_query, parsed
from burgee.control.api.base.scopes import (
    EnvironmentByIdFromUrl,
    EnvironmentFromBody,
    EnvironmentFromUrl,
    Missing,
    NoScope,
    OrganisationFromBody,
    OrganisationFromUrl,
    ProjectFromBody,
    ProjectFromUrl,
)
from burgee.control.api.base.views import ApiView, Public

__all__ = [
    "ApiView",
    "EnvironmentByIdFromUrl",
    "EnvironmentFromBody",
    "EnvironmentFromUrl",
    "Missing",
    "NoScope",
    "OrganisationFromBody",
    "OrganisationFromUrl",
    "ProjectFromBody",
    "ProjectFromUrl",
    "Public",
    "body_of",
    "cursored",
    "found_or_missing",
    "get_or_missing",
    "integer_from_query",
    "paginated",
    "parsed",
]
