"""Devices of reading rooms and reading points."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models.fields import CanonicalCharField


class Device(models.Model):
    """One machine that staff enrolled: whoever sits at it reads on site. What it proves itself by is kept as a digest, never an address."""

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    name = CanonicalCharField(
        _("name"), max_length=150, help_text=_("Where it stands, such as “Reading room, by the window”.")
    )
    token_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    code_valid_until = models.DateTimeField(null=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    enrolled_at = models.DateTimeField(_("enrolled"), null=True, editable=False)
    last_seen_on = models.DateField(_("last seen"), null=True, editable=False)
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    idle_minutes = models.PositiveSmallIntegerField(
        _("minutes until who is idle is signed out"), default=10, help_text=_("People share it.")
    )

    class Meta:
        verbose_name = _("reading device")
        verbose_name_plural = _("reading devices")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
