"""The form in which an item is described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from access.policy import STAFF, Level, Policy
from archive import dates
from archive.admin import access_choice, protocol_choices
from archive.admin.generic import ModelForm
from archive.admin.values import LanguageTagsField, LangValuesFormField
from archive.models import Item

RELATIONS = ("peoples", "subjects", "collections")
# Whose it is, and what they say of it: shown with it, deciding nothing.
BELONGING = ("communities", "labels")
# What the form holds beside the item's own columns.
BESIDE = frozenset({*access_choice.FIELDS, access_choice.REASONS, "read_version", *RELATIONS, *BELONGING})
OVERWRITE = "overwrite_version"


@dataclass(frozen=True)
class Difference:
    """One field in which what somebody else saved differs from what is about to be saved."""

    label: str
    theirs: str
    mine: str


class ItemForm(ModelForm[Item]):
    """Description and access of an item. The admin says, on the class that it makes for one request, whether access is chosen
    (`may_protect`), and among which protocols and levels."""

    may_protect = False
    offered = protocol_choices.NOTHING
    levels: frozenset[str] | None = None

    titles = LangValuesFormField(label=_("Titles"), help_text=_("As on the thing itself; one row for each language."))
    descriptions = LangValuesFormField(label=_("Descriptions"), required=False, lines=4)
    languages = LanguageTagsField(label=_("Languages of the content"), required=False)
    rights_statements = LangValuesFormField(label=_("Rights in words"), required=False)
    origin_statements = LangValuesFormField(
        label=_("Statement of origin"),
        required=False,
        help_text=_("Of folklore: people, village, the performers' wish."),
    )
    depicts_person = forms.BooleanField(
        label=_("Somebody can be recognised who is not named as depicted"),
        required=False,
        help_text=_(
            "Seen or heard in it. It is published with the consent of that person. Who is named as depicted is asked for by name."
        ),
    )
    # Made for each instance below; named here so that the admin finds them on the class.
    access_level = forms.ChoiceField(label=_("Who may see it"))
    protocols = forms.MultipleChoiceField(required=False)
    sharing = forms.ChoiceField(required=False)
    opens_on = forms.DateField(required=False)
    closes_on = forms.DateField(required=False)
    restriction_reasons = forms.MultipleChoiceField(required=False)
    read_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Item
        fields = (
            "kind", "titles", "descriptions", "identifier", "languages", "date_edtf", "peoples", "subjects", "collections", "rights",
            "rights_statements", "origin_statements", "sensitivity_note", "communities", "labels", "depicts_person",
        )  # fmt: skip

        # The same words whether the person may see what has it or not: docs/adr/0009.
        error_messages = {"identifier": {"unique": _("This identifier is not free. Choose another one.")}}
        widgets = {"sensitivity_note": forms.Textarea(attrs={"rows": 3}), "communities": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        self.current = self.instance.chosen_rule.policy if self.instance.pk else None
        self._policy = self.current or STAFF
        for name in (*access_choice.FIELDS, access_choice.REASONS):
            self.fields.pop(name, None)
        if self.may_protect:
            access = access_choice.fields(self.current, for_file=False, offered=self.offered, levels=self.levels)
            self.fields.update(access)
            if self.current is None and self.levels is not None:
                self.fields["access_level"].initial = Level.STAFF.value
            self.fields[access_choice.REASONS] = access_choice.reasons_field(self.instance.restriction_reasons)
        if "read_version" in self.fields:
            self.fields["read_version"].initial = self.instance.version if self.instance.pk else 0

    @property
    def identifier_refused(self) -> bool:
        """Whether the identifier is in use already."""
        return self.has_error("identifier", code="unique")

    def clean_date_edtf(self) -> str:
        text = str(self.cleaned_data["date_edtf"]).strip()
        try:
            dates.read(text)
        except dates.DateError as error:
            raise ValidationError(
                _(
                    "“%(text)s” is not a date in EDTF. Examples: 2012-05-30, 2012-05, 2012~ (about), 201X (in the 2010s), "
                    "2001/2005 (from, to)."
                ),
                params={"text": text},
            ) from error
        return text

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        self._read_access(cleaned)
        if self.instance.pk:
            self._refuse_stale(cleaned)
        return cleaned

    def _read_access(self, cleaned: dict[str, Any]) -> None:  # Any: values of many kinds
        if not cleaned.get("access_level"):
            return
        level = str(cleaned["access_level"])
        try:
            self._policy = access_choice.chosen(cleaned, current=self.current) or STAFF
            if self.access_changed and not (self.levels is not None and level == Level.STAFF.value):
                access_choice.require_reasons(level, cleaned.get(access_choice.REASONS, ()))
        except ValidationError as error:
            self.add_error(None, error)

    def _refuse_stale(self, cleaned: dict[str, Any]) -> None:  # Any: values of many kinds
        """Refuse a save from an older version, unless the person has seen the difference with the present one and says so."""
        present = self.instance.version
        if cleaned.get("read_version") == present:
            return
        if self.data.get(OVERWRITE) == str(present):
            cleaned["read_version"] = present
            return
        self.differences = [
            Difference(str(self.fields[name].label), _shown(self._saved(name)), _shown(cleaned.get(name)))
            for name in self.changed_data
            if name in self.fields and name != "read_version"
        ]
        raise ValidationError(
            _(
                "Somebody else saved this item while you were working on it. Nothing was overwritten: your text is still here, below."
            ),
            code="stale_version",
        )

    def _saved(self, name: str) -> object:
        if name in (*RELATIONS, *BELONGING):
            return getattr(self.instance, name).all()
        if name in BESIDE:
            return self.fields[name].initial
        return getattr(self.instance, name)

    @property
    def policy(self) -> Policy:
        """Return the policy that was chosen; of those who may not choose, staff only."""
        return self._policy

    @property
    def access_changed(self) -> bool:
        return self.may_protect and bool({*access_choice.FIELDS, access_choice.REASONS} & set(self.changed_data))


def _shown(value: object) -> str:
    """Return a value as plain text for the table of differences."""
    if isinstance(value, QuerySet):
        return ", ".join(str(one) for one in value)
    if isinstance(value, list | tuple):
        return "\n".join(f"{row['lang']}: {row['value']}" if isinstance(row, dict) else str(row) for row in value)
    if isinstance(value, Model):
        return str(value)
    return "" if value is None else str(value)
