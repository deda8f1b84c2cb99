"""What an operator rules about signing in."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from burgee.control.admin.site import site
from burgee.control.admin.tables import Table, actor_of
from burgee.control.kit.errors import DomainError
from burgee.control.sso.models import BreakGlass, Link, SignInRule
from burgee.control.sso.people import Method
from burgee.control.sso.policies import change_rule, create_rule, delete_rule, rule_domain

if TYPE_CHECKING:
    _RuleForm = forms.ModelForm[SignInRule]
else:
    _RuleForm = forms.ModelForm


class RuleForm(_RuleForm):
    methods = forms.MultipleChoiceField(choices=[(method.value, method.value) for method in Method])

    class Meta:
        model = SignInRule
        fields = ("domain", "methods")

    def clean_domain(self) -> str:
        try:
            return rule_domain(self.cleaned_data["domain"])
        except DomainError as error:
            raise ValidationError(str(error), code=error.code) from error


@admin.register(SignInRule, site=site)
class SignInRules(Table):
    """The methods of a domain; ``*`` stands for every other one."""

    list_display = ("domain", "methods", "changed_at")
    form = RuleForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002  # Django's signature
        return ("domain", "methods")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002  # the same
        return []

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # the same
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # the same
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # the same
        return True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  # the same
        facts = form.cleaned_data
        if change:
            change_rule(SignInRule.objects.get(pk=obj.pk), actor=actor_of(request), **facts)
        else:
            obj.pk = create_rule(facts["domain"], facts["methods"], actor=actor_of(request)).pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_rule(obj, actor=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            self.delete_model(request, row)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The event has it already."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """The event has it already."""


@admin.register(Link, site=site)
class Links(Table):
    list_display = ("user", "source_key", "method", "is_explicit", "created_at", "last_used_at")
    list_select_related = ("user",)
    search_fields = ("user__email", "source_key")


@admin.register(BreakGlass, site=site)
class Glasses(Table):
    list_display = ("user", "until", "created_at")
    list_select_related = ("user",)
