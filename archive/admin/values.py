"""Form fields of values in a language and of lists of languages. Rows can be written without JavaScript: two empty ones wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive import languages
from archive.admin import language_choices
from archive.languages import LangValue
from archive.texts import is_storable
from archive.vocabularies import LANGUAGES

SPARE_ROWS = 2
OTHER = "other"


class LangValuesWidget(forms.Widget):
    """One row a value: language, text, and with JavaScript a button that takes the row away and one that adds another."""

    def __init__(self, *, lines: int = 1, spare: int = SPARE_ROWS, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)  # Any, above: Django's own
        self.lines, self.spare = lines, spare

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # Any: Django's own
        rows = [dict(row) for row in value or []]
        first_language = "" if rows else "vi"
        spare = [{"lang": first_language if index == 0 else "", "value": ""} for index in range(self.spare)]
        also = tuple(str(row["lang"]) for row in rows)
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "rows": rows + spare,
            "filled": len(rows),
            "languages": language_choices.choices(also),
            "other": OTHER,
            "lines": self.lines,
            "label": self.attrs.get("aria-label", ""),
        }
        return render_to_string("desk/widgets/lang_values.html", context)

    def value_from_datadict(
        self, data: Mapping[str, Any], files: object, name: str
    ) -> list[LangValue]:  # Any: Django's own
        tags, others, texts = (sent_texts(data, f"{name}-{part}") for part in ("lang", "tag", "text"))
        others += [""] * (len(tags) - len(others))
        return [
            {"lang": other.strip() if tag == OTHER else tag, "value": text}
            for tag, other, text in zip(tags, others, texts, strict=False)
            if text.strip()
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:  # Any: Django's own
        return f"{name}-text" not in data

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-text-0"


class LangValuesFormField(forms.Field):
    """A list of {"lang", "value"} in canonical form (NFC with a fixed order of marks)."""

    def __init__(self, *, lines: int = 1, spare: int = SPARE_ROWS, **kwargs: Any) -> None:  # Any: Django's own
        kwargs.setdefault("widget", LangValuesWidget(lines=lines, spare=spare))
        # A JSON column offers these to its form field; texts need neither.
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[LangValue]:  # Any: as in Django
        for row in value or []:
            if not is_storable(row["value"]):
                raise ValidationError(_("Characters that cannot be read are not allowed. Write the text again."))
            if not row["lang"]:
                raise ValidationError(_("Choose the language of “%(text)s”."), params={"text": row["value"][:40]})
            if not languages.BCP47.match(row["lang"]):
                raise ValidationError(
                    _("“%(tag)s” is not a language tag. Examples: vi, bdq, blt-Latn."), params={"tag": row["lang"]}
                )
        return languages.clean(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as in Django
        try:
            return list(initial or []) != self.to_python(data)
        except ValidationError:
            return True


class LanguageTagsWidget(forms.Widget):
    """A box to tick a known language; other tags are written beside, separated by commas."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # Any: Django's own
        chosen = list(value or [])
        context = {
            "name": name,
            "id": (attrs or {}).get("id", f"id_{name}"),
            "languages": [(tag, label, tag in chosen) for tag, label in language_choices.choices()],
            "other": ", ".join(tag for tag in chosen if tag not in LANGUAGES),
        }
        return render_to_string("desk/widgets/language_tags.html", context)

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> list[str]:  # Any: Django's own
        written = " ".join(sent_texts(data, f"{name}-other")).replace(",", " ").replace(";", " ").split()
        return list(dict.fromkeys([*sent_texts(data, name), *written]))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: object, name: str) -> bool:  # Any: Django's own
        return f"{name}-other" not in data

    def id_for_label(self, id_: str) -> str:
        return ""


class LanguageTagsField(forms.Field):
    """A list of BCP-47 tags without repetition."""

    widget = LanguageTagsWidget

    def to_python(self, value: Any) -> list[str]:  # Any: as in Django
        for tag in value or []:
            if not languages.BCP47.match(tag):
                raise ValidationError(
                    _("“%(tag)s” is not a language tag. Examples: vi, bdq, blt-Latn."), params={"tag": tag}
                )
        return list(value or [])

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as in Django
        return sorted(initial or []) != sorted(data or [])


def sent_texts(data: Mapping[str, Any], name: str) -> list[str]:  # Any: Django's own
    """Return every text that was sent under a name."""
    if isinstance(data, MultiValueDict):
        return list(data.getlist(name))
    found = data.get(name, [])
    return list(found) if isinstance(found, Sequence) and not isinstance(found, str) else [str(found)]
