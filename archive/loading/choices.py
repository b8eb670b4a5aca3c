"""Codes by what people call them, in both languages of the interface: kinds, templates, levels, parts, reasons, answers of own fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import override

from access.models.rule import LEVEL_LABELS
from access.policy import Level, Sharing
from archive.item_templates import TEMPLATES, OwnField
from archive.models import FileRole, ItemKind, ItemPlace, Place
from archive.search.folding import fold
from archive.vocabularies import RELATORS, RESTRICTION_REASONS

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

YES = frozenset({"1", "x", "co", "yes", "true", "y", "dung"})
NO = frozenset({"0", "khong", "no", "false", "n", "sai"})
# What people write beside the labels of the desk.
_MORE: Mapping[str, Mapping[str, str]] = {
    "kind": {
        "ảnh": "image", "hình ảnh": "image", "tranh": "image", "photo": "image", "photograph": "image", "image": "image",
        "âm thanh": "audio", "ghi âm": "audio", "audio": "audio", "sound": "audio",
        "video": "video", "phim": "video", "film": "video",
        "văn bản": "document", "sách": "document", "text": "document", "book": "document",
        "sách điện tử": "ebook", "epub": "ebook",
    },
    "level": {
        "công khai": "public", "mọi người": "public", "everybody": "public",
        "bạn đọc đăng ký": "registered", "registered": "registered",
        "tại chỗ": "onsite", "on site": "onsite",
        "quy ước": "protocol", "cộng đồng": "protocol", "members of protocols": "protocol",
        "nội bộ": "staff", "cán bộ": "staff", "staff": "staff",
        "không ai": "nobody", "nobody": "nobody",
    },
    "sharing": {},
}  # fmt: skip


def _by_label(pairs: Iterable[tuple[str, StrPromise | str]], more: Mapping[str, str] | None = None) -> dict[str, str]:
    pairs = list(pairs)
    found = {fold(str(code)): str(code) for code, _label in pairs}
    for lang in ("vi", "en"):
        with override(lang):
            for code, label in pairs:
                found.setdefault(fold(str(label)), str(code))
    for label, code in (more or {}).items():
        found.setdefault(fold(label), code)
    return found


@cache
def _all() -> Mapping[str, Mapping[str, str]]:
    return {
        "kind": _by_label(ItemKind.choices, _MORE["kind"]),
        "template": _by_label((one.key, one.name) for one in TEMPLATES.values()),
        "level": _by_label(((level.value, LEVEL_LABELS[level]) for level in Level), _MORE["level"]),
        "relator": _by_label(RELATORS.items()),
        "place_role": _by_label(ItemPlace.PlaceRole.choices),
        "precision": _by_label(Place.Precision.choices),
        "file_role": _by_label(FileRole.choices),
        "reason": _by_label((code, label) for code, (label, _said) in RESTRICTION_REASONS.items()),
        "sharing": _by_label((one.value, one.value) for one in Sharing),
    }


def code_of(what: str, said: str) -> str:
    """Return the code of what somebody says; empty for what is not among the choices of `what`."""
    return _all()[what].get(fold(said), "")


def labels_of(what: str) -> str:
    """Return the codes that there are, for people to choose from."""
    return ", ".join(dict.fromkeys(_all()[what].values()))


@cache
def _answers(template: str, key: str) -> Mapping[str, str]:
    field = TEMPLATES[template].field(key)
    return {} if field is None else _by_label(field.choices.items())


def answer_of(template: str, field: OwnField, said: str) -> str:
    """Return the code of an answer to a template's own field; what is not among its choices as it is."""
    return _answers(template, field.key).get(fold(said), said)
