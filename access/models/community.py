"""Communities and their protocols."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models.fields import CanonicalCharField, CanonicalJSONField, CanonicalTextField


class Community(models.Model):
    """A people's village, family or group that decides over what it entrusted to the library. `name` is its own and is never translated.

    `statements` is a list of {"lang", "value"}: what the community says of its works wherever they are shown.
    """

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    name = CanonicalCharField(_("name"), max_length=200)
    statements = CanonicalJSONField(_("statement of the community"), default=list, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
        help_text=_("Who is blocked in the larger community is blocked in this one."),
    )
    page_is_open = models.BooleanField(
        _("page open to everybody"),
        default=False,
        help_text=_("Otherwise only its members learn from this site that it exists."),
    )
    contact = CanonicalTextField(_("whom the library asks"), blank=True, help_text=_("For staff and stewards only."))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("community")
        verbose_name_plural = _("communities")
        ordering = ["name", "pk"]
        constraints = [
            # A longer ring is refused by the action: a row cannot see it.
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="community_not_its_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Protocol(models.Model):
    """One set of people for whom something is meant, kept by one or more communities. Policies name it by its `pid`."""

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    name = CanonicalCharField(_("name"), max_length=200)
    description = CanonicalTextField(_("for whom, and why"), blank=True)
    communities = models.ManyToManyField(Community, verbose_name=_("communities"), related_name="protocols")
    is_open = models.BooleanField(
        _("open"),
        default=False,
        help_text=_(
            "Open: everybody counts as a member, also who has not signed in. Strict: only those who are named."
        ),
    )
    is_locked = models.BooleanField(
        _("locked"),
        default=False,
        help_text=_("In an emergency: what it protects is closed to everybody but its stewards, at once."),
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("protocol")
        verbose_name_plural = _("protocols")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
