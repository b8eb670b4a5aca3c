"""Who belongs to which community and protocol, since when, why and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models.community import Community, Protocol
from access.models.fields import CanonicalTextField
from access.roles import CommunityRole, ProtocolRole


class CommunityMembership(models.Model):
    """One person in one community. A block is a row, too: it overrides every protocol of the community and of its parts."""

    community = models.ForeignKey(
        Community, verbose_name=_("community"), on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="communities"
    )
    role = models.CharField(_("role"), max_length=10, choices=CommunityRole.choices, default=CommunityRole.MEMBER)
    is_blocked = models.BooleanField(_("blocked"), default=False)
    reason = CanonicalTextField(_("reason"), blank=True)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    made_at = models.DateTimeField(_("since"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("member of a community")
        verbose_name_plural = _("members of a community")
        ordering = ["community", "user", "pk"]
        constraints = [models.UniqueConstraint(fields=["community", "user"], name="community_member_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.community}"


class ProtocolMembership(models.Model):
    """One role of one person in one protocol. It counts only while the person also is a member of one of the protocol's communities."""

    protocol = models.ForeignKey(
        Protocol, verbose_name=_("protocol"), on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="protocols"
    )
    role = models.CharField(_("role"), max_length=20, choices=ProtocolRole.choices, default=ProtocolRole.MEMBER)
    reason = CanonicalTextField(_("reason"), blank=True)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    made_at = models.DateTimeField(_("since"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("member of a protocol")
        verbose_name_plural = _("members of a protocol")
        ordering = ["protocol", "user", "pk"]
        constraints = [models.UniqueConstraint(fields=["protocol", "user", "role"], name="protocol_role_once")]

    def __str__(self) -> str:
        return f"{self.user} – {self.protocol} ({self.get_role_display()})"


class Invitation(models.Model):
    """One place in a community, and perhaps in one of its protocols, for whoever brings the code. Only the code's digest is kept."""

    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="invitations")
    community_role = models.CharField(max_length=10, choices=CommunityRole.choices, default=CommunityRole.MEMBER)
    protocol = models.ForeignKey(Protocol, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    protocol_role = models.CharField(max_length=20, choices=ProtocolRole.choices, default=ProtocolRole.MEMBER)
    reason = CanonicalTextField(_("reason"), blank=True)
    membership_until = models.DateTimeField(_("membership until"), null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    valid_until = models.DateTimeField(_("to be used until"))
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.community} {self.made_at:%Y-%m-%d}"


class Grant(models.Model):
    """One item or file (`target_pid`, opaque here) opened to one person for a time, by a steward or in an emergency by an administrator.

    It opens what the rule closes, never what the state closes: to readers only what is published.
    """

    target_pid = models.CharField(_("of"), max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), on_delete=models.CASCADE, related_name="grants"
    )
    reason = CanonicalTextField(_("reason"))
    is_break_glass = models.BooleanField(
        _("emergency"), default=False, help_text=_("Taken by an administrator; the stewards were told.")
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(_("since"))
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    petition = models.ForeignKey(
        "access.Petition", null=True, on_delete=models.SET_NULL, related_name="grants", editable=False
    )

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-granted_at", "-pk"]
        indexes = [models.Index(fields=["user", "target_pid"], name="grant_user_target")]
        constraints = [
            # An emergency is over some day: a grant without an end is a steward's to give.
            models.CheckConstraint(
                condition=Q(is_break_glass=False) | Q(valid_until__isnull=False), name="grant_emergency_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.target_pid}"
