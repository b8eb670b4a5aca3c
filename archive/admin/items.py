"""The desk's main screen: items. Everything is asked through `visible_to`, everything is changed through actions."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit
from access.models import AuditEntry
from access.models.rule import describe
from access.requests import viewer_of
from archive import addresses, sights
from archive.actions.access_rights import PROTECT
from archive.actions.choose_access import choose_item_access
from archive.actions.create_item import Description, create_item
from archive.actions.save_item import save_item
from archive.actions.save_places import save_places
from archive.admin import (
    access_choice,
    companion_fields,
    from_files,
    item_access,
    item_groups,
    protocol_choices,
    taking_over,
)
from archive.admin.base import TellsRefusals, actor_of, looked_after
from archive.admin.community_choices import communities_for, labels_for
from archive.admin.consent_state import about_consent
from archive.admin.files import FilesFormSet, FilesInline, card, cards_of, files_of, visible_files
from archive.admin.history import WithRevisions
from archive.admin.item_bin import WithBin, where_identifier_is, why_not_binned
from archive.admin.item_form import BELONGING, BESIDE, RELATIONS, ItemForm
from archive.admin.item_list import ListsItems
from archive.admin.item_moves import MovesItems
from archive.admin.item_parts import CreditsInline, PlacesFormSet, PlacesInline, RelationsInline
from archive.admin.item_tables import WithTables
from archive.admin.item_writing import WritesItems
from archive.admin.meeting import Meets
from archive.admin.visible_work import items_under
from archive.models import Item, ItemAgent, ItemFile, ItemState
from archive.moves import MOVES
from archive.querysets import ItemQuerySet

PUBLISH = "archive.publish_item"


@admin.register(Item)
class ItemAdmin(
    TellsRefusals[Item], WithTables, WithBin, ListsItems, MovesItems, WritesItems, Meets[Item], WithRevisions[Item]
):
    """Items that the asking member of staff may see."""

    form = ItemForm
    inlines: ClassVar[Any] = (FilesInline, CreditsInline, PlacesInline, RelationsInline)  # Any: as in Django
    autocomplete_fields = (*RELATIONS, "labels")
    empty_value_display = gettext_lazy("not stated")
    change_form_template = "desk/item_form.html"
    save_on_top = False

    # --- What is seen ---------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> ItemQuerySet:
        viewer = viewer_of(request)
        seen = Item.objects.visible_to(viewer) if request.user.is_staff else items_under(request)
        return seen.select_related("chosen_rule", "effective_rule", "rights").order_by(*self.ordering)

    def has_view_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        """Let in stewards, too, who read what lies under their protocols."""
        if request.user.is_staff:
            return super().has_view_permission(request, obj)
        return bool(looked_after(request).protocols)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:  # Any: as in Django
        """Show who did what, and why, to staff: reasons are written for them."""
        if not request.user.is_staff:
            return HttpResponseRedirect(reverse("admin:archive_item_changelist"))
        return super().history_view(request, object_id, extra_context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Item | None:
        """Return an item that the person may see; while a page is only looked at, it is read, and written down as seen, once."""
        kept: dict[str, Item] = request.__dict__.setdefault("desk_items", {})
        if request.method in {"GET", "HEAD"} and object_id in kept:
            return kept[object_id]
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            kept[object_id] = found
            viewer = viewer_of(request)
            files = ItemFile.objects.visible_to(viewer).filter(item=found).select_related("item", "effective_rule")
            sights.see(viewer, items=[found], files=files)
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Item | None = None) -> Any:  # Any: as in Django
        access = self._access_fields(request, obj)
        offered = communities_for(request, obj).exists()
        return item_groups.fieldsets(access, with_communities=offered)

    def _access_fields(self, request: HttpRequest, obj: Item | None) -> list[Any]:  # Any: as in Django
        if not protocol_choices.may_choose(request, obj):
            return []
        current = obj.chosen_rule.policy if obj else None
        named = access_choice.fields(
            current, for_file=False, offered=protocol_choices.offered(request, new=obj is None)
        )
        protocols = [name for name in ("protocols", "sharing") if name in named]
        return ["access_level", *protocols, ("opens_on", "closes_on"), access_choice.REASONS]

    def get_form(
        self, request: HttpRequest, obj: Item | None = None, change: bool = False, **kwargs: Any
    ) -> Any:  # Any: as in Django
        form: Any = super().get_form(request, obj, change=change, **kwargs)  # Any: a class made at run time
        # The class was made for this request only.
        form.may_protect = protocol_choices.may_choose(request, obj)
        form.offered = protocol_choices.offered(request, new=obj is None)
        form.levels = None if request.user.has_perm(PROTECT) else access_choice.WITHOUT_PROTECT
        return form

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        if db_field.name in BELONGING:
            item = self._described(request)
            offered = communities_for if db_field.name == "communities" else labels_for
            kwargs["queryset"] = offered(request, item)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _described(self, request: HttpRequest) -> Item | None:
        """Return the item that the form of this request is of, looked for once."""
        if not hasattr(request, "desk_described"):
            key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
            request.desk_described = self.get_object(request, key) if key else None  # type: ignore[attr-defined]  # of this request
        found: Item | None = request.desk_described  # type: ignore[attr-defined]  # set above
        return found

    def get_inlines(self, request: HttpRequest, obj: Item | None) -> Any:  # Any: as in Django
        # Files are dropped on an item that is there already.
        return self.inlines if obj else self.inlines[1:]

    # --- Saving ---------------------------------------------------------------------------------------------------------

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,  # Any: as in Django
    ) -> Any:  # Any: as in Django
        if not request.user.is_staff and object_id is not None:
            return HttpResponseRedirect(reverse("admin:archive_item_access", args=[object_id]))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:  # Any: as in Django
        """The whole is saved in save_related: one save, one version, one revision."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # Any: as in Django
        save_beside = super().save_related
        if not change:
            self._create(request, form, lambda: save_beside(request, form, formsets, change))
            return
        item: Item = form.instance
        changed = (set(form.changed_data) | form.derived) - {"read_version"}
        if changed or any(formset.has_changed() for formset in formsets):
            origin = taking_over.origin_of(request, item)

            def relate() -> None:
                save_beside(request, form, formsets, change)
                if origin is not None:
                    taking_over.note(request, origin)

            save_item(
                item,
                read_version=form.cleaned_data["read_version"],
                changed=sorted(changed - BESIDE),
                relations=sorted(changed & {*RELATIONS, *BELONGING})
                + [formset.prefix for formset in formsets if formset.has_changed()],
                relate=relate,
                actor=actor_of(request),
                now=timezone.now(),
                reason=origin.reason if origin is not None else "",
            )
        else:
            # Nothing to write: the admin reads from the formsets what was changed.
            save_beside(request, form, formsets, change)
        if form.access_changed:
            why = form.cleaned_data.get(access_choice.REASONS, [])
            choose_item_access(item, form.policy, why=why, actor=actor_of(request), now=timezone.now())

    def _create(self, request: HttpRequest, form: Any, save_beside: Callable[[], None]) -> None:  # Any: as in Django
        item: Item = form.instance
        described = {one.name: getattr(item, one.name) for one in dataclasses.fields(Description)}
        described["restriction_reasons"] = form.cleaned_data.get(access_choice.REASONS, [])

        def relate(made: Item) -> None:
            for field in Item._meta.concrete_fields:
                setattr(item, field.attname, getattr(made, field.attname))
            item._state.adding = False
            save_beside()

        create_item(
            Description(**described), actor=actor_of(request), now=timezone.now(), access=form.policy, relate=relate
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # Any: as in Django
        if isinstance(formset, FilesFormSet):
            formset.save_by_actions(request)
        elif isinstance(formset, PlacesFormSet) and formset.has_changed():
            save_places(form.instance, formset.save, actor=actor_of(request))
        else:
            formset.save()

    def log_addition(self, request: HttpRequest, obj: Item, message: Any) -> Any:  # Any: as in Django
        """The actions have written the log."""

    def log_change(self, request: HttpRequest, obj: Item, message: Any) -> Any:  # Any: as in Django
        """The actions have written the log."""

    def log_deletion(self, request: HttpRequest, obj: Item, object_repr: str) -> None:
        """The actions have written the log."""

    def log_name(self, obj: Item) -> str:
        return obj.pid

    def history_detail(self, request: HttpRequest, entry: AuditEntry) -> str:
        """Return a file's name instead of its identifier, where the person may see the file."""
        pid = entry.detail.get("file") if isinstance(entry.detail, dict) else None
        if not pid:
            return super().history_detail(request, entry)
        if not hasattr(request, "desk_names"):
            files = visible_files(request).filter(item__pid=entry.target_pid)
            request.desk_names = {file.pid: file.original_name for file in files}  # type: ignore[attr-defined]  # of this page
        return str(request.desk_names.get(pid, ""))  # type: ignore[attr-defined]  # set above

    def entries_of(self, obj: Item) -> QuerySet[AuditEntry]:
        # Nothing else is called by a pid, and every action has a verb of its own.
        return AuditEntry.objects.filter(target_pid=obj.pid)

    def response_add(self, request: HttpRequest, obj: Item, post_url_continue: str | None = None) -> HttpResponse:
        if request.user.has_perm(PROTECT) and not self.is_seen_still(request, obj):
            return self.closed_to_maker(request)
        if "_addanother" in request.POST or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(
            request, _("The draft is saved. Now add its files: drop them on the field below."), messages.SUCCESS
        )
        return HttpResponseRedirect(reverse("admin:archive_item_change", args=[obj.pk]) + "#files")

    def response_change(self, request: HttpRequest, obj: Item) -> HttpResponse:
        state = request.POST.get("_move", "")
        if state in MOVES:
            return self.move_saved(request, obj, state)
        if not self.is_seen_still(request, obj):
            return self.closed_to_maker(request)
        return super().response_change(request, obj)

    # --- Pages of our own -----------------------------------------------------------------------------------------------

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped = self.admin_site.admin_view
        own = path("<int:item_id>/progress", wrapped(self.progress_view), name="archive_item_progress")
        access = path("<int:item_id>/access/", self.admin_site.admin_view(self.access_view), name="archive_item_access")
        return [own, access, *super().get_urls()]

    def access_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Show an item to a steward of its protocols, who chooses who may see it."""
        item = self.get_object(request, str(item_id)) if self.has_view_permission(request) else None
        if item is None:
            raise Http404
        return item_access.show(request, item, {**self.admin_site.each_context(request), "opts": self.opts})

    def progress_view(self, request: HttpRequest, item_id: int) -> JsonResponse:
        """Answer how far the work on each visible file of a visible item is: {"files": [...], "final": bool}."""
        may = request.user.is_staff and self.has_view_permission(request)
        if not may or not self.get_queryset(request).filter(pk=item_id).exists():
            raise Http404
        files = list(visible_files(request).filter(item_id=item_id))
        cards = [card(file, files) for file in files]
        return JsonResponse({"files": [vars(one) for one in cards], "final": all(one.is_final for one in cards)})

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Item | None = None,
    ) -> HttpResponse:
        form = cast(ItemForm, context["adminform"].form)
        if request.method == "POST" and form.identifier_refused:
            pid = obj.pid if obj else ""
            audit.record(actor=actor_of(request), verb="refuse_identifier", target_pid=pid, now=timezone.now())
            if told := where_identifier_is(request, str(form["identifier"].value() or "")):
                self.message_user(request, told, messages.WARNING)
        if obj is not None:
            # For the term of protection and for whose consent is asked.
            prefetch_related_objects([obj], Prefetch("credits", ItemAgent.objects.select_related("agent")))
        context |= self.writing_context(request, context, obj)
        if obj is not None:
            context |= self.moves_context(request, obj)
            context["cards"] = cards_of(context["inline_admin_formsets"])
            context["from_files"] = from_files.groups(files_of(context["inline_admin_formsets"]))
            context["file_languages"] = companion_fields.offered_languages()
            context["public_address"] = addresses.item(obj)
            chosen = obj.chosen_rule.policy
            context["readers"] = describe(chosen, protocol_choices.names_for(request, [chosen]))
            context["enters_closed"] = obj.state == ItemState.PUBLISHED and not request.user.has_perm(PUBLISH)
            context["consent"] = about_consent(obj, request)
            context["origin"] = taking_over.origin_of(request, obj)
            context["may_upload"] = request.user.has_perm("archive.change_item")
        context["why_not_binned"] = why_not_binned(obj) if obj is not None else ""
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)
