"""Partner libraries: who they are, the keys of their programs, and what these took."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from access.actions import keep_partners
from access.actions.errors import ActionRefused
from access.models import Partner, PartnerKey, PartnerTaking, Scope, User

TAKINGS_SHOWN = 40


class KeyForm(forms.Form):
    """What a new key is good for, and its last day."""

    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Good for"),
        choices=Scope.choices,
        initial=[Scope.READ, Scope.MEDIA],
        widget=forms.CheckboxSelectMultiple,
    )
    last_day = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def expires_at(self) -> datetime:
        """Return the end of the last day, in the library's zone."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"], time.max))


@admin.register(Partner)
class PartnerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """A partner gets keys, each shown once. It ends by being no longer active; its row stays, with what it took."""

    fields = ("name", "people", "purpose", "is_active", "account_name")
    readonly_fields = ("account_name",)
    list_display = ("name", "is_active", "live_keys", "last_used")
    search_fields = ("name",)
    change_form_template = "access/partner_form.html"
    actions: Any = None  # Any: as in Django

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name in {"people", "purpose"}:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Partner | None = None) -> Any:  # Any: as in Django
        return self.fields if obj else self.fields[:3]

    @admin.display(description=gettext_lazy("account"))
    def account_name(self, partner: Partner) -> str:
        return partner.account.get_username()

    @admin.display(description=gettext_lazy("keys in force"))
    def live_keys(self, partner: Partner) -> int:
        now = timezone.now()
        return sum(1 for key in partner.keys.all() if key.is_live(now))

    @admin.display(description=gettext_lazy("last used"))
    def last_used(self, partner: Partner) -> Any:  # Any: a day, or nothing
        return max((key.last_used_on for key in partner.keys.all() if key.last_used_on), default=None)

    def get_queryset(self, request: HttpRequest) -> Any:  # Any: as in Django
        return super().get_queryset(request).select_related("account").prefetch_related("keys")

    def save_model(self, request: HttpRequest, obj: Partner, form: Any, change: bool) -> None:  # Any: as in Django
        save = keep_partners.change_partner if change else keep_partners.make_partner
        save(obj, actor=cast(User, request.user), now=timezone.now())

    def response_add(self, request: HttpRequest, obj: Partner, post_url_continue: str | None = None) -> HttpResponse:
        return self._to(obj)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:  # Any: as in Django
        partner = self.get_object(request, object_id)
        more = {} if partner is None else self._around(partner)
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def get_urls(self) -> Any:  # Any: as in Django
        wrap = self.admin_site.admin_view
        return [
            path("<int:partner_id>/key/", wrap(self.key_view), name="access_partner_key"),
            path(
                "<int:partner_id>/key/<int:key_id>/revoke/",
                wrap(require_POST(self.revoke_view)),
                name="access_partner_revoke",
            ),
            *super().get_urls(),
        ]

    def key_view(self, request: HttpRequest, partner_id: int) -> HttpResponse:
        """Make a key, and show it once."""
        partner = self._changeable(request, partner_id)
        now = timezone.now()
        until = timezone.localdate(now + keep_partners.KEY_HOLDS)
        form = KeyForm(request.POST or None, initial={"last_day": until})
        if request.method == "POST" and form.is_valid():
            try:
                _key, secret = keep_partners.make_key(
                    partner,
                    scopes=form.cleaned_data["scopes"],
                    expires_at=form.expires_at(),
                    actor=cast(User, request.user),
                    now=now,
                )
            except ActionRefused as error:
                form.add_error(None, _refusal(error))
            else:
                words = _("Key of “%(name)s”, shown only now:") % {"name": partner.name}
                where = _("Send it to its people by a way that nobody else reads.")
                told = format_html('{} <code class="secret">{}</code> {}', words, secret, where)
                self.message_user(request, told, messages.WARNING)
                return self._to(partner)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": partner,
            "title": _("New key"),
            "form": form,
        }
        return TemplateResponse(request, "access/partner_key.html", context)

    def revoke_view(self, request: HttpRequest, partner_id: int, key_id: int) -> HttpResponse:
        """End a key."""
        partner = self._changeable(request, partner_id)
        key = partner.keys.filter(pk=key_id).first()
        if key is None:
            raise PermissionDenied
        keep_partners.revoke_key(key, actor=cast(User, request.user), now=timezone.now())
        self.message_user(request, _("The key is revoked. It opens nothing any more."), messages.SUCCESS)
        return self._to(partner)

    def has_delete_permission(self, request: HttpRequest, obj: Partner | None = None) -> bool:
        # The log names it, and so do the sums of what it took.
        return False

    def log_addition(self, request: HttpRequest, obj: Partner, message: Any) -> None:  # type: ignore[override]  # Any: our own log has it
        return None

    def log_change(self, request: HttpRequest, obj: Partner, message: Any) -> None:  # type: ignore[override]  # Any: our own log has it
        return None

    def _around(self, partner: Partner) -> dict[str, Any]:  # Any: context of a template
        now = timezone.now()
        taken = PartnerTaking.objects.filter(partner=partner)
        return {
            "keys": [(key, _state(key, now), _scopes(key)) for key in partner.keys.all()],
            "takings": taken[:TAKINGS_SHOWN],
            "taken": taken.aggregate(requests=Sum("requests"), size_bytes=Sum("size_bytes")),
        }

    def _changeable(self, request: HttpRequest, partner_id: int) -> Partner:
        partner: Partner | None = self.get_object(request, str(partner_id))
        if partner is None or not self.has_change_permission(request, partner):
            raise PermissionDenied
        return partner

    def _to(self, partner: Partner) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:access_partner_change", args=[partner.pk]))


def _state(key: PartnerKey, now: datetime) -> str:
    if key.revoked_at is not None:
        return _("revoked")
    return _("in force") if key.is_live(now) else _("ended")


def _scopes(key: PartnerKey) -> str:
    return ", ".join(str(Scope(scope).label) for scope in key.scopes if scope in Scope.values)


def _refusal(error: ActionRefused) -> str:
    sentences = {
        "no_scope": _("Choose what the key is good for."),
        "over_already": _("The last day is over already."),
        "too_long": _("A key lasts two years at most."),
        "two_keys": _("Two keys are in force already. Revoke the one that is not used any more."),
    }
    return sentences.get(error.code, error.code)
