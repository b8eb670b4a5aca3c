"""Who may see an item, chosen by the stewards of its protocols: they read it here and describe nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from access.models.rule import describe
from access.policy import Policy
from access.viewer import viewer_for
from archive import addresses
from archive.actions.access_rights import looks_after, protocol_clauses
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.errors import ActionRefused
from archive.admin import access_choice, protocol_choices
from archive.admin.base import actor_of, decider_of
from archive.admin.files import card, visible_files
from archive.admin.membership_forms import reason_field
from archive.admin.sentences import sentence
from archive.languages import pick_text
from archive.models import Item, ItemFile


class AccessForm(forms.Form):
    """The access of an item or of one of its files."""

    def __init__(
        self,
        *args: Any,
        current: Policy | None,
        offered: protocol_choices.Offered,
        why: Sequence[str] | None,
        **kwargs: Any,
    ) -> None:  # Any: Django's own form arguments
        """`why`: the item's reasons for closing; None: of a file, which has none of its own."""
        super().__init__(*args, **kwargs)
        self.current = current
        self.policy: Policy | None = current
        self.fields.update(access_choice.fields(current, for_file=why is None, offered=offered))
        if why is not None:
            self.fields[access_choice.REASONS] = access_choice.reasons_field(why)
            self.fields["reason"] = reason_field()

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("access_level"):
            try:
                self.policy = access_choice.chosen(cleaned, current=self.current)
                if access_choice.REASONS in self.fields and self.is_changed:
                    access_choice.require_reasons(str(cleaned["access_level"]), cleaned.get(access_choice.REASONS, ()))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    @property
    def is_changed(self) -> bool:
        return bool(set(self.changed_data) - {"reason"})


def show(request: HttpRequest, item: Item, context: dict[str, Any]) -> HttpResponse:  # Any: what a template shows
    """Show what an item is, and choose who may see it and its files, as far as the person looks after them."""
    offered = protocol_choices.offered(request)
    files = list(visible_files(request).filter(item=item))
    may_item = protocol_choices.may_choose(request, item)
    data = request.POST or None
    form = (
        AccessForm(data, prefix="item", current=item.chosen_rule.policy, offered=offered, why=item.restriction_reasons)
        if may_item
        else None
    )
    of_files = [
        (
            one,
            AccessForm(
                data,
                prefix=one.pid,
                current=one.chosen_rule.policy if one.chosen_rule else None,
                offered=offered,
                why=None,
            ),
        )
        for one in files
        if may_item or _keeps(request, one)
    ]
    if request.method == "POST" and all(one.is_valid() for one in [form, *(each for _file, each in of_files)] if one):
        try:
            _save(request, item, form, of_files)
        except ActionRefused as error:
            messages.error(request, sentence(error))
        else:
            return _back(request, item)
    names = protocol_choices.names_for(request, [item.chosen_rule.policy])
    by_file = dict(of_files)
    shown = {
        **context,
        "title": str(item),
        "item": item,
        "readers": describe(item.chosen_rule.policy, names),
        "form": form,
        "files": [(_name(one, number), card(one).preview, by_file.get(one)) for number, one in enumerate(files, 1)],
        "may_choose": form is not None or bool(of_files),
        "public_address": addresses.item(item) if item.state == "published" else "",
    }
    return TemplateResponse(request, "desk/item_access.html", shown)


def _name(file: ItemFile, number: int) -> str:
    """Return what readers may call a file: what it was called on somebody's disk is for who describes."""
    place = _("file %(number)s") % {"number": number}
    caption = pick_text(file.captions, get_language() or "vi")
    return f"{place}: {caption}" if caption else place


def _keeps(request: HttpRequest, file: ItemFile) -> bool:
    clauses = protocol_clauses(file.chosen_rule.policy) if file.chosen_rule else frozenset()
    return looks_after(actor_of(request), clauses, decider_of(request).held)


def _save(
    request: HttpRequest, item: Item, form: AccessForm | None, of_files: Sequence[tuple[ItemFile, AccessForm]]
) -> None:
    actor, now = actor_of(request), timezone.now()
    reason = "" if form is None else str(form.cleaned_data["reason"])
    with transaction.atomic():
        for file, each in of_files:
            if each.is_changed:
                choose_file_access(file, each.policy, actor=actor, now=now, reason=reason)
        if form is not None and form.is_changed:
            if form.policy is None:
                raise Http404
            why = form.cleaned_data[access_choice.REASONS]
            choose_item_access(item, form.policy, actor=actor, now=now, why=why, reason=reason)


def _back(request: HttpRequest, item: Item) -> HttpResponse:
    if Item.objects.visible_to(viewer_for(actor_of(request), now=timezone.now())).filter(pk=item.pk).exists():
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path)
    messages.warning(request, _("Saved. By the access you chose the item is now closed to you, too."))
    return HttpResponseRedirect(reverse("admin:archive_item_changelist"))
