"""The list of items: what its rows show, how it is searched, filtered and sorted."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from access.models.rule import describe
from access.requests import viewer_of
from archive import search
from archive.admin import protocol_choices
from archive.admin.files import card, visible_files
from archive.admin.filters import AccessFilter, ConsentFilter, FilesFilter
from archive.admin.list_filters import LackingFilter, LanguageFilter, MineFilter, PeoplesFilter, WaitingFilter
from archive.admin.quick_edit import EditsQuickly
from archive.admin.saved_views import SavesViews
from archive.models import Item, ItemFile
from archive.search import Results

SEARCH_MOST = 1000


class KeysFirst(Paginator):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """Pages of wide rows: keys alone are sorted and counted through, and then the rows of one page are read."""

    def page(self, number: Any) -> Any:  # Any: as in Django
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        wanted = cast(QuerySet[Item], self.object_list)
        keys = list(wanted.values_list("pk", flat=True)[start : start + self.per_page])
        rows = {row.pk: row for row in wanted.filter(pk__in=keys)}
        return Page([rows[key] for key in keys if key in rows], number, self)


class ItemChangeList(ChangeList):
    """A list that reads its filters once: Django does so again for every filter that counts."""

    def get_filters(self, request: HttpRequest) -> Any:  # Any: as in Django
        if not hasattr(self, "read_filters"):
            self.read_filters = super().get_filters(request)
        specs, has_filters, remaining, duplicates, has_active = self.read_filters
        return specs, has_filters, dict(remaining), duplicates, has_active


class ListsItems(SavesViews, EditsQuickly):
    """The part of the items' screens that lists them."""

    list_display = ("shown_title", "kind", "state_mark", "shown_access", "shown_files", "modified_at", "quick")
    list_filter: ClassVar[Any] = (  # Any: as in Django
        "state",
        "kind",
        LackingFilter,
        MineFilter,
        WaitingFilter,
        PeoplesFilter,
        LanguageFilter,
        AccessFilter,
        FilesFilter,
        ConsentFilter,
        "is_sample",
    )
    # Only turns the search box on; what is searched is `archive.search`.
    search_fields = ("pid",)
    search_help_text = gettext_lazy("Words of the description, with or without diacritics, or the identifier.")
    ordering = ("-modified_at", "-pk")
    paginator = KeysFirst

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        return ItemChangeList

    def get_list_filter(self, request: HttpRequest) -> Any:  # Any: as in Django
        return self.list_filter if request.user.is_staff else ("state", "kind")

    def get_list_display(self, request: HttpRequest) -> Any:  # Any: as in Django
        """What files were called on somebody's disk, and how the work on them goes, is for who describes."""
        hidden = set() if request.user.is_staff else {"shown_files"}
        if not request.user.is_staff or not self.has_change_permission(request):
            hidden.add("quick")
        return tuple(name for name in self.list_display if name not in hidden)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:  # Any: as in Django
        return super().changelist_view(request, {**self.views_context(request), **(extra_context or {})})

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Item], search_term: str
    ) -> tuple[QuerySet[Item], bool]:
        """Search as readers do. Of very many hits the best thousand are shown, and the list says so."""
        if not search_term.strip():
            return queryset, False
        found = _hits(request, search_term)
        by_pid = queryset.filter(pid=search_term.strip().lower())
        return queryset.filter(pk__in=[hit.pk for hit in found.hits]) | by_pid, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        if shown.query.strip() and _hits(request, shown.query).total > SEARCH_MOST:
            text = _("Very many items fit; the %(count)s best are shown.") % {"count": SEARCH_MOST}
            self.message_user(request, text)
        listed = visible_files(request).filter(item__in=[item.pk for item in shown.result_list])
        by_item: dict[int, list[ItemFile]] = {}
        for file in listed:
            by_item.setdefault(file.item_id, []).append(file)
        names = protocol_choices.names_for(request, [item.chosen_rule.policy for item in shown.result_list])
        back = urlencode({"back": request.get_full_path()})
        for item in shown.result_list:
            item.desk_quick = f"{reverse('admin:archive_item_quick', args=[item.pk])}?{back}"
            item.desk_files = by_item.get(item.pk, [])
            item.desk_access = describe(item.chosen_rule.policy, names)
        return shown

    @admin.display(description=gettext_lazy("title"), ordering="search_entry__sort_title")
    def shown_title(self, item: Item) -> str:
        return str(item)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_mark(self, item: Item) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', item.state, item.get_state_display())

    @admin.display(description=gettext_lazy("some fields"))
    def quick(self, item: Item) -> SafeString:
        return format_html('<a href="{}" data-quick>{}</a>', getattr(item, "desk_quick", ""), _("Edit"))

    @admin.display(description=gettext_lazy("who may see it"))
    def shown_access(self, item: Item) -> str:
        return str(getattr(item, "desk_access", ""))

    @admin.display(description=gettext_lazy("files"))
    def shown_files(self, item: Item) -> str:
        cards = [card(file) for file in getattr(item, "desk_files", [])]
        if not cards:
            return _("none")
        going = [one for one in cards if not one.is_final]
        trouble = [one for one in cards if one.state in {"kept", "refused"}]
        if going:
            percent = sum(one.percent for one in cards) // len(cards)
            return ngettext("%(count)s file, %(percent)s%%", "%(count)s files, %(percent)s%%", len(cards)) % {
                "count": len(cards),
                "percent": percent,
            }
        if trouble:
            return f"{trouble[0].name}: {trouble[0].sentence}"
        return ngettext("%(count)s ready", "%(count)s ready", len(cards)) % {"count": len(cards)}


def _hits(request: HttpRequest, term: str) -> Results:
    """Return what a search finds, searched once a request: each filter that counts asks for it again."""
    kept: dict[str, Results] = request.__dict__.setdefault("desk_hits", {})
    if term not in kept:
        kept[term] = search.search(term, search.Filters(), viewer_of(request), page_size=SEARCH_MOST, facets=())
    return kept[term]
