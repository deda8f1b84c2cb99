"""The view that every view of the management API extends."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, PermissionDenied
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from burgee.control.access.permissions import Permission
from burgee.control.access.queries import Subject, can, can_for_some, refuse_withheld
from burgee.control.access.standing import Principal
from burgee.control.accounts.models import User
from burgee.control.api.base.authentication import ApiKeyAuthentication, TokenAuthentication
from burgee.control.api.base.authentication_bearer import BearerAuthentication, refuse_beyond_scope
from burgee.control.api.base.errors import BodyTooLarge, UserNeeded
from burgee.control.api.base.parsing import StrictJsonParser, refuse_null_characters
from burgee.control.api.base.request_ids import request_id_of
from burgee.control.api.base.scopes import Scope
from burgee.control.api.base.session import CookieAuthentication
from burgee.control.api.base.throttling import KeyThrottle, PersonThrottle
from burgee.control.features.models import Feature
from burgee.control.kit.actor import Actor
from burgee.control.organisations.models import ApiKey

METHODS = ("get", "post", "put", "patch", "delete")

Answers = type[BaseSerializer[Any]] | BaseSerializer[Any]


class Public:
    """Open to anybody, for a reason that somebody can disagree with."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


Rule = Permission | Public


class ApiView(APIView):
    """States its permission, its scope and its tags, or cannot be defined.

    ``succeeds`` names statuses other than the usual ones, by method, and ``refuses`` those that come on top of the
    usual refusals; ``produces`` is the media type of the ``answers``, which may be stated by method.
    ``for_people`` refuses keys of organisations. ``asks_about_features`` lets those in who hold the permission for
    features with certain tags alone: every write of such a view calls ``require_about`` with the feature it is about.
    """

    permission: ClassVar[Rule | Mapping[str, Rule]]
    scope: ClassVar[Scope | Mapping[str, Scope]]
    tags: ClassVar[tuple[str, ...]]
    accepts: ClassVar[type[BaseSerializer[Any]] | None] = None
    answers: ClassVar[Answers | Mapping[str, Answers] | None] = None
    succeeds: ClassVar[Mapping[str, tuple[int, ...]]] = {}
    refuses: ClassVar[tuple[int, ...]] = ()
    produces: ClassVar[str] = "application/json"
    for_people: ClassVar[bool] = False
    asks_about_features: ClassVar[bool] = False
    authentication_classes = [TokenAuthentication, ApiKeyAuthentication, BearerAuthentication, CookieAuthentication]
    permission_classes = []
    parser_classes = [StrictJsonParser, FormParser, MultiPartParser]

    principal: Principal
    actor: Actor

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for statement in ("permission", "scope", "tags"):
            if not hasattr(cls, statement):
                raise TypeError(f"{cls.__name__} must state its {statement}")
        for method in METHODS:
            if hasattr(cls, method) and cls.rule(method) is None:
                raise TypeError(f"{cls.__name__} must state a permission for {method}")
            if hasattr(cls, method) and isinstance(cls.scope, Mapping) and method not in cls.scope:
                raise TypeError(f"{cls.__name__} must state a scope for {method}")

    @classmethod
    def rule(cls, method: str) -> Rule | None:
        """What `method` needs; None for a method that the view does not serve."""
        name = "get" if method == "head" else method
        if isinstance(cls.permission, Mapping):
            return cls.permission.get(name)
        return cls.permission

    @property
    def user(self) -> User:
        """The person who asks; 400 for a key, which is none."""
        if isinstance(self.principal, User):
            return self.principal
        raise UserNeeded

    @property
    def person_id(self) -> int | None:
        """The id of the person who asks; None for a key."""
        return self.principal.pk if isinstance(self.principal, User) else None

    def allows(self, permission: Permission, subject: Subject) -> bool:
        return can(self.principal, permission, subject)

    def require_about(self, permission: Permission, subject: Subject, feature: Feature) -> None:
        """403 unless the caller may do it to a feature with the tags of `feature`."""
        if self.allows(permission, subject):
            return
        tags = feature.tags.values_list("pk", flat=True)
        if not can(self.principal, permission, subject, list(tags)):
            raise PermissionDenied

    def require(self, permission: Permission, subject: Subject) -> None:
        """403 unless the caller may; for subjects that do not stand in the URL."""
        refuse_withheld(self.principal, subject)
        if not self.allows(permission, subject):
            raise PermissionDenied

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - DRF's signature
        """Authenticate, permit, and put the objects that the URL names into the handler's arguments."""
        self.format_kwarg = None
        # What is no JSON has one form: whoever asks for the path gets it.
        negotiated = self.perform_content_negotiation(request, force=self.produces != "application/json")
        request.accepted_renderer, request.accepted_media_type = negotiated
        request.version, request.versioning_scheme = None, None
        method = (request.method or "").lower()
        rule = self.rule(method)
        is_served = method in self.http_method_names and hasattr(self, method)
        if method == "options":
            return
        if not isinstance(rule, Public) and not self._is_public():
            self._authenticate(request)
        if rule is None or not is_served:
            raise MethodNotAllowed(request.method or "")
        if not isinstance(rule, Public) and not hasattr(self, "principal"):
            self._authenticate(request)
        self.check_throttles(request)
        refuse_null_characters(request, self.kwargs)
        self._refuse_large_body(request)
        self._admit(rule, self._scope(method))

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """What DRF makes of `response`, which lets go of its data once that is written.

        View, request and response hold each other, so that thousands of rows would else wait for a garbage collection.
        """
        final = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(final, Response):  # a page, a file or a stream is a response of Django's
            final.add_post_render_callback(_let_go)
        return final

    def get_throttles(self) -> list[BaseThrottle]:
        return [PersonThrottle(), KeyThrottle(), *super().get_throttles()]

    def _scope(self, method: str) -> Scope:
        if isinstance(self.scope, Mapping):
            return self.scope["get" if method == "head" else method]
        return self.scope

    def _is_public(self) -> bool:
        rules = self.permission.values() if isinstance(self.permission, Mapping) else [self.permission]
        return any(isinstance(rule, Public) for rule in rules)

    def _authenticate(self, request: Request) -> None:
        caller: object = request.user
        refuse_beyond_scope(request.auth, request.method or "", self.tags)
        request_id = request_id_of(request)
        if isinstance(caller, User):
            self.principal = caller
            self.actor = Actor.user(caller.pk, caller.email, request_id=request_id)
        elif isinstance(caller, ApiKey):
            self.principal = caller
            self.actor = Actor.api_key(caller.pk, caller.name, request_id=request_id)
        else:
            raise NotAuthenticated

    def _admit(self, rule: Rule, scope: Scope) -> None:
        # DRF's dispatch passes this very dictionary on to the handler, so what the scope changes arrives there.
        if isinstance(rule, Public):
            scope.resolve(self.request, self.kwargs, None)
            return
        if self.for_people and isinstance(self.principal, ApiKey):
            raise PermissionDenied
        subject = scope.resolve(self.request, self.kwargs, self.principal)
        ask = can_for_some if self.asks_about_features else can
        if not ask(self.principal, rule, subject):
            raise PermissionDenied

    @staticmethod
    def _refuse_large_body(request: Request) -> None:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return
        if length > limit:
            raise BodyTooLarge(limit=limit)


def _let_go(response: Response) -> None:
    response.data = None
