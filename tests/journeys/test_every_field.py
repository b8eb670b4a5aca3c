"""Every field of the description in the sample: used by several items, and shown by the form, the page and the API.

Fields are walked as the history names them, so that one that is added later fails here until the sample uses it and all three show it.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils.translation import override

from access.viewer import visitor
from archive import gazetteer, own_fields, vocabularies
from archive.dates_as_said import say
from archive.history import snapshots
from archive.item_templates import TEMPLATES, missing
from archive.models import Item, ItemAgent, People, Place, RecordKind, Revision
from archive.sample import catalogue, files, loading
from archive.sample.files import FileRecipe
from archive.sample.marks import Mark
from tests import makers
from tests.access_matrix.world import NOW
from tests.seeding import put_back_statements

pytestmark = pytest.mark.django_db(transaction=True)

SEVERAL = 3
# For staff alone: on the form, and at no door.
INSIDE = frozenset({"rights_note", "sensitivity_note", "depicts_person"})
# Said to readers in sentences where something is closed to them, and not to programs.
SAID_SOFTLY = "restriction_reasons"
# Fields in several languages that the sample uses in one: whose value is a name, or a number.
TEXTS = tuple(
    name for name in snapshots.ITEM_FIELDS if isinstance(getattr(Item(), name), list) and name not in {
        "languages", "other_identifiers", SAID_SOFTLY,
    }
)  # fmt: skip
# What the sample has no true value for.
NOT_OF_SUCH = {
    (RecordKind.AGENT, "hidden_variants"), (RecordKind.SUBJECT, "hidden_variants"), (RecordKind.COLLECTION, "hidden_variants"),
    (RecordKind.RIGHTS, "hidden_variants"), (RecordKind.RIGHTS, "variants"), (RecordKind.RIGHTS, "codes"),
    (RecordKind.AGENT, "codes"), (RecordKind.COLLECTION, "codes"), (RecordKind.SUBJECT, "codes"),
    (RecordKind.COLLECTION, "variants"),
}  # fmt: skip
# Ties that only a community makes (labels), or whose items are closed to visitors (communities): tests of their own.
TIES = ("peoples", "subjects", "collections")


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> dict[str, Item]:
    """The whole sample, with small files nobody has worked on yet: what is tested here are words."""

    def make(recipe: FileRecipe, mark: Mark, target: Path) -> None:
        makers.picture(target, size=(16 + recipe.seed % 100, 48), colour=(recipe.seed * 40 % 256, recipe.seed % 256, 9))

    monkeypatch.setattr(files, "make", make)
    put_back_statements()
    gazetteer.load()
    return {loaded.sample.identifier: loaded.item for loaded in loading.load(catalogue.items())}


@pytest.fixture
def desk() -> Client:
    client = Client(headers={"accept-encoding": "", "accept-language": "vi"})
    client.force_login(makers.staff("chief", superuser=True))
    return client


def leaves(value: object) -> Iterator[str]:
    """Yield the texts and numbers of a JSON value, language tags left out, texts line by line."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from () if name == "lang" else leaves(one)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for one in value:
            yield from leaves(one)
    elif isinstance(value, str):
        yield from (line.strip() for line in value.splitlines() if line.strip())
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def plain(page: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", page))


def said(item: Item, name: str) -> list[str]:
    """Return the words of a field that a reader of the Vietnamese or the English page finds."""
    value = getattr(item, name)
    if name == "kind":
        return [str(item.get_kind_display())]
    if name == "template":
        return [str(TEMPLATES[value].name)]
    if name == "languages":
        return [vocabularies.language(tag) for tag in value]
    if name.endswith("_edtf"):
        written = getattr(item, name.replace("_edtf", "_as_written"))
        return [] if written else [say(value, "vi")]
    if name == "own_values":
        return [line for own in own_fields.of_item(item) for line in (leaves(own.texts) if own.texts else [own.named])]
    return list(leaves(value))


class Doors:
    """What is said of an item at each door, each asked once."""

    def __init__(self, desk: Client) -> None:
        self.desk, self.reader = desk, Client(headers={"accept-encoding": ""})
        self.kept: dict[str, str] = {}

    def answer(self, client: Client, address: str) -> str:
        if address not in self.kept:
            response = client.get(address)
            assert response.status_code == 200, address
            self.kept[address] = plain(response.content.decode())
        return self.kept[address]

    def page(self, item: Item) -> str:
        both = [self.answer(self.reader, f"{prefix}/items/{item.pid}/") for prefix in ("", "/en")]
        return " ".join(both).casefold().replace("\xa0", " ")

    def api(self, item: Item) -> set[str]:
        return set(leaves(json.loads(self.answer(self.reader, f"/api/v1/items/{item.pid}/"))))

    def form(self, item: Item) -> str:
        return self.answer(self.desk, f"/admin/archive/item/{item.pk}/change/")


def faults_of(item: Item, name: str, doors: Doors) -> Iterator[str]:
    """Yield where a field of an item is not shown, or is shown and must not be."""
    value, page, told = getattr(item, name), doors.page(item), doors.api(item)
    where = f"{name} of {item.identifier}"
    if name in INSIDE:
        if isinstance(value, str):
            yield from (f"the page tells {where}" for one in leaves(value) if one.casefold() in page)
            yield from (f"the API tells {where}" for one in leaves(value) if any(one in text for text in told))
    else:
        with override("vi"):
            yield from (f"the page lacks {where}: {one}" for one in said(item, name) if one.casefold() not in page)
        if name != SAID_SOFTLY:
            yield from (f"the API lacks {where}: {one}" for one in leaves(value) if one not in told)
    form = doors.form(item).casefold()
    # The form has numbers as people write them.
    lacking = [one for one in leaves(value) if one.casefold() not in form and one.replace(".", ",") not in form]
    yield from (f"the form lacks {where}: {one}" for one in lacking)
    yield from [] if f'name="{name}' in form else [f"the form lacks {where}"]


def test_every_field_is_used_by_several_items_of_the_sample_and_shown_by_form_page_and_api(
    sample: dict[str, Item], desk: Client
) -> None:
    """One test, since the sample takes long to load."""
    doors = Doors(desk)
    checks = (
        fields_of_items, ties_of_items, fields_of_headings, peoples_own_words, untold_words, templates_filled, histories,
    )  # fmt: skip

    faults = [fault for check in checks for fault in check(doors)]

    assert faults == []


def seen_items() -> QuerySet[Item]:
    """What a visitor sees."""
    return Item.objects.visible_to(visitor(now=NOW)).order_by("identifier")


def fields_of_items(doors: Doors) -> Iterator[str]:
    everything, visible = list(Item.objects.filter(is_sample=True)), list(seen_items())
    for name in snapshots.ITEM_FIELDS:
        if len([one for one in everything if getattr(one, name)]) < SEVERAL:
            yield f"fewer than {SEVERAL} items use {name}"
        users = [one for one in visible if getattr(one, name)]
        for item in users[:SEVERAL] if name != SAID_SOFTLY else ():
            yield from faults_of(item, name, doors)
        if name in TEXTS:
            spoken = {value["lang"] for one in everything for value in getattr(one, name)}
            yield from [] if {"vi", "en"} <= spoken else [f"{name} is used in {sorted(spoken)} only"]


def ties_of_items(doors: Doors) -> Iterator[str]:
    visible = seen_items()
    for name in TIES:
        for item in visible.filter(**{f"{name}__isnull": False}).distinct()[:SEVERAL]:
            names = [row.names[0]["value"] for row in getattr(item, name).all()]
            yield from (f"page: {item} of {one}" for one in names if one.casefold() not in doors.page(item))
            yield from (f"API: {item} of {one}" for one in names if one not in doors.api(item))
    tied = [(one, tie) for one in visible for tie in one.relations.filter(other__in=visible)]
    for item, tie in tied:
        for end, other in ((item, tie.other), (tie.other, item)):
            yield from [] if other.pid in doors.page(end) else [f"page: a tie of {end}"]
            yield from [] if other.pid in doors.api(end) else [f"API: a tie of {end}"]
    labelled = [file for item in visible for file in item.files.exclude(label="")]
    yield from (f"API: the label of a file of {one.item}" for one in labelled if one.label not in doors.api(one.item))
    if min(len(tied), len(labelled)) < SEVERAL or not {tie.kind for _, tie in tied} >= {"part", "telling", "reference"}:
        yield "few ties, or few labels"


def fields_of_headings(_doors: Doors) -> Iterator[str]:
    """Where only one makes sense, one is enough: a match elsewhere, a name that must not be spoken."""
    for kind, names in snapshots.FIELDS.items():
        rows = list(snapshots.MODELS[kind]._default_manager.all())
        for name in names:
            if not any(getattr(row, name) for row in rows) and (kind, name) not in NOT_OF_SUCH:
                yield f"no {kind} uses {name}"
    below = [
        (kind, name) for kinds in (snapshots.PARTS, snapshots.TIES) for kind, names in kinds.items() for name in names
    ]
    for kind, name in below:
        if snapshots.MODELS[kind]._default_manager.filter(**{f"{name}__isnull": False}).distinct().count() < SEVERAL:
            yield f"fewer than {SEVERAL} rows of {kind} use {name}"


def peoples_own_words(doors: Doors) -> Iterator[str]:
    item = Item.objects.get(identifier="TVQN-M-0051")
    page = doors.reader.get(f"/items/{item.pid}/").content.decode()
    if '<span lang="hre">kế&#x27;r vênh<br>tanh<br>k&#x27;giúp</span>' not in page:
        yield "words of the Hrê do not say whose they are"


def untold_words(doors: Doors) -> Iterator[str]:
    """Old slurs find and are never told; a sacred spot and a name that must not be spoken are told at no door."""
    people, spot = People.objects.get(slug="ba-na"), Place.objects.get(slug="ben-nuoc-mau")
    for address in ("/peoples/", "/peoples/ba-na/", "/api/v1/peoples/", "/items/?people=ba-na"):
        page = doors.reader.get(address).content.decode()
        yield from (f"{address} tells {one}" for one in people.hidden_variants if f">{one['value']}<" in page)
        yield from (f"{address} tells {one}" for one in people.hidden_variants if f'"{one["value"]}"' in page)
    if Item.objects.get(identifier="TVQN-M-0006").pid not in doors.reader.get("/search/?q=sauvages").content.decode():
        yield "a hidden form does not find"
    for item in seen_items().filter(located__place=spot):
        yield from (
            [f"{spot} is told of {item}"] if str(spot).casefold() in doors.page(item) + str(doors.api(item)) else []
        )
    if doors.reader.get("/api/v1/search/?place=ben-nuoc-mau").json()["total"] != 0:
        yield "a sacred spot can be narrowed to"
    for credit in ItemAgent.objects.filter(agent__name_is_withheld=True, item__in=seen_items()).select_related("agent"):
        shown, name = (values[0]["value"].casefold() for values in (credit.agent.shown_as, credit.agent.names))
        for text in (doors.page(credit.item), str(doors.api(credit.item)).casefold()):
            yield from [] if shown in text else [f"nothing stands for {name}"]
            yield from [f"{name} is named"] if name in text else []


def templates_filled(_doors: Doors) -> Iterator[str]:
    """Whose a rite is, is said by communities alone: only what one entrusted has it."""
    for item in Item.objects.filter(is_sample=True).exclude(template=""):
        held = {name: getattr(item, name) for name in snapshots.ITEM_FIELDS if name != "own_values"}
        ties = {name: list(getattr(item, name).all()) for name in (*snapshots.ITEM_TIES, "credits", "located")}
        lacking = missing(item.template, {**held, **ties, "own": item.own_values, "rights": item.rights})
        yield from (f"{item.identifier} lacks {name}" for name in set(lacking) - {"communities"})


def histories(_doors: Doors) -> Iterator[str]:
    for kind, model in snapshots.MODELS.items():
        keys = {snapshots.key_of(row) for row in model._default_manager.filter(is_sample=True)}
        known = set(Revision.objects.filter(kind=kind).values_list("key", flat=True))
        yield from [] if keys else [f"the sample makes no {kind}"]
        yield from (f"{kind} {key} has no history" for key in keys - known)
