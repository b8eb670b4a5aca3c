"""Peoples, agents, subjects, collections and statements of rights."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin.authority_ends import WithEnds
from archive.admin.authority_form import AuthorityForm, RightsStatementForm, special_field
from archive.admin.base import WithHistory
from archive.admin.history import WithRevisions
from archive.admin.meeting import Meets
from archive.models import Agent, Collection, People, RightsStatement, Subject
from archive.models.authority import Authority
from archive.search.folding import compact, fold
from archive.slugs import free_slug, stands_for

A = TypeVar("A", bound=Authority)
# What an item is found by.
_HIDDEN = _("Slurs and outdated words of old sources: who searches for them finds it, and reads its right name.")


def matching(queryset: QuerySet[A], term: str) -> QuerySet[A]:
    """Return the authorities one of whose names or other forms holds the folded term.

    Reads the names of all of them: authorities are hundreds, not millions, and no database folds as we do.
    """
    wanted, joined = fold(term), compact(term)
    if not wanted:
        return queryset
    found = [
        pk
        for pk, slug, *named in queryset.order_by().values_list("pk", "slug", "names", "variants", "hidden_variants")
        if any(
            wanted in fold(text) or joined in compact(text)
            for text in [slug, *(one["value"] for values in named for one in values)]
        )
    ]
    return queryset.filter(pk__in=found)


class AuthorityAdmin(WithHistory[A], Meets[A], WithEnds[A], WithRevisions[A]):
    """What every authority's screens share. `items_lookup` leads from items to the authority."""

    items_lookup: ClassVar[str]

    form: Any = AuthorityForm  # Any: as in Django
    # What is written of each kind of authority; the rest of the form is the same for all.
    first_fields: ClassVar[Any] = ("names",)  # Any: as in Django
    more_fieldsets: ClassVar[Any] = ()  # Any: as in Django
    listed_fields: ClassVar[Any] = ()  # Any: as in Django
    list_display: Any = ("__str__", "slug", "is_sample")  # Any: as in Django
    list_filter: ClassVar[Any] = ("is_sample",)  # Any: as in Django
    # Only turns the search box and autocompletion on; `matching` searches.
    search_fields = ("slug",)
    ordering: ClassVar[Any] = ("slug", "pk")  # Any: as in Django

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[A], search_term: str
    ) -> tuple[QuerySet[A], bool]:
        return matching(queryset, search_term), False

    def get_fieldsets(self, request: HttpRequest, obj: A | None = None) -> Any:  # Any: as in Django
        return [
            (None, {"fields": [*self.first_fields, "variants", "notes"]}),
            *self.more_fieldsets,
            (
                _("Searched, and never shown"),
                {"fields": ["hidden_variants"], "classes": ["collapse"], "description": _HIDDEN},
            ),
            (_("In other lists"), {"fields": [*self.listed_fields, "codes"], "classes": ["collapse"]}),
            (_("Address"), {"fields": ["slug"], "classes": ["collapse"]}),
        ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        special = special_field(db_field.name, db_field.verbose_name, db_field.help_text)
        return special or super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_row(self, request: HttpRequest, obj: A, form: Any, change: bool) -> None:  # Any: as in Django
        if not obj.slug:
            obj.slug = free_slug(type(obj)._default_manager.all(), obj.names[0]["value"])
        super().save_row(request, obj, form, change)
        if change and "names" in form.changed_data and stands_for(obj.slug, form.initial.get("names") or []):
            self._warn_of_old_name(request, obj)

    def _warn_of_old_name(self, request: HttpRequest, obj: A) -> None:
        """An address lives on where a name does not: whoever took the name away is told."""
        if not stands_for(obj.slug, [*obj.names, *obj.variants]):
            text = _("The public address still holds the old name: %(slug)s. Change it if that name must not be read.")
            self.message_user(request, text % {"slug": obj.slug}, messages.WARNING)


@admin.register(People)
class PeopleAdmin(AuthorityAdmin[People]):
    items_lookup = "peoples"
    first_fields = ("names", "parent", "languages")
    list_display = ("__str__", "parent", "slug", "is_sample")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)


@admin.register(Subject)
class SubjectAdmin(AuthorityAdmin[Subject]):
    items_lookup = "subjects"
    first_fields = ("names", ("scheme", "notation"), "broader", "related")
    listed_fields = ("matches",)
    list_display = ("__str__", "scheme", "notation", "slug", "is_sample")
    list_filter = ("scheme", "is_sample")
    autocomplete_fields = ("broader", "related")


@admin.register(Agent)
class AgentAdmin(AuthorityAdmin[Agent]):
    items_lookup = "credits__agent"
    first_fields = ("names", "kind", ("born_edtf", "died_edtf"))
    more_fieldsets = (
        (
            _("A name that must not be spoken"),
            {
                "fields": ["name_is_withheld", "shown_as", "withheld_note"],
                "description": _(
                    "By custom the name of somebody who died may not be spoken for a time, or ever; or a family asks for it. Then no page, "
                    "search, feed or partner names them: readers see the words below. Staff still find them here by every name."
                ),
            },
        ),
    )
    list_display = ("__str__", "kind", "name_is_withheld", "slug", "is_sample")
    list_filter = ("kind", "name_is_withheld", "is_sample")


@admin.register(Collection)
class CollectionAdmin(AuthorityAdmin[Collection]):
    items_lookup = "collections"
    first_fields = ("names", "descriptions", "parent")
    list_display = ("__str__", "parent", "slug", "is_sample")
    list_select_related = ("parent",)
    autocomplete_fields = ("parent",)


@admin.register(RightsStatement)
class RightsStatementAdmin(AuthorityAdmin[RightsStatement]):
    items_lookup = "rights"
    form = RightsStatementForm
    first_fields = ("names", "uri", ("family", "position"), "requires_origin")
    list_display = ("__str__", "family", "requires_origin", "uri", "is_sample")
    list_filter = ("family", "requires_origin", "is_sample")
    ordering = ("position", "slug", "pk")
