"""The desk's screen of saved searches: each a page and a feed for readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from archive import containment, languages
from archive.admin import language_choices
from archive.admin.base import DeskAdmin
from archive.admin.generic import ModelForm
from archive.models import Collection, ItemPlace, People, Place, SavedSearch, Subject
from archive.search.sorting import title_key
from archive.slugs import free_slug

# A list of more places than this helps nobody to choose.
PLACES_MOST = 500
FILTERS = ("people", "kind", "language", "place", "subject", "collection")


class SavedSearchForm(ModelForm[SavedSearch]):
    """A saved search; its address part is made of its name where nobody writes one."""

    class Meta:
        model = SavedSearch
        fields = ("names", "notes", "query", *FILTERS, "date_from", "date_to", "is_shown", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("Empty: made of the name.")
        for name in ("people", "subject", "collection", "place", "language"):
            if name in self.fields:
                kept = str(self.initial.get(name) or getattr(self.instance, name))
                self.fields[name] = forms.ChoiceField(
                    label=self.fields[name].label, required=False, choices=_choices(name, kept)
                )

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        begins, ends = cleaned.get("date_from"), cleaned.get("date_to")
        if begins and ends and begins > ends:
            self.add_error("date_to", _("This day is before the first one."))
        if not any(cleaned.get(name) for name in ("query", *FILTERS, "date_from", "date_to")):
            self.add_error("query", _("Say what to search for: words, or at least one filter."))
        if not cleaned.get("names"):
            self.add_error("names", _("Give it a name."))
        elif not cleaned.get("slug"):
            name = languages.pick_text(cleaned["names"], "vi")
            cleaned["slug"] = free_slug(SavedSearch.objects.exclude(pk=self.instance.pk), name)
        return cleaned


def _choices(name: str, kept: str) -> list[tuple[str, Any]]:  # Any: lazy texts
    """Return what may be searched for, with its names, in the order of dictionaries; `kept` stays even where it is there no more.

    One query, six for places."""
    if name == "language":
        found = language_choices.choices((kept,) if kept else ())
    else:
        found = sorted(_headings(name), key=lambda one: title_key(one[1]))
        if kept and kept not in {slug for slug, _label in found}:
            found.append((kept, gettext("%(slug)s (not there any more)") % {"slug": kept}))
    return [("", "---------"), *found]


def _headings(name: str) -> Iterator[tuple[str, str]]:
    if name == "place":
        # Others are found by nobody: a filter tells no more than the page of an item does.
        held, tied = containment.read(), Place.objects.filter(Exists(ItemPlace.objects.filter(place=OuterRef("pk"))))
        recorded = tied.order_by().values_list("pk", "precision")
        found = {one for place, precision in recorded for one in held.counted_at(place, precision)}
        rows: QuerySet[Any] = Place.objects.filter(pk__in=found).prefetch_related("names").order_by("pk")[:PLACES_MOST]
    else:
        rows = {"people": People, "subject": Subject, "collection": Collection}[name]._default_manager.all()
    for row in rows:
        yield row.slug, str(row)


@admin.register(SavedSearch)
class SavedSearchAdmin(DeskAdmin[SavedSearch]):
    """Searches that the library keeps for readers. The search page of staff fills the form of a new one."""

    form = SavedSearchForm
    fieldsets = (
        (None, {"fields": ["names", "notes", "is_shown"]}),
        (
            _("What it searches for"),
            {
                "fields": ["query", *FILTERS, "date_from", "date_to"],
                "description": _("Quicker: open a search on the search page and press “Keep this search”."),
            },
        ),
        (_("Address"), {"fields": ["slug"], "classes": ["collapse"]}),
    )
    list_display = ("__str__", "slug", "query", "is_shown")
    list_filter = ("is_shown",)
    search_fields = ("slug", "query")
    ordering = ("slug", "pk")

    def view_on_site(self, obj: SavedSearch) -> str:
        """Return its page."""
        return f"/searches/{obj.slug}/"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:  # Any: as in Django
        """Return what the search page sends: its own address holds `q`."""
        initial = super().get_changeform_initial_data(request)
        return {**initial, "query": str(initial.get("q", initial.get("query", "")))}
