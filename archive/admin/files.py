"""The files of an item on its form: order, role, caption, a tighter access, live progress."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access.models import User
from access.requests import viewer_of
from archive import addresses, progress, stills
from archive.actions.choose_access import choose_file_access
from archive.actions.describe_file import Said, describe_file
from archive.actions.detach_file import detach_file
from archive.actions.errors import NotAllowed
from archive.actions.order_files import order_files
from archive.admin import access_choice, caption_findings, protocol_choices
from archive.admin.base import actor_of
from archive.admin.companion_fields import BesideField, LanguageTagField, StillField, recordings_among
from archive.admin.drafts import RestorableRows
from archive.admin.generic import BaseInlineFormSet, ModelForm, StackedInline
from archive.admin.scans import said_of_reading
from archive.admin.values import LangValuesFormField
from archive.derived_names import PICTURE_ROLES, picture_name
from archive.models import Item, ItemFile
from archive.querysets import ItemFileQuerySet
from media_pipeline.format_names import format_label
from media_pipeline.formats import is_misnamed
from media_pipeline.models import Master

PREVIEW_PX = 160
PREVIEW_NAME = picture_name(PREVIEW_PX)
# What is said of a file; its place among the others is saved with those of all files.
DESCRIBED = frozenset({"role", "label", "captions", "language", "beside", "poster_choice"})


class FileForm(ModelForm[ItemFile]):
    """What may be said of one file. `may_protect` and `offered` are set by the inline on the class it makes for one request."""

    may_protect = False
    offered = protocol_choices.NOTHING

    language = LanguageTagField()
    # Made for each instance by the formset, which knows the other files.
    beside = forms.ChoiceField(required=False)
    captions = LangValuesFormField(label=gettext_lazy("Captions"), required=False, spare=1)
    position = forms.IntegerField(label=gettext_lazy("Order"), min_value=0, max_value=99_999)
    # Made for each instance below; named here so that the admin finds them on the class.
    access_level = forms.ChoiceField(required=False)
    protocols = forms.MultipleChoiceField(required=False)
    sharing = forms.ChoiceField(required=False)
    opens_on = forms.DateField(required=False)
    closes_on = forms.DateField(required=False)

    class Meta:
        model = ItemFile
        fields = ("role", "language", "beside", "label", "position", "captions", "poster_choice")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        rule = self.instance.chosen_rule if self.instance.pk else None
        self.current = rule.policy if rule else None
        self._access = access_choice.fields(self.current, for_file=True, offered=self.offered)
        for name in access_choice.FIELDS:
            self.fields.pop(name, None)
        self.fields.pop("poster_choice", None)
        if stills.moments(self.instance):
            self.fields["poster_choice"] = StillField(self.instance)
        if self.may_protect:
            self.fields.update(self._access)

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        if self.may_protect and cleaned.get("access_level"):
            try:
                self._policy = access_choice.chosen(cleaned, current=self.current)
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    @property
    def asks_for_access(self) -> bool:
        """Whether another access than the present one was sent; also by a page that offered it before the right was lost."""
        return any(
            field.has_changed(
                field.initial, field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            )
            for name, field in self._access.items()
            # Of boxes that are all empty nothing is sent: what stands beside them tells that they were shown.
            if self.add_prefix("sharing" if name == "protocols" else name) in self.data
        )

    def save_by_actions(self, *, actor: User) -> None:
        """Write what changed, by the archive's actions. Raises NotAllowed for an access that this person may not choose."""
        now = timezone.now()
        changed = set(self.changed_data)
        if changed & DESCRIBED:
            described = self.cleaned_data
            said = Said(
                role=described["role"],
                label=described["label"],
                captions=described["captions"],
                position=described["position"],
                language=described["language"],
                beside=described["beside"],
                poster_choice=described.get("poster_choice", self.instance.poster_choice),
            )
            describe_file(self.instance, said, actor=actor, now=now)
        if self.asks_for_access:
            if not self.may_protect:
                raise NotAllowed
            choose_file_access(self.instance, self._policy, actor=actor, now=now)


class KnownRow(forms.Field):
    """The key of a row that was read already: Django's own field asks the database for each of them once more."""

    widget = forms.HiddenInput

    def __init__(self, row: ItemFile) -> None:
        super().__init__(required=False, initial=row.pk)
        self.row = row

    def clean(self, value: Any) -> ItemFile | None:  # Any: as in Django
        """Return the row, or None for one that somebody took off or closed meanwhile: what was said of it is said of nothing."""
        return self.row if self.row.pk is not None and str(value) == str(self.row.pk) else None

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as in Django
        return False


