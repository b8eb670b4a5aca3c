"""Communities at the desk: what is said of them, who belongs to them, who was invited."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from access.actions.belong import add_member, block_member, change_member, end_member, unblock_member
from access.actions.errors import ActionRefused
from access.actions.invite import Place, invite, withdraw_invitation
from access.actions.save_community import CommunityFacts, change_community, make_community
from access.models import Community, CommunityMembership, Protocol
from access.roles import CommunityRole
from archive.admin.base import actor_of, looked_after
from archive.admin.looked_after_screens import Deed, LookedAfterAdmin, is_administrator
from archive.admin.membership_forms import (
    CommunityForm,
    InvitationForm,
    MemberForm,
    NewMemberForm,
    last_day_of,
    person_name,
)
from archive.admin.sentences import sentence

MANAGER = CommunityRole.MANAGER
F = TypeVar("F", MemberForm, NewMemberForm, InvitationForm)


@admin.register(Community)
class CommunityAdmin(LookedAfterAdmin[Community]):
    """Communities: all of them for who looks after communities at the library, else those that one looks after oneself."""

    form = CommunityForm
    list_display = ("name", "parent", "page_is_open", "member_count")
    search_fields = ("name",)
    ordering = ("name", "pk")
    change_form_template = "desk/community.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Community]:
        now = timezone.now()
        there = Q(memberships__is_blocked=False) & (
            Q(memberships__valid_until=None) | Q(memberships__valid_until__gt=now)
        )
        found = Community.objects.select_related("parent").annotate(members=Count("memberships", filter=there))
        if is_administrator(request) or request.user.has_perm("access.view_community"):
            return found.order_by("name", "pk")
        own = looked_after(request)
        behind = Protocol.objects.filter(pid__in=own.protocols).order_by().values("communities")
        return found.filter(Q(pk__in=own.communities) | Q(pk__in=behind)).order_by("name", "pk")

    @admin.display(description=gettext_lazy("members"), ordering="members")
    def member_count(self, community: Community) -> int:
        return int(getattr(community, "members", 0))

    # --- Who may what -----------------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Community | None = None) -> bool:
        return is_administrator(request) or (obj is not None and self._manages(request, obj))

    def shows_members(self, request: HttpRequest, obj: Community) -> bool:
        return is_administrator(request) or self._manages(request, obj)

    def _manages(self, request: HttpRequest, community: Community) -> bool:
        return community.pk in looked_after(request).communities

    # --- The form ---------------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Community | None = None) -> Any:  # Any: as in Django
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["name", "parent", "page_is_open", "contact"]})]
        parent = ["parent"] if is_administrator(request) else []
        return [(None, {"fields": ["name", "statements", *parent, "page_is_open", "contact", "reason"]})]

    def save_model(self, request: HttpRequest, obj: Community, form: Any, change: bool) -> None:  # Any: as in Django
        facts = CommunityFacts(
            name=obj.name,
            statements=obj.statements,
            parent=obj.parent,
            page_is_open=obj.page_is_open,
            contact=obj.contact,
        )
        reason, now = form.cleaned_data["reason"], timezone.now()
        if change:
            change_community(obj, facts, actor=actor_of(request), reason=reason, now=now)
        else:
            made = make_community(facts, actor=actor_of(request), reason=reason, now=now)
            obj.pk, obj.pid, obj._state.adding = made.pk, made.pid, False

    def shown(self, request: HttpRequest, obj: Community | None) -> dict[str, Any]:  # Any: what a template shows
        if obj is None:
            return {}
        shows, manages = self.shows_members(request, obj), self._manages(request, obj)
        now = timezone.now()
        members = obj.memberships.select_related("user").order_by("is_blocked", "user__username", "pk")
        waiting = obj.invitations.filter(used_at=None, withdrawn_at=None, valid_until__gt=now)
        return {
            "protocols": obj.protocols.order_by("name", "pk"),
            "shows_members": shows,
            "may_manage": manages,
            "may_add": manages or is_administrator(request),
            "members": [
                (one, person_name(one.user), one.valid_until is not None and one.valid_until <= now) for one in members
            ]
            if shows
            else [],
            "invitations": waiting.select_related("protocol", "made_by").order_by("pk") if shows else [],
        }

    # --- Members ------------------------------------------------------------------------------------------------------------

    def get_urls(self) -> Any:  # Any: as in Django
        wrap, here = self.admin_site.admin_view, "<int:community_id>"
        own = [
            path(f"{here}/members/add/", wrap(self.add_member_view), name="access_community_add_member"),
            path(f"{here}/members/<int:key>/", wrap(self.member_view), name="access_community_member"),
            path(f"{here}/invite/", wrap(self.invite_view), name="access_community_invite"),
            path(
                f"{here}/invitations/<int:key>/withdraw/",
                wrap(require_POST(self.withdraw_view)),
                name="access_community_withdraw",
            ),
        ]
        return [*own, *super().get_urls()]

    def add_member_view(self, request: HttpRequest, community_id: int) -> HttpResponse:
        """Take somebody in who has an account, or block them."""
        community = self._own_or_403(request, community_id)
        form = self._for_administrators(request, community, NewMemberForm(request.POST or None))
        actor, now = actor_of(request), timezone.now()
        sent: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
        deeds: dict[str, Deed] = {
            "add": (
                _("Take in"),
                lambda: add_member(
                    community,
                    sent["account"],
                    role=sent["role"],
                    valid_until=form.until,
                    actor=actor,
                    reason=sent["reason"],
                    now=now,
                ),
            ),
        }
        if self._manages(request, community):
            deeds["block"] = (
                _("Block"),
                lambda: block_member(community, sent["account"], actor=actor, reason=sent["reason"], now=now),
            )
        title = _("Who joins %(community)s") % {"community": community}
        return self.deed_page(request, community, title=title, form=form, deeds=deeds)

    def member_view(self, request: HttpRequest, community_id: int, key: int) -> HttpResponse:
        """Change what somebody is to the community, let them go, block them."""
        community = self._own_or_403(request, community_id)
        one = (
            CommunityMembership.objects.filter(community=community, pk=key).select_related("user", "community").first()
        )
        if one is None:
            raise Http404
        initial = {"role": one.role, "last_day": last_day_of(one.valid_until)}
        form = self._for_administrators(request, community, MemberForm(request.POST or None, initial=initial))
        actor, now = actor_of(request), timezone.now()
        sent: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
        deeds: dict[str, Deed] = {
            "save": (
                _("Save"),
                lambda: change_member(
                    one, role=sent["role"], valid_until=form.until, actor=actor, reason=sent["reason"], now=now
                ),
            ),
        }
        if self._manages(request, community):
            deeds |= {
                "end": (_("End the membership"), lambda: end_member(one, actor=actor, reason=sent["reason"], now=now)),
                "block": (
                    _("Block"),
                    lambda: block_member(community, one.user, actor=actor, reason=sent["reason"], now=now),
                ),
            }
        if one.is_blocked:
            deeds = {
                "unblock": (
                    _("Take the block off"),
                    lambda: unblock_member(one, actor=actor, reason=sent["reason"], now=now),
                )
            }
        title = _("%(who)s in %(community)s") % {"who": person_name(one.user), "community": community}
        return self.deed_page(request, community, title=title, form=form, deeds=deeds, more={"told": one.reason})

    def invite_view(self, request: HttpRequest, community_id: int) -> HttpResponse:
        """Make an invitation and show its code, once."""
        community = self._own_or_403(request, community_id)
        stewarded = community.protocols.filter(pid__in=looked_after(request).protocols)
        form = self._for_administrators(request, community, InvitationForm(request.POST or None, protocols=stewarded))

        def make() -> str:
            sent = form.cleaned_data
            place = Place(
                community,
                role=sent["role"],
                protocol=sent.get("protocol"),
                protocol_role=sent.get("protocol_role") or "member",
                until=form.until,
            )
            made = invite(
                place, valid_until=form.code_ends, actor=actor_of(request), reason=sent["reason"], now=timezone.now()
            )
            return made[1]

        title = _("An invitation to %(community)s") % {"community": community}
        deeds = {"invite": (_("Make the code"), make)}
        return self.deed_page(request, community, title=title, form=form, deeds=deeds)

    def withdraw_view(self, request: HttpRequest, community_id: int, key: int) -> HttpResponse:
        """Make an invitation's code worthless."""
        community = self._own_or_403(request, community_id)
        invitation = community.invitations.filter(pk=key).select_related("community", "protocol").first()
        if invitation is None:
            raise Http404
        try:
            withdraw_invitation(invitation, actor=actor_of(request), now=timezone.now())
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        else:
            self.message_user(request, _("The code holds no longer."), messages.SUCCESS)
        return HttpResponseRedirect(self.address(community))

    def _for_administrators(self, request: HttpRequest, community: Community, form: F) -> F:
        """Offer to an administrator, who does not manage the community, what they may give: a manager for it."""
        if not self._manages(request, community):
            form.offer_only(MANAGER)
        return form

    def _own_or_403(self, request: HttpRequest, pk: int) -> Community:
        community = self.visible_or_404(request, pk)
        if not self.shows_members(request, community):
            raise PermissionDenied
        return community
