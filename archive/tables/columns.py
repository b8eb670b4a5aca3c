"""What the headings of a table mean: the names of our fields, in Vietnamese, in English and as the programs call them. Pure.

A heading may say the language of its texts: "Nhan đề [bdq]", "title_en", "titles.vi", "Nhan đề (tiếng Ba Na)". "[*]" says that each value
says its own. A heading that begins with "#" is a note of the table's maker and is passed over.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import override

from archive.item_templates import TEMPLATES, OwnField
from archive.languages import BCP47
from archive.search.folding import fold
from archive.tables.fields import FIELDS, Field, Form
from archive.tables.shapes import Heading
from archive.vocabularies import LANGUAGES, RELATORS

EACH_ITS_OWN = "*"
OWN = "own"
_BRACKETED = re.compile(r"\A(.*\S)\s*[\[(]\s*([^\[\]()]+?)\s*[\])]\s*\Z", re.DOTALL)
_TRAILING = re.compile(r"\A(.+)[._]([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\Z")
_OWN = re.compile(r"\Aown[._ ]([a-z0-9_]+)\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Column:
    """One column of a table: which field it fills. `lang`: the tag of its texts, "*" where each says its own, empty where nobody says.
    `part`: the MARC code of what people did, the role of a place, or the key of a template's own field."""

    index: int
    heading: str
    field: Field
    lang: str = ""
    part: str = ""


@dataclass(frozen=True)
class Fault:
    """Something wrong with a heading or a cell. `code` is one of archive.tables.sentences."""

    column: int
    code: str
    detail: Mapping[str, object]


@dataclass(frozen=True)
class Mapped:
    """The headings of a table, understood."""

    columns: tuple[Column, ...]
    faults: tuple[Fault, ...]


def of(heading: Heading) -> Mapped:
    """Return what the headings mean, and those that mean nothing here."""
    columns: list[Column] = []
    faults: list[Fault] = []
    for index, cell in enumerate(heading.cells):
        name = cell.strip()
        if name.startswith("#"):
            continue
        if not name:
            # Filled cells below no heading are found when the rows are read.
            continue
        column = read(index, name)
        if column is None:
            faults.append(Fault(index, "unknown_heading", {"heading": name, "nearest": nearest(name)}))
        elif column.field.form is not Form.NOTHING:
            columns.append(column)
    once = [one.field.name for one in columns if one.field.form in _ONCE]
    for column in columns:
        if column.field.form in _ONCE and once.count(column.field.name) > 1:
            faults.append(Fault(column.index, "heading_twice", {"heading": column.heading}))
    return Mapped(tuple(columns), tuple(faults))


_ONCE = frozenset({Form.PLAIN, Form.CHOICE, Form.DATE, Form.FLAG, Form.IDENTIFIER, Form.RIGHTS, Form.LEVEL, Form.DAY})


def read(index: int, heading: str) -> Column | None:
    """Return what one heading means; None for nothing that is known."""
    for name, lang in _parted(heading):
        if found := _own(index, heading, name, lang):
            return found
        known = _names().get(fold(name))
        if known is not None and (not lang or known[0].form is Form.TEXT):
            return Column(index, heading, known[0], lang, known[1])
    return None


def _parted(heading: str) -> Iterator[tuple[str, str]]:
    """Yield what a heading may be: a name and a language, or a name alone."""
    if inside := _BRACKETED.match(heading):
        lang = EACH_ITS_OWN if inside[2] == EACH_ITS_OWN else _tag(inside[2])
        if lang:
            yield inside[1], lang
    if trailing := _TRAILING.match(heading):
        lang = _tag(trailing[2])
        if lang:
            yield trailing[1], lang
    yield heading, ""


def _tag(said: str) -> str:
    """Return the tag of a language that is called by its tag or its name; empty for anything else."""
    named = _languages().get(fold(said))
    if named:
        return named
    first, *rest = said.split("-")
    tag = "-".join([first.lower(), *rest])
    return tag if BCP47.match(tag) else ""


def _own(index: int, heading: str, name: str, lang: str) -> Column | None:
    """Return the column of a template's own field: "own.incipit", or what the desk calls it."""
    by_key = _OWN.match(name.strip())
    if by_key is not None:
        field = own_fields().get(by_key[1].lower())
        key = by_key[1].lower() if field else ""
    elif name.strip() == "own.*":
        return Column(index, heading, FIELDS["own_values"], "", EACH_ITS_OWN)
    elif fold(name) in _names():
        return None
    else:
        key = _own_names().get(fold(name), "")
        field = own_fields().get(key)
    if field is None or (lang and field.form != "text"):
        return None
    return Column(index, heading, FIELDS["own_values"], lang, key)


def nearest(heading: str) -> str:
    """Return the heading that somebody may have meant; empty if none is near."""
    known = {**{one: one for one in _names()}, **{one: one for one in _own_names()}}
    found = difflib.get_close_matches(fold(heading), known, n=1, cutoff=0.75)
    return _shown().get(found[0], found[0]) if found else ""


@cache
def own_fields() -> Mapping[str, OwnField]:
    """Return every template's own fields by key. Two templates may share a key: what it is, each row's template says."""
    return {field.key: field for template in TEMPLATES.values() for field in template.own}


@cache
def _names() -> Mapping[str, tuple[Field, str]]:
    """Return field and part by folded heading."""
    found: dict[str, tuple[Field, str]] = {}
    for name, field in FIELDS.items():
        for heading in (name, *field.headings):
            found.setdefault(fold(heading), (field, ""))
        for code, headings in field.parts.items():
            for heading in (f"{name} {code}", *headings):
                found.setdefault(fold(heading), (field, code))
    credits_field = FIELDS["credits"]
    for lang in ("vi", "en"):
        with override(lang):
            for code, label in RELATORS.items():
                found.setdefault(fold(str(label)), (credits_field, code))
                found.setdefault(fold(f"credits {code}"), (credits_field, code))
    return found


@cache
def _own_names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for lang in ("vi", "en"):
        with override(lang):
            for template in TEMPLATES.values():
                for field in template.own:
                    found.setdefault(fold(str(field.label)), field.key)
    return found


@cache
def _languages() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for lang in ("vi", "en"):
        with override(lang):
            for tag, label in LANGUAGES.items():
                found.setdefault(fold(str(label)), tag)
                found.setdefault(fold(str(label)).removeprefix("tieng "), tag)
    return found


@cache
def _shown() -> Mapping[str, str]:
    return {fold(heading): heading for field in FIELDS.values() for heading in field.headings}


def language_of(said: str) -> str:
    """Return the tag of a language of a cell, called by its tag or its name; empty for anything else."""
    return _tag(said.strip())
