"""Forms about accounts."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from access import audit, sign_in
from access.models import User


class SignInForm(AdminAuthenticationForm):
    """Name and password; after too many failures the password is not looked at for a while, whoever the name is of."""

    pause: sign_in.Pause | None = None

    def clean(self) -> dict[str, Any]:  # Any: as in Django
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password or self.request is None:
            return super().clean()
        begun = sign_in.begin(name, sign_in.address_of(self.request), now=timezone.now())
        if isinstance(begun, sign_in.Pause):
            self.pause = begun
            raise ValidationError(
                ngettext_lazy(
                    "Too many attempts. Wait %(minutes)s minute, then try again. A lost password is replaced by the administrator.",
                    "Too many attempts. Wait %(minutes)s minutes, then try again. A lost password is replaced by the administrator.",
                    "minutes",
                )
                % {"minutes": begun.minutes},
                code="paused",
            )
        cleaned = super().clean()
        sign_in.succeeded(begun)
        return cleaned


class NewPasswordForm(PasswordChangeForm):
    """The old password and a new one, which must be another. Ends the duty to change a one-time password."""

    required_css_class = "required"

    def clean_new_password2(self) -> str:
        new = str(self.cleaned_data.get("new_password2") or "")
        if new and self.user.check_password(new):
            raise ValidationError(_("This is the old password. Choose another one."))
        return new

    def save(self, commit: bool = True) -> User:
        user = super().save(commit=False)
        user.must_change_password = False
        if commit:
            user.save(update_fields=["password", "must_change_password"])
            audit.record(actor=user, verb="change_password", target_pid="", now=timezone.now())
        return user
