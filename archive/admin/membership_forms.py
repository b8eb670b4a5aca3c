"""Forms about communities, protocols and who belongs to them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from access.models import Community, Protocol, User
from access.roles import CommunityRole, ProtocolRole
from archive.admin.generic import ModelForm
from archive.admin.inbox_form import end_of
from archive.admin.values import LangValuesFormField

REASON_LETTERS_MOST = 500
INVITATION_DAYS = 14
# Offered when a protocol is named. Names are the community's own words and are not translated.
PROTOCOL_NAMES = (
    "Công khai",
    "Thành viên cộng đồng",
    "Gia đình / dòng họ",
    "Chỉ nữ",
    "Chỉ nam",
    "Nghiên cứu có cam kết",
    "Tạm khóa",
)


def reason_field(*, required: bool = False) -> forms.CharField:
    """Return the field of the reason that the log keeps."""
    return forms.CharField(
        label=_("Reason, for the log only"),
        required=required,
        max_length=REASON_LETTERS_MOST,
        widget=forms.TextInput(attrs={"size": 60}),
    )


def last_day_field(**facts: Any) -> forms.DateField:  # Any: Django's own field arguments
    """Return a field of the last day of something."""
    plain: dict[str, Any] = {  # Any: as above
        "label": _("Until (last day)"),
        "help_text": _("Empty: without an end."),
        "required": False,
    }
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **(plain | facts))


def last_day_of(moment: datetime | None) -> date | None:
    """Return the last day of what ends at a moment, in the library's zone."""
    return None if moment is None else timezone.localtime(moment - timedelta.resolution).date()


class AccountChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """One account of few."""

    def label_from_instance(self, obj: Any) -> str:  # Any: as in Django
        return person_name(obj)


def person_name(user: User) -> str:
    """Return what somebody is called at the desk."""
    name, account = user.get_full_name(), user.get_username()
    return f"{name} ({account})" if name else account


class CommunityForm(ModelForm[Community]):
    """What is said of a community."""

    statements = LangValuesFormField(
        label=_("Statement of the community"),
        required=False,
        lines=3,
        help_text=_("What the community says of its works, wherever they are shown."),
    )
    reason = reason_field()

    class Meta:
        model = Community
        fields = ("name", "statements", "parent", "page_is_open", "contact")
        widgets = {"contact": forms.Textarea(attrs={"rows": 2})}


class ProtocolForm(ModelForm[Protocol]):
    """What is said of a protocol, and whose it is."""

    reason = reason_field()

    class Meta:
        model = Protocol
        fields = ("name", "communities", "description", "is_open")
        widgets = {
            "communities": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 3}),
            "name": forms.TextInput(attrs={"list": "protocol-names", "size": 40}),
        }


class _RoleForm(forms.Form):
    """A role, its end, and why."""

    role = forms.ChoiceField(label=_("Role"))
    last_day = last_day_field()
    reason = reason_field()
    roles: Any = ()  # Any: the choices of a TextChoices

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list(self.roles)  # type: ignore[attr-defined]  # a field of choices, above

    def offer_only(self, role: Any) -> None:  # Any: a member of a TextChoices
        """Offer one role, and choose it."""
        self.fields["role"].choices = [(role.value, role.label)]  # type: ignore[attr-defined]  # as above
        self.initial["role"] = role.value

    @property
    def until(self) -> datetime | None:
        return end_of(self.cleaned_data.get("last_day"))


class MemberForm(_RoleForm):
    """A role in a community."""

    roles = CommunityRole.choices


class NewMemberForm(MemberForm):
    """The same of somebody who is named by their account."""

    account = forms.CharField(
        label=_("Account"),
        max_length=150,
        help_text=_("The name with which the person signs in. Whoever has no account yet is invited by a code."),
    )
    field_order = ("account", "role", "last_day", "reason")

    def clean_account(self) -> User:
        name = str(self.cleaned_data["account"]).strip()
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise ValidationError(_("There is no account of this name. Small and capital letters differ."))
        return found


class RoleForm(_RoleForm):
    """A role in a protocol."""

    roles = ProtocolRole.choices


class NewRoleForm(RoleForm):
    """The same of a member of one of the protocol's communities."""

    account = AccountChoice(label=_("Member of the community"), queryset=User.objects.none(), empty_label=_("choose…"))
    field_order = ("account", "role", "last_day", "reason")

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = members_of(protocol)  # type: ignore[attr-defined]  # a field of rows, above


class InvitationForm(forms.Form):
    """A place that is offered by a code."""

    role = forms.ChoiceField(label=_("Role in the community"), choices=CommunityRole.choices)
    protocol = forms.ModelChoiceField(
        label=_("And in a protocol"), queryset=Protocol.objects.none(), required=False, empty_label=_("in none")
    )
    protocol_role = forms.ChoiceField(label=_("Role in the protocol"), choices=ProtocolRole.choices)
    last_day = last_day_field(label=_("Member until (last day)"))
    code_until = last_day_field(label=_("The code holds until"), required=True, help_text="")
    reason = reason_field()

    def __init__(self, *args: Any, protocols: QuerySet[Protocol], **kwargs: Any) -> None:  # Any: as above
        super().__init__(*args, **kwargs)
        self.fields["code_until"].initial = timezone.localdate() + timedelta(days=INVITATION_DAYS)
        if protocols:
            self.fields["protocol"].queryset = protocols  # type: ignore[attr-defined]  # a field of rows, above
        else:
            del self.fields["protocol"], self.fields["protocol_role"]

    def offer_only(self, role: Any) -> None:  # Any: a member of a TextChoices
        """Offer one role in the community, and choose it."""
        self.fields["role"].choices = [(role.value, role.label)]  # type: ignore[attr-defined]  # a field of choices, above
        self.initial["role"] = role.value

    @property
    def until(self) -> datetime | None:
        return end_of(self.cleaned_data.get("last_day"))

    @property
    def code_ends(self) -> datetime:
        ends = end_of(self.cleaned_data["code_until"])
        if ends is None:
            raise ValueError("the form asks for this day")
        return ends


class LockForm(forms.Form):
    """Why a protocol is locked or unlocked."""

    reason = reason_field(required=True)


def members_of(protocol: Protocol) -> QuerySet[User]:
    """Return the accounts that belong to one of a protocol's communities and are not blocked there."""
    there = Q(communities__community__protocols=protocol, communities__is_blocked=False)
    keys = User.objects.filter(there, is_active=True).order_by().values("pk")
    return User.objects.filter(pk__in=keys).order_by("username", "pk")
