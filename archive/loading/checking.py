"""Checking rows: each is ready, here already, or wrong beside this column and that."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.crypto import salted_hmac

from access import identifiers
from access.models import Community
from access.policy import Policy
from archive import dates, kinds
from archive.actions.create_item import Description
from archive.item_templates import TEMPLATES, OwnFieldError, clean_own, missing
from archive.languages import canonical
from archive.loading import access_said, reading_rows
from archive.loading.access_said import AccessSaid
from archive.loading.names import NotNamed
from archive.loading.reading_rows import Lookups, Reading
from archive.loading.rows import Checked, NamedFile, NamedPlace, Ready
from archive.models import Item
from archive.tables import cells, columns
from archive.tables.columns import EACH_ITS_OWN, Column, Mapped
from archive.tables.fields import PLAINS, TEXTS
from archive.tables.shapes import Heading, Row
from media_pipeline.formats import FORMATS
from media_pipeline.sniff import HEAD_BYTES, sniff

_LISTED = ("languages", "other_identifiers", "restriction_reasons")
_TIES = ("peoples", "subjects", "collections", "communities", "credits", "files")
_DATES = ("date_edtf", "issued_edtf", "period_edtf")


@dataclass(frozen=True)
class Terms:
    """On what terms rows are loaded: what may be chosen, and whether they are published at once."""

    rights: access_said.Rights
    publish: bool = False
    may_add_files: bool = True


@dataclass
class Checker:
    """Checks the rows of one table in their order. `twice`: identifiers that several rows have, with the first two of these rows."""

    heading: Heading
    mapped: Mapped
    lookups: Lookups
    terms: Terms
    twice: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    # How many rows without a number were alike so far: a run that is done in steps keeps it between them.
    alike: Counter[str] = field(default_factory=Counter)
    _communities: dict[str, Community] = field(default_factory=dict)

    def check(self, rows: Iterable[Row]) -> list[Checked]:
        """Return what was found out about each of these rows. Two queries, and one for each row of the archive that is named anew."""
        readings = [reading_rows.read(row, self.mapped.columns, len(self.heading.cells), self.lookups) for row in rows]
        pids = [self._pid(reading) for reading in readings]
        wanted = [reading.values["identifier"] for reading in readings if "identifier" in reading.values]
        here: set[str | None] = set(
            Item.objects.filter(identifier__in=wanted).order_by().values_list("identifier", flat=True)
        )
        unnumbered = [pid for pid in pids if pid]
        if unnumbered:
            here |= set(Item.objects.filter(pid__in=unnumbered).order_by().values_list("pid", flat=True))
        return [self._checked(reading, pid, here) for reading, pid in zip(readings, pids, strict=True)]

    def _pid(self, reading: Reading) -> str:
        """Return what an item without a number is called: the same for the same row of the same table, so that a second run finds it. Of
        rows that are alike each has its own. Nobody else can tell it from a random one."""
        if "identifier" in reading.values:
            return ""
        said = [(one.field.name, one.lang, one.part, _cell(reading.row, one)) for one in self.mapped.columns]
        mark = hashlib.sha256(repr(sorted(one for one in said if one[-1])).encode("utf-8", "replace")).hexdigest()
        self.alike[mark] += 1
        digest = salted_hmac("archive.loading", f"{mark}#{self.alike[mark]}", algorithm="sha256").digest()
        number, letters = int.from_bytes(digest[:16], "big"), ""
        for _place in range(identifiers.LENGTH):
            number, rest = divmod(number, len(identifiers.ALPHABET))
            letters += identifiers.ALPHABET[rest]
        return letters + identifiers.check_character(letters)

    def _checked(self, reading: Reading, pid: str, here: set[str | None]) -> Checked:
        values, number = reading.values, reading.row.number
        identifier = values.get("identifier", "")
        if identifier in self.twice:
            reading.wrong(self._heading("identifier"), "identifier_twice", row=_other(self.twice[identifier], number))
        elif (identifier or pid) in here:
            # Whatever else may be wrong with it by now.
            return Checked(number, identifier, is_here=True)
        own = self._own(reading)
        located = self._located(reading)
        access = self._access(reading)
        kind, is_guess = self._kind(reading)
        if not values.get("titles"):
            reading.wrong(self._heading("titles"), "no_title")
        if values.get("files") and not self.terms.may_add_files:
            reading.wrong(self._heading("files"), "files_not_yours")
        if self.terms.publish and not reading.problems:
            self._require_whole(reading, own, located)
        if reading.problems or access is None:
            return Checked(number, identifier, problems=tuple(reading.problems))
        days = dates.read(values.get("date_edtf", ""))
        ties = {name: tuple(values.get(name, ())) for name in _TIES}
        ties["communities"] = tuple(self._community(pid) for pid in ties["communities"])
        description = Description(kind=kind, kind_is_guess=is_guess, own_values=own, **_described(values))
        ready = Ready(
            row=number,
            pid=pid or identifiers.new_pid(),
            description=description,
            access=access,
            first=days.first,
            last=days.last,
            located=tuple(located),
            **ties,
        )
        return Checked(number, identifier, ready=ready)

    # --- What several columns say together --------------------------------------------------------------------------------

    def _own(self, reading: Reading) -> dict[str, Any]:  # Any: JSON
        template = reading.values.get("template", "")
        kept: dict[str, object] = {}
        for key, said in reading.own.items():
            field_ = TEMPLATES[template].field(key) if template in TEMPLATES else None
            if key == EACH_ITS_OWN:
                rest = reading_rows.own_rest(said)
                if rest is None:
                    reading.wrong(said[0][0], "no_json")
                kept.update(rest or {})
            elif field_ is None:
                reading.wrong(said[0][0], "own_of_other_template" if template else "own_without_template")
            else:
                kept[key] = reading_rows.own_value(reading, template, field_, said)
        try:
            return dict(clean_own(template, kept))
        except OwnFieldError as error:
            said = reading.own.get(error.key) or reading.own.get(EACH_ITS_OWN) or []
            own = columns.own_fields().get(error.key)
            found = TEMPLATES[template].field(error.key) if template in TEMPLATES else own
            bounds = {"least": found.least, "most": found.most} if found else {}
            answers = ", ".join(found.choices) if found else ""
            reading.wrong(said[0][0] if said else "", f"own_{error.code}", choices=answers, **bounds)
            return {}

    def _located(self, reading: Reading) -> list[NamedPlace]:
        found: dict[tuple[int, str], NamedPlace] = {}
        edtf = reading.values.get("date_edtf", "")
        day: date | None = dates.read(edtf).first if edtf else None
        for column, text in reading.places:
            said = reading_rows.place_said(text, column.part)
            try:
                place = self.lookups.places.find(said.name, day)
            except NotNamed as error:
                reading.wrong(column, error.code, **error.detail)
                continue
            as_recorded = said.as_recorded
            if as_recorded is None:
                # What a record calls a place otherwise than we do is kept as the record has it.
                as_recorded = "" if said.name in {place.slug, place.name_on(None)} or said.name[0] == "#" else said.name
            if len(as_recorded) > 300:
                reading.wrong(column, "too_long", most=300)
                continue
            named = NamedPlace(place, said.role, said.precision, canonical(as_recorded))
            found.setdefault((place.pk, said.role), named)
        return list(found.values())

    def _access(self, reading: Reading) -> Policy | None:
        try:
            return access_said.of(reading.values, self.terms.rights)
        except AccessSaid as error:
            reading.wrong(self._heading(error.field), error.code, **error.detail)
            return None

    def _kind(self, reading: Reading) -> tuple[str, bool]:
        """Return the kind that the row says, or its template, or the first bytes of its first file; and whether it is told from these."""
        if "kind" in reading.values:
            return str(reading.values["kind"]), False
        template = TEMPLATES.get(reading.values.get("template", ""))
        if template is not None:
            return template.default_kind, False
        files: Sequence[NamedFile] = reading.values.get("files", ())
        if files:
            try:
                with files[0].path.open("rb") as content:
                    known = FORMATS.get(sniff(content.read(HEAD_BYTES)) or "")
            except OSError:
                known = None
            return kinds.of_file(known.kind if known else ""), True
        if not any(one.column == self._heading("kind") for one in reading.problems):
            reading.wrong(self._heading("kind"), "no_kind")
        return "", False

    def _require_whole(self, reading: Reading, own: Mapping[str, Any], located: Sequence[NamedPlace]) -> None:
        """Say what its template requires before it is published, and the row lacks."""
        values = {**reading.values, "own": own, "located": located, "rights": reading.values.get("rights_uri", "")}
        for name in missing(reading.values.get("template", ""), values):
            reading.wrong(self._heading(name), "needed_to_publish", field=name)

    def _community(self, pid: str) -> Community:
        if pid not in self._communities:
            self._communities[pid] = Community.objects.get(pid=pid)
        return self._communities[pid]

    def _heading(self, name: str) -> str:
        """Return what the table calls a field, or the field's own name where it has no column."""
        for column in self.mapped.columns:
            called = f"own.{column.part}" if column.field.name == "own_values" else column.field.name
            if called == name:
                return column.heading
        return name


