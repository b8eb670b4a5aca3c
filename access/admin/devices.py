"""Machines of reading rooms and reading points."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from access.actions import keep_devices
from access.models import Device, User


@admin.register(Device)
class DeviceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """Staff name a machine, get a code that is shown once, and type it on the machine. A device ends by being revoked; its row stays."""

    fields = ("name", "idle_minutes", "valid_until", "enrolled_at", "last_seen_on", "revoked_at")
    readonly_fields = ("enrolled_at", "last_seen_on", "revoked_at")
    list_display = ("name", "state", "last_seen_on", "idle_minutes", "valid_until")
    change_form_template = "access/device_form.html"
    actions: Any = None  # Any: as in Django

    def get_fields(self, request: HttpRequest, obj: Device | None = None) -> Any:  # Any: as in Django
        return self.fields if obj else self.fields[:3]

    @admin.display(description=gettext_lazy("state"))
    def state(self, device: Device) -> str:
        now = timezone.now()
        if device.revoked_at is not None:
            return _("revoked")
        if device.valid_until is not None and device.valid_until <= now:
            return _("ended")
        if device.token_digest:
            return _("enrolled")
        waits = bool(device.code_digest and device.code_valid_until and device.code_valid_until > now)
        return _("waits for its code to be typed") if waits else _("its code is too old")

    def save_model(self, request: HttpRequest, obj: Device, form: Any, change: bool) -> None:  # Any: as in Django
        actor = cast(User, request.user)
        if change:
            keep_devices.change_device(obj, actor=actor, now=timezone.now())
            return
        self._hand_over(request, obj, keep_devices.make_device(obj, actor=actor, now=timezone.now()))

    def response_add(self, request: HttpRequest, obj: Device, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:access_device_change", args=[obj.pk]))

    def get_urls(self) -> Any:  # Any: as in Django
        wrap = self.admin_site.admin_view
        return [
            path("<int:device_id>/code/", wrap(require_POST(self.renew_view)), name="access_device_renew"),
            path("<int:device_id>/revoke/", wrap(require_POST(self.revoke_view)), name="access_device_revoke"),
            *super().get_urls(),
        ]

    def renew_view(self, request: HttpRequest, device_id: int) -> HttpResponse:
        """Make a new code and show it once."""
        device = self._changeable(request, device_id)
        code = keep_devices.renew_code(device, actor=cast(User, request.user), now=timezone.now())
        self._hand_over(request, device, code)
        return HttpResponseRedirect(reverse("admin:access_device_change", args=[device.pk]))

    def revoke_view(self, request: HttpRequest, device_id: int) -> HttpResponse:
        """End the device."""
        device = self._changeable(request, device_id)
        keep_devices.revoke_device(device, actor=cast(User, request.user), now=timezone.now())
        self.message_user(request, _("The device is revoked. Its machine is like any other now."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:access_device_change", args=[device.pk]))

    def has_delete_permission(self, request: HttpRequest, obj: Device | None = None) -> bool:
        # What was read on site was read at some device: the log names it.
        return False

    def log_addition(self, request: HttpRequest, obj: Device, message: Any) -> None:  # type: ignore[override]  # Any: our own log has it
        return None

    def log_change(self, request: HttpRequest, obj: Device, message: Any) -> None:  # type: ignore[override]  # Any: our own log has it
        return None

    def _changeable(self, request: HttpRequest, device_id: int) -> Device:
        device: Device | None = self.get_object(request, str(device_id))
        if device is None or not self.has_change_permission(request, device):
            raise PermissionDenied
        return device

    def _hand_over(self, request: HttpRequest, device: Device, code: str) -> None:
        words = _("Code of “%(name)s”, shown only now and good for one day:") % {"name": device.name}
        where = _("Type it on the machine at %(address)s") % {
            "address": request.build_absolute_uri(reverse("account:device"))
        }
        self.message_user(
            request, format_html('{} <code class="secret">{}</code> {}', words, code, where), messages.WARNING
        )
