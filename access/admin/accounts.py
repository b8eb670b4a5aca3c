"""Accounts of staff: made with a one-time password that is shown once; roles are ready-made groups."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from access import audit
from access.actions import keep_second_factor
from access.actions.give_password import give_password
from access.log_changes import NAMES
from access.models import User

# The ready-made roles are rows with English names; here they get the reader's.
ROLE_NAMES = {
    "Cataloguer": pgettext_lazy("role", "Cataloguer: describes items and adds files"),
    "Reviewer": pgettext_lazy(
        "role", "Reviewer: reads what is in review, asks for edits, corrects; makes no new items"
    ),
    "Publisher": pgettext_lazy("role", "Publisher: also publishes, withdraws and chooses who may see"),
    "Media operator": pgettext_lazy("role", "Media operator: adds and orders files, has failed work tried again"),
    "Keeper of consents": pgettext_lazy(
        "role", "Keeper of consents: also opens their evidence, and publishes without one, with a reason"
    ),
}
SHORT_ROLE_NAMES = {
    "Cataloguer": pgettext_lazy("role", "Cataloguer"),
    "Reviewer": pgettext_lazy("role", "Reviewer"),
    "Publisher": pgettext_lazy("role", "Publisher"),
    "Media operator": pgettext_lazy("role", "Media operator"),
    "Keeper of consents": pgettext_lazy("role", "Keeper of consents"),
}
ROLES_HELP = gettext_lazy(
    "Several roles add up. A steward is no role here: stewards hold their office in a community's protocol. "
    "An administrator may do everything but see what a community keeps to itself."
)

SWITCHES = ("is_active", "is_staff", "is_superuser")
NAMES.update({one.name: one.verbose_name for one in User._meta.fields if one.name in SWITCHES})

# Roles are given with the account. Django's own screen of groups shows each as two hundred permissions with English names.
admin.site.unregister(Group)


class RoleFilter(admin.SimpleListFilter):
    """By role, in the reader's words."""

    title = gettext_lazy("roles")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [(str(pk), str(SHORT_ROLE_NAMES.get(name, name))) for pk, name in _groups()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        chosen = [pk for pk, _name in _groups() if str(pk) == self.value()]
        return queryset.filter(groups__in=chosen) if chosen else queryset


def _groups() -> list[tuple[int, str]]:
    return list(Group.objects.order_by("pk").values_list("pk", "name"))


class RolesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """Roles as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:  # Any: as in Django
        return str(ROLE_NAMES.get(obj.name, obj.name))


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # Django takes no brackets at run time
    groups = RolesField(label=gettext_lazy("Roles"), queryset=Group.objects.order_by("pk"), required=False)

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email", "is_active", "is_staff", "is_superuser", "groups")


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]  # Django's own is not generic at run time
    """Accounts, for administrators only: whoever may change accounts could make themselves one."""

    form = AccountForm
    add_form = AccountForm
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (
            gettext_lazy("Roles"),
            {"fields": ("groups", "is_staff", "is_superuser", "is_active"), "description": ROLES_HELP},
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        (gettext_lazy("Roles"), {"fields": ("groups", "is_staff", "is_superuser"), "description": ROLES_HELP}),
    )
    list_display = (
        "username",
        "last_name",
        "first_name",
        "roles",
        "is_active",
        "must_change_password",
        "second_factor_since",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "is_superuser", RoleFilter)
    filter_horizontal: ClassVar[Any] = ()  # Any: as in Django
    change_form_template = "desk/account_form.html"
    actions: Any = None  # Any: as in Django

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:  # Any: as in Django
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["is_staff"].initial = True
        return form

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        names = [str(SHORT_ROLE_NAMES.get(group.name, group.name)) for group in user.groups.all()]
        return ", ".join([*([_("administrator")] if user.is_superuser else []), *names])

    def get_queryset(self, request: HttpRequest) -> Any:  # Any: as in Django
        # The accounts of partners' programs are not people's: nobody signs in with them, and none is ever of the staff.
        return super().get_queryset(request).filter(partner=None).prefetch_related("groups")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # Any: as in Django
        if change:
            obj.desk_before = _rights_of(User.objects.get(pk=obj.pk))  # type: ignore[attr-defined]  # for the log, below
        else:
            obj.set_unusable_password()
            obj.must_change_password = True
        super().save_model(request, obj, form, change)
        if not change:
            self._hand_over(request, obj)

    def _hand_over(self, request: HttpRequest, user: User) -> None:
        password = give_password(user, actor=cast(User, request.user), now=timezone.now())
        text = _("One-time password of %(name)s, shown only now:") % {"name": user.get_username()}
        self.message_user(request, format_html('{} <code class="secret">{}</code>', text, password), messages.WARNING)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:access_user_changelist"))

    def get_urls(self) -> Any:  # Any: as in Django
        # Django's page for setting somebody's password is not offered: nobody should know another's.
        kept = [one for one in super().get_urls() if getattr(one, "name", "") != "auth_user_password_change"]
        give = path(
            "<int:user_id>/one-time-password/",
            self.admin_site.admin_view(require_POST(self.give_password_view)),
            name="access_user_give_password",
        )
        reset = path(
            "<int:user_id>/second-factor/reset/",
            self.admin_site.admin_view(require_POST(self.reset_second_factor_view)),
            name="access_user_reset_second_factor",
        )
        return [give, reset, *kept]

    def reset_second_factor_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Take away the second factor of somebody who lost it."""
        user = self.get_object(request, str(user_id))
        if user is None or not self.has_change_permission(request, user):
            raise PermissionDenied
        keep_second_factor.reset(user, actor=cast(User, request.user), now=timezone.now())
        text = _("The second factor of %(name)s is reset.") % {"name": user.get_username()}
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:access_user_change", args=[user.pk]))

    def give_password_view(self, request: HttpRequest, user_id: int) -> HttpResponse:
        """Give the account a new one-time password and show it once."""
        user = self.get_object(request, str(user_id))
        if user is None or not self.has_change_permission(request, user):
            raise PermissionDenied
        self._hand_over(request, user)
        return HttpResponseRedirect(reverse("admin:access_user_change", args=[user.pk]))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return _is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # An account that acted stays, suspended, so that the log keeps its name.
        return False

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> None:  # type: ignore[override]  # Any: as in Django; our own log
        self._log(request, obj, "add_account")

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> None:  # type: ignore[override]  # Any: as in Django; our own log
        self._log(request, obj, "change_account")

    def _log(self, request: HttpRequest, user: User, verb: str) -> None:
        audit.record(
            actor=cast(User, request.user),
            verb=verb,
            target_pid="",
            now=timezone.now(),
            detail={"account": user.pk},
            before=getattr(user, "desk_before", None),
            after=_rights_of(user),
        )


def _rights_of(user: User) -> dict[str, object]:
    """Return what the log keeps of an account: what it may do, and no word of the person."""
    roles = sorted(user.groups.order_by().values_list("name", flat=True))
    return {**{name: bool(getattr(user, name)) for name in SWITCHES}, "roles": roles}


def _is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_staff and request.user.is_superuser)
