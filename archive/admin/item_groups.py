"""The parts of an item's form, as they fold open: which fields and rows stand in each, and what a template asks for before publishing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from archive.item_templates import TEMPLATES, missing
from archive.models import Item

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Line = str | tuple[str, ...]
TIES = frozenset({"credits", "located", "peoples", "subjects", "collections", "communities"})


@dataclass(frozen=True)
class Group:
    """One part: `lines` of fields, then `rows` (prefixes of formsets) below them. `is_open`: unless the person folded it."""

    key: str
    name: StrPromise
    lines: tuple[Line, ...] = ()
    rows: tuple[str, ...] = ()
    is_open: bool = False


BASICS = Group("basics", _("What it is"), ("template", "kind", "titles", "descriptions", "read_version"), is_open=True)
OWN = Group("own", _("Of this sort of thing"), ("own_values",), is_open=True)
ABOUT = Group(
    "about",
    _("Who, when, what about"),
    ("peoples", "languages", ("date_as_written", "date_edtf"), "subjects", "collections"),
    ("credits", "located"),
    is_open=True,
)
RIGHTS = Group(
    "rights",
    _("Rights and origin"),
    ("rights", "origin_statements", "rights_statements", "rights_holders", "rights_note"),
    is_open=True,
)
MORE = Group(
    "more",
    _("More of it"),
    (
        "alternative_titles", "contents", "extents", "mediums", "provenances", "sources", "orthography_notes",
        ("issued_as_written", "issued_edtf"), ("period_as_written", "period_edtf"),
    ),
)  # fmt: skip
NUMBERS = Group("numbers", _("Numbers"), ("identifier", "other_identifiers"))
RELATED = Group("related", _("Related items"), rows=("relations",))
WHOSE = Group("whose", _("Whose it is"), ("communities", "labels", "depicts_person"), is_open=True)
ACCESS = Group("access", _("Access"), ("sensitivity_note",), is_open=True)
FILES = Group("files", _("Files"), rows=("files",), is_open=True)
GROUPS = (BASICS, OWN, ABOUT, RIGHTS, MORE, NUMBERS, RELATED, WHOSE, ACCESS, FILES)


def fieldsets(access: Sequence[Line], *, with_communities: bool) -> list[Any]:  # Any: as in Django
    """Return the fields as Django's admin wants them, in the order of `GROUPS`."""
    shown: list[Any] = []  # Any: as above
    for group in GROUPS:
        lines = [*access, *group.lines] if group is ACCESS else list(group.lines)
        if group is WHOSE and not with_communities:
            lines.remove("communities")
        if lines:
            shown.append((group.key, {"fields": lines}))
    return shown


@dataclass(frozen=True)
class Shown:
    """One part as the page shows it."""

    key: str
    name: StrPromise
    fieldset: Any  # Any: Django's, of the admin
    formsets: Sequence[Any]  # Any: the same
    is_open: bool


def shown(adminform: Any, formsets: Iterable[Any]) -> list[Shown]:  # Any: Django's, of the admin
    """Return the parts that hold something, those with a mistake open."""
    by_key = {}
    for fieldset in adminform:
        by_key[fieldset.name] = fieldset
        fieldset.name = None  # said by the part around it
    by_prefix = {one.formset.prefix: one for one in formsets}
    found = []
    for group in GROUPS:
        fieldset = by_key.get(group.key)
        rows = [by_prefix[prefix] for prefix in group.rows if prefix in by_prefix]
        if fieldset is None and not rows:
            continue
        names = [
            name
            for line in (fieldset.fields if fieldset else ())
            for name in ([line] if isinstance(line, str) else line)
        ]
        wrong = any(name in adminform.form.errors for name in names) or any(_is_wrong(one.formset) for one in rows)
        found.append(Shown(group.key, group.name, fieldset, rows, group.is_open or wrong))
    return found


def _is_wrong(formset: Any) -> bool:  # Any: Django's
    return formset.is_bound and (any(formset.errors) or bool(formset.non_form_errors()))


def wanting(item: Item, form: Any, formsets: Iterable[Any]) -> list[str]:  # Any: Django's, of the admin
    """Return the names of what the item's template asks for before publishing and it lacks, to be read. What the form and its rows were
    made of is not asked for again; what they do not hold takes a query each."""
    template = TEMPLATES.get(item.template)
    if template is None:
        return []
    rows = {one.formset.prefix: one.formset.initial_form_count() for one in formsets}
    values: dict[str, object] = {"own": item.own_values}
    for name in template.required:
        if name in rows:
            values[name] = [True] * bool(rows[name])
        elif isinstance(form.initial.get(name), list):
            values[name] = form.initial[name]
        elif name in TIES:
            values[name] = list(getattr(item, name).order_by().values_list("pk", flat=True)[:1])
        else:
            values[name] = getattr(item, name)
    return [str(_name(item, name)) for name in missing(item.template, values)]


def _name(item: Item, name: str) -> Any:  # Any: a text, or a lazy one
    owner, _dot, key = name.partition(".")
    if owner == "own":
        own = TEMPLATES[item.template].field(key)
        return own.label if own else key
    named = {"credits": _("who took part"), "located": _("places")}
    return named.get(name) or Item._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # a field of our own
