"""Dates on the form, written as people say them; the reading follows, and can be said otherwise beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from archive import dates, dates_as_said
from archive.dates_as_said import SaidError
from archive.languages import canonical
from archive.texts import is_storable

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# As it is written, and as machines read it.
DATES: Mapping[str, str] = {
    "date_as_written": "date_edtf",
    "issued_as_written": "issued_edtf",
    "period_as_written": "period_edtf",
}
READING = "admin:archive_item_reading"
SENTENCES: Mapping[str, StrPromise] = {
    "unreadable": gettext_lazy(
        "This is not understood as a date. Say it otherwise, or write it in EDTF in the field beside it."
    ),
    "ambiguous": gettext_lazy("This may mean several things. Choose one."),
    "no_year": gettext_lazy("A year is missing."),
    "lunar": gettext_lazy(
        "This is a date of the lunar calendar. Write the date of the solar calendar in EDTF in the field beside it."
    ),
    "no_such_day": gettext_lazy("There is no such day."),
    "backwards": gettext_lazy("It ends before it begins."),
    "long": gettext_lazy("This is too long for a date."),
}


def said_field(label: StrPromise) -> forms.CharField:
    """Return the field of a date as people say it."""
    widget = forms.TextInput(
        attrs={"class": "vTextField said", "autocomplete": "off", "data-reading": reverse_lazy(READING)}
    )
    return forms.CharField(
        label=label,
        required=False,
        max_length=200,
        widget=widget,
        help_text=gettext_lazy("As you would say it: about 1975, before 1945, the 1930s, 30/5/2012."),
    )


def edtf_field(label: StrPromise) -> forms.CharField:
    """Return the field of the same date for machines."""
    widget = forms.TextInput(
        attrs={"class": "edtf", "autocomplete": "off", "spellcheck": "false", "data-no-letters": ""}
    )
    return forms.CharField(
        label=label,
        required=False,
        max_length=80,
        widget=widget,
        help_text=gettext_lazy(
            "For machines. It follows from what you write; change it only where that was misunderstood."
        ),
    )


def settle(form: forms.BaseForm, cleaned: dict[str, Any]) -> set[str]:  # Any: values of many kinds
    """Write into the cleaned values what the dates mean, and return the columns that follow from others. Errors go to the form.

    EDTF that the person wrote is taken as it is. Else it follows from the words, where those were changed.
    """
    derived: set[str] = set()
    for words, machine in DATES.items():
        if words not in cleaned or machine not in cleaned:
            continue
        cleaned[words], cleaned[machine] = canonical(cleaned[words]).strip(), cleaned[machine].strip()
        if not is_storable(cleaned[words]) or not is_storable(cleaned[machine]):
            form.add_error(words, _("Characters that cannot be read are not allowed. Write the text again."))
        elif machine in form.changed_data and cleaned[machine]:
            _check_edtf(form, machine, cleaned[machine])
        elif words in form.changed_data or (machine in form.changed_data and cleaned[words]):
            derived |= {words, machine}
            _read(form, cleaned, words, machine)
    return derived


def _check_edtf(form: forms.BaseForm, name: str, text: str) -> None:
    try:
        dates.read(text)
    except dates.DateError:
        message = _(
            "“%(text)s” is not a date in EDTF. Examples: 2012-05-30, 2012-05, 2012~ (about), 201X (in the 2010s), "
            "2001/2005 (from, to)."
        )
        form.add_error(name, ValidationError(message, params={"text": text}))


def _read(form: forms.BaseForm, cleaned: dict[str, Any], words: str, machine: str) -> None:  # Any: values of many kinds
    text = cleaned[words]
    try:
        said = dates_as_said.read(text)
    except SaidError as error:
        lang = get_language() or "vi"
        meant = [f"{edtf} ({dates_as_said.say(edtf, lang)})" for edtf in error.suggestions]
        also = [_("It may mean: %(dates)s.") % {"dates": "; ".join(meant)}] if meant else []
        form.add_error(words, [str(SENTENCES.get(error.code, error.code)), *also])
        return
    cleaned[machine] = said.edtf
    if said.edtf == text:
        # Readers read words, made of the EDTF in their own language.
        cleaned[words] = ""


def reading_view(request: HttpRequest) -> JsonResponse:
    """Answer how a text is understood: {"edtf", "said"}, or {"refused", "suggestions": [{"edtf", "said"}]}. No query."""
    lang = get_language() or "vi"
    try:
        said = dates_as_said.read(canonical(request.GET.get("text", "")))
    except SaidError as error:
        meant = [{"edtf": edtf, "said": dates_as_said.say(edtf, lang)} for edtf in error.suggestions]
        return JsonResponse({"refused": str(SENTENCES.get(error.code, error.code)), "suggestions": meant})
    told = _("Understood as: %(date)s") % {"date": dates_as_said.say(said.edtf, lang)} if said.edtf else ""
    return JsonResponse({"edtf": said.edtf, "said": told})
