"""What people allowed to be done with their image, voice and words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models import Community, User
from access.models.fields import CanonicalCharField, CanonicalTextField
from archive.models.authority import Agent
from archive.models.item import Item
from archive.querysets import ConsentQuerySet
from media_pipeline.models import Intake, Master


class ConsentScope(models.TextChoices):
    """One thing that a person may allow."""

    VIEW = "view", _("to be seen or heard in the library")
    LISTEN = "listen", _("to be listened to")
    COPY = "copy", _("to be copied")
    PUBLISH_ONLINE = "publish_online", _("to be published online")
    READING_POINT = "reading_point", _("to be kept at reading points")
    PARTNER_HARVEST = "partner_harvest", _("to be taken over by partner libraries")
    AI_PROCESSING = "ai_processing", _("to be worked on by automatic means")


class ConsentRecord(models.Model):
    """One consent of a person or a community, for named items, with its proof. Nothing is allowed that is not in `scopes`.

    The evidence (a paper, a voice, a film) is a master that no item has: it is reached only from this row, by those who may.
    """

    class Method(models.TextChoices):
        PAPER = "paper", _("on paper")
        VOICE = "voice", _("by voice, recorded")
        VIDEO = "video", _("on film")
        E_SIGN = "e_sign", _("by electronic signature")

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    items = models.ManyToManyField(Item, verbose_name=_("items"), related_name="consents")
    agent = models.ForeignKey(
        Agent, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT, related_name="consents"
    )
    person_name = CanonicalCharField(
        _("name of the person"),
        max_length=200,
        blank=True,
        help_text=_("Where the person has no heading of their own."),
    )
    community = models.ForeignKey(
        Community, verbose_name=_("community"), null=True, blank=True, on_delete=models.PROTECT, related_name="consents"
    )
    is_child = models.BooleanField(
        _("a child"), default=False, help_text=_("From seven years on the child and the guardian both consent.")
    )
    guardian = CanonicalCharField(_("guardian"), max_length=200, blank=True)
    scopes = models.JSONField(_("allowed"), default=list)
    language = models.CharField(_("language of the consent"), max_length=35, blank=True)
    method = models.CharField(_("how it was given"), max_length=7, choices=Method.choices)
    evidence_intake = models.ForeignKey(Intake, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    evidence_master = models.ForeignKey(Master, null=True, on_delete=models.PROTECT, related_name="+", editable=False)
    given_on = models.DateField(_("given on"))
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day on which it holds.")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)
    witness = CanonicalCharField(_("witness"), max_length=200, blank=True)
    note = CanonicalTextField(_("note"), blank=True)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-recorded_at", "-pk"]
        permissions = [("read_evidence", _("Can open the evidence of a consent"))]
        constraints = [
            # A consent of nobody allows nothing.
            models.CheckConstraint(
                condition=Q(agent__isnull=False) | Q(community__isnull=False) | ~Q(person_name=""),
                name="consent_is_somebodys",
            ),
            # A child's consent needs the guardian's.
            models.CheckConstraint(condition=Q(is_child=False) | ~Q(guardian=""), name="consent_of_child_has_guardian"),
        ]

    def __str__(self) -> str:
        return f"{self.agent or self.community or self.person_name} ({self.given_on})"
