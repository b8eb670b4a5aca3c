"""The plain search table."""

from __future__ import annotations

from django.db import models

from archive.models.item import Item
from media_pipeline.models import Master


class SearchEntry(models.Model):
    """The folded words of one item's public description, kept beside it by `archive.search.indexing`. Derived: rebuilt by `reindex`."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    exact = models.TextField(help_text="lower-cased canonical text, marks kept")
    folded = models.TextField(help_text="archive.search.folding.fold")
    compact = models.TextField(help_text="folded without spaces, words of each value joined")
    sort_title = models.CharField(max_length=200, db_index=True)

    class Meta:
        verbose_name = "search entry"
        verbose_name_plural = "search entries"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"search entry of {self.item_id}"


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
    """One segment of a transcript: what search finds in the bytes of a master. Who may find it is asked of the files that show the
    master."""

    set = models.ForeignKey(PassageSet, on_delete=models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    start_ms = models.BigIntegerField(null=True, help_text="empty in a text without times")
    text = models.TextField(help_text="as it is shown, the speaker first")
    folded = models.TextField(help_text="archive.search.folding.fold, with a blank at both ends")

    class Meta:
        verbose_name = "passage"
        verbose_name_plural = "passages"
        ordering = ["set", "number"]
        constraints = [models.UniqueConstraint(fields=["set", "number"], name="passage_once_per_number")]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:60]}"
