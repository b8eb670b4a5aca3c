"""Protocols at the desk: whether they are open, who belongs to them, and the lock for an emergency."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from access.actions.appoint import appoint, change_role, end_role
from access.actions.save_protocol import (
    ProtocolFacts,
    change_protocol,
    lock_protocol,
    make_protocol,
    unlock_protocol,
)
from access.models import Community, Protocol, ProtocolMembership
from access.roles import ProtocolRole
from archive.admin.base import actor_of, looked_after
from archive.admin.looked_after_screens import Deed, LookedAfterAdmin, is_administrator
from archive.admin.membership_forms import (
    PROTOCOL_NAMES,
    LockForm,
    NewRoleForm,
    ProtocolForm,
    RoleForm,
    last_day_of,
    person_name,
)


@admin.register(Protocol)
class ProtocolAdmin(LookedAfterAdmin[Protocol]):
    """Protocols: all of them for who looks after communities at the library, else those that one looks after oneself."""

    form = ProtocolForm
    list_display = ("name", "is_open", "is_locked")
    list_filter = ("is_open", "is_locked")
    search_fields = ("name",)
    ordering = ("name", "pk")
    change_form_template = "desk/protocol.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Protocol]:
        if is_administrator(request) or request.user.has_perm("access.view_protocol"):
            return Protocol.objects.order_by("name", "pk")
        own = looked_after(request)
        managed = Protocol.objects.filter(communities__in=own.communities).order_by().values("pk")
        return Protocol.objects.filter(Q(pid__in=own.protocols) | Q(pk__in=managed)).order_by("name", "pk")

    # --- Who may what -----------------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request) or bool(looked_after(request).communities)

    def has_change_permission(self, request: HttpRequest, obj: Protocol | None = None) -> bool:
        return obj is not None and self._keeps(request, obj)

    def shows_members(self, request: HttpRequest, obj: Protocol) -> bool:
        return is_administrator(request) or self._keeps(request, obj) or self._gives_first(request, obj)

    def _keeps(self, request: HttpRequest, protocol: Protocol) -> bool:
        return protocol.pid in looked_after(request).protocols

    def _gives_first(self, request: HttpRequest, protocol: Protocol) -> bool:
        if protocol.memberships.filter(role=ProtocolRole.STEWARD).exists():
            return False
        return protocol.communities.filter(pk__in=looked_after(request).communities).exists()

    # --- The form ---------------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Protocol | None = None) -> Any:  # Any: as in Django
        reason = ["reason"] if obj is None or self.has_change_permission(request, obj) else []
        return [(None, {"fields": ["name", "communities", "description", "is_open", *reason]})]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name == "communities" and not is_administrator(request):
            key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            present = self.get_object(request, key) if key else None
            offered = Q(pk__in=looked_after(request).communities)
            if present is not None:
                offered |= Q(pk__in=present.communities.order_by().values("pk"))
            kwargs["queryset"] = Community.objects.filter(offered).order_by("name", "pk")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:  # Any: as in Django
        """Tick the community from whose screen one came, or the only one that there is to choose."""
        managed = looked_after(request).communities
        only = {"communities": [str(pk) for pk in managed]} if len(managed) == 1 else {}
        return only | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Protocol, form: Any, change: bool) -> None:  # Any: as in Django
        sent = form.cleaned_data
        facts = ProtocolFacts(
            name=obj.name, communities=list(sent["communities"]), description=obj.description, is_open=obj.is_open
        )
        if change:
            change_protocol(obj, facts, actor=actor_of(request), reason=sent["reason"], now=timezone.now())
        else:
            made = make_protocol(facts, actor=actor_of(request), reason=sent["reason"], now=timezone.now())
            obj.pk, obj.pid, obj._state.adding = made.pk, made.pid, False

    def shown(self, request: HttpRequest, obj: Protocol | None) -> dict[str, Any]:  # Any: what a template shows
        if obj is None:
            return {"protocol_names": PROTOCOL_NAMES}
        keeps, shows, now = self._keeps(request, obj), self.shows_members(request, obj), timezone.now()
        members = obj.memberships.select_related("user").order_by("user__username", "pk") if shows else []
        return {
            "protocol_names": PROTOCOL_NAMES,
            "shows_members": shows,
            "may_manage": keeps,
            "may_appoint": shows,
            "may_lock": keeps or is_administrator(request),
            "may_unlock": keeps,
            "lock_form": LockForm(auto_id="lock_%s"),
            "members": [
                (one, person_name(one.user), one.valid_until is not None and one.valid_until <= now) for one in members
            ],
        }

    # --- Members and the lock ---------------------------------------------------------------------------------------------------

    def get_urls(self) -> Any:  # Any: as in Django
        wrap, here = self.admin_site.admin_view, "<int:protocol_id>"
        own = [
            path(f"{here}/members/add/", wrap(self.add_member_view), name="access_protocol_add_member"),
            path(f"{here}/members/<int:key>/", wrap(self.member_view), name="access_protocol_member"),
            path(f"{here}/lock/", wrap(self.lock_view), name="access_protocol_lock"),
        ]
        return [*own, *super().get_urls()]

    def add_member_view(self, request: HttpRequest, protocol_id: int) -> HttpResponse:
        """Give a member of the community a role."""
        protocol = self.visible_or_404(request, protocol_id)
        if not self.shows_members(request, protocol):
            raise PermissionDenied
        form = NewRoleForm(request.POST or None, protocol=protocol)
        if not self._keeps(request, protocol):
            form.offer_only(ProtocolRole.STEWARD)
        sent: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}

        def give() -> None:
            appoint(
                protocol,
                sent["account"],
                role=sent["role"],
                valid_until=form.until,
                actor=actor_of(request),
                reason=sent["reason"],
                now=timezone.now(),
            )

        title = _("A role in %(protocol)s") % {"protocol": protocol}
        return self.deed_page(request, protocol, title=title, form=form, deeds={"add": (_("Give the role"), give)})

    def member_view(self, request: HttpRequest, protocol_id: int, key: int) -> HttpResponse:
        """Change or end a role."""
        protocol = self.visible_or_404(request, protocol_id)
        if not self._keeps(request, protocol):
            raise PermissionDenied
        rows = ProtocolMembership.objects.filter(protocol=protocol).select_related("user", "protocol")
        one = rows.filter(pk=key).first()
        if one is None:
            raise Http404
        form = RoleForm(request.POST or None, initial={"role": one.role, "last_day": last_day_of(one.valid_until)})
        actor, now = actor_of(request), timezone.now()
        sent: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
        deeds: dict[str, Deed] = {
            "save": (
                _("Save"),
                lambda: change_role(
                    one, role=sent["role"], valid_until=form.until, actor=actor, reason=sent["reason"], now=now
                ),
            ),
            "end": (_("End the role"), lambda: end_role(one, actor=actor, reason=sent["reason"], now=now)),
        }
        title = _("%(who)s in %(protocol)s") % {"who": person_name(one.user), "protocol": protocol}
        return self.deed_page(request, protocol, title=title, form=form, deeds=deeds, more={"told": one.reason})

    def lock_view(self, request: HttpRequest, protocol_id: int) -> HttpResponse:
        """Lock it at once, or let its members in again."""
        protocol = self.visible_or_404(request, protocol_id)
        may_unlock = self._keeps(request, protocol)
        if not (may_unlock or is_administrator(request)):
            raise PermissionDenied
        form = LockForm(request.POST or None)
        actor, now = actor_of(request), timezone.now()
        sent: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
        deeds: dict[str, Deed] = {}
        if not protocol.is_locked:
            deeds["lock"] = (
                _("Lock it, at once"),
                lambda: lock_protocol(protocol, actor=actor, reason=sent["reason"], now=now),
            )
        elif may_unlock:
            deeds["unlock"] = (
                _("Let its members in again"),
                lambda: unlock_protocol(protocol, actor=actor, reason=sent["reason"], now=now),
            )
        title = _("The lock of %(protocol)s") % {"protocol": protocol}
        return self.deed_page(request, protocol, title=title, form=form, deeds=deeds)
