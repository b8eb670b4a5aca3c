"""Rows below an item on its form: who took part, where, and what it is tied to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from access.requests import viewer_of
from archive.actions.save_places import may_place
from archive.admin import relators
from archive.admin.base import actor_of
from archive.admin.choosers import WithChoosers, tell_choosers
from archive.admin.generic import BaseInlineFormSet, ModelForm, StackedInline
from archive.admin.values import LangValuesFormField
from archive.models import Item, ItemAgent, ItemPlace, ItemRelation
from archive.querysets import seen_items


class CreditForm(ModelForm[ItemAgent]):
    """One part; the role is chosen by its name."""

    role = forms.ChoiceField(label=gettext_lazy("role"), choices=relators.choices())

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].choices = relators.choices(self.instance.role)  # type: ignore[attr-defined]  # a ChoiceField, above
        tell_choosers(self)


class CreditsInline(WithChoosers, StackedInline[ItemAgent, Item]):
    model = ItemAgent
    form = CreditForm
    verbose_name_plural = gettext_lazy("Who took part")
    extra = 0
    fields = (("agent", "role", "position"),)
    autocomplete_fields = ("agent",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemAgent]:
        return super().get_queryset(request).select_related("agent").order_by("position", "pk")


class PlaceForm(ModelForm[ItemPlace]):
    """One place."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        tell_choosers(self)


class PlacesFormSet(BaseInlineFormSet[ItemPlace, Item, ModelForm[ItemPlace]]):
    """Places of an item."""


class PlacesInline(WithChoosers, StackedInline[ItemPlace, Item]):
    model = ItemPlace
    form = PlaceForm
    formset = PlacesFormSet
    verbose_name_plural = gettext_lazy("Places")
    extra = 0
    fields = (("place", "role", "precision"), ("as_recorded", "position"))
    autocomplete_fields = ("place",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemPlace]:
        rows = super().get_queryset(request).select_related("place").prefetch_related("place__names")
        return rows.order_by("position", "pk")

    # How closely readers learn where a published thing is from is the publishers' to say. Others read these rows.

    def has_add_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        return super().has_add_permission(request, obj) and may_place(obj, actor_of(request))

    def has_change_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        return super().has_change_permission(request, obj) and may_place(obj, actor_of(request))

    def has_delete_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        return super().has_delete_permission(request, obj) and may_place(obj, actor_of(request))


class RelationForm(ModelForm[ItemRelation]):
    """One tie; the other item is one that the person sees."""

    notes = LangValuesFormField(label=gettext_lazy("note"), required=False, spare=1)

    class Meta:
        model = ItemRelation
        fields = ("kind", "other", "position", "notes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        tell_choosers(self)


class RelationsInline(WithChoosers, StackedInline[ItemRelation, Item]):
    """Ties from the item to others. Those to items that are closed to the person stay as they are, and are not told of."""

    model = ItemRelation
    form = RelationForm
    fk_name = "item"
    verbose_name = gettext_lazy("relation")
    verbose_name_plural = gettext_lazy("Related items")
    extra = 0
    fields = (("kind", "other", "position"), "notes")
    autocomplete_fields = ("other",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ItemRelation]:
        seen = super().get_queryset(request).filter(seen_items(viewer_of(request), "other__"))
        return seen.select_related("other").order_by("position", "pk")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name == "other":
            kwargs["queryset"] = Item.objects.visible_to(viewer_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@dataclass(frozen=True)
class Inverse:
    """A tie that another item has to this one: read here, changed there."""

    label: str
    title: str
    address: str


def inverse_of(request: HttpRequest, item: Item) -> list[Inverse]:
    """Return the ties of other items to this one, of those items that the person sees. One query."""
    rows = ItemRelation.objects.filter(seen_items(viewer_of(request), "item__"), other=item).select_related("item")
    return [
        Inverse(
            label=str(one.get_kind_display()),
            title=str(one.item),
            address=reverse("admin:archive_item_change", args=[one.item_id]),
        )
        for one in rows.order_by("kind", "item__pk")
    ]
