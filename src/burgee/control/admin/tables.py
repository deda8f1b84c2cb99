"""How tables are shown: read-only, without what is secret; where a service takes edits, its fields."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.validators import MaxValueValidator
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from burgee.control.api.base.request_ids import request_id_of
from burgee.control.kit.actor import Actor
from burgee.control.kit.errors import DomainError

SECRET: Final = (
    "password",
    "digest",
    "digests",
    "salts",
    "key_digest",
    "subject_digest",
    "email_key",
    "live_key",
    "key",
)
WIDEST: Final = 8
LARGEST: Final = 2**31 - 1

if TYPE_CHECKING:
    _Admin = ModelAdmin[Any]
else:
    _Admin = ModelAdmin


def shown(model: type[models.Model]) -> list[str]:
    """The fields that people may see."""
    names = [field.name for field in model._meta.concrete_fields]
    return [name for name in names if name not in SECRET and not name.endswith("ciphertext")]


class Table(_Admin):
    """Nothing can be added or deleted, and only ``edited`` fields change: by `change`, which tells of it."""

    edited: ClassVar[Sequence[str]] = ()
    change: ClassVar[Callable[..., object] | None] = None
    show_full_result_count = False
    list_per_page = 50
    actions: Sequence[Any] = ()
    ordering = ("-pk",)

    def get_list_display(self, request: HttpRequest) -> Any:  # noqa: ARG002  # Django's signature
        return self.list_display if self.list_display != ("__str__",) else shown(self.model)[:WIDEST]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002  # Django's signature
        return shown(self.model)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002  # the same
        return [name for name in shown(self.model) if name not in self.edited]

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # the same
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # the same
        return self.change is not None and getattr(obj, "deleted_at", None) is None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """What may be null may be left empty; a number is one that every engine takes."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.null:
            field.required = False
        if field is not None and isinstance(db_field, models.PositiveIntegerField):
            field.validators.append(MaxValueValidator(LARGEST))
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: "ModelForm[Any]", change: bool) -> None:  # noqa: ARG002, FBT001  # the same
        service = type(self).change
        if service is None:
            return
        facts = {name: self._said(name, form) for name in form.changed_data if name in self.edited}
        service(self.model._base_manager.get(pk=obj.pk), actor=actor_of(request), **facts)

    def _said(self, name: str, form: "ModelForm[Any]") -> Any:
        value = form.cleaned_data[name]
        return None if value == "" and self.model._meta.get_field(name).null else value

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a service refuses is said on the page."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The audit log has it already."""


def actor_of(request: HttpRequest) -> Actor:
    person: Any = request.user
    return Actor.user(person.pk, person.email, request_id=request_id_of(request))
