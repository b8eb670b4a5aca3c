"""The form in which an item is described."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from access.policy import STAFF, Level, Policy
from archive.admin import access_choice, own_fields, protocol_choices, row_fields, said_dates
from archive.admin.choosers import tell_choosers
from archive.admin.drafts import Restorable
from archive.admin.generic import ModelForm
from archive.admin.values import LanguageTagsField, LangValuesFormField
from archive.item_templates import TEMPLATES
from archive.models import Item, ItemState, RightsStatement

RELATIONS = ("peoples", "subjects", "collections")
# Whose it is, and what they say of it: shown with it, deciding nothing.
BELONGING = ("communities", "labels")
# What the form holds beside the item's own columns.
BESIDE = frozenset({*access_choice.FIELDS, access_choice.REASONS, "read_version", *RELATIONS, *BELONGING})


class StatementChoice(forms.Select):
    """Statements of rights; marks those that need a statement of origin."""

    def create_option(self, *args: Any, **kwargs: Any) -> Any:  # Any: as in Django
        option = super().create_option(*args, **kwargs)
        statement = getattr(option["value"], "instance", None)
        if statement is not None and statement.requires_origin:
            option["attrs"]["data-origin"] = ""
        return option


class StatementField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django takes no brackets at run time
    """Statements of rights by name, with what they need."""

    widget = StatementChoice

    def label_from_instance(self, obj: RightsStatement) -> str:
        told = _("%(name)s (needs a statement of origin)") % {"name": obj} if obj.requires_origin else str(obj)
        return str(told)


class ItemForm(Restorable, ModelForm[Item]):
    """Description and access of an item. The admin says, on the class that it makes for one request, whether access is chosen
    (`may_protect`), and among which protocols and levels."""

    may_protect = False
    offered = protocol_choices.NOTHING
    levels: frozenset[str] | None = None

    template = forms.ChoiceField(
        label=_("Template"),
        required=False,
        help_text=_(
            "What sort of thing it is: it brings fields of its own. What was written stays when you choose another."
        ),
    )
    own_values = own_fields.OwnValuesField(label=_("Own fields"), required=False)
    date_as_written = said_dates.said_field(_("Date"))
    date_edtf = said_dates.edtf_field(_("the same in EDTF"))
    issued_as_written = said_dates.said_field(_("Published on"))
    issued_edtf = said_dates.edtf_field(_("the same in EDTF"))
    period_as_written = said_dates.said_field(_("Time that it is about"))
    period_edtf = said_dates.edtf_field(_("the same in EDTF"))
    other_identifiers = row_fields.identifiers_field(
        label=_("Other numbers"), help_text=_("Call number, accession number, ISBN, number in an old catalogue.")
    )
    titles = LangValuesFormField(label=_("Titles"), help_text=_("As on the thing itself; one row for each language."))
    descriptions = LangValuesFormField(label=_("Descriptions"), required=False, lines=4)
    contents = LangValuesFormField(
        label=_("Contents"), required=False, lines=3, help_text=_("Chapters, songs, parts; one in each line.")
    )
    rights = StatementField(
        label=_("Rights"), queryset=RightsStatement.objects.all(), required=False, empty_label=_("not stated")
    )
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
    read_version = forms.IntegerField(label=_("version"), widget=forms.HiddenInput, required=False)

    class Meta:
        model = Item
        fields = (
            "template", "kind", "titles", "descriptions", "own_values", "alternative_titles", "contents", "extents", "mediums",
            "provenances", "sources", "orthography_notes", "identifier", "other_identifiers", "languages", "date_as_written", "date_edtf",
            "issued_as_written", "issued_edtf", "period_as_written", "period_edtf", "peoples", "subjects", "collections", "rights",
            "rights_holders", "rights_note", "rights_statements", "origin_statements", "sensitivity_note", "communities", "labels",
            "depicts_person",
        )  # fmt: skip

        # The same words whether the person may see what has it or not: docs/adr/0009.
        error_messages = {"identifier": {"unique": _("This identifier is not free. Choose another one.")}}
        widgets = {
            "sensitivity_note": forms.Textarea(attrs={"rows": 3}),
            "rights_note": forms.Textarea(attrs={"rows": 3}),
            "communities": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        # Columns that follow from others which the person changed.
        self.derived: set[str] = set()
        self._offer_templates()
        self._take_kind_of_template()
        tell_choosers(self)
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

    def _offer_templates(self) -> None:
        if "template" not in self.fields:
            return  # of who may only read it
        present = self.instance.template
        known = [(key, one.name) for key, one in TEMPLATES.items()]
        also = [] if not present or present in TEMPLATES else [(present, present)]
        self.fields["template"].choices = [("", _("without a template")), *known, *also]  # type: ignore[attr-defined]  # a ChoiceField, above
        self.fields["template"].widget.attrs["data-templates"] = reverse("admin:archive_item_own", args=["template"])
        # The block of fields that is shown before anything was sent.
        self.fields["own_values"].widget.attrs["template"] = present

    def _take_kind_of_template(self) -> None:
        """Let a chosen template say the kind that was left empty. The page does so too, once its script has the fields of the template."""
        if not self.is_bound or "kind" not in self.fields:
            return
        kind, template = self.add_prefix("kind"), TEMPLATES.get(self.data.get(self.add_prefix("template"), ""))
        if template is not None and not self.data.get(kind):
            self.data = self.data.copy()
            self.data[kind] = template.default_kind

    @property
    def saved_columns(self) -> set[str]:
        """The columns of the item that the person changed, and those that follow from them."""
        return (set(self.changed_data) | self.derived) - BESIDE

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        self.derived = said_dates.settle(self, cleaned)
        self._settle_own(cleaned)
        self._require_origin(cleaned)
        self._read_access(cleaned)
        if self.instance.pk:
            self._refuse_stale(cleaned)
        return cleaned

    def _settle_own(self, cleaned: dict[str, Any]) -> None:  # Any: values of many kinds
        field, sent = self.fields.get("own_values"), cleaned.get("own_values")
        if isinstance(field, own_fields.OwnValuesField) and isinstance(sent, own_fields.Sent):
            try:
                cleaned["own_values"] = field.stored(sent, self.instance.own_values)
            except ValidationError as error:
                self.add_error("own_values", error)
        elif "own_values" in cleaned:
            cleaned["own_values"] = self.instance.own_values

    def _require_origin(self, cleaned: dict[str, Any]) -> None:  # Any: values of many kinds
        """What readers see keeps the statement of origin that its rights ask for. Of a draft the form only says so."""
        rights = cleaned.get("rights")
        if rights is None or not rights.requires_origin or cleaned.get("origin_statements"):
            return
        if self.instance.state == ItemState.PUBLISHED and {"rights", "origin_statements"} & set(self.changed_data):
            self.add_error(
                "origin_statements", _("These rights need a statement of origin, and the item is published.")
            )

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
        """Refuse a save from an older version. What both changed is weighed by archive.admin.meeting."""
        if cleaned.get("read_version") != self.instance.version:
            raise ValidationError(
                _(
                    "Somebody else saved this item while you were working on it. Nothing was overwritten: your text is still here, below."
                ),
                code="stale_version",
            )

    @property
    def policy(self) -> Policy:
        """Return the policy that was chosen; of those who may not choose, staff only."""
        return self._policy

    @property
    def access_changed(self) -> bool:
        return self.may_protect and bool({*access_choice.FIELDS, access_choice.REASONS} & set(self.changed_data))
