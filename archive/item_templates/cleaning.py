"""From what people typed into fields of their own to what is stored, and what is still wanting. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import TypeGuard

from archive import dates, languages
from archive.item_templates.registry import TEMPLATES
from archive.item_templates.shapes import Check, OwnField
from archive.languages import LangValue, canonical
from archive.texts import is_storable

PLAIN_CHARS_MOST = 500
TEXT_CHARS_MOST = 20_000
UNKNOWN_BELOW = 1e15  # any JSON reader gives such a number back as it was
OWN = "own"

# A number as people type it: a decimal comma or point, two places at most (1.200 would be twelve hundred to one half of the readers).
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,2})?\Z")

Stored = str | int | float | list[LangValue]


class OwnFieldError(ValueError):
    """The value of the field `key` cannot be stored; `code` says why.

    Codes: "form" (not the kind of value that the field holds), "lang" (a malformed language tag), "long", "unstorable" (see
    `archive.texts`), "number", "whole", "least", "most", "choice", "isbn", "edtf", "language".
    """

    def __init__(self, key: str, code: str) -> None:
        super().__init__(f"{key}: {code}")
        self.key, self.code = key, code


def clean_own(template_key: str, values: Mapping[str, object]) -> dict[str, Stored]:
    """Return the values as they are stored, empty ones left out. Raises OwnFieldError at the first that cannot be.

    Keys that the template does not have (or an unknown template: all keys) are kept as they are, if they have one of the stored forms: a
    field may have been of the template once. Order: the template's, then the rest as it came.
    """
    template = TEMPLATES.get(template_key)
    fields = {one.key: one for one in template.own} if template else {}
    kept: dict[str, Stored] = {}
    for key, field in fields.items():
        if key in values and (stored := _FORMS[field.form](field, values[key])) not in ("", []):
            kept[key] = stored
    for key, value in values.items():
        if key not in fields:
            kept[key] = _as_stored(key, value)
    return kept


def missing(template_key: str, item_values: Mapping[str, object]) -> list[str]:
    """Return the names of what the template requires and `item_values` lacks: fields of the item, then "own.<key>".

    `item_values` has the item's fields and relations by name (a relation as any collection), and its own values under "own". An unknown
    template requires nothing.
    """
    template = TEMPLATES.get(template_key)
    if template is None:
        return []
    own = item_values.get(OWN)
    own = own if isinstance(own, Mapping) else {}
    return [name for name in template.required if _is_empty(item_values.get(name))] + [
        f"{OWN}.{field.key}" for field in template.own if field.required and _is_empty(own.get(field.key))
    ]


def _is_empty(value: object) -> bool:
    if isinstance(value, Mapping):
        return _is_empty(value.get("value")) if "value" in value else not value
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Sequence):
        return all(_is_empty(one) for one in value)
    if isinstance(value, Set):
        return not value
    # An unticked box of a required field is an answer as good as a ticked one, and 0 is a number.
    return value is None


def _text(field: OwnField, value: object) -> list[LangValue]:
    if value is None:
        return []
    found = _lang_values(field.key, value)
    try:
        return languages.clean(found)
    except ValueError as error:
        raise OwnFieldError(field.key, "lang") from error


def _lang_values(key: str, value: object) -> list[LangValue]:
    if not isinstance(value, list):
        raise OwnFieldError(key, "form")
    found: list[LangValue] = []
    for one in value:
        if not isinstance(one, Mapping) or set(one) != {"lang", "value"}:
            raise OwnFieldError(key, "form")
        lang, text = one["lang"], one["value"]
        if not isinstance(lang, str) or not isinstance(text, str):
            raise OwnFieldError(key, "form")
        _bounded(key, text, TEXT_CHARS_MOST)
        found.append({"lang": lang, "value": text})
    return found


def _plain(field: OwnField, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise OwnFieldError(field.key, "form")
    _bounded(field.key, value, PLAIN_CHARS_MOST)
    text = canonical(value).strip()
    if text and field.check and not _CHECKS[field.check](text):
        raise OwnFieldError(field.key, field.check)
    return text


def _number(field: OwnField, value: object) -> int | float | str:
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return ""
        if not _NUMBER.match(text):
            raise OwnFieldError(field.key, "number")
        value = float(text.replace(",", "."))
    if value is None:
        return ""
    if not _is_number(value):
        raise OwnFieldError(field.key, "number")
    if value < field.least:
        raise OwnFieldError(field.key, "least")
    if value > field.most:
        raise OwnFieldError(field.key, "most")
    if value == int(value):
        return int(value)
    if field.whole:
        raise OwnFieldError(field.key, "whole")
    return value


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)


def _choice(field: OwnField, value: object) -> str:
    if value is None or value == "":
        return ""
    if not isinstance(value, str) or value not in field.choices:
        raise OwnFieldError(field.key, "choice")
    return value


def _as_stored(key: str, value: object) -> Stored:
    """Return a value of a field that is not known here, if it has a form that some field could have stored."""
    if isinstance(value, str):
        _bounded(key, value, PLAIN_CHARS_MOST)
        return value
    if _is_number(value) and abs(value) < UNKNOWN_BELOW:
        return value
    return _lang_values(key, value)


def _bounded(key: str, text: str, most: int) -> None:
    if not is_storable(text):
        raise OwnFieldError(key, "unstorable")
    if len(text) > most:
        raise OwnFieldError(key, "long")


def _is_isbn(text: str) -> bool:
    digits = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[0-9]{9}[0-9X]", digits):
        return sum((10 - place) * (10 if one == "X" else int(one)) for place, one in enumerate(digits)) % 11 == 0
    if re.fullmatch(r"97[89][0-9]{10}", digits):
        return sum((3 if place % 2 else 1) * int(one) for place, one in enumerate(digits)) % 10 == 0
    return False


_FORMS: Mapping[str, Callable[[OwnField, object], Stored]] = {
    "text": _text,
    "plain": _plain,
    "number": _number,
    "choice": _choice,
}
_CHECKS: Mapping[Check, Callable[[str], bool]] = {
    "isbn": _is_isbn,
    "edtf": dates.is_edtf,
    "language": lambda text: languages.BCP47.match(text) is not None,
}
