"""Addresses and forms with text that no database can hold: one answer at every door, in both profiles, never a 500."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib import admin
from django.forms import BooleanField
from django.test import Client

from archive.models import Item
from archive.models.fields import LangValuesField
from tests.access_matrix import people, planted
from tests.access_matrix.answers import ask
from tests.access_matrix.matrix import Matrix
from tests.access_matrix.routes import doors
from tests.access_matrix.test_desk import begin, fill
from tests.access_matrix.things import Thing
from tests.access_matrix.turns import is_ours

pytestmark = pytest.mark.django_db
NUL = "%00"
NUL = "a\x00b"
# What a browser sends for the fields that are made of several parts; all others are one text, or one text in a language.
PARTS: dict[str, dict[str, str]] = {
    "languages": {"languages-other": NUL},
    "own_values": {
        "template": "epic",
        "own_values-shown": "epic",
        "own_values-epic-incipit-lang": "vi",
        "own_values-epic-incipit-text": NUL,
    },
    "other_identifiers": {"other_identifiers-scheme": "kho", "other_identifiers-value": NUL},
}


@pytest.fixture
def thing(matrix: Matrix) -> Thing:
    return matrix.thing("public")


def every_address(thing: Thing) -> list[str]:
    """Return the addresses of all doors, filled with one thing that everybody may see."""
    words = {
        name: planted.word(thing.kind.name, name)
        for name in ("identifier", "people", "subject", "collection", "agent", "place", "note", "name", "exhibit")
    }
    listed = [address for door in doors() for address in door.all_addresses]
    named = [address.replace("{item}", thing.item.pid).replace("{file}", thing.file.pid) for address in listed]
    for name, word in words.items():
        named = [address.replace(f"{{{name}}}", word) for address in named]
    return [fill(address.replace("{upload}", "0" * 32), thing) for address in named]


def spoilt(address: str) -> list[str]:
    """Return an address with a NUL in each of its parameters in turn, in one of its own, in the name of one and in its path."""
    parts = urlsplit(address)
    given = parse_qsl(parts.query, keep_blank_values=True)
    each = [f"{parts.path}?{name}=a{NUL}b" for name, _value in given]
    return [*each, f"{parts.path}?q={NUL}", f"{parts.path}?{NUL}=1", f"{parts.path}{NUL}", f"{parts.path}?q=a&p={NUL}"]


@pytest.mark.parametrize("viewer", [people.VISITOR, people.ADMINISTRATOR])
def test_a_nul_in_an_address_is_refused_by_every_door_in_the_same_way(
    matrix: Matrix, thing: Thing, viewer: str
) -> None:
    client = matrix.clients[viewer]
    faults: list[str] = []
    for address in every_address(thing):
        for asked in dict.fromkeys(spoilt(address)):
            answer = ask(client, asked)
            if answer.status != 400:
                faults.append(f"{asked}: {answer.status}")
    assert faults == []


def lists_of_the_desk() -> list[tuple[str, list[str]]]:
    """Return the address of each list of the desk, with every parameter that its columns and filters know."""
    found = []
    for model in admin.site._registry:
        meta = model._meta
        names = [field.name for field in meta.concrete_fields]
        lookups = ("", "__exact", "__id__exact", "__icontains", "__gte", "__in", "__isnull", "__year")
        asked = [f"{name}{lookup}" for name in names for lookup in lookups]
        found.append((f"/admin/{meta.app_label}/{meta.model_name}/", [*asked, "q", "o", "p", "e", "all", "_to_field"]))
    return found


def test_no_parameter_of_a_list_of_the_desk_breaks_it(matrix: Matrix, thing: Thing) -> None:
    client = matrix.clients[people.ADMINISTRATOR]
    faults: list[str] = []
    for address, names in lists_of_the_desk():
        for name in (one for one in names if is_ours(address, one)):
            status = ask(client, f"{address}?{name}=a{NUL}").status
            if status != 400:
                faults.append(f"{address}?{name}: {status}")
    assert faults == []


def test_other_odd_values_never_break_a_list_of_the_desk(matrix: Matrix, thing: Thing) -> None:
    client = matrix.clients[people.ADMINISTRATOR]
    broken: list[str] = []
    for model, screen in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        filters = [one[0] if isinstance(one, tuple) else one for one in screen.list_filter]
        names = [f"{name}__exact" for name in filters if isinstance(name, str)]
        for name in [*names, "pk", "id__exact", "q", "p", "at__year", "at__month"]:
            odd = ("99999999999999999999999", "-1", "1e400", "%ED%A0%80%1B'")
            for value in (one for one in odd if is_ours(address, name, one)):
                if ask(client, f"{address}?{name}={value}").status >= 500:
                    broken.append(f"{address}?{name}={value}")
    assert broken == []


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "utf-16"])
def test_an_encoding_of_jest_changes_no_address(matrix: Matrix, thing: Thing, charset: str) -> None:
    client = matrix.clients[people.VISITOR]
    for address in ("/search/?q=+AAA-", "/api/v1/search/?q=%5Cud800", "/items/?language=vi&date_from=+AAA-"):
        assert ask(client, address, **{"Content-Type": f"text/plain; charset={charset}"}).status == 200


def test_the_refusal_is_a_page_for_people_and_a_problem_for_programs_in_their_language() -> None:
    client = Client()

    page, english = ask(client, f"/search/?q={NUL}"), ask(client, f"/en/search/?q={NUL}")
    problem = ask(client, f"/api/v1/items/?kind={NUL}", **{"Accept-Language": "vi"})

    assert (page.holds('<html lang="vi"'), english.holds('<html lang="en"')) == (True, True)
    assert english.holds("This address cannot be read")
    assert problem.headers["Content-Type"] == "application/problem+json"
    assert json.loads(problem.body)["title"] == "Địa chỉ này có ký tự không đọc được."


def test_a_cookie_that_cannot_be_read_is_as_if_it_had_not_come() -> None:
    client = Client()
    answer = client.get("/", headers={"cookie": 'phien="\\000aaaaaaaaaaaaaaaa"; ngon_ngu="\\000"'})

    assert answer.status_code == 200


def test_an_upload_to_an_item_with_a_nul_in_its_name_is_refused(matrix: Matrix, thing: Thing) -> None:
    client = matrix.clients[people.CATALOGUER]

    assert begin(client, f"{thing.item.pid}\x00")[0] == 400


def form_of(client: Client, thing: Thing) -> tuple[str, list[str], dict[str, str]]:
    """Return the address of a thing's form, the names of its fields, and what a browser would send."""
    address = f"/admin/archive/item/{thing.item.pk}/change/"
    context = client.get(address).context
    formsets = [one.formset for one in context["inline_admin_formsets"]]
    sent = {f"{formset.prefix}-{name}": "0" for formset in formsets for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    sent |= {
        "titles-lang": "vi",
        "titles-text": "Tên",
        "kind": "image",
        "access_level": "public",
    }
    sent |= {"rights_other": "https://example.org/r", "read_version": str(thing.item.version)}
    # A box holds no text, whatever is sent for it: it is ticked.
    fields = context["adminform"].form.fields
    return address, [name for name, field in fields.items() if not isinstance(field, BooleanField)], sent


def test_a_nul_in_any_field_of_the_items_form_is_an_error_of_that_field(matrix: Matrix, thing: Thing) -> None:
    client = matrix.clients[people.ADMINISTRATOR]
    address, fields, sent = form_of(client, thing)
    in_languages = {one.name for one in Item._meta.get_fields() if isinstance(one, LangValuesField)}
    faults = []
    for name in fields:
        plain = {f"{name}-lang": "vi", f"{name}-text": NUL} if name in in_languages else {name: NUL}
        answer = client.post(address, {**sent, **PARTS.get(name, plain)})
        errors = answer.context["adminform"].form.errors if answer.status_code == 200 else {}
        if name not in errors and "__all__" not in errors:
            faults.append((name, answer.status_code))
    assert faults == []
    assert Item.objects.get(pk=thing.item.pk).version == thing.item.version


def test_a_reason_with_a_nul_withdraws_nothing_and_says_so(matrix: Matrix, thing: Thing) -> None:
    client = matrix.clients[people.ADMINISTRATOR]
    address, _fields, sent = form_of(client, thing)

    answer = client.post(
        address, {**sent, "_move": "withdrawn", "_reason": "a\x00b"}, follow=True, headers={"accept-language": "en"}
    )

    assert "The reason holds a character that cannot be read." in answer.content.decode()
    assert Item.objects.get(pk=thing.item.pk).state == "published"
