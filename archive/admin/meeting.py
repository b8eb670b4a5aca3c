"""Two people at one form: the second is shown what the first one saved meanwhile, field by field, and nothing is overwritten blindly."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from access.requests import viewer_of
from archive.actions.errors import StaleVersion
from archive.admin import form_parts, history_words, protocol_choices
from archive.admin.base import sent_version
from archive.admin.drafts import RESTORE, RESTORED
from archive.admin.generic import ModelAdmin
from archive.admin.history_words import Words
from archive.admin.sentences import sentence
from archive.history import comparing, recording, seeing, snapshots, three_way
from archive.history.comparing import TextChange
from archive.history.three_way import Conflict, Outcome
from archive.models import Item, Revision

M = TypeVar("M", bound=Model)
STALE = "stale_version"
CHOICE = "choose:"  # before the key of a conflict, in the names of what is sent
# Sent with a form that was kept and is taken up again: it is shown, and not saved.
TAKEN_UP = frozenset({RESTORE, RESTORED})


@dataclass(frozen=True)
class Asked:
    """One thing that both changed, in words: what it was, theirs, and mine. `texts`: how theirs differs from mine, language by language."""

    name: str
    label: str
    before: str
    theirs: str
    mine: str
    texts: Sequence[tuple[str, TextChange]] = ()


@dataclass
class Meeting:
    """What somebody is about to save over what somebody else saved. `sent`: their form and its rows, checked."""

    outcome: Outcome
    words: Words
    who: str
    last: Revision
    sent: Any  # a form of any model
    sent_rows: Mapping[str, Any]  # formsets by the lists that they are of
    asked: Sequence[Asked] = field(default_factory=tuple)

    @property
    def taken(self) -> list[str]:
        return [self.words.field(name) for name in self.outcome.taken]

    @property
    def is_open(self) -> bool:
        return bool(self.outcome.open)


class Meets(ModelAdmin[M]):
    """An admin whose forms say at which version the record was read (`read_version`)."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        if request.method == "POST" and object_id is not None and not TAKEN_UP & set(request.POST):
            met = self._meet(request, object_id)
            if met is not None:
                return self._show(request, met, object_id, form_url, extra_context)
            try:
                return super().changeform_view(request, object_id, form_url, extra_context)
            except StaleVersion:
                # Somebody saved between our look and our save. The second look sees it.
                met = self._meet(request, object_id)
                if met is None:
                    self.message_user(request, sentence(StaleVersion()), messages.ERROR)
                    return HttpResponseRedirect(request.path)
                return self._show(request, met, object_id, form_url, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _show(
        self, request: HttpRequest, met: Meeting, object_id: str, form_url: str, extra_context: Any
    ) -> HttpResponse:  # Any: as in Django
        request = copy.copy(request)
        request.desk_meeting = met  # type: ignore[attr-defined]  # of this answer
        if not met.is_open:
            # What both of them changed, as it shall be: shown like any form, and saved when the person says so.
            request.method = "GET"
        shown: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        return shown

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> Any:  # Any: as in Django
        form: Any = super().get_form(request, obj, change=change, **kwargs)  # Any: a class made at run time
        met = _met(request)
        return form if met is None or obj is None else _laid_over(form, met, snapshots.kind_of(obj))

    def _create_formsets(self, request: HttpRequest, obj: M, change: bool) -> Any:  # Any: as in Django
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]  # Django's own, not in its stubs
        met = _met(request)
        if met is not None and not met.is_open:
            kind = snapshots.kind_of(obj)
            for name, formset in form_parts.lists_of(formsets, kind):
                if name in met.outcome.values and name in met.sent_rows:
                    form_parts.fill_formset(formset, met.outcome.values[name], met.sent_rows[name], name, kind)
        return formsets, inlines

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:  # Any: as in Django
        met = _met(request)
        record = kwargs.get("obj")
        if record is not None:
            # Of forms that have no field for it.
            context["read_version"] = sent_version(request) if met is not None and met.is_open else record.version
        if met is not None:
            # A form that was kept is older than what is shown here.
            context |= {"meeting": met, "draft": None}
        return super().render_change_form(request, context, *args, **kwargs)

    def _meet(self, request: HttpRequest, object_id: str) -> Meeting | None:
        """Return what a save meets; None where nobody saved since the form was read."""
        version = sent_version(request)
        record: Any = None if version is None else self.get_object(request, object_id)  # Any: one of seven models
        if version is None or record is None or not self.has_change_permission(request, record):
            return None
        if version >= record.version:
            return None
        last = recording.last_of(record)
        if last is None:
            return None
        kind = snapshots.kind_of(record)
        sent = self.get_form(request, record, change=True)(request.POST, request.FILES, instance=copy.copy(record))
        sent.is_valid()
        formsets, _inlines = self._create_formsets(request, record, change=True)
        rows = dict(form_parts.lists_of(_checked(formsets), kind))
        mine = form_parts.parts_of_form(sent, kind)
        mine |= {name: form_parts.rows_of_formset(formset, name, kind) for name, formset in rows.items()}
        read = recording.read_at(record, version)
        theirs, before, words = _told(request, record, read)
        outcome = three_way.weigh(before, theirs, mine, _choices(request))
        met = Meeting(outcome, words, recording.who(last), last, sent, rows)
        met.asked = [_asked(one, words) for one in outcome.open]
        return met


