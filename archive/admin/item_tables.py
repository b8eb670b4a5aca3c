"""Tables at the desk: bring one, have it checked, see what is wrong and where, load what is right; and take the list along as one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit
from access.requests import viewer_of
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows
from archive.admin.base import actor_of
from archive.admin.generic import ModelAdmin
from archive.admin.sentences import sentence
from archive.exporting.table import Export, told_to
from archive.loading import desk_runs, report
from archive.loading.desk_runs import Busy, DeskRun, State
from archive.models import Item
from archive.tables import cells, sentences, writing
from archive.tables.shapes import TableError

ADD, CHANGE = "archive.add_item", "archive.change_item"
TABLE_MB_MOST = 50
XLSX_ROWS_MOST = 5000
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TableForm(forms.Form):
    """The table, and where its files lie."""

    table = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("CSV (UTF-8) or XLSX. Its first row holds the headings."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )
    folder = forms.ChoiceField(
        label=gettext_lazy("Folder of its files"),
        required=False,
        help_text=gettext_lazy("On the server. Without one, files are added to the items afterwards."),
    )

    def __init__(self, *args: Any, folders: list[str], **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        if not folders:
            del self.fields["folder"]
            return
        choices = [("", _("none")), *((one, one) for one in folders)]
        self.fields["folder"].choices = choices  # type: ignore[attr-defined]  # a field of choices, above

    def clean_table(self) -> Any:  # Any: Django's own type of an upload
        sent = self.cleaned_data["table"]
        if sent.size > TABLE_MB_MOST * 1_000_000:
            raise forms.ValidationError(_("The table is larger than %(most)s MB."), params={"most": TABLE_MB_MOST})
        return sent


class WithTables(ModelAdmin[Item]):
    """What the items' screens have of tables."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrap = self.admin_site.admin_view
        own = [
            path("export.csv", wrap(self.export_view), name="archive_item_export"),
            path("table/", wrap(self.table_view), name="archive_item_table"),
            path("table/<slug:token>/", wrap(self.run_view), name="archive_item_table_run"),
            path("table/<slug:token>/step", wrap(self.step_view), name="archive_item_table_step"),
            path("table/<slug:token>/rest.<slug:kind>", wrap(self.rest_view), name="archive_item_table_rest"),
        ]
        return [*own, *super().get_urls()]

    # --- In -------------------------------------------------------------------------------------------------------------

    def table_view(self, request: HttpRequest) -> HttpResponse:
        """Take a table in: it is read to its end, and its page then has it checked."""
        _require(request)
        offered = desk_runs.folders(_folders()) if allows(actor_of(request), CHANGE) else []
        form = TableForm(request.POST or None, request.FILES or None, folders=offered)
        if request.method == "POST" and form.is_valid():
            try:
                run = self._begun(request, form)
            except TableError as error:
                form.add_error("table", sentences.of_file(error))
            except OSError:
                form.add_error("table", sentences.of_file(TableError("unreadable_file")))
            else:
                return HttpResponseRedirect(reverse("admin:archive_item_table_run", args=[run.token]))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Items from a table"),
            "form": form,
            "opts": self.opts,
            "rows_most": desk_runs.ROWS_MOST,
        }
        return TemplateResponse(request, "desk/table.html", context)

    def _begun(self, request: HttpRequest, form: TableForm) -> DeskRun:
        sent = form.cleaned_data["table"]
        with tempfile.NamedTemporaryFile(prefix="nha-rong-table-") as kept:
            for piece in sent.chunks():
                kept.write(piece)
            kept.flush()
            folder = form.cleaned_data.get("folder", "")
            return desk_runs.begin(
                desk_runs.root(), actor_of(request), Path(kept.name), name=sent.name[-200:], folder=folder
            )

    def run_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show how far a table is and what is wrong in it; begin to load what is right."""
        run = _run(request, token)
        if request.method == "POST":
            try:
                run.begin_loading()
            except Busy:
                messages.warning(request, _("This table is being worked on just now. Wait a moment."))
            return HttpResponseRedirect(request.path)
        state = run.state()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Table: %(name)s") % {"name": state.name},
            "opts": self.opts,
            "state": state,
            "run": run,
            "counts": _counted(state),
            "wrong": state.counts.get("wrong", 0),
            "right": state.counts.get("ready", 0),
            "problems": list(_problems(run, state)),
            "problems_most": desk_runs.PROBLEMS_SHOWN,
        }
        return TemplateResponse(request, "desk/table_run.html", context)

    def step_view(self, request: HttpRequest, token: str) -> HttpResponse:
        """Work on some rows more; answer how far it is, as JSON where that is asked for."""
        run = _run(request, token)
        if request.method != "POST":
            raise Http404
        state = run.state()
        folder = _folders() / state.folder if state.folder in desk_runs.folders(_folders()) else None
        try:
            state = run.step(folder=folder, now=timezone.now())
        except Busy:
            pass
        except ActionRefused as error:
            messages.error(request, sentence(error))
            return HttpResponseRedirect(reverse("admin:archive_item_table_run", args=[token]))
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(
                {"done": state.done, "all": state.rows, "final": not state.is_going, "sentence": _counted(state)}
            )
        return HttpResponseRedirect(reverse("admin:archive_item_table_run", args=[token]))

    def rest_view(self, request: HttpRequest, token: str, kind: str) -> HttpResponse:
        """Send the rows that are to be corrected as a table of their own, with what to correct beside each."""
        run = _run(request, token)
        if kind not in writing.FORMATS:
            raise Http404
        state = run.state()
        if kind == "xlsx" and state.counts.get("wrong", 0) > XLSX_ROWS_MOST:
            messages.warning(request, _("These are too many rows for XLSX here. Take the CSV."))
            return HttpResponseRedirect(reverse("admin:archive_item_table_run", args=[token]))
        with tempfile.TemporaryDirectory(prefix="nha-rong-rest-") as folder:
            place = Path(folder) / f"rest.{kind}"
            _write_rest(run, state, place)
            response = HttpResponse(place.read_bytes(), content_type=TYPES[kind])
        name = f"{Path(state.name).stem}-rest.{kind}"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response

    # --- Out ------------------------------------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Send the list as it is filtered, as a table: only what the person may see. That it was taken is in the log."""
        if not request.user.is_staff or not self.has_view_permission(request):
            raise PermissionDenied
        listed = self.get_changelist_instance(request).queryset
        user, viewer = actor_of(request), viewer_of(request)
        export = Export(listed, told_to(user, viewer), viewer=viewer)
        detail = {"count": len(export.keys)}
        audit.record(actor=user, verb="export_table", target_pid="", now=timezone.now(), detail=detail)
        headings = export.headings()

        def rows() -> Iterator[list[str]]:
            yield headings
            yield from export.rows()

        response = StreamingHttpResponse(writing.csv_lines(rows()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="nha-rong-{timezone.localdate():%Y-%m-%d}.csv"'
        return response


def _require(request: HttpRequest) -> None:
    if not allows(actor_of(request), ADD):
        raise PermissionDenied


def _folders() -> Path:
    return Path(settings.INCOMING_DIR) / "folders"


def _run(request: HttpRequest, token: str) -> DeskRun:
    """Return a person's own table. Somebody else's is not there."""
    _require(request)
    run = DeskRun(desk_runs.root(), actor_of(request), token)
    if not run.is_there:
        raise Http404
    return run


def _counted(state: State) -> str:
    counts = {"loaded": state.counts.get("ready", 0) + state.counts.get("loaded", 0)}
    counts |= {name: state.counts.get(name, 0) for name in ("here", "wrong")}
    counts |= {"done": state.done, "all": state.rows}
    if state.phase in {"load", "loaded"}:
        return (
            _("%(done)s of %(all)s rows: %(loaded)s loaded, %(here)s here already, %(wrong)s to be corrected.") % counts
        )
    return _("%(done)s of %(all)s rows: %(loaded)s right, %(here)s here already, %(wrong)s to be corrected.") % counts


def _problems(run: DeskRun, state: State) -> Iterator[tuple[int, str, str]]:
    """Yield row, column and sentence of what is wrong, as far as a page shows it."""
    left = desk_runs.PROBLEMS_SHOWN
    listed = list(run.survey(state).problems) if state.phase == "headings" else []
    for problem in listed or (one for _row, _status, found in run.told() for one in found):
        yield problem.row, problem.column, sentences.of_cell(problem.code, problem.detail)
        left -= 1
        if not left:
            return


def _write_rest(run: DeskRun, state: State, place: Path) -> None:
    copy = writing.copy_at(place)
    width = len(state.headings)
    copy.add([*state.headings, f"# {_('What to correct')}"])
    for row, problems in run.wrong_rows():
        kept = [cells.plain(cell) for cell in row.cells[:width]]
        told = "\n".join(report.beside(problem) for problem in problems)
        full = [*kept, *[""] * (width - len(kept)), told]
        try:
            copy.add(full)
        except TableError:
            copy.add([cell[: writing.XLSX_CHARS_MOST - 1] for cell in full])
    copy.close()
