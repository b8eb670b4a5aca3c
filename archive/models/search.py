"""The plain search table."""

from __future__ import annotations

from django.db import models

from archive.models.item import Item


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
