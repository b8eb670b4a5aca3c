"""The fields that only one sort of thing has, on the form: shown for the chosen template, kept when another is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from archive import languages
from archive.admin.values import LangValuesWidget, sent_texts
from archive.item_templates import TEMPLATES, ItemTemplate, OwnField, OwnFieldError, clean_own

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NAME = "own_values"
TEMPLATE = "template"
TEXT_LINES = 2
Values = dict[str, Any]  # Any: JSON, of the shapes of archive.item_templates

SENTENCES: Mapping[str, StrPromise] = {
    "form": _("This is not what the field holds."),
    "lang": _("Choose the language of each text."),
    "long": _("This is too long."),
    "unstorable": _("Characters that cannot be read are not allowed. Write the text again."),
    "number": _("Write a number, with at most two places after the comma."),
    "whole": _("Write a whole number."),
    "least": _("This number is too small."),
    "most": _("This number is too large."),
    "choice": _("Choose one of those that are offered."),
    "isbn": _("This is no ISBN: one of its digits is wrong."),
    "edtf": _("Write the date in EDTF, such as 1975 or 1972/1975."),
    "language": _("This is not a language tag. Examples: vi, bdq, blt-Latn."),
}


@dataclass(frozen=True)
class Sent:
    """What a form sent: the chosen template, the values of each template that it showed, and what was kept before."""

    chosen: str
    by_template: Mapping[str, Values]
    kept: Values = field(default_factory=dict)

    def in_order(self) -> Iterable[tuple[str, Values]]:
        """Yield each template with its values, the chosen one last: of two fields with one key its own counts."""
        for key in sorted(self.by_template, key=lambda key: key == self.chosen):
            yield key, self.by_template[key]

    def flat(self) -> Values:
        """Return all values by key, as they were typed."""
        found = dict(self.kept)
        for _key, values in self.in_order():
            found |= values
        return found


def settled(sent: Sent) -> tuple[Values, list[tuple[OwnField, str]]]:
    """Return what is to be stored, and each field that cannot be, with the code of what is wrong. A template that was changed keeps what
    was written in its fields."""
    found, wrong = dict(sent.kept), []
    for key, values in sent.in_order():
        template = TEMPLATES[key]
        for one in template.own:
            if one.key not in values:
                continue
            found.pop(one.key, None)
            try:
                found |= clean_own(key, {one.key: values[one.key]})
            except OwnFieldError as error:
                wrong.append((one, error.code))
    return found, wrong


class OwnValuesWidget(forms.Widget):
    """One block of fields a template. Without JavaScript the block of another template comes with the next saving."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # Any: Django's own
        sent = value if isinstance(value, Sent) else Sent(str(self.attrs.get(TEMPLATE, "")), {}, dict(value or {}))
        shown = [key for key in (*sent.by_template, sent.chosen) if key in TEMPLATES]
        flat = sent.flat()
        wrong = {one.key: code for one, code in settled(sent)[1]} if sent.by_template else {}
        blocks = [
            block(name, TEMPLATES[key], flat, wrong) | {"is_chosen": key == sent.chosen} for key in dict.fromkeys(shown)
        ]
        chosen = TEMPLATES.get(sent.chosen)
        left = {key: one for key, one in sent.kept.items() if not any(t.field(key) for t in filter(None, [chosen]))}
        return render_to_string(
            "desk/widgets/own_values.html", {"name": name, "blocks": blocks, "kept": kept_elsewhere(left)}
        )

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> Sent:  # Any: Django's own
        shown = [key for key in sent_texts(data, f"{name}-shown") if key in TEMPLATES]
        chosen = "".join(sent_texts(data, TEMPLATE)[-1:])
        return Sent(chosen, {key: _sent_of(data, name, TEMPLATES[key]) for key in shown})

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:  # Any: Django's own
        return f"{name}-shown" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


class OwnValuesField(forms.Field):
    """What the item's own fields say: {"key": value}."""

    widget = OwnValuesWidget

    def bound_data(self, data: Any, initial: Any) -> Any:  # Any: as in Django
        return Sent(data.chosen, data.by_template, dict(initial or {})) if isinstance(data, Sent) else data

    def clean(self, value: Any) -> Any:  # Any: as in Django
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as in Django
        found, wrong = settled(self.bound_data(data, initial))
        return bool(wrong) or found != dict(initial or {})

    def stored(self, sent: Sent, initial: object) -> Values:
        """Return the values as they are stored. Raises ValidationError, one sentence for each field that is wrong."""
        found, wrong = settled(self.bound_data(sent, initial))
        if wrong:
            raise ValidationError(
                [
                    ValidationError(
                        _("%(field)s: %(what)s"),
                        params={"field": one.label, "what": SENTENCES.get(code, code)},
                        code=code,
                    )
                    for one, code in wrong
                ]
            )
        return found


def block(name: str, template: ItemTemplate, values: Values, wrong: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows of one template's fields."""
    fields = [
        {
            "own": one,
            "name": f"{name}-{template.key}-{one.key}",
            "value": values.get(one.key, ""),
            "texts": _texts(name, template, one, values),
            "wrong": SENTENCES.get(wrong[one.key], wrong[one.key]) if one.key in wrong else "",
        }
        for one in template.own
    ]
    return {"template": template, "fields": fields}


def _texts(name: str, template: ItemTemplate, one: OwnField, values: Values) -> str:
    if one.form != "text":
        return ""
    given = values.get(one.key)
    rows = given if isinstance(given, list) else []
    full = f"{name}-{template.key}-{one.key}"
    return LangValuesWidget(lines=TEXT_LINES, spare=1).render(full, rows, {"id": f"id_{full}"})


def _sent_of(data: Mapping[str, Any], name: str, template: ItemTemplate) -> Values:  # Any: Django's own
    found: Values = {}
    for one in template.own:
        full = f"{name}-{template.key}-{one.key}"
        if one.form == "text":
            widget = LangValuesWidget()
            if not widget.value_omitted_from_data(data, None, full):
                found[one.key] = widget.value_from_datadict(data, None, full)
        elif full in data:
            found[one.key] = "".join(sent_texts(data, full)[-1:])
    return found


def kept_elsewhere(values: Values) -> list[tuple[str, str]]:
    """Return label and text of what fields of other templates keep."""
    labels = {one.key: str(one.label) for template in TEMPLATES.values() for one in template.own}
    return [(labels.get(key, key), in_words(key, value)) for key, value in values.items()]


def in_words(key: str, value: object) -> str:
    """Return a stored value as plain text in the active language."""
    if isinstance(value, list):
        return languages.pick_text(value, get_language() or "vi")
    text = str(value)
    offered = [one.choices for template in TEMPLATES.values() if (one := template.field(key))]
    return next((str(choices[text]) for choices in offered if text in choices), text)


def block_view(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the empty fields of a template, to be put into the form. Raises Http404. No query."""
    template = TEMPLATES.get(key)
    if template is None:
        raise Http404
    context = {"name": NAME, "blocks": [block(NAME, template, {}, {}) | {"is_chosen": True}], "kept": []}
    return HttpResponse(render_to_string("desk/widgets/own_values.html", context))
