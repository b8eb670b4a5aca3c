"""Searches that the library keeps for its readers: a page and a feed each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField
from archive import languages
from archive.models.fields import LangValuesField
from archive.models.item import ItemKind

QUERY_LENGTH_MOST = 200  # as archive.search takes it


class SavedSearch(models.Model):
    """One search under a name. What it finds is found anew each time, as far as whoever asks may see it; the row holds no items.

    The filters are what an address of the search holds: slugs, codes, days. One that is no longer there finds nothing.
    """

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    names = LangValuesField(verbose_name=_("names"))
    notes = LangValuesField(verbose_name=_("notes"), help_text=_("What it is, for readers."))
    query = CanonicalCharField(_("words"), max_length=QUERY_LENGTH_MOST, blank=True)
    people = models.SlugField(_("people"), max_length=80, blank=True, db_index=False)
    kind = models.CharField(_("kind"), max_length=10, blank=True, choices=ItemKind.choices)
    language = models.CharField(_("language"), max_length=35, blank=True)
    place = models.SlugField(_("place"), max_length=120, blank=True, db_index=False)
    subject = models.SlugField(_("subject"), max_length=80, blank=True, db_index=False)
    collection = models.SlugField(_("collection"), max_length=80, blank=True, db_index=False)
    date_from = models.DateField(_("made on or after"), null=True, blank=True)
    date_to = models.DateField(_("made on or before"), null=True, blank=True)
    is_shown = models.BooleanField(
        _("shown to readers"), default=True, help_text=_("With a page and a feed of its own, for everybody.")
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["slug", "pk"]
        constraints = [
            # Days in the wrong order find nothing for ever, and nobody would know why.
            models.CheckConstraint(
                condition=Q(date_from=None) | Q(date_to=None) | Q(date_from__lte=models.F("date_to")),
                name="saved_search_days_in_order",
            )
        ]

    def __str__(self) -> str:
        return languages.pick_text(self.names, get_language() or "vi") or self.slug
