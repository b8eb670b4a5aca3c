"""What people outside the library know of an item, and tell."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models import Protocol
from access.models.fields import CanonicalCharField, CanonicalTextField
from archive.models.item import Item


class ContributionSubject(models.TextChoices):
    """What a contribution is about."""

    PERSON = "person", _("a person")
    PLACE = "place", _("a place")
    SONG = "song", _("a song or piece")
    WORDS = "words", _("words: what is said or written")
    DATE = "date", _("when it was")
    OTHER = "other", _("something else")


class Contribution(models.Model):
    """One thing that somebody told of an item. Nothing of it is shown before somebody who keeps the item says so.

    Of the code by which its giver finds it again only a digest is kept. The file, if there is one, lies aside under `file_token` and is
    opened by nobody here: no master, so that taking it back takes it away. What is taken back or refused is erased, and `erased_at` says
    when.
    """

    class Consent(models.TextChoices):
        NAMED = "named", _("It may be shown on the page of the work, with my name.")
        UNNAMED = "unnamed", _("It may be shown on the page of the work, without my name.")
        KEEPERS = "keepers", _("Only those who look after the work may read it.")

    class State(models.TextChoices):
        OPEN = "open", _("new")
        ASKED_BACK = "asked_back", _("asked back")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not taken up")
        WITHDRAWN = "withdrawn", _("taken back by who told it")

    PENDING = (State.OPEN, State.ASKED_BACK)

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    item = models.ForeignKey(Item, verbose_name=_("item"), on_delete=models.CASCADE, related_name="contributions")
    protocols = models.ManyToManyField(Protocol, related_name="+", blank=True)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("account"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(_("what it is about"), max_length=8, choices=ContributionSubject.choices)
    text = CanonicalTextField(_("what is known"), blank=True)
    giver_name = CanonicalCharField(_("name"), max_length=150, blank=True)
    contact = models.CharField(_("how to reach them"), max_length=300, blank=True)
    # Asked for by who told it, and only then: an e-mail when there is an answer or a question, in the language in which they told it.
    wants_answer = models.BooleanField(_("wants an e-mail"), default=False)
    language = models.CharField(max_length=35, blank=True, editable=False)
    consent = models.CharField(_("consent"), max_length=8, choices=Consent.choices)
    consented_at = models.DateTimeField(_("consent given"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    question = CanonicalTextField(_("question or answer"), blank=True, help_text=_("Who told it reads this."))
    reply = CanonicalTextField(_("reply"), blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Into the record of the item, by a person: what stands there then is the library's to answer for.
    taken_over_at = models.DateTimeField(_("taken over into the record"), null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    file_token = models.CharField(max_length=32, blank=True, editable=False)
    file_ending = models.CharField(max_length=8, blank=True, editable=False)
    file_size_bytes = models.PositiveIntegerField(default=0, editable=False)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    address_digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("told knowledge")
        verbose_name_plural = _("told knowledge")
        ordering = ["-consented_at", "-pk"]
        indexes = [models.Index(fields=["item", "state"], name="contribution_item_state")]
        constraints = [
            # Nobody's words are kept after they took them back.
            models.CheckConstraint(
                condition=~Q(state__in=["withdrawn", "refused"])
                | Q(text="", giver_name="", contact="", reply="", file_token=""),
                name="contribution_gone_is_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} {self.pid}"


# What of it the page of its item shows.
SHOWN = models.Q(state=Contribution.State.ACCEPTED) & ~models.Q(consent=Contribution.Consent.KEEPERS)