class FilesFormSet(RestorableRows, BaseInlineFormSet[ItemFile, Item, FileForm]):
    """The files that this member of staff may see. Saved by actions only."""

    def add_fields(self, form: Any, index: int | None) -> None:  # Any: as in Django
        super().add_fields(form, index)
        if index is not None and index < self.initial_form_count():
            form.fields["id"] = KnownRow(form.instance)
            form.fields["beside"] = BesideField(form.instance, self._recordings)
            form.initial["beside"] = form.fields["beside"].chosen

    @cached_property
    def _recordings(self) -> dict[str, ItemFile]:
        return recordings_among(list(self.get_queryset()))

    def save_by_actions(self, request: HttpRequest) -> None:
        moved: dict[int, int] = {}
        deleted = set(self.deleted_forms)
        for form in (one for one in self.initial_forms if one.instance.pk is not None):
            if form in deleted:
                detach_file(form.instance, actor=actor_of(request), now=timezone.now())
                continue
            if "position" in form.changed_data:
                moved[form.instance.pk] = form.cleaned_data["position"]
            if form.has_changed() or form.asks_for_access:
                form.save_by_actions(actor=actor_of(request))
        files = [form.instance for form in self.initial_forms if form.instance.pk in moved]
        order_files(self.instance, files, moved, actor=actor_of(request), now=timezone.now())
        self.new_objects, self.changed_objects, self.deleted_objects = [], [], []


class FilesInline(StackedInline[ItemFile, Item]):
    """Files come by upload only; here they are put in order and described."""

    model = ItemFile
    form = FileForm
    formset = FilesFormSet  # type: ignore[assignment]  # the stubs want the widest form
    template = "desk/files.html"
    extra = 0
    max_num = 0
    can_delete = True
    fields = ("role", "language", "beside", "label", "position", "captions", "poster_choice", *access_choice.FIELDS)
    ordering = ("position", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # Any: as in Django
        return False

    def get_formset(self, request: HttpRequest, obj: Item | None = None, **kwargs: Any) -> Any:  # Any: as in Django
        formset: Any = super().get_formset(
            request, obj, **kwargs
        )  # Any: a class made at run time, for this request only
        formset.form.may_protect = protocol_choices.may_choose(request, obj)
        formset.form.offered = protocol_choices.offered(request)
        return formset

    def get_queryset(self, request: HttpRequest) -> ItemFileQuerySet:
        return visible_files(request)


def visible_files(request: HttpRequest) -> ItemFileQuerySet:
    """Return the files the asking member of staff may see, with all that a card shows. Five queries."""
    return (
        ItemFile.objects.visible_to(viewer_of(request))
        .select_related("item", "master", "intake", "chosen_rule")
        .prefetch_related("master__derivatives", "master__jobs")
        .order_by("position", "pk")
    )


@dataclass(frozen=True)
class Card:
    """What is shown of one file while it is worked on."""

    pid: str
    name: str
    state: str
    percent: int
    sentence: str
    is_final: bool
    preview: str
    # What it is by its content, with its identifier in PRONOM, and whether its name says otherwise.
    format: str = ""
    is_misnamed: bool = False
    problems: Sequence[str] = ()


def card(file: ItemFile, files: Sequence[ItemFile] = ()) -> Card:
    """Return what is shown of a file read by `visible_files`; with the files of its item also what is wrong in a subtitle file. No
    query."""
    now = progress.of(file)
    pictures = [found for role in PICTURE_ROLES if (found := _preview_of(file, role))]
    preview = addresses.derivative(file, *pictures[0]) if pictures else ""
    return Card(
        pid=file.pid,
        name=file.original_name,
        state=now.state,
        percent=now.percent,
        sentence=" ".join(filter(None, (_sentence(now), said_of_reading(file) if now.is_final else ""))),
        is_final=now.is_final,
        preview=preview,
        format=_format_of(file.master) if file.master else "",
        is_misnamed=file.master is not None and is_misnamed(file.original_name, file.master.extension),
        problems=caption_findings.of(file, files) if files and now.is_final else (),
    )


def _format_of(master: Master) -> str:
    return " · ".join(part for part in (format_label(master.format_name), master.puid) if part)


def cards_of(formsets: Iterable[Any]) -> dict[int, Card]:  # Any: Django's, of the admin
    """Return what is shown of each file on the form, by its key. No query: they were read by `visible_files`."""
    files = files_of(formsets)
    return {file.pk: card(file, files) for file in files}


def files_of(formsets: Iterable[Any]) -> list[ItemFile]:  # Any: as above
    """Return the files on the form, those that the person may see. No query: they were read by `visible_files`."""
    shown = [one.formset for one in formsets if isinstance(one.formset, FilesFormSet)]
    return [file for formset in shown for file in formset.get_queryset()]


def _preview_of(file: ItemFile, role: str) -> tuple[str, str] | None:
    """Return the role and the name of the small picture of a file, of a film that of the still that stands for it."""
    made = file.derivative(role)
    if made is None:
        return None
    wanted = (PREVIEW_NAME, picture_name(PREVIEW_PX, stills.chosen(file, made)))
    names = (str(entry["name"]) for entry in stills.shown_entries(file, made))
    return next(((role, name) for name in names if name in wanted), None)


def _sentence(now: progress.Progress) -> str:
    match now.state:
        case "receiving":
            return _("Being received: %(percent)s%%") % {"percent": now.percent}
        case "checking":
            return now.reason or _("All of it has arrived. Being checked and stored.")
        case "working":
            return _("Stored. Being prepared for readers: %(percent)s%%") % {"percent": now.percent}
        case "ready":
            return _("Ready")
        case _:
            return now.reason
