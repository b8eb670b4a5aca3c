"""What the search knows: words of items, passages of files, and the log of what changed."""

from __future__ import annotations

import uuid

from django.db import models

from archive.models.item import Item
from media_pipeline.models import Master


class SearchEntry(models.Model):
    """The words of one item's public description, kept beside it by `archive.search.indexing`. Derived: rebuilt by `reindex`.

    Whatever else the search knows of an item (rule, dates, kind, headings) it reads from the item's own rows.
    """

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    titles = models.JSONField(default=list, help_text="texts as written; the item's titles and its other titles")
    texts = models.JSONField(default=list, help_text="texts as written; everything else that it is found by")
    sort_title = models.CharField(max_length=200, db_index=True)
    made_by = models.PositiveSmallIntegerField(
        default=0, db_index=True, help_text="archive.search.indexing.VERSION; a lower one is written anew"
    )

    class Meta:
        verbose_name = "search entry"
        verbose_name_plural = "search entries"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"search entry of {self.item_id}"


class SearchLog(models.Model):
    """The one log of changes, as of this row. An index that was made under another `epoch`, or has not read what was pruned, is made
    anew."""

    epoch = models.UUIDField(default=uuid.uuid4)
    pruned_to = models.BigIntegerField(default=0, help_text="the highest number of a change that was pruned")
    pruned_transaction = models.BigIntegerField(
        default=0, help_text="the highest transaction of a change that was pruned"
    )

    class Meta:
        verbose_name = "log of the search"
        verbose_name_plural = "logs of the search"
        ordering = ["pk"]
        constraints = [
            # Two epochs at once would be none.
            models.CheckConstraint(condition=models.Q(pk=1), name="search_log_is_one"),
        ]

    def __str__(self) -> str:
        return str(self.epoch)


class SearchChange(models.Model):
    """One change of what the search knows of one item, or (its key with a minus sign) of where one place lies, written by triggers
    (`archive.search.triggers`) in the transaction that made it.

    No foreign key: it outlives its item.
    """

    item_pk = models.BigIntegerField()
    closes = models.BooleanField(help_text="who may find it, or where it is told to lie, may have become narrower")
    transaction = models.BigIntegerField(
        help_text="PostgreSQL's number of it, since rows are committed out of order; 0 in SQLite"
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = "change for the search"
        verbose_name_plural = "changes for the search"
        ordering = ["pk"]
        indexes = [models.Index(fields=["transaction"], name="search_change_transaction")]

    def __str__(self) -> str:
        return f"{self.pk}: item {self.item_pk}"


class PassageSet(models.Model):
    """What search has read of one text of one master, by `archive.search.passages`: the derived set that lay at `prefix` then. Derived."""

    master = models.ForeignKey(Master, on_delete=models.CASCADE, related_name="passage_sets")
    role = models.CharField(max_length=32, help_text="of the derivative")
    prefix = models.CharField(max_length=200, help_text="of the derivative; another one now: to be read again")

    class Meta:
        verbose_name = "text in the search"
        verbose_name_plural = "texts in the search"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["master", "role"], name="passages_once_per_text")]

    def __str__(self) -> str:
        return f"{self.role} of master {self.master_id}"


class Passage(models.Model):
    """One segment of a transcript, page of a document or chapter of a book, or a part of a long one: what search finds in a master.

    Who may find it is asked of the files that show the master. Changed only together with its set: that is what the log hears of.
    """

    set = models.ForeignKey(PassageSet, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    part = models.PositiveSmallIntegerField(default=0, help_text="of a page or chapter, as readers page through it")
    start_ms = models.BigIntegerField(null=True, help_text="empty in a text without times")
    text = models.TextField(help_text="as it is shown, the speaker first")
    folded = models.TextField(help_text="archive.search.folding.fold, with a blank at both ends")

    class Meta:
        verbose_name = "passage"
        verbose_name_plural = "passages"
        ordering = ["set", "number", "part"]
        constraints = [models.UniqueConstraint(fields=["set", "number", "part"], name="passage_once_per_part")]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:60]}"
