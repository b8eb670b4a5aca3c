"""What the form of an item asks and shows beside its fields: how dates are understood, a template's fields, what stands in which part."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import get_language

from archive.admin import item_groups, item_parts, own_fields, protection, said_dates
from archive.admin.drafts import KeepsDrafts
from archive.admin.partner_eyes import PartnerEyes
from archive.admin.previews import choices
from archive.models import Item


class WritesItems(KeepsDrafts[Item], PartnerEyes):
    """The form itself; `archive.admin.items` saves it."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped = self.admin_site.admin_view
        return [
            path("reading/", wrapped(self.reading_view), name="archive_item_reading"),
            path("own-fields/<slug:key>/", wrapped(self.own_fields_view), name="archive_item_own"),
            *super().get_urls(),
        ]

    def reading_view(self, request: HttpRequest) -> HttpResponse:
        """Answer how a date is understood, to staff who describe."""
        self.require_staff(request)
        return said_dates.reading_view(request)

    def own_fields_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """Answer the fields of a template, to staff who describe."""
        self.require_staff(request)
        return own_fields.block_view(request, key)

    def require_staff(self, request: HttpRequest) -> None:
        """Raise PermissionDenied for who is not of the library, or may not read items."""
        if not request.user.is_staff or not self.has_view_permission(request):
            raise PermissionDenied

    def writing_context(
        self, request: HttpRequest, shown: dict[str, Any], item: Item | None
    ) -> dict[str, Any]:  # Any: what a template shows
        """Return what the page of a form shows beside Django's own. Nine queries at most."""
        parts = {
            "groups": item_groups.shown(shown["adminform"], shown["inline_admin_formsets"]),
            **self.draft_context(request, item),
        }
        if item is None:
            return parts
        return {
            **parts,
            "wanting": item_groups.wanting(item, shown["adminform"].form, shown["inline_admin_formsets"]),
            "protection": protection.sentences(item, get_language() or "vi"),
            "views": choices(request),
            "preview_address": reverse("admin:archive_item_preview", args=[item.pk]),
            "partners_address": reverse("admin:archive_item_partners", args=[item.pk]),
            "inverse_relations": item_parts.inverse_of(request, item),
        }