def _described(values: Mapping[str, Any]) -> dict[str, Any]:  # Any: values of many columns
    """Return the columns of a description that are taken over as they were read."""
    found: dict[str, Any] = {
        name: tuple(values[name]) for name in (*TEXTS, *_LISTED) if name in values
    }  # Any: as above
    plain = (*PLAINS, *_DATES, "template", "identifier", "rights_uri", "depicts_person")
    return found | {name: values[name] for name in plain if name in values}


def _cell(row: Row, column: Column) -> str:
    return cells.plain(row.cells[column.index]).strip() if column.index < len(row.cells) else ""


def _other(rows: tuple[int, int], number: int) -> int:
    return rows[1] if rows[0] == number else rows[0]


def identifiers_twice(rows: Iterable[Row], mapped: Mapped) -> tuple[int, dict[str, tuple[int, int]]]:
    """Read a whole table; return how many rows it has, and the identifiers of several with the first two of these rows."""
    column = next((one for one in mapped.columns if one.field.name == "identifier"), None)
    first: dict[str, int] = {}
    twice: dict[str, tuple[int, int]] = {}
    count = 0
    for row in rows:
        count += 1
        identifier = canonical(_cell(row, column)) if column is not None else ""
        if identifier and first.setdefault(identifier, row.number) != row.number:
            twice.setdefault(identifier, (first[identifier], row.number))
    return count, twice
