"""The desk's screens of exhibits: the list, an exhibit with its pages, what it is moved to, its versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import policy
from access.log_sentences import SENTENCES
from access.requests import viewer_of
from archive import languages
from archive.actions import compose_exhibit
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows
from archive.admin import exhibit_previews, protocol_choices
from archive.admin.base import DeskAdmin, actor_of, sent_version
from archive.admin.exhibit_forms import ExhibitForm
from archive.admin.exhibit_parts import WithParts
from archive.admin.exhibit_previews import WithPreview
from archive.admin.sentences import sentence
from archive.exhibits import composing
from archive.history import recording
from archive.models import Exhibit, ExhibitPage, ExhibitState
from archive.models.exhibit import ExhibitQuerySet

TEMPLATE = "desk/exhibits/exhibit.html"
MOVES = {
    "submit": ExhibitState.IN_REVIEW,
    "publish": ExhibitState.PUBLISHED,
    "draft": ExhibitState.DRAFT,
}


@admin.register(Exhibit)
class ExhibitAdmin(WithParts, WithPreview, DeskAdmin[Exhibit]):
    """Exhibits. Every change goes through `archive.actions.compose_exhibit`."""

    list_display = ("__str__", "state", "shown_to", "is_binned", "changed_at")
    list_filter = ("state",)
    search_fields = ("slug",)
    ordering = ("position", "slug", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exhibit]:
        rows: ExhibitQuerySet = Exhibit.objects.all()
        return rows.composed_by(viewer_of(request)).select_related("chosen_rule").order_by("position", "slug", "pk")

    def has_delete_permission(self, request: HttpRequest, obj: Exhibit | None = None) -> bool:
        return False  # by way of the bin, on its own screen

    @admin.display(description=gettext_lazy("in the bin"), boolean=True)
    def is_binned(self, obj: Exhibit) -> bool:
        return obj.binned_at is not None

    @admin.display(description=gettext_lazy("who may see it"))
    def shown_to(self, obj: Exhibit) -> str:
        return str(obj.chosen_rule)

    def view_on_site(self, obj: Exhibit) -> str:
        """Return its page."""
        return f"/exhibits/{obj.slug}/"

    # --- Screens -----------------------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:  # Any: as in Django
        """Begin an exhibit: titles and who may see it. Its first page is made with it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self._form(request, None)
        if request.method == "POST" and form.is_valid():
            made = self._try(request, lambda: self._make(request, form))
            if made is not None:
                return HttpResponseRedirect(self._address(made))
        return self._answer(request, form, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        """One exhibit with its pages. The button that was pressed says what is done; what was written is saved with it."""
        exhibit = self._exhibit_or_404(request, object_id)
        form = self._form(request, exhibit)
        if request.method == "POST":
            if not self.has_change_permission(request, exhibit):
                raise PermissionDenied
            deed, _colon, key = str(request.POST.get("_do", "save")).partition(":")
            if deed in {*MOVES, "bin", "unbin", "delete"}:
                return self._move(request, exhibit, deed)
            if form.is_valid() and self._save(request, exhibit, form, deed, key):
                return HttpResponseRedirect(
                    f"{self._address(exhibit)}#pages" if deed != "save" else self._address(exhibit)
                )
        return self._answer(request, form, exhibit)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:  # Any: as in Django
        """The versions of an exhibit; one of them can be brought back."""
        exhibit = self._exhibit_or_404(request, object_id)
        versions = compose_exhibit.history_of(exhibit)
        if request.method == "POST":
            wanted = next((one for one in versions if str(one.pk) == request.POST.get("version")), None)
            if wanted is None:
                raise Http404
            restored = self._try(
                request,
                lambda: compose_exhibit.restore_exhibit(exhibit, wanted, actor=actor_of(request), now=timezone.now()),
            )
            if restored is not None:
                self.message_user(request, _("It is as it was then."), messages.SUCCESS)
                return HttpResponseRedirect(self._address(exhibit))
        language = getattr(request, "LANGUAGE_CODE", "vi")
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": exhibit},
            "exhibit": exhibit,
            "opts": self.opts,
            "may_restore": self.has_change_permission(request, exhibit) and exhibit.binned_at is None,
            "versions": [
                {
                    "pk": one.pk,
                    "at": one.at,
                    "who": recording.who(one),
                    "what": SENTENCES.get(one.verb, one.verb),
                    "title": languages.pick_text(one.snapshot["fields"]["titles"], language),
                    "pages": [languages.pick_text(page["titles"], language) for page in one.snapshot["pages"]],
                    "is_last": number == 0,
                }
                for number, one in enumerate(versions)
            ],
        }
        return TemplateResponse(request, "desk/exhibits/history.html", context)

    # --- What they do ------------------------------------------------------------------------------------------------------

    def _make(self, request: HttpRequest, form: ExhibitForm) -> Exhibit:
        made = Exhibit()
        form.put(made)
        compose_exhibit.make_exhibit(
            made, access=form.policy or policy.STAFF, actor=actor_of(request), now=timezone.now()
        )
        return compose_exhibit.change_exhibit(
            made, lambda held: composing.add_page(held, held.titles), actor=actor_of(request), now=timezone.now()
        )

    def _save(self, request: HttpRequest, exhibit: Exhibit, form: ExhibitForm, deed: str, key: str) -> bool:
        def change(held: Exhibit) -> None:
            form.put(held)
            pages = ExhibitPage.objects.filter(exhibit=held)
            number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
            if deed == "add_page":
                composing.add_page(held, [])
            elif deed in {"up", "down"}:
                composing.move(pages, number, up=deed == "up")
            elif deed == "remove":
                pages.filter(pk=number).delete()

        saved = self.change(request, exhibit, change, access=form.policy)
        if saved is not None and deed == "save":
            self.message_user(request, _("Saved."), messages.SUCCESS)
        return saved is not None

    def change(
        self, request: HttpRequest, exhibit: Exhibit, change: Callable[[Exhibit], object], *, access: Any = None
    ) -> Exhibit | None:
        """Change an exhibit at the version that the form was read at; None, and the reason is said, where it was refused."""
        return self._try(
            request,
            lambda: compose_exhibit.change_exhibit(
                exhibit,
                change,
                access=access,
                read_version=sent_version(request),
                actor=actor_of(request),
                now=timezone.now(),
            ),
        )

    def _move(self, request: HttpRequest, exhibit: Exhibit, deed: str) -> HttpResponse:
        actor, now = actor_of(request), timezone.now()

        def move() -> Exhibit:
            if deed == "bin":
                return compose_exhibit.bin_exhibit(exhibit, actor=actor, now=now)
            if deed == "unbin":
                return compose_exhibit.unbin_exhibit(exhibit, actor=actor, now=now)
            if deed == "delete":
                compose_exhibit.delete_exhibit(exhibit, actor=actor, now=now)
                return exhibit
            return compose_exhibit.move_exhibit(exhibit, MOVES[deed].value, actor=actor, now=now)

        done = self._try(request, move)
        if done is not None and deed == "delete":
            self.message_user(request, _("Deleted."), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:archive_exhibit_changelist"))
        if done is not None:
            said = (
                _("It is in the bin.")
                if done.binned_at
                else _("It is now: %(state)s.") % {"state": done.get_state_display()}
            )
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(self._address(exhibit))

    def _try(self, request: HttpRequest, do: Callable[[], Exhibit]) -> Exhibit | None:
        try:
            return do()
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
        except composing.Full:
            self.message_user(request, _("There is no room for one more. Nothing was changed."), messages.ERROR)
        return None

    def _exhibit_or_404(self, request: HttpRequest, object_id: object) -> Exhibit:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key = str(object_id)
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            raise Http404
        found = self.get_queryset(request).filter(pk=key).first()
        if found is None:
            raise Http404
        return found

    def _form(self, request: HttpRequest, exhibit: Exhibit | None) -> ExhibitForm:
        data = request.POST if request.method == "POST" else None
        return ExhibitForm(data, exhibit=exhibit, offered=protocol_choices.offered(request), viewer=viewer_of(request))

    def _address(self, exhibit: Exhibit) -> str:
        return reverse("admin:archive_exhibit_change", args=[exhibit.pk])

    def _answer(self, request: HttpRequest, form: ExhibitForm, exhibit: Exhibit | None) -> HttpResponse:
        actor = actor_of(request)
        context = {
            **self.admin_site.each_context(request),
            "title": str(exhibit) if exhibit else _("A new exhibit"),
            "opts": self.opts,
            "exhibit": exhibit,
            "form": form,
            "pages": exhibit.pages.order_by("position", "pk") if exhibit else [],
            "may_change": exhibit is None or self.has_change_permission(request, exhibit),
            "may_publish": allows(actor, compose_exhibit.PUBLISH),
            "may_delete": allows(actor, compose_exhibit.DELETE),
            "viewers": exhibit_previews.choices(request) if exhibit else [],
            "public_address": self.view_on_site(exhibit) if exhibit and exhibit.state == "published" else "",
        }
        return TemplateResponse(request, TEMPLATE, context)
