"""Forms about accounts."""

from __future__ import annotations

from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access import audit
from access.models import User


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
