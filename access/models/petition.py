"""What people ask of the library and of the stewards: one inbox for all of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models.community import Community, Protocol
from access.models.fields import CanonicalCharField, CanonicalTextField


class Petition(models.Model):
    """One request: to see, to join, to correct, to take down, about a consent; or a notice to stewards of what was done in an emergency.

    `target_pid` is opaque here. Name and contact of who asks are kept for the answer only, and erased some time after it.
    `acknowledge_by` and `act_by` are the clocks of the law (domain.md 4.6), set when the request comes in.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", _("to see something")
        JOINING = "joining", _("to join a community")
        CORRECTION = "correction", _("to correct something")
        TAKEDOWN = "takedown", _("to take something down")
        CONSENT = "consent", _("about a consent")
        NOTICE = "notice", _("notice: opened in an emergency")

    class State(models.TextChoices):
        OPEN = "open", _("new")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        RETRACTED = "retracted", _("taken back by who asked")
        REVOKED = "revoked", _("granted, then withdrawn")
        SEEN = "seen", _("seen")

    PENDING = (State.OPEN, State.ACKNOWLEDGED)

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    kind = models.CharField(_("what is asked"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="petitions",
    )
    asker_name = CanonicalCharField(_("name"), max_length=150, blank=True)
    contact = models.CharField(_("how to answer"), max_length=300, blank=True)
    target_pid = models.CharField(_("of"), max_length=32, blank=True, db_index=True)
    community = models.ForeignKey(
        Community, verbose_name=_("community"), null=True, on_delete=models.CASCADE, related_name="petitions"
    )
    protocols = models.ManyToManyField(Protocol, verbose_name=_("protocols"), related_name="petitions", blank=True)
    text = CanonicalTextField(_("reasons"))
    received_at = models.DateTimeField(_("received"))
    acknowledge_by = models.DateTimeField(_("to be acknowledged by"), null=True)
    act_by = models.DateTimeField(_("to be decided by"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = CanonicalTextField(_("answer"), blank=True, help_text=_("Who asked reads this."))
    hid_target = models.BooleanField(_("hidden at once"), default=False)
    # A keyed hash: how much came from one address is counted, the address is not kept.
    address_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["state", "act_by"], name="petition_state_due")]
        constraints = [
            # What was decided says when.
            models.CheckConstraint(
                condition=Q(state__in=["open", "acknowledged"]) | Q(decided_at__isnull=False),
                name="petition_decided_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pid}"

    @property
    def is_pending(self) -> bool:
        """Return whether somebody still has to decide."""
        return self.state in self.PENDING
