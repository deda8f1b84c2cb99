"""The form that signs a superuser in: the same sign-in, locks and second factor as everywhere."""

from typing import Any, Final

from django import forms
from django.http import HttpRequest

from burgee.control.accounts.errors import WrongCredentials
from burgee.control.accounts.lockout import Attempt
from burgee.control.accounts.queries import holder_of
from burgee.control.accounts.records import tell_failure
from burgee.control.accounts.services import sign_out
from burgee.control.accounts.signing_in import Challenge, sign_in_with_code
from burgee.control.kit.errors import DomainError
from burgee.control.sso.password_sign_in import sign_in_by_password
from burgee.control.sso.people import Method

LABEL: Final = "Admin console"
LONGEST: Final = 1000


class CodeNeeded(DomainError):
    code = "code_needed"
    message = "This account has a second factor: give its code, too."


class Entrance(forms.Form):
    email = forms.CharField(max_length=254, widget=forms.EmailInput(attrs={"autofocus": True}))
    password = forms.CharField(max_length=LONGEST, strip=False, widget=forms.PasswordInput)
    code = forms.CharField(max_length=20, required=False, help_text="Only with a second factor.")

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = str(request.META.get("REMOTE_ADDR") or "")
        self.key = ""

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        if self.errors:
            return facts
        try:
            self.key = self._signed_in(facts["email"], facts["password"], facts["code"])
        except DomainError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        return facts

    def _signed_in(self, email: str, password: str, code: str) -> str:
        entered = sign_in_by_password(Attempt(email=email, address=self._address), password, label=LABEL)
        if isinstance(entered, Challenge):
            if not code:
                raise CodeNeeded
            entered = sign_in_with_code(entered.token, code, address=self._address, label=LABEL)
        found = holder_of(entered)
        if found is None or not found[0].is_superuser:
            if found is not None:
                tell_failure(found[0], reason="not_superuser", method=Method.PASSWORD)
                sign_out(found[1])
            raise WrongCredentials
        return entered
