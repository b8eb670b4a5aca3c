"""The form in which a consent is recorded. Nothing in it is ticked beforehand: silence is no consent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from archive.actions.attach_evidence import Evidence
from archive.actions.record_consent import Given, fault_of
from archive.admin import language_choices
from archive.admin.generic import ModelForm
from archive.admin.sentences import SENTENCES
from archive.models import ConsentRecord, ConsentScope
from archive.texts import is_storable
from media_pipeline.formats import FORMATS
from media_pipeline.models import Kind
from media_pipeline.sniff import HEAD_BYTES, sniff

EVIDENCE_MOST_BYTES = 50_000_000
PROVING = frozenset({Kind.IMAGE, Kind.AUDIO, Kind.VIDEO, Kind.PDF})
# Beside which field of the form each fault is said.
BESIDE_FIELD = {
    "consent_of_one": "agent",
    "consent_without_items": "items",
    "consent_without_scope": "scopes",
    "consent_without_guardian": "guardian",
    "consent_of_tomorrow": "given_on",
    "consent_over_before": "valid_until",
}


class EvidenceField(forms.FileField):
    """A picture, a recording, a film or a PDF, by its content."""

    def __init__(self, **kwargs: Any) -> None:  # Any: Django's own field arguments
        super().__init__(
            label=_("Evidence"),
            help_text=_(
                "A photograph or scan of the paper, a recording, a film or a PDF, of at most 50 MB. It is kept for good and opened only by "
                "those who may, and each time is recorded."
            ),
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:  # Any: as in Django
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            if (file.size or 0) > EVIDENCE_MOST_BYTES:
                raise ValidationError(_("The file is larger than 50 MB. Make a smaller copy, and keep this one safe."))
            file.seek(0)
            known = FORMATS.get(sniff(file.read(HEAD_BYTES)) or "")
            file.seek(0)
            if known is None or known.kind not in PROVING:
                raise ValidationError(_("This is no picture, recording, film or PDF. Choose another file."))
            if not is_storable(file.name or ""):
                raise ValidationError(_("The name of the file cannot be read. Give it another one."))
        return file


def evidence_of(file: object) -> Evidence | None:
    """Return an uploaded file as the action takes it."""
    if not isinstance(file, UploadedFile):
        return None
    return Evidence(file.name or "evidence", file.size or 0, file.chunks())


class EvidenceForm(forms.Form):
    """The proof that comes later."""

    evidence = EvidenceField()


class ConsentForm(ModelForm[ConsentRecord]):
    """Who allows what, for which items, and how that is known."""

    scopes = forms.MultipleChoiceField(
        label=_("Allowed"),
        choices=ConsentScope.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Tick what was said or written, and nothing else."),
    )
    language = forms.ChoiceField(
        label=_("Language of the consent"), choices=lambda: [("", "—"), *language_choices.choices()], required=False
    )
    evidence = EvidenceField(required=False)

    class Meta:
        model = ConsentRecord
        fields = (
            "agent", "person_name", "community", "is_child", "guardian", "items", "given_on", "valid_until", "method", "language",
            "witness", "note",
        )  # fmt: skip
        help_texts = {
            "agent": _("The person, the written name or the community: one of the three."),
            "items": _("All that it was given for. Items that are closed to you are not found."),
        }
        widgets = {
            "given_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        for name in ("person_name", "guardian", "witness", "note"):
            if not is_storable(str(cleaned.get(name, ""))):
                self.add_error(name, _("Characters that cannot be read are not allowed. Write the text again."))
        if not self.errors.keys() & {"given_on", "valid_until", "items", "agent", "community", "scopes"}:
            fault = fault_of(self.given(), now=timezone.now())
            if fault:
                self.add_error(BESIDE_FIELD[fault], SENTENCES[fault])
        return cleaned

    def given(self) -> Given:
        """Return what the form says."""
        told = self.cleaned_data
        return Given(
            items=list(told["items"]),
            scopes=told["scopes"],
            method=told.get("method", ""),
            given_on=told["given_on"],
            agent=told["agent"],
            person_name=told.get("person_name", ""),
            community=told["community"],
            is_child=told["is_child"],
            guardian=told.get("guardian", ""),
            valid_until=told["valid_until"],
            language=told.get("language", ""),
            witness=told.get("witness", ""),
            note=told.get("note", ""),
        )

    def _post_clean(self) -> None:
        """The row is made by the action, and its rules were asked above: Django's own check would say the same again, in other words."""
