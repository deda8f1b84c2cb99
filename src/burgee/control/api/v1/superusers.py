"""What only the superusers of the installation may see and do."""

from typing import Any, ClassVar

from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from burgee.control.access.permissions import Permission
from burgee.control.api.base import ApiView, NoScope
from burgee.control.oauth.models import AccessToken


class SuperuserView(ApiView):
    """For superusers themselves: neither for keys nor for applications that act for one."""

    permission = Permission.SIGNED_IN
    scope = NoScope()
    tags: ClassVar[tuple[str, ...]] = ()
    for_people = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":
            return
        if not self.user.is_superuser or isinstance(request.auth, AccessToken):
            raise PermissionDenied
