"""What a table writes of one item, field by field: names rather than keys wherever a name alone finds its row again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from access import policy
from access.models.rule import LEVEL_LABELS
from access.policy import Level, Policy
from archive.item_templates import TEMPLATES
from archive.languages import LangValue
from archive.loading import choices
from archive.loading.names import Names
from archive.loading.place_names import Places
from archive.models import Agent, Collection, Item, ItemKind, ItemPlace, People, Place, Subject
from archive.tables import cells
from archive.vocabularies import RELATORS


@dataclass(frozen=True)
class Told:
    """What the reader of the table may be told beside the items: names of communities and protocols by pid."""

    peoples: Names[People]
    subjects: Names[Subject]
    collections: Names[Collection]
    agents: Names[Agent]
    places: Places
    communities: Mapping[str, str]
    protocols: Mapping[str, str]


def label(what: str, code: str, said: object) -> str:
    """Return what people call a code, in the active language, if that leads back to it; a label with marks that part cells does not."""
    text = str(said)
    return text if choices.code_of(what, text) == code and not set(text) & set(",()=;|") else code


def of(item: Item, told: Told) -> dict[str, str]:
    """Return the cells of an item by field, texts in languages and own fields left out. No query, if its relations were prefetched."""
    template = TEMPLATES.get(item.template)
    found = {
        "identifier": item.identifier or "",
        "kind": label("kind", item.kind, ItemKind(item.kind).label),
        "template": item.template if template is None else label("template", item.template, template.name),
        "languages": cells.joined(item.languages, cells.NAMES),
        "rights": item.rights_uri,
        "depicts_person": "1" if item.depicts_person else "",
        "restriction_reasons": cells.joined(item.restriction_reasons, cells.NAMES),
        "other_identifiers": cells.joined(
            (f"{one.get('scheme', '')}: {one.get('value', '')}" for one in item.other_identifiers), cells.NAMES
        ),
        "peoples": cells.joined((told.peoples.called(one) for one in item.peoples.all()), cells.NAMES),
        "subjects": cells.joined((told.subjects.called(one) for one in item.subjects.all()), cells.NAMES),
        "collections": cells.joined((told.collections.called(one) for one in item.collections.all()), cells.NAMES),
        "credits": cells.joined((_credit(one, told) for one in _in_order(item.credits.all())), cells.NAMES),
        "located": cells.joined((_located(one, told) for one in _in_order(item.located.all())), cells.NAMES),
        "communities": cells.joined(
            (_community(one.pid, told) for one in item.communities.all() if one.pid in told.communities), cells.NAMES
        ),
    }
    for name in _PLAIN:
        found[name] = str(getattr(item, name))
    return found | access(item.chosen_rule.policy, told, has_reasons=bool(item.restriction_reasons))


_PLAIN = (
    "date_edtf", "date_as_written", "issued_edtf", "issued_as_written", "period_edtf", "period_as_written", "rights_note",
    "sensitivity_note",
)  # fmt: skip


def _in_order(rows: Any) -> list[Any]:  # Any: rows of either model, prefetched
    return sorted(rows, key=lambda one: (one.position, one.pk))


def _credit(one: Any, told: Told) -> str:  # Any: as above
    called = told.agents.called(one.agent, is_secret=one.agent.name_is_withheld)
    return f"{called} ({label('relator', one.role, RELATORS.get(one.role, one.role))})"


def _located(one: Any, told: Told) -> str:  # Any: as above
    said = [label("place_role", one.role, ItemPlace.PlaceRole(one.role).label)]
    if one.precision != Place.Precision.EXACT:
        said.append(label("precision", one.precision, Place.Precision(one.precision).label))
    recorded = f" = {one.as_recorded}" if one.as_recorded else ""
    return f"{told.places.called(one.place)} ({', '.join(said)}){recorded}"


def _community(pid: str, told: Told) -> str:
    name = told.communities[pid]
    return name if list(told.communities.values()).count(name) == 1 else pid


def access(chosen: Policy, told: Told, *, has_reasons: bool) -> dict[str, str]:
    """Return the cells of who may see it: by level, names of protocols and days where these say all of it, else the whole as JSON."""
    clauses = list(chosen.clauses)
    clause = clauses[0]
    level = clause.level
    days = {"opens_on": _first_day(chosen.opens_at), "closes_on": _last_day(chosen.closes_at)}
    names = [told.protocols.get(pid, "") for pid in clause.protocols]
    is_said = (
        len(clauses) == 1
        and (has_reasons or level in {Level.PUBLIC, Level.STAFF})
        and None not in days.values()
        and all(names)
        and len({*told.protocols.values()}) == len(told.protocols)
    )
    if not is_said:
        return {"access": json.dumps(policy.to_json(chosen), ensure_ascii=False)}
    found = {name: day or "" for name, day in days.items()}
    found["access"] = label("level", level.value, LEVEL_LABELS[level])
    if level is Level.PROTOCOL:
        found["protocols"] = cells.joined(names, cells.NAMES)
        found["sharing"] = clause.sharing.value
    return found


def _first_day(moment: datetime | None) -> str | None:
    """Return the day that begins at a moment; None where that is in the middle of a day."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return local.date().isoformat() if local.time() == time.min else None


def _last_day(moment: datetime | None) -> str | None:
    return "" if moment is None else _first_day(moment) and _first_day(moment - timedelta(days=1))


# --- Texts in languages -----------------------------------------------------------------------------------------------------


def texts(values: Sequence[LangValue], languages: Sequence[str]) -> dict[str, str]:
    """Return the cells of a list of texts by language, or all of them under "*" where the columns would change their order."""
    parted = [one for lang in languages for one in values if one["lang"] == lang]
    if parted != list(values):
        return {"*": cells.joined(cells.with_tags(values), cells.TEXTS)}
    return {
        lang: cells.joined((one["value"] for one in values if one["lang"] == lang), cells.TEXTS) for lang in languages
    }


def own(item: Item) -> tuple[dict[str, list[LangValue]], dict[str, str], dict[str, object]]:
    """Return an item's own values: texts in languages by key, other values of its template by key, and what is of no template."""
    template = TEMPLATES.get(item.template)
    in_languages: dict[str, list[LangValue]] = {}
    plain: dict[str, str] = {}
    rest: dict[str, object] = {}
    for key, value in item.own_values.items():
        field = template.field(key) if template else None
        if field is None:
            rest[key] = value
        elif field.form == "text" and isinstance(value, list):
            in_languages[key] = value
        elif isinstance(value, str | int | float):
            plain[key] = str(value)
        else:
            rest[key] = value
    return in_languages, plain, rest
