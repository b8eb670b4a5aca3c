"""What harvesters were told, and what is ready for them. Of what is closed these tables keep a pid and a moment, and nothing else.

Items are kept by key, without a foreign key: an announcement outlives its item.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class HarvestState(models.Model):
    """The one row of what all processes have to agree upon."""

    asked_s = models.BigIntegerField(
        default=0, help_text="when a harvest last began, in seconds since 1970: no later news is dated before it"
    )
    rule_ids = models.JSONField(
        default=list, help_text="the rules that a visitor satisfied when that was last looked at"
    )
    made_by = models.CharField(
        max_length=16, blank=True, help_text="what made the records: another one makes them anew"
    )
    last_activity = models.BigIntegerField(default=0, help_text="number of the last activity: none is given twice")
    last_activity_s = models.BigIntegerField(default=0, help_text="its moment, in seconds since 1970")

    class Meta:
        verbose_name = "state of harvesting"
        verbose_name_plural = "states of harvesting"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="oai_state_is_one")]

    def __str__(self) -> str:
        return str(self.asked_s)


class HarvestRecord(models.Model):
    """One item as it was announced: open to every visitor, or deleted. Items that never were open to everybody have none."""

    item_key = models.BigIntegerField(unique=True)
    pid = models.CharField(max_length=11, unique=True)
    changed_s = models.BigIntegerField(help_text="its datestamp, in seconds since 1970")
    is_deleted = models.BooleanField(default=False)
    sets = models.TextField(blank=True, help_text="setSpecs, parted by blanks; none of a deleted one")
    digest = models.CharField(max_length=32, blank=True, help_text="of all its formats; none of a deleted one")

    class Meta:
        verbose_name = "announced record"
        verbose_name_plural = "announced records"
        ordering = ["pk"]
        indexes = [
            # "From" and "until" are ranges; the key is in the index, so that counting reads nothing else.
            models.Index(fields=["changed_s", "id"], name="oai_record_changed"),
            # Every harvest of a set hears of all that was deleted.
            models.Index(fields=["id"], condition=Q(is_deleted=True), name="oai_record_deleted"),
        ]
        constraints = [
            # Nothing of what is closed is kept here.
            models.CheckConstraint(condition=Q(is_deleted=False) | Q(sets="", digest=""), name="oai_deleted_is_bare"),
        ]

    def __str__(self) -> str:
        return self.pid


class HarvestSet(models.Model):
    """One set that a record stands in or stood in."""

    spec = models.CharField(max_length=400, unique=True)

    class Meta:
        verbose_name = "set"
        verbose_name_plural = "sets"
        ordering = ["spec", "pk"]

    def __str__(self) -> str:
        return self.spec


class HarvestMembership(models.Model):
    """One open record in one set, or in a set above one that it is in."""

    set = models.ForeignKey(HarvestSet, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    record = models.ForeignKey(HarvestRecord, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = "membership in a set"
        verbose_name_plural = "memberships in sets"
        ordering = ["set", "record", "pk"]
        constraints = [models.UniqueConstraint(fields=["set", "record"], name="oai_in_set_once")]

    def __str__(self) -> str:
        return f"{self.record_id} in {self.set_id}"


class HarvestBody(models.Model):
    """One open record in one format, as it goes out but for the site's address (`archive.crosswalks.markup.BASE`), packed."""

    record = models.ForeignKey(HarvestRecord, on_delete=models.CASCADE, related_name="bodies", db_index=False)
    format = models.PositiveSmallIntegerField(help_text="number of interop.oai.formats; from 100 on another door's")
    made_by = models.CharField(max_length=16)
    made_s = models.BigIntegerField(null=True, help_text="when, in seconds since 1970")
    xml = models.BinaryField()

    class Meta:
        verbose_name = "prepared record"
        verbose_name_plural = "prepared records"
        ordering = ["record", "format"]
        constraints = [models.UniqueConstraint(fields=["record", "format"], name="oai_body_once")]

    def __str__(self) -> str:
        return f"{self.record_id} as {self.format}"


class HarvestWaiting(models.Model):
    """One change of something that an item's record tells, not yet looked at: written by triggers (`interop.oai.triggers`)."""

    item_key = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "change that harvesters wait for"
        verbose_name_plural = "changes that harvesters wait for"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk}: item {self.item_key}"


class HarvestSearchHit(models.Model):
    """One item that a search of the library's finds for every visitor, as it was last looked at (`interop.oai.searches`)."""

    slug = models.CharField(max_length=80)
    item_key = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "item that a saved search finds"
        verbose_name_plural = "items that saved searches find"
        ordering = ["slug", "item_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["slug", "item_key"], name="oai_search_hit_once")]

    def __str__(self) -> str:
        return f"{self.item_key} by {self.slug}"


class HarvestPartnerRecord(models.Model):
    """One item as it was announced to one partner in its own set (`interop.oai.partner_sets`): open to it, or deleted."""

    partner = models.CharField(max_length=11, help_text="pid of the partner library")
    item_key = models.BigIntegerField(db_index=True)
    pid = models.CharField(max_length=11)
    changed_s = models.BigIntegerField(help_text="its datestamp, in seconds since 1970")
    is_deleted = models.BooleanField(default=False)

    class Meta:
        verbose_name = "record announced to a partner"
        verbose_name_plural = "records announced to partners"
        ordering = ["partner", "pk"]
        indexes = [models.Index(fields=["partner", "id"], name="oai_partner_order")]
        constraints = [models.UniqueConstraint(fields=["partner", "item_key"], name="oai_partner_once")]

    def __str__(self) -> str:
        return f"{self.pid} to {self.partner}"


class HarvestActivity(models.Model):
    """The last thing that happened to one item in the sight of everybody, as IIIF's viewers and indexes are told it, in the order in which
    it was found out (`interop.oai.activities`). Of what closed before it was told of there is none."""

    class Kind(models.TextChoices):
        CREATE = "Create"
        UPDATE = "Update"
        DELETE = "Delete"

    number = models.BigIntegerField(primary_key=True)
    item_key = models.BigIntegerField(unique=True)
    pid = models.CharField(max_length=11)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    told_s = models.BigIntegerField(
        help_text="when it was found out, in seconds since 1970; never before that of a lower number"
    )
    digest = models.CharField(
        max_length=32, blank=True, help_text="of all that is told of the item; none of a deleted one"
    )

    class Meta:
        verbose_name = "activity"
        verbose_name_plural = "activities"
        ordering = ["number"]
        constraints = [
            # Nothing of what is closed is kept here.
            models.CheckConstraint(condition=~Q(kind="Delete") | Q(digest=""), name="oai_delete_is_bare"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind} {self.pid}"
