"""Filters of the list of items that count beside each choice with one query, whatever the number of choices."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from access.models import User
from access.requests import viewer_of
from archive.admin import language_choices
from archive.admin.base import actor_of
from archive.admin.choosers import is_key
from archive.admin.filters import UncountedFilter
from archive.admin.lacking import LACKING, how_many_lack, lacking
from archive.models import Item, ItemState, People, RecordKind, Remark, Revision
from archive.search.narrowing import Filters, narrow

WAITING_DAYS = (3, 7, 30)


class CountedFilter(admin.SimpleListFilter, ABC):
    """A filter whose counts are cheap: Django's own are subqueries of one statement, which looks at all rows for each choice."""

    def get_facet_queryset(self, changelist: Any) -> dict[str, int]:  # Any: as in Django
        base = changelist.get_queryset(self.request, exclude_parameters=self.expected_parameters()).order_by()
        found = self.counts(base)
        return {f"{number}__c": found.get(str(value), 0) for number, (value, _label) in enumerate(self.lookup_choices)}

    def counts(self, items: QuerySet[Item]) -> Mapping[str, int]:
        """Return how many of the items each choice leaves. One query for each choice, unless a filter knows better."""
        return {str(value): self.chosen(items, str(value)).count() for value, _label in self.lookup_choices}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        value = self.value()
        offered = {str(value) for value, _label in self.lookup_choices}
        return self.chosen(queryset, value) if value in offered else queryset

    @abstractmethod
    def chosen(self, items: QuerySet[Item], value: str) -> QuerySet[Item]:
        """Return those of the items that a choice leaves."""


class PeoplesFilter(CountedFilter):
    """By people. Peoples are headings, which all staff read: those of closed items, too."""

    title = _("peoples")
    parameter_name = "people"
    MEASURED = ("3",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [(str(people.pk), str(people)) for people in People.objects.order_by("slug", "pk")]

    def chosen(self, items: QuerySet[Item], value: str) -> QuerySet[Item]:
        if not is_key(value):
            return items
        return items.filter(pk__in=Item.peoples.through.objects.filter(people=int(value)).values("item"))

    def counts(self, items: QuerySet[Item]) -> Mapping[str, int]:
        tied = Item.peoples.through.objects.filter(item__in=items.values("pk"))
        return {str(pk): count for pk, count in tied.values_list("people").annotate(Count("pk")).order_by()}


class LanguageFilter(CountedFilter):
    """By a language of the content."""

    title = _("language")
    parameter_name = "language"
    MEASURED = ("bdq",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return language_choices.choices()

    def chosen(self, items: QuerySet[Item], value: str) -> QuerySet[Item]:
        return narrow(items, Filters(language=value))

    def counts(self, items: QuerySet[Item]) -> Mapping[str, int]:
        # Lists of languages are few, whatever the number of items: they are counted by the database and told apart here.
        found: Counter[str] = Counter()
        for tags, count in items.values_list("languages").annotate(Count("pk")).order_by():
            for tag in tags:
                found[tag] += count
        return found


class LackingFilter(CountedFilter):
    """By what the description lacks."""

    title = _("lacking")
    parameter_name = "lacking"
    MEASURED = tuple(LACKING)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [(name, label) for name, (label, _items) in LACKING.items()]

    def chosen(self, items: QuerySet[Item], value: str) -> QuerySet[Item]:
        return lacking(items, value, viewer=viewer_of(self.request))

    def counts(self, items: QuerySet[Item]) -> Mapping[str, int]:
        return how_many_lack(items, viewer=viewer_of(self.request))


class MineFilter(UncountedFilter):
    """What the asking person did."""

    title = _("by me")
    parameter_name = "mine"
    MEASURED = ("changed", "submitted")
    LABELS: ClassVar[Any] = {  # Any: texts in the reader's language
        "changed": _("changed by me"),
        "submitted": _("submitted by me"),
        "back": _("sent back to me"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return list(self.LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        return mine(queryset, self.value() or "", user=actor_of(request))


def mine(items: QuerySet[Item], what: str, *, user: User) -> QuerySet[Item]:
    """Return those of the items that somebody changed, submitted, or got back with remarks; all of them for any other word."""
    match what:
        case "changed":
            revisions = Revision.objects.filter(actor=user, kind=RecordKind.ITEM)
            return items.filter(pid__in=revisions.order_by().values("key"))
        case "submitted":
            return items.filter(submitted_by=user)
        case "back":
            return items.filter(submitted_by=user, state=ItemState.EDITS_NEEDED)
        case _:
            return items


class WaitingFilter(CountedFilter):
    """By how long it waits in review: by the last time that somebody sent it there."""

    title = _("in review")
    parameter_name = "waiting"
    MEASURED = ("7",)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # Any: as in Django
        return [
            (
                str(days),
                ngettext("for more than %(days)s day", "for more than %(days)s days", days) % {"days": days},
            )
            for days in WAITING_DAYS
        ]

    def chosen(self, items: QuerySet[Item], value: str) -> QuerySet[Item]:
        since = timezone.now() - timedelta(days=int(value))
        sent = Remark.objects.filter(moved_to=ItemState.IN_REVIEW).order_by()
        waiting = items.filter(state=ItemState.IN_REVIEW, pk__in=sent.filter(at__lt=since).values("item"))
        return waiting.exclude(pk__in=sent.filter(at__gte=since).values("item"))
