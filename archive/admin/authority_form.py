"""How authorities are described: codes in other lists, dates as people say them, whose branch they are, and no ring among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from archive import dates_as_said
from archive.admin.generic import ModelForm
from archive.admin.row_fields import MatchesField, codes_field
from archive.admin.said_dates import SENTENCES
from archive.admin.values import LanguageTagsField
from archive.dates_as_said import SaidError
from archive.languages import canonical
from archive.models import RightsStatement
from archive.models.authority import Authority

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

A = TypeVar("A", bound=Authority)
DEEPEST = 50


class SaidDateField(forms.CharField):
    """A date as people say it, kept as EDTF: of columns beside which the words are not kept."""

    def clean(self, value: Any) -> str:  # Any: as in Django
        text = canonical(super().clean(value)).strip()
        try:
            return dates_as_said.read(text).edtf
        except SaidError as error:
            lang = get_language() or "vi"
            meant = [f"{edtf} ({dates_as_said.say(edtf, lang)})" for edtf in error.suggestions]
            told = [ValidationError(SENTENCES.get(error.code, error.code), code=error.code)]
            if meant:
                told.append(ValidationError(_("It may mean: %(dates)s."), params={"dates": "; ".join(meant)}))
            raise ValidationError(told) from error


class AuthorityForm(ModelForm[A]):
    """Names are needed; the address part is made where it is left empty; nothing lies in itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        if "names" in self.fields:
            self.fields["names"].required = True
        if "withheld_note" in self.fields:
            self.fields["withheld_note"].widget.attrs["rows"] = 3
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Part of the public address. Empty: made from the first name. Best never changed."
            )

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        for name, ask in ABOVE.items():
            above = cleaned.get(name)
            rows = [] if above is None else [above] if isinstance(above, Model) else list(above)
            if self.instance.pk and closes_a_ring(self.instance.pk, {row.pk for row in rows}, type(self.instance), ask):
                self.add_error(name, _("It would lie in itself: one of these lies below it already."))
        if cleaned.get("name_is_withheld") and not cleaned.get("shown_as"):
            self.add_error("shown_as", _("Say what readers see instead of the name."))
        return cleaned


# Fields that lead upwards, and the same column as the database asks for it.
ABOVE: Mapping[str, str] = {"parent": "parent", "broader": "broader"}


def closes_a_ring(key: int, above: set[int], model: type[Model], column: str) -> bool:
    """Return whether a row lies above itself, if it lay in these. One query a step upwards."""
    seen: set[int] = set()
    for _step in range(DEEPEST):
        if key in above:
            return True
        above -= seen
        if not above:
            return False
        seen |= above
        found: Iterable[int | None] = (
            model._default_manager.filter(pk__in=above).order_by().values_list(column, flat=True)
        )
        above = {one for one in found if one is not None}
    return True


class RightsStatementForm(AuthorityForm[RightsStatement]):
    """A statement of rights is known by its address."""

    def clean_uri(self) -> str:
        text = str(self.cleaned_data["uri"]).strip()
        if not text.startswith(("https://", "http://", "tag:", "urn:")) or " " in text:
            raise ValidationError(_("An address begins with https://, http://, tag: or urn:, and holds no space."))
        return text


def special_field(name: str, label: StrPromise | str, help_text: StrPromise | str) -> forms.Field | None:
    """Return the field of a JSON column that has a widget of its own; None for every other column."""
    makers: Mapping[str, Any] = {  # Any: a class or a function that makes a field
        "codes": codes_field,
        "languages": LanguageTagsField,
        "matches": MatchesField,
        "born_edtf": SaidDateField,
        "died_edtf": SaidDateField,
    }
    if name not in makers:
        return None
    field: forms.Field = makers[name](label=capfirst(str(label)), help_text=help_text, required=False)
    if isinstance(field, SaidDateField):
        field.max_length = 80
    return field
