"""What was opened to single persons, to read: by whom, why, until when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import Grant
from access.requests import viewer_of
from archive.admin.base import DeskAdmin, looked_after
from archive.admin.looked_after_screens import is_administrator
from archive.admin.membership_forms import person_name
from archive.admin.visible_work import items_under, rules_under
from archive.models import Item, ItemFile


@admin.register(Grant)
class GrantAdmin(DeskAdmin[Grant]):
    """Grants of what one looks after; of all things for administrators, who read a title only where they may see the thing."""

    list_display = ("shown_target", "shown_person", "shown_giver", "reason", "granted_at", "shown_end")
    list_filter: ClassVar[Any] = ("is_break_glass",)  # Any: as in Django
    list_display_links = None
    ordering = ("-granted_at", "-pk")

    def has_view_permission(self, request: HttpRequest, obj: Grant | None = None) -> bool:
        return is_administrator(request) or bool(looked_after(request).protocols)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Grant | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Grant | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Grant]:
        found = Grant.objects.select_related("user", "granted_by")
        if is_administrator(request):
            return found
        items = items_under(request)
        own = Q(chosen_rule=None) | Q(effective_rule__in=rules_under(request))
        files = ItemFile.objects.visible_to(viewer_of(request)).filter(own, item__in=items.order_by().values("pk"))
        return found.filter(
            Q(target_pid__in=items.order_by().values("pid")) | Q(target_pid__in=files.order_by().values("pid"))
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:  # Any: as in Django
        shown = super().get_changelist_instance(request)
        pids = [one.target_pid for one in shown.result_list]
        viewer = viewer_of(request)
        titles = {one.pid: str(one) for one in Item.objects.visible_to(viewer).filter(pid__in=pids)}
        files = ItemFile.objects.visible_to(viewer).filter(pid__in=pids).select_related("item")
        for file in files:
            # The name under which a file came may tell of people: it is for staff.
            number = _("file %(number)s") % {"number": file.position + 1}
            titles[file.pid] = f"{file.item}: {file.original_name if viewer.is_staff else number}"
        for one in shown.result_list:
            one.desk_title = titles.get(one.target_pid, one.target_pid)
        return shown

    @admin.display(description=gettext_lazy("of"))
    def shown_target(self, grant: Grant) -> str:
        return str(getattr(grant, "desk_title", ""))

    @admin.display(description=gettext_lazy("to whom"))
    def shown_person(self, grant: Grant) -> str:
        return person_name(grant.user)

    @admin.display(description=gettext_lazy("by"))
    def shown_giver(self, grant: Grant) -> str:
        return person_name(grant.granted_by) if grant.granted_by else ""

    @admin.display(description=gettext_lazy("until"), ordering="valid_until")
    def shown_end(self, grant: Grant) -> str:
        if grant.withdrawn_at is not None:
            day = date_format(timezone.localtime(grant.withdrawn_at), "DATE_FORMAT")
            return _("withdrawn on %(day)s") % {"day": day}
        if grant.valid_until is None:
            return _("without an end")
        return date_format(timezone.localtime(grant.valid_until), "DATETIME_FORMAT")
