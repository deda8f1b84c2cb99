"""The console itself: who may enter, and the doors in and out."""

from typing import Any, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from burgee.control.admin.entrance import Entrance
from burgee.control.admin.session import PLACE, begin, end
from burgee.control.api.base.throttling import LoginThrottle


class ConsoleSite(AdminSite):
    site_header = "Burgee"
    site_title = "Burgee"
    index_title = "Installation"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Without changing passwords, which has its own place."""
        return [url for url in super().get_urls() if not str(getattr(url, "name", "")).startswith("password_change")]

    @method_decorator(never_cache)
    @method_decorator(csrf_protect)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        form = Entrance(request, request.POST or None)
        if request.method == "POST":
            throttle = LoginThrottle()
            if not throttle.allow_request(cast("Any", request), cast("Any", None)):
                headers = {"Retry-After": str(int(throttle.wait()) + 1)}
                return HttpResponse("Too many sign-ins. Wait a little.", status=429, headers=headers)
            if form.is_valid():
                response = HttpResponseRedirect(self._next(request))
                begin(response, form.key)
                return response
        context = {**self.each_context(request), "form": form, "title": "Sign in", **(extra_context or {})}
        return render(request, "admin/entrance.html", context)

    @method_decorator(never_cache)
    @method_decorator(csrf_protect)
    @method_decorator(require_POST)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]  # noqa: ARG002  # Django's signature
        response = HttpResponseRedirect(reverse("admin:login"))
        end(request, response)
        return response

    @staticmethod
    def _next(request: HttpRequest) -> str:
        wanted = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
        return wanted if safe and wanted.startswith(PLACE) else reverse("admin:index")


site = ConsoleSite()
