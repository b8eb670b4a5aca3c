"""The history of a record at the desk: its revisions, any two of them side by side, and bringing back what was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from access.requests import viewer_of
from archive.actions.errors import ActionRefused
from archive.actions.restore_record import ACCESS, DESCRIBED, FILE_ACCESS, Restored, restore_authority, restore_item
from archive.actions.save_places import may_place
from archive.admin import history_words, log_sentences, protocol_choices
from archive.admin.base import HISTORY_MOST, DeskAdmin, actor_of
from archive.admin.community_choices import communities_for, labels_for
from archive.admin.history_words import Words
from archive.admin.sentences import sentence
from archive.history import comparing, recording, seeing, snapshots
from archive.history.restoring import Left
from archive.history.snapshots import Snapshot
from archive.models import Item, Revision

PAGE_SIZE = 50
M = TypeVar("M", bound=Model)
# What is shown and moves by ways of its own.
NEVER_RESTORED = frozenset({"state", "is_binned", "merged_into"})
WHY_LEFT: Mapping[str, Callable[[str], str]] = {
    "gone": lambda name: _("%(name)s: it is not there any more.") % {"name": name or _("something")},
    "taken": lambda name: _("%(name)s: something else has it by now.") % {"name": name},
    "no_bytes": lambda name: _("%(name)s: its bytes were never kept.") % {"name": name},
    "protocol_not_yours": lambda name: (
        _("%(name)s: it lies under a protocol under which you put nothing.") % {"name": name}
    ),
}


@dataclass(frozen=True)
class Line:
    """One revision in the list."""

    revision: Revision
    who: str
    what: str
    why: str
    fields: Sequence[str]
    is_last: bool


class WithRevisions(DeskAdmin[M]):
    """An admin of records that have a history of snapshots. What of them a person may not see is left out for them."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrap, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("<int:record_id>/history/compare/", wrap(self.compare_view), name=f"{name}_compare"),
            path("<int:record_id>/history/restore/", wrap(self.restore_view), name=f"{name}_restore"),
        ]
        return [*own, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:  # Any: as in Django
        """Show what was done to a record, revision by revision, and what our log tells of it below."""
        if not self.may_read_history(request):
            raise PermissionDenied
        record = self.get_object(request, object_id)
        if record is None:
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        page = Paginator(
            recording.revisions_of(snapshots.kind_of(record), snapshots.key_of(record)).select_related("actor"),
            PAGE_SIZE,
        ).get_page(request.GET.get("page"))
        entries = self.entries_of(record)[:HISTORY_MOST]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": record},
            "lines": _lines(request, record, page),
            "page": page,
            "entries": [(one, log_sentences.sentence(one), self.history_detail(request, one)) for one in entries],
            "opts": self.opts,
            "object": record,
            "may_restore": self.has_change_permission(request, record),
        }
        return TemplateResponse(request, "desk/revisions.html", context)

    def compare_view(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Show two revisions side by side (?from=3&to=7; without `to` the present), and offer to bring back the earlier one."""
        record = self._record_or_404(request, record_id)
        last = recording.last_of(record)
        if last is None:
            raise Http404
        first, second = sorted((_number(request, "from", last.number), _number(request, "to", last.number)))
        kind, key = snapshots.kind_of(record), snapshots.key_of(record)
        found = seeing.numbered(kind, key, {first, second})
        if first not in found or second not in found:
            raise Http404
        before, after = found[first], found[second]
        shots, words = _read(request, record, [before.snapshot, after.snapshot])
        may = second == last.number and self.has_change_permission(request, record)
        shown = [
            history_words.shown(one, words, may_restore=lambda name: may and _may_restore(request, record, name))
            for one in comparing.changes(*shots)
        ]
        numbers = list(recording.revisions_of(kind, key).values_list("number", flat=True)[:HISTORY_MOST])
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(name)s: revisions %(first)s and %(second)s")
            % {"name": record, "first": first, "second": second},
            "opts": self.opts,
            "object": record,
            "before": before,
            "after": after,
            "before_who": recording.who(before),
            "after_who": recording.who(after),
            "shown": shown,
            "asks_access": [one for one in shown if one.name == "files"] and _may_choose(request, record),
            "may_restore": any(one.may_restore for one in shown),
            "is_present": second == last.number,
            "numbers": numbers,
            "read_version": getattr(record, "version", 1),
            "restore_address": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_restore", args=[record.pk]),
        }
        return TemplateResponse(request, "desk/compare.html", context)

    def restore_view(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Bring back the parts of a revision that are named (`parts`), or all that is described (`all`)."""
        record = self._record_or_404(request, record_id)
        back = HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", args=[record.pk])
        )
        if request.method != "POST":
            return back
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        number = _posted(request, "number")
        revision = seeing.numbered(snapshots.kind_of(record), snapshots.key_of(record), [number]).get(number)
        if revision is None:
            raise Http404
        try:
            done = _restore(request, record, revision)
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return back
        self._tell(request, revision, done, snapshots.kind_of(record))
        return back

    def may_read_history(self, request: HttpRequest) -> bool:
        """Return whether somebody reads histories at all: reasons are written for staff."""
        return bool(request.user.is_staff) and self.has_view_or_change_permission(request)

    def _record_or_404(self, request: HttpRequest, record_id: int) -> Any:  # Any: one of seven models
        if not self.may_read_history(request):
            raise PermissionDenied
        record = self.get_object(request, str(record_id))
        if record is None:
            raise Http404
        return record

    def _tell(self, request: HttpRequest, revision: Revision, done: Restored, kind: str) -> None:
        if not done.parts:
            self.message_user(request, _("Nothing differed; nothing was changed."), messages.INFO)
            return
        words = Words(kind)
        names = ", ".join(words.field(name) for name in done.parts if name != FILE_ACCESS)
        text = _("Brought back from revision %(number)s: %(names)s.")
        self.message_user(
            request, text % {"number": revision.number, "names": names or _("access of files")}, messages.SUCCESS
        )
        if done.left:
            told = " ".join(_left(one) for one in done.left)
            self.message_user(request, _("Not brought back: %(told)s") % {"told": told}, messages.WARNING)


