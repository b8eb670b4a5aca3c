"""Peoples, agents, subjects and collections."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin.authority_ends import WithEnds
from archive.admin.base import WithHistory
from archive.admin.history import WithRevisions
from archive.admin.meeting import Meets
from archive.models import Agent, Collection, Item, People, Subject
from archive.models.authority import Authority
from archive.search import indexing
from archive.search.folding import compact, fold
from archive.slugs import free_slug, stands_for

A = TypeVar("A", bound=Authority)


def matching(queryset: QuerySet[A], term: str) -> QuerySet[A]:
    """Return the authorities one of whose names or other forms holds the folded term.

    Reads the names of all of them: authorities are hundreds, not millions, and no database folds as we do.
    """
    wanted, joined = fold(term), compact(term)
    if not wanted:
        return queryset
    found = [
        pk
        for pk, slug, names, variants in queryset.order_by().values_list("pk", "slug", "names", "variants")
        if any(
            wanted in fold(text) or joined in compact(text)
            for text in [slug, *(one["value"] for one in [*names, *variants])]
        )
    ]
    return queryset.filter(pk__in=found)


class AuthorityAdmin(WithHistory[A], Meets[A], WithEnds[A], WithRevisions[A]):
    """What every authority's screens share. `items_lookup` leads from items to the authority."""

    items_lookup: ClassVar[str]

    fields: ClassVar[Any] = ("names", "variants", "slug")  # Any: as in Django
    list_display: Any = ("__str__", "slug", "is_sample")  # Any: as in Django
    list_filter: ClassVar[Any] = ("is_sample",)  # Any: as in Django
    # Only turns the search box and autocompletion on; `matching` searches.
    search_fields = ("slug",)
    ordering = ("slug", "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[A], search_term: str
    ) -> tuple[QuerySet[A], bool]:
        return matching(queryset, search_term), False

    def get_form(
        self, request: HttpRequest, obj: A | None = None, change: bool = False, **kwargs: Any
    ) -> Any:  # Any: as in Django
        form = super().get_form(request, obj, change=change, **kwargs)
        if "names" in form.base_fields:
            form.base_fields["names"].required = True
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = _(
                "Part of the public address. Empty: made from the first name. Best never changed."
            )
        return form

    def save_row(self, request: HttpRequest, obj: A, form: Any, change: bool) -> None:  # Any: as in Django
        if not obj.slug:
            obj.slug = free_slug(type(obj)._default_manager.all(), obj.names[0]["value"])
        super().save_row(request, obj, form, change)
        if change and {"names", "variants"} & set(form.changed_data):
            indexing.refresh_after_commit(Item.objects.filter(**{self.items_lookup: obj}))
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


@admin.register(Subject)
class SubjectAdmin(AuthorityAdmin[Subject]):
    items_lookup = "subjects"
    fields = ("names", "variants", "scheme", "slug")
    list_display = ("__str__", "scheme", "slug", "is_sample")
    list_filter = ("scheme", "is_sample")


@admin.register(Agent)
class AgentAdmin(AuthorityAdmin[Agent]):
    items_lookup = "credits__agent"
    fields = ("names", "variants", "kind", "slug")
    list_display = ("__str__", "kind", "slug", "is_sample")
    list_filter = ("kind", "is_sample")


@admin.register(Collection)
class CollectionAdmin(AuthorityAdmin[Collection]):
    items_lookup = "collections"
    fields = ("names", "descriptions", "variants", "slug")
