"""Forms about accounts."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from access import audit, sign_in
from access.models import User
from access.second_factors import ANSWER_LETTERS_MOST
from access.stewardship import stewardship_of


class Counted(forms.Form):
    """A form at which something could be guessed: attempts are counted, and after too many nothing is looked at for a while."""

    pause: sign_in.Pause | None = None

    def let_through(self, begun: sign_in.Attempt | sign_in.Pause) -> sign_in.Attempt:
        """Return the attempt. Raises ValidationError in a pause."""
        if isinstance(begun, sign_in.Attempt):
            return begun
        raise self._paused(begun)

    def refuse(self, pause: sign_in.Pause) -> None:
        """Say, in a form that was read already, that there is a pause."""
        self.add_error(None, self._paused(pause))

    def _paused(self, pause: sign_in.Pause) -> ValidationError:
        self.pause = pause
        said = ngettext_lazy(
            "Too many attempts. Wait %(minutes)s minute, then try again. A lost password is replaced by the administrator.",
            "Too many attempts. Wait %(minutes)s minutes, then try again. A lost password is replaced by the administrator.",
            "minutes",
        )
        return ValidationError(said % {"minutes": pause.minutes}, code="paused")


class SignInForm(Counted, AdminAuthenticationForm):
    """Name and password of somebody for whom the desk opens: staff, and who looks after a community or a protocol."""

    def confirm_login_allowed(self, user: Any) -> None:  # Any: as in Django
        AuthenticationForm.confirm_login_allowed(self, user)
        if not user.is_staff and not stewardship_of(user, now=timezone.now()):
            super().confirm_login_allowed(user)

    def clean(self) -> dict[str, Any]:  # Any: as in Django
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password or self.request is None:
            return super().clean()
        begun = self.let_through(sign_in.begin(name, sign_in.address_of(self.request), now=timezone.now()))
        cleaned = super().clean()
        sign_in.succeeded(begun)
        return cleaned


class ReaderSignInForm(Counted, AuthenticationForm):
    """Name and password of anybody. A wrong name, a wrong password and a suspended account are answered alike, and take as long."""

    error_messages = {
        "invalid_login": _("Name and password do not fit together. Small and capital letters differ."),
        "inactive": _("Name and password do not fit together. Small and capital letters differ."),
    }

    def clean(self) -> dict[str, Any]:  # Any: as in Django
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password or self.request is None:
            return super().clean()
        begun = self.let_through(sign_in.begin(name, sign_in.address_of(self.request), now=timezone.now()))
        cleaned = super().clean()
        sign_in.succeeded(begun)
        return cleaned


class SignUpForm(Counted, BaseUserCreationForm):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """A name and a password, and nothing else about the person."""

    class Meta:
        model = User
        fields = ("username",)
        labels = {"username": _("Name to sign in with")}
        help_texts = {
            "username": _(
                "Any name you like; it need not be your own. Letters, digits and the signs @.+-_ without spaces."
            )
        }

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:  # Any: as in Django
        super().__init__(*args, **kwargs)
        self.request = request
        attrs = self.fields["username"].widget.attrs
        attrs.pop("autofocus", None)
        attrs.update(autocomplete="username", autocapitalize="none", spellcheck="false")
        self.fields["password1"].help_text = _(
            "At least 10 characters. Three or four words that you remember are good."
        )
        self.fields["password2"].help_text = ""
        self.fields["password2"].label = _("The password once more")

    def clean(self) -> dict[str, Any]:  # Any: as in Django
        name = str(self.data.get("username", ""))
        self.let_through(sign_in.begin(name, sign_in.address_of(self.request), now=timezone.now()))
        return super().clean() or self.cleaned_data

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        if User.objects.filter(username__iexact=name).exists():
            raise ValidationError(_("This name is taken. Choose another one."), code="unique")
        return name


class OwnPasswordForm(Counted):
    """The account's password once more, where it is asked for: somebody else may sit before an open session."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(
        self, *args: Any, request: HttpRequest, is_asked: bool = True, **kwargs: Any
    ) -> None:  # Any: as in Django
        super().__init__(*args, **kwargs)
        self.request = request
        if not is_asked:
            del self.fields["password"]

    def clean_password(self) -> str:
        user = cast(User, self.request.user)
        address = sign_in.address_of(self.request)
        begun = self.let_through(sign_in.begin(user.get_username(), address, now=timezone.now()))
        given = str(self.cleaned_data["password"])
        if not user.check_password(given):
            raise ValidationError(_("The password is wrong."))
        sign_in.succeeded(begun)
        return given


class CodeForm(OwnPasswordForm):
    """A code of an app or of a sheet."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order = ("code", "password")


class KeyForm(OwnPasswordForm):
    """A name for a security key, and what the key answered."""

    name = forms.CharField(
        label=_("Name of the key"),
        max_length=60,
        help_text=_("To tell it from others, such as “black, on my key ring”."),
    )
    answer = forms.CharField(widget=forms.HiddenInput, max_length=ANSWER_LETTERS_MOST)
    field_order = ("name", "password", "answer")


class EnrolmentForm(Counted):
    """The code that makes a machine a reading device."""

    code = forms.CharField(
        label=_("Code of the device"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )


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
            # The log keeps no names of readers, who may delete their account.
            is_of_staff = user.is_staff or user.is_held_back
            detail = {} if is_of_staff else {"account": user.pk}
            actor = user if is_of_staff else None
            audit.record(actor=actor, verb="change_password", target_pid="", now=timezone.now(), detail=detail)
        return user
