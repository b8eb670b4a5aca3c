"""Partner libraries: who they are, the keys of their programs, and what these took."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models.fields import CanonicalCharField, CanonicalTextField


class Scope(models.TextChoices):
    """What a key is good for."""

    READ = "read", _("read records")
    MEDIA = "media", _("fetch pictures and files")
    BULK = "bulk", _("harvest in bulk")


class Partner(models.Model):
    """One library or body whose programs take what it may see.

    `account` is what stewards take into communities and protocols like anybody's; nobody signs in with it, and it is never of the staff.
    """

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    name = CanonicalCharField(_("name"), max_length=200, unique=True)
    people = CanonicalTextField(
        _("whom to write to"), help_text=_("Names and addresses of those who look after it there.")
    )
    purpose = CanonicalTextField(_("purpose"), help_text=_("What it takes, and what for."))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Otherwise none of its keys opens anything.")
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        on_delete=models.PROTECT,
        related_name="partner",
        editable=False,
        help_text=_("The name by which stewards find it when they take it into a community or a protocol."),
    )
    made_at = models.DateTimeField(_("made"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("partner library")
        verbose_name_plural = _("partner libraries")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """One key of a partner. Of its secret only the SHA-256 is kept, and the letters by which people tell keys apart."""

    partner = models.ForeignKey(
        Partner, verbose_name=_("partner library"), on_delete=models.PROTECT, related_name="keys"
    )
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("good for"), default=list)
    made_at = models.DateTimeField(_("made"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    # A day, no hour: enough to find keys that nobody uses.
    last_used_on = models.DateField(_("last used"), null=True, editable=False)

    class Meta:
        verbose_name = _("key of a partner library")
        verbose_name_plural = _("keys of partner libraries")
        ordering = ["partner", "-made_at", "-pk"]
        constraints = [
            # Without an end it would be forgotten in somebody's script.
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="partner_key_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    def is_live(self, now: datetime) -> bool:
        """Return whether the key itself counts; whether its partner is active is the partner's to say."""
        return self.revoked_at is None and now < self.expires_at


class PartnerCount(models.Model):
    """How many requests of a sort were given to a key's programs in the window that began then: shared by all processes."""

    key = models.ForeignKey(PartnerKey, on_delete=models.CASCADE, related_name="counts")
    sort = models.CharField(max_length=10)
    began_at = models.DateTimeField()
    given = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["key", "sort"], name="partner_count_once")]

    def __str__(self) -> str:
        return f"{self.sort} {self.given}"


class PartnerTaking(models.Model):
    """What a partner took by one door on one day: sums, of no item and of no reader."""

    partner = models.ForeignKey(
        Partner, verbose_name=_("partner library"), on_delete=models.PROTECT, related_name="takings"
    )
    day = models.DateField(_("day"))
    door = models.CharField(_("door"), max_length=12)
    requests = models.PositiveBigIntegerField(_("requests"), default=0)
    size_bytes = models.PositiveBigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("taken by a partner library")
        verbose_name_plural = _("taken by partner libraries")
        ordering = ["-day", "partner", "door", "pk"]
        constraints = [models.UniqueConstraint(fields=["partner", "day", "door"], name="partner_taking_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.door}"