def _checked(formsets: Sequence[Any]) -> list[Any]:  # Any: formsets
    """Return formsets each of which was asked whether it is valid: what it says is read then, valid or not."""
    for one in formsets:
        one.is_valid()
    return list(formsets)


def _met(request: HttpRequest) -> Meeting | None:
    return getattr(request, "desk_meeting", None)


def _laid_over(form: Any, met: Meeting, kind: str) -> Any:  # Any: classes made at run time
    """Return the class of the form that shows a meeting: still refused while something is open, and else filled with what shall be."""

    class Laid(form):  # type: ignore[misc]  # as above
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
            super().__init__(*args, **kwargs)
            if not self.is_bound:
                self.initial |= form_parts.initial_of(met.outcome.values, met.sent, kind)

        def clean(self) -> Any:  # Any: as in Django
            cleaned = super().clean()
            if not self.has_error("__all__", STALE):
                self.add_error(None, ValidationError(_("Somebody else saved this meanwhile."), code=STALE))
            return cleaned

    Laid.__name__ = form.__name__
    return Laid


def _told(
    request: HttpRequest, record: Any, read: Revision | None
) -> tuple[dict[str, Any], dict[str, Any] | None, Words]:  # Any: one of seven models, JSON
    """Return the record as it is, as it was read (None: nobody knows), and the words for both, as far as the person may read them."""
    kind, present = snapshots.kind_of(record), snapshots.of(record)
    shots = [present, *([read.snapshot] if read and read.snapshot else [])]
    words = Words(kind, others=history_words.named_elsewhere(kind, shots) if not isinstance(record, Item) else {})
    if isinstance(record, Item):
        sight = seeing.sight(viewer_of(request), record, shots)
        shots = [sight.of(one) for one in shots]
        words = Words(kind, protocols=protocol_choices.names_for(request, history_words.policies_in(shots)))
    parts = [snapshots.parts_of(one) for one in shots]
    return parts[0], parts[1] if len(parts) > 1 else None, words


def _choices(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix(CHOICE): value
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and isinstance(value, str)
    }


def _asked(conflict: Conflict, words: Words) -> Asked:
    is_row = conflict.key != conflict.name

    def said(value: Any) -> str:  # Any: JSON
        if value is None:
            return ""
        return words.row(conflict.name, value) if is_row else words.value(conflict.name, value)

    texts: list[tuple[str, TextChange]] = []
    if not is_row:
        found = comparing.changes(
            {"fields": {conflict.name: conflict.theirs}}, {"fields": {conflict.name: conflict.mine}}
        )
        texts = [(one.lang, one) for change in found for one in change.texts if len(one.pieces) > 1]
    return Asked(
        f"{CHOICE}{conflict.key}",
        words.field(conflict.name),
        said(conflict.before),
        said(conflict.theirs),
        said(conflict.mine),
        texts,
    )
