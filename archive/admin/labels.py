"""The desk's screen of labels and notices. They are shown with items and decide nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin import language_choices
from archive.admin.base import DeskAdmin
from archive.admin.community_choices import communities_for, labels_for
from archive.admin.generic import ModelForm
from archive.labels import is_project_address
from archive.languages import canonical
from archive.models import Label
from archive.search.folding import fold


class LabelForm(ModelForm[Label]):
    """A label by its address and title, as its project writes them."""

    project_address = forms.URLField(
        label=_("Address of the project"),
        max_length=300,
        assume_scheme="https",
        help_text=_("At localcontextshub.org or localcontexts.org: copy it from the project's own page."),
    )
    # Most projects write English.
    language = forms.ChoiceField(label=_("Language of the title"), initial="en")

    class Meta:
        model = Label
        fields = ("kind", "community", "project_address", "unique_id", "title", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        field = self.fields.get("language")
        if isinstance(field, forms.ChoiceField):
            field.choices = language_choices.choices(("en", self.instance.language))

    def clean_title(self) -> str:
        return canonical(str(self.cleaned_data["title"])).strip()

    def clean_project_address(self) -> str:
        address = str(self.cleaned_data["project_address"])
        if not is_project_address(address):
            raise ValidationError(
                _(
                    "This is no address of Local Contexts. It begins with https://localcontextshub.org/ or https://localcontexts.org/."
                )
            )
        return address

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        if (
            cleaned.get("kind") != Label.LabelKind.NOTICE
            and not cleaned.get("community")
            and "community" not in self.errors
        ):
            self.add_error(
                "community", _("A label is its community's: choose whose it is. A notice is placed by the library.")
            )
        return cleaned


@admin.register(Label)
class LabelAdmin(DeskAdmin[Label]):
    """Labels that communities gave, and notices that the library placed."""

    form = LabelForm
    fields = ("kind", "community", "title", "language", "project_address", "unique_id")
    list_display = ("title", "kind", "community", "language")
    list_filter = ("kind",)
    # Only turns the search box and autocompletion on.
    search_fields = ("title",)
    ordering = ("kind", "title", "pk")
    list_select_related = ("community",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        return labels_for(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Label], search_term: str
    ) -> tuple[QuerySet[Label], bool]:
        wanted = fold(search_term)
        found = [pk for pk, title in queryset.order_by().values_list("pk", "title") if wanted in fold(title)]
        return (queryset.filter(pk__in=found) if wanted else queryset), False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name == "community":
            kwargs["queryset"] = communities_for(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def log_name(self, obj: Label) -> str:
        return f"label-{obj.pk}"

    def has_delete_permission(self, request: HttpRequest, obj: Label | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or not obj.items.exists())
