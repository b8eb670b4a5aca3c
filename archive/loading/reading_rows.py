"""Reading the cells of one row into values, each by the form of its column. What is wrong is kept beside its column."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from archive import dates, dates_as_said
from archive.dates_as_said import Said, SaidError
from archive.item_templates import OwnField
from archive.languages import BCP47, LangValue, canonical
from archive.loading import choices
from archive.loading.files_named import Folder
from archive.loading.names import Called, Names, NotNamed
from archive.loading.names import Rights as RightsNames
from archive.loading.place_names import Places
from archive.loading.rows import NamedFile, Problem
from archive.models import Agent, Collection, FileRole, ItemPlace, People, Place, Subject
from archive.search.folding import fold
from archive.tables import cells, columns
from archive.tables.columns import EACH_ITS_OWN, Column
from archive.tables.fields import Form
from archive.tables.shapes import Row
from archive.texts import is_storable

# What spreadsheets show where a formula failed.
_FAILED = frozenset({"#N/A", "#REF!", "#NAME?", "#DIV/0!", "#VALUE!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_IN_BRACKETS = re.compile(r"\A(.*\S)\s*\(([^()]*)\)\s*\Z", re.DOTALL)
_AS_RECORDED = re.compile(r"\s=\s")
_VIETNAMESE_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\Z")
_SCHEMED = re.compile(r"\A([A-Za-z][A-Za-z0-9_. -]{0,39}):\s*(.+)\Z", re.DOTALL)


@dataclass(frozen=True)
class Lookups:
    """What the rows of a table may name."""

    peoples: Names[People]
    subjects: Names[Subject]
    collections: Names[Collection]
    agents: Names[Agent]
    places: Places
    rights: RightsNames
    communities: Called
    protocols: Called
    folder: Folder
    lang: str = "vi"


@dataclass
class Reading:
    """One row being read. `values` by field; `own` are the values of the template's own fields by key, as they stand in the table; `places`
    wait for the date of the row, which says when they were called so."""

    row: Row
    lookups: Lookups
    values: dict[str, Any] = field(default_factory=dict)  # Any: values of many kinds
    own: dict[str, list[tuple[Column, str]]] = field(default_factory=dict)
    places: list[tuple[Column, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, column: Column | str, code: str, **detail: object) -> None:
        heading = column if isinstance(column, str) else column.heading
        self.problems.append(Problem(self.row.number, heading, code, detail))

    def add(self, name: str, value: object) -> None:
        listed: list[object] = self.values.setdefault(name, [])
        if value not in listed:
            listed.append(value)


def read(row: Row, mapped: tuple[Column, ...], width: int, lookups: Lookups) -> Reading:
    """Return what the cells of a row say. `width`: how many columns have a heading or are passed over on purpose."""
    reading = Reading(row, lookups)
    for column in mapped:
        text = row.cells[column.index] if column.index < len(row.cells) else ""
        text = cells.plain(text).strip()
        if not text:
            continue
        if not is_storable(text):
            reading.wrong(column, "unstorable")
        elif text in _FAILED:
            reading.wrong(column, "failed_formula", value=text)
        else:
            _FORMS[column.field.form](reading, column, text)
    if any(cell.strip() for cell in row.cells[width:]):
        reading.wrong("", "no_heading")
    return reading


# --- Texts ----------------------------------------------------------------------------------------------------------------


def _texts(reading: Reading, column: Column, text: str) -> None:
    for value in lang_values(reading, column, text):
        reading.values.setdefault(column.field.name, []).append(value)


def lang_values(reading: Reading, column: Column, text: str) -> list[LangValue]:
    """Return the texts of a cell, each with its language."""
    found: list[LangValue] = []
    for part in cells.split(text, cells.TEXTS):
        lang, value = column.lang or reading.lookups.lang, part
        if column.lang == EACH_ITS_OWN:
            lang, value = cells.tagged(part)
            if not lang:
                reading.wrong(column, "no_tag", value=_short(part))
                continue
        if len(value) > column.field.chars_most:
            reading.wrong(column, "too_long", most=column.field.chars_most)
        elif value:
            found.append({"lang": lang, "value": canonical(value)})
    return found


def _plain(reading: Reading, column: Column, text: str) -> None:
    if len(text) > column.field.chars_most:
        reading.wrong(column, "too_long", most=column.field.chars_most)
    else:
        reading.values[column.field.name] = canonical(text)


def _choice(reading: Reading, column: Column, text: str) -> None:
    name = column.field.name
    code = choices.code_of(name, text)
    if code:
        reading.values[name] = code
    else:
        reading.wrong(column, "unknown_choice", value=_short(text), choices=choices.labels_of(name))


def _level(reading: Reading, column: Column, text: str) -> None:
    code = text if text.startswith("{") else choices.code_of("level", text)
    if code:
        reading.values["access"] = code
    else:
        reading.wrong(column, "unknown_choice", value=_short(text), choices=choices.labels_of("level"))


def _flag(reading: Reading, column: Column, text: str) -> None:
    said = fold(text)
    if said in choices.YES or said in choices.NO:
        reading.values[column.field.name] = said in choices.YES
    else:
        reading.wrong(column, "no_yes_or_no", value=_short(text))


# --- Dates ----------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _said(text: str) -> Said | SaidError:
    day = day_of(text) if _VIETNAMESE_DAY.match(text) else None
    if day is not None and day.year >= 1000:
        # The same that reading it as people say it comes to, without asking first whether it is EDTF of an odd kind: that takes 7 ms.
        return Said(day.isoformat(), day, day)
    try:
        return dates_as_said.read(text)
    except SaidError as error:
        return error


def _date(reading: Reading, column: Column, text: str) -> None:
    if len(text) > column.field.chars_most:
        reading.wrong(column, "too_long", most=column.field.chars_most)
        return
    said = _said(text)
    if isinstance(said, SaidError):
        code = said.code if said.code in {"ambiguous", "lunar", "no_such_day", "backwards", "no_year"} else "unreadable"
        reading.wrong(column, f"date_{code}", value=_short(text), meant=", ".join(said.suggestions))
        return
    reading.values.setdefault(f"{column.field.name}_edtf", said.edtf)
    if said.edtf != text:
        reading.values.setdefault(f"{column.field.name}_as_written", canonical(text))


def _edtf(reading: Reading, column: Column, text: str) -> None:
    if len(text) > column.field.chars_most:
        reading.wrong(column, "too_long", most=column.field.chars_most)
        return
    try:
        dates.read(text)
    except dates.DateError:
        reading.wrong(column, "no_edtf", value=_short(text))
    else:
        reading.values[column.field.name] = text


def _day(reading: Reading, column: Column, text: str) -> None:
    found = day_of(text)
    if found is None:
        reading.wrong(column, "no_day", value=_short(text))
    else:
        reading.values[column.field.name] = found


def day_of(text: str) -> date | None:
    """Return the day of ISO 8601, or as it is written in Vietnam, day first; None for anything else."""
    local = _VIETNAMESE_DAY.match(text)
    try:
        if local is not None:
            return date(int(local[3]), int(local[2]), int(local[1]))
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


# --- What has a name in the archive -----------------------------------------------------------------------------------------


def _list(reading: Reading, column: Column, text: str) -> None:
    find = _LISTS[column.field.name]
    for part in cells.split(text, cells.NAMES):
        if len(part) > column.field.chars_most:
            reading.wrong(column, "too_long", most=column.field.chars_most)
            continue
        try:
            found = find(reading.lookups, part)
        except NotNamed as error:
            reading.wrong(column, error.code, **error.detail)
            continue
        if found is None:
            reading.wrong(column, f"unknown_{column.field.name}", value=_short(part))
        else:
            reading.add(column.field.name, found)


def _other_identifier(_lookups: Lookups, said: str) -> Mapping[str, str] | None:
    parted = _SCHEMED.match(said)
    return {"scheme": parted[1].strip(), "value": canonical(parted[2].strip())} if parted else None


_LISTS: Mapping[str, Callable[[Lookups, str], object]] = {
    "peoples": lambda lookups, said: lookups.peoples.find(said),
    "subjects": lambda lookups, said: lookups.subjects.find(said),
    "collections": lambda lookups, said: lookups.collections.find(said),
    "communities": lambda lookups, said: lookups.communities.find(said),
    "protocols": lambda lookups, said: lookups.protocols.find(said),
    "languages": lambda _lookups, said: columns.language_of(said) or None,
    "restriction_reasons": lambda _lookups, said: choices.code_of("reason", said) or None,
    "other_identifiers": _other_identifier,
}


def _rights(reading: Reading, column: Column, text: str) -> None:
    try:
        reading.values["rights_uri"] = reading.lookups.rights.find(text)
    except NotNamed as error:
        reading.wrong(column, error.code, **error.detail)


def _agents(reading: Reading, column: Column, text: str) -> None:
    for part in cells.split(text, cells.NAMES):
        name, roles = part, [column.part] if column.part else []
        if not roles and (inside := _IN_BRACKETS.match(part)):
            said = [choices.code_of("relator", one) for one in inside[2].split(",")]
            # What is no part that people take belongs to the name.
            if all(said):
                name, roles = inside[1], said
        try:
            agent = reading.lookups.agents.find(name)
        except NotNamed as error:
            reading.wrong(column, error.code, **error.detail)
            continue
        for role in roles or ["cre"]:
            reading.add("credits", (agent, role))


def _places(reading: Reading, column: Column, text: str) -> None:
    reading.places += [(column, part) for part in cells.split(text, cells.NAMES)]


@dataclass(frozen=True)
class PlaceSaid:
    """A place as a cell says it: "Đăk Rơ Wa, Kon Tum (depicted, commune) = Đắk Rơ Oa"."""

    name: str
    role: str
    precision: str
    as_recorded: str | None


def place_said(text: str, role: str) -> PlaceSaid:
    """Return the parts of a cell about a place; brackets that say neither role nor precision belong to the name."""
    name, *recorded = _AS_RECORDED.split(text, maxsplit=1)
    precision = str(Place.Precision.EXACT)
    if inside := _IN_BRACKETS.match(name):
        said = [(choices.code_of("place_role", one), choices.code_of("precision", one)) for one in inside[2].split(",")]
        if all(any(pair) for pair in said):
            name = inside[1]
            role = next((as_role for as_role, _closely in said if as_role), role)
            precision = next((closely for _as_role, closely in said if closely), precision)
    role = role or str(ItemPlace.PlaceRole.CREATED)
    return PlaceSaid(name.strip(), role, precision, recorded[0].strip() if recorded else None)


# --- Files and own fields ---------------------------------------------------------------------------------------------------


def _files(reading: Reading, column: Column, text: str) -> None:
    for part in cells.split(text, cells.NAMES):
        name, role, language = part, str(FileRole.MAIN), ""
        if inside := _IN_BRACKETS.match(part):
            said, _comma, tag = (one.strip() for one in inside[2].partition(","))
            # "lời.txt (transcript, bdq)"; a name may end in brackets of its own.
            if (code := choices.code_of("file_role", said)) and (not tag or BCP47.match(tag)):
                name, role, language = inside[1], code, tag
        try:
            path = reading.lookups.folder.find(name)
        except NotNamed as error:
            reading.wrong(column, error.code, **error.detail)
            continue
        reading.add("files", NamedFile(path, canonical(path.name), role, language))


def _own(reading: Reading, column: Column, text: str) -> None:
    reading.own.setdefault(column.part, []).append((column, text))


def own_value(reading: Reading, template: str, field: OwnField, said: list[tuple[Column, str]]) -> object:
    """Return the value of a template's own field as `clean_own` takes it."""
    if field.form == "text":
        return [value for column, text in said for value in lang_values(reading, column, text)]
    text = said[-1][1]
    return choices.answer_of(template, field, text) if field.form == "choice" else text


def own_rest(said: list[tuple[Column, str]]) -> dict[str, object] | None:
    """Return values of fields that are of no template any more, as `own.*` keeps them; None where it is not that."""
    try:
        found = json.loads(said[-1][1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _identifier(reading: Reading, column: Column, text: str) -> None:
    _plain(reading, column, text)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


_FORMS: Mapping[Form, Callable[[Reading, Column, str], None]] = {
    Form.TEXT: _texts,
    Form.PLAIN: _plain,
    Form.LIST: _list,
    Form.CHOICE: _choice,
    Form.DATE: _date,
    Form.EDTF: _edtf,
    Form.DAY: _day,
    Form.FLAG: _flag,
    Form.IDENTIFIER: _identifier,
    Form.RIGHTS: _rights,
    Form.LEVEL: _level,
    Form.AGENTS: _agents,
    Form.PLACES: _places,
    Form.FILES: _files,
    Form.OWN: _own,
}
