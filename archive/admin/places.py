"""Places with dated names, codes, parents and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from access import identifiers
from archive import slugs
from archive.admin.authority_ends import WithEnds
from archive.admin.base import WithHistory
from archive.admin.choosers import WithChoosers
from archive.admin.generic import StackedInline
from archive.admin.history import WithRevisions
from archive.admin.meeting import Meets
from archive.languages import canonical
from archive.models import Place, PlaceCode, PlaceName, PlaceParent, PlaceSuccession
from archive.search.folding import fold


class NamesInline(StackedInline[PlaceName, Place]):
    model = PlaceName
    extra = 0
    min_num = 1
    fields = (("text", "lang", "kind"), ("valid_from", "valid_to"))


class CodesInline(StackedInline[PlaceCode, Place]):
    model = PlaceCode
    extra = 0
    fields = (("scheme", "code"), ("valid_from", "valid_to"))


class ParentForm(forms.ModelForm):  # type: ignore[type-arg]  # Django takes no brackets at run time
    class Meta:
        model = PlaceParent
        fields = ("parent", "valid_from", "valid_to")
        labels: ClassVar[Any] = {"parent": _("Lies in")}  # Any: as in Django


class SuccessorForm(forms.ModelForm):  # type: ignore[type-arg]  # Django takes no brackets at run time
    class Meta:
        model = PlaceSuccession
        fields = ("after", "kind", "on_date", "legal_basis", "is_partial")
        labels: ClassVar[Any] = {"after": _("Became")}  # Any: as in Django


class ParentsInline(WithChoosers, StackedInline[PlaceParent, Place]):
    model = PlaceParent
    form = ParentForm
    fk_name = "child"
    verbose_name_plural = _("lies in")
    extra = 0
    fields = ("parent", ("valid_from", "valid_to"))
    autocomplete_fields = ("parent",)


class SuccessorsInline(WithChoosers, StackedInline[PlaceSuccession, Place]):
    model = PlaceSuccession
    form = SuccessorForm
    fk_name = "before"
    verbose_name_plural = _("what became of it")
    extra = 0
    fields = (("after", "kind"), ("on_date", "legal_basis", "is_partial"))
    autocomplete_fields = ("after",)


@admin.register(Place)
class PlaceAdmin(WithHistory[Place], Meets[Place], WithEnds[Place], WithRevisions[Place]):
    """Places; a name holds from a day until a day (30 June 2025 | 1 July 2025)."""

    fields = ("kind", "precision", "notes", ("latitude", "longitude"), ("valid_from", "valid_to"), "slug")
    inlines: ClassVar[Any] = (NamesInline, ParentsInline, CodesInline, SuccessorsInline)  # Any: as in Django
    list_display = ("__str__", "kind", "lies_in", "valid_from", "valid_to")
    list_filter = ("kind", "is_sample")
    search_fields = ("slug",)
    ordering = ("slug", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        return super().get_queryset(request).prefetch_related("names", "parents__parent__names")

    @admin.display(description=_("lies in"))
    def lies_in(self, place: Place) -> str:
        return ", ".join(str(link.parent) for link in place.parents.all() if link.valid_to is None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Place], search_term: str
    ) -> tuple[QuerySet[Place], bool]:
        """Search by the folded name, which begins the address part, and by each name as it is written."""
        folded = slugify(fold(search_term))
        if not folded:
            return queryset, False
        written = canonical(search_term).strip()
        by_name = PlaceName.objects.filter(Q(text__icontains=written)).values("place")
        by_code = PlaceCode.objects.filter(code=written).values("place")
        return queryset.filter(Q(slug__contains=folded) | Q(pk__in=by_name) | Q(pk__in=by_code)), False

    def get_form(
        self, request: HttpRequest, obj: Place | None = None, change: bool = False, **kwargs: Any
    ) -> Any:  # Any: as in Django
        form = super().get_form(request, obj, change=change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
            form.base_fields["slug"].help_text = _(
                "Part of the public address. Empty: made from the first name. Best never changed."
            )
        return form

    def save_row(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:  # Any: as in Django
        if not obj.slug:
            # Opaque until its names are saved: `save_related` knows which of them may be shown.
            obj.slug = identifiers.new_pid()
            form.wants_slug = True
        super().save_row(request, obj, form, change)

    def after_saving(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        self._settle_slug(request, form.instance, keep="" if getattr(form, "wants_slug", False) else form.instance.slug)

    def _settle_slug(self, request: HttpRequest, place: Place, *, keep: str) -> None:
        slug = slugs.of_place(place, keep=keep)
        if slug == place.slug:
            return
        Place.objects.filter(pk=place.pk).update(slug=slug)
        place.slug = slug
        if keep:
            text = _("The public address told a name that is not shown. It is now %(slug)s.") % {"slug": slug}
            self.message_user(request, text, messages.WARNING)
