"""What records were: revisions, and where records went that were merged."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalTextField


class RecordKind(models.TextChoices):
    """What has a history of its own. A record is called by its kind and its key: an item's pid, an authority's primary key."""

    ITEM = "item", _("item")
    PEOPLE = "people", _("people")
    PLACE = "place", _("place")
    AGENT = "agent", _("person or organisation")
    SUBJECT = "subject", _("subject")
    COLLECTION = "collection", _("collection")
    RIGHTS = "rights", _("statement of rights")
    EXHIBIT = "exhibit", _("exhibit")


class Revision(models.Model):
    """The whole of one record as it was after one change (docs/adr/0015). Rows are only added; the last one is the present.

    It points at nothing, so that it outlives what it tells of. `number` counts the changes of one record; `version` is the record's own
    number then, which forms were read at. `snapshot` has the shape of `archive.history.snapshots`, and is for staff who may see the record.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=RecordKind.choices)
    key = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField(_("when"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verb = models.CharField(_("what"), max_length=40)
    reason = CanonicalTextField(_("why"), blank=True)
    snapshot = models.JSONField()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["kind", "key", "-number"]
        constraints = [models.UniqueConstraint(fields=["kind", "key", "number"], name="revision_once")]
        indexes = [models.Index(fields=["verb", "at"], name="revision_verb_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} #{self.number}"


class FormerAddress(models.Model):
    """An address part that leads to another record now: it was renamed, or merged into it."""

    kind = models.CharField(max_length=10, choices=RecordKind.choices)
    slug = models.CharField(max_length=120)
    key = models.CharField(max_length=20)
    since = models.DateTimeField()

    class Meta:
        verbose_name = "former address"
        verbose_name_plural = "former addresses"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_address_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"