def _left(one: Left) -> str:
    say = WHY_LEFT.get(one.code)
    return say(one.name) if say else one.name


def _restore(request: HttpRequest, record: Any, revision: Revision) -> Restored:  # Any: one of seven models
    actor, now, version = actor_of(request), timezone.now(), _posted(request, "read_version")
    parts: set[str] | None = None if request.POST.get("all") else set(request.POST.getlist("parts"))
    if not isinstance(record, Item):
        return restore_authority(record, revision, parts=parts, read_version=version, actor=actor, now=now)
    if parts is None:
        # All that this person may bring back: places of what is published are the publishers'.
        parts = set(DESCRIBED) - (set() if may_place(record, actor) else {"located"})
    return restore_item(record, revision, parts=parts, read_version=version, actor=actor, now=now)


def _may_restore(request: HttpRequest, record: Model, name: str) -> bool:
    if name in NEVER_RESTORED:
        return False
    if not isinstance(record, Item):
        return True
    if name == "restriction_reasons":
        return False  # they go with the access
    if name == ACCESS:
        return _may_choose(request, record)
    return name != "located" or may_place(record, actor_of(request))


def _may_choose(request: HttpRequest, record: Model) -> bool:
    return isinstance(record, Item) and protocol_choices.may_choose(request, record)


def _lines(request: HttpRequest, record: Any, page: Any) -> list[Line]:  # Any: one of seven models, a page of revisions
    """Return the revisions of a page in words. The one before the oldest of them is read as well: what it changed is asked of it."""
    listed: list[Revision] = list(page.object_list)
    if not listed:
        return []
    oldest = listed[-1]
    earlier = seeing.numbered(oldest.kind, oldest.key, [oldest.number - 1]).get(oldest.number - 1)
    raw = [one.snapshot for one in listed] + [earlier.snapshot if earlier else {}]
    sight = seeing.sight(viewer_of(request), record, raw) if isinstance(record, Item) else None
    shots = [sight.of(one) for one in raw] if sight else raw
    words = Words(oldest.kind)
    lines = []
    for place, revision in enumerate(listed):
        names = snapshots.differing(shots[place + 1], shots[place]) if shots[place + 1] else []
        hides = sight is not None and sight.hides_a_change(raw[place + 1], raw[place])
        lines.append(
            Line(
                revision,
                recording.who(revision),
                history_words.did(revision.verb),
                "" if hides and revision.actor_id != request.user.pk else revision.reason,
                [words.field(name) for name in names],
                is_last=page.number == 1 and place == 0,
            )
        )
    return lines


def _read(request: HttpRequest, record: Any, raw: Sequence[Snapshot]) -> tuple[list[Snapshot], Words]:  # Any: as above
    """Return snapshots as this person may read them, and what they know by name."""
    kind = snapshots.kind_of(record)
    if not isinstance(record, Item):
        return list(raw), Words(kind, others=history_words.named_elsewhere(kind, raw))
    sight = seeing.sight(viewer_of(request), record, raw)
    shots = [sight.of(one) for one in raw]
    words = Words(
        kind,
        protocols=protocol_choices.names_for(request, history_words.policies_in(shots)),
        communities=dict(communities_for(request, record).values_list("pk", "name")),
        labels={one.pk: str(one) for one in labels_for(request, record)},
    )
    return shots, words


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else default


def _posted(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdigit() or len(text) > 9:
        raise Http404
    return int(text)
