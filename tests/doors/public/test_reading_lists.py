"""Lists of readers without an account: made, ordered, shared by a code, taken along; without JavaScript."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from access import policy
from access.models import AuditEntry
from access.policy import Level
from access.sign_in import CODES_OF_ADDRESS
from access.viewer import visitor
from archive import queries, reading_lists
from archive.models import Item, KeptList
from archive.reading_lists import ListFull, NotYours
from public_site import road
from tests import makers
from tests.doors.public import works

pytestmark = pytest.mark.django_db
CODE = re.compile(r"/lists/([a-z2-9]{4}-[a-z2-9]{4})/change/")


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": "", "accept-language": "en"})


def begun(client: Client, *items: Item, name: str = "Lớp Năm") -> str:
    """Make a list by the forms, with these works, and return its code."""
    answer = client.post("/en/lists/new/", {"name": name})
    found = CODE.search(answer.headers["Location"])
    assert found, answer.headers
    for item in items:
        client.post(f"/en/items/{item.pid}/keep/", {"add": "1"})
    return found[1]


def titles_of(client: Client, code: str) -> list[str]:
    text = client.get(f"/lists/{code}/").content.decode()
    return re.findall(r'<h2><a href="/items/[0-9a-z]+/">([^<]+)</a></h2>', text)


def test_a_list_is_made_and_ordered_without_an_account_and_read_by_its_code(client: Client, now: datetime) -> None:
    first, second, third = (makers.item(now=now, title=title) for title in ("Một", "Hai", "Ba"))
    code = begun(client, first, second, third)

    change = f"/en/lists/{code}/change/"
    client.post(change, {"up": third.pid})
    client.post(change, {"down": first.pid})
    client.post(change, {"up": third.pid})

    assert titles_of(Client(), code) == ["Ba", "Một", "Hai"]
    client.post(change, {"remove": first.pid})
    client.post(change, {"rename": "1", "name": "  Lớp   Sáu "})
    assert titles_of(Client(), code) == ["Ba", "Hai"]
    assert "<h1>Lớp Sáu</h1>" in Client().get(f"/lists/{code}/").content.decode()


def test_a_code_is_found_however_it_was_typed(client: Client, now: datetime) -> None:
    code = begun(client, makers.item(now=now))
    typed = f" {code.upper().replace('-', ' ')} "

    assert Client().get("/lists/", {"code": typed}).headers["Location"] == f"/lists/{code}/"
    assert Client().get(f"/lists/{code.upper().replace('-', '')}/").headers["Location"] == f"/lists/{code}/"
    assert Client().get("/lists/", {"code": "aaaa-aaaa"}).status_code == 200
    assert Client().get("/lists/aaaa-aaaa/").status_code == 404


def test_only_who_holds_the_key_changes_a_list(client: Client, now: datetime) -> None:
    item = makers.item(now=now, title="Một")
    code = begun(client, item)
    stranger, heir = Client(), Client()
    change = f"/lists/{code}/change/"

    stranger.post(change, {"remove": item.pid})
    stranger.post(change, {"delete": "1"})
    page = client.get(change).content.decode()
    opening = re.search(r'href="http://testserver(/lists/[^"]+/open/[^"]+/)"', page)

    assert titles_of(stranger, code) == ["Một"]
    assert "csrfmiddlewaretoken" not in stranger.get(change).content.decode()
    assert opening
    assert stranger.get(opening[1][:-3] + "xx/").status_code == 404
    heir.post(opening[1])
    heir.post(change, {"remove": item.pid})
    assert titles_of(stranger, code) == []
    client.post(change, {"delete": "1"})
    assert stranger.get(f"/lists/{code}/").status_code == 404


def test_what_a_reader_may_not_see_is_not_on_the_list_for_them_and_is_not_lost(client: Client, now: datetime) -> None:
    open_one, closed = makers.item(now=now, title="Mở"), makers.item(now=now, title="SECRET")
    last = makers.item(now=now, title="Cuối")
    code = begun(client, open_one, closed, last)
    Item.objects.filter(pk=closed.pk).update(
        effective_rule=makers.item(now=now, access=policy.of(Level.STAFF)).effective_rule
    )

    page = client.get(f"/lists/{code}/").content.decode()
    change = client.get(f"/lists/{code}/change/").content.decode()
    client.post(f"/lists/{code}/change/", {"up": last.pid})

    for text in (page, change, client.get(f"/lists/{code}/list.csv").content.decode()):
        assert "SECRET" not in text
        assert closed.pid not in text
    assert "2 tài liệu" in page or "2 " in page
    assert titles_of(client, code) == ["Cuối", "Mở"]
    found = reading_lists.find(code, now=timezone.now())
    assert found is not None
    assert closed.pid in found.pids


def test_of_a_work_with_a_warning_its_page_alone_is_taken_along(now: datetime, tmp_path: Path) -> None:
    item = works.work("image", tmp_path, now=now)
    taken = {}
    for is_warned in (False, True):
        Item.objects.filter(pk=item.pk).update(restriction_reasons=["tang_le"] if is_warned else [])
        read = queries.item(visitor(now=timezone.now()), item.pid)
        taken[is_warned] = road.of_item(read, "vi")

    assert taken[False].files
    assert taken[True].files == []
    assert [page.address for page in taken[True].pages] == [f"/items/{item.pid}/"]


def test_a_hidden_work_is_put_on_no_list(client: Client, now: datetime) -> None:
    closed = makers.item(now=now, access=policy.of(Level.STAFF))

    answers = [client.post(f"/items/{pid}/keep/", {"new": "1"}) for pid in (closed.pid, "0123456789b")]

    assert {answer.status_code for answer in answers} == {404}
    assert not KeptList.objects.exists()


def test_a_list_is_copied_by_who_may_not_change_it(client: Client, now: datetime) -> None:
    code = begun(client, makers.item(now=now, title="Một"))
    other = Client()

    own = CODE.search(other.post(f"/lists/{code}/copy/", {"name": ""}).headers["Location"])

    assert own
    assert own[1] != code
    assert titles_of(other, own[1]) == ["Một"]
    assert other.get(f"/lists/{own[1]}/change/").content.decode().count("csrfmiddlewaretoken") > 1


def test_the_table_has_one_row_a_work_and_no_formula(client: Client, now: datetime) -> None:
    item = works.described(makers.item(now=now, title="x"))
    Item.objects.filter(pk=item.pk).update(titles=[{"lang": "en", "value": "=1+1"}], is_sample=False)
    code = begun(client, item)

    answer = client.get(f"/en/lists/{code}/list.csv")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Title", "'=1+1"]
    assert rows[1][5] == f"http://testserver/ark:/99999/{item.pid}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{code}.csv"'


def test_too_many_lists_from_one_address_have_to_wait(client: Client) -> None:
    answers = [client.post("/en/lists/new/", {"name": ""}).status_code for _ in range(CODES_OF_ADDRESS + 1)]

    assert answers == [302] * CODES_OF_ADDRESS + [429]
    assert AuditEntry.objects.filter(verb="pause_reading_list").count() == 1


def test_the_row_of_a_list_tells_nothing_of_its_key_and_another_key_changes_nothing(now: datetime) -> None:
    made, key = reading_lists.begin("Danh sách", now=now)

    (row,) = KeptList.objects.values()

    assert key not in str(row)
    with pytest.raises(NotYours):
        reading_lists.change(made.code, key + "x", reading_lists.named("y"), now=now)


def test_lists_that_are_over_are_removed_when_another_begins(now: datetime) -> None:
    over, _key = reading_lists.begin("a", now=now)
    later = now + reading_lists.LASTS

    made, _key = reading_lists.begin("b", now=later)

    assert list(KeptList.objects.values_list("name", flat=True)) == ["b"]
    assert reading_lists.find(over.code, now=now) is None
    assert reading_lists.find(made.code, now=later)


def test_a_list_ends_when_nobody_opens_it_and_lasts_as_long_as_somebody_does(now: datetime) -> None:
    left, _key = reading_lists.begin("a", now=now)
    opened, _key = reading_lists.begin("b", now=now)
    day = timedelta(days=1)

    assert reading_lists.find(opened.code, now=now + reading_lists.LASTS - day) is not None
    assert reading_lists.find(opened.code, now=now + reading_lists.LASTS + day) is not None
    assert reading_lists.find(left.code, now=now + reading_lists.LASTS + day) is None


def test_a_list_takes_two_hundred_works_and_each_of_them_once(now: datetime) -> None:
    made, key = reading_lists.begin("a", now=now)
    pids = [f"{number:011}" for number in range(reading_lists.ITEMS_MOST)]
    for pid in (*pids, pids[0]):
        reading_lists.change(made.code, key, reading_lists.with_item(pid), now=now)

    with pytest.raises(ListFull):
        reading_lists.change(made.code, key, reading_lists.with_item("x"), now=now)

    found = reading_lists.find(made.code, now=now)
    assert found is not None
    assert list(found.pids) == pids


def test_a_device_is_told_how_much_a_list_is_before_it_fetches_it(
    client: Client, now: datetime, tmp_path: Path
) -> None:
    item = makers.item(now=now, kind="audio")
    file = makers.file_of(item, makers.sound(tmp_path / "a.wav"), now=now)
    dated = makers.item(now=now, access=policy.of(Level.PUBLIC, closes_at=timezone.now() + timedelta(days=1)))
    code = begun(client, item, dated)

    load = client.get(f"/lists/{code}/road.json").json()

    assert load["count"] == 1
    assert [page["address"] for page in load["pages"]] == [f"/lists/{code}/", f"/items/{item.pid}/"]
    sounds = [one["choices"] for one in load["files"] if one["choices"][0]["type"].startswith("audio/")]
    assert len(sounds) == 1
    assert sounds[0][0]["address"].startswith(f"/files/{file.pid}/audio/")
    assert sounds[0] == sorted(sounds[0], key=lambda choice: choice["bytes"])
    for choice in sounds[0]:
        answer = client.get(choice["address"])
        assert len(b"".join(answer.streaming_content)) == choice["bytes"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("ending", "one"), [("ris", "TI  - "), ("bib", "@"), ("json", '"title"')])
def test_a_list_is_one_file_of_references_of_what_its_reader_may_see(
    client: Client, now: datetime, ending: str, one: str
) -> None:
    first, closed, last = (makers.item(now=now, title=title) for title in ("Một", "SECRET", "Ba"))
    code = begun(client, first, closed, last)
    Item.objects.filter(pk=closed.pk).update(
        effective_rule=makers.item(now=now, access=policy.of(Level.STAFF)).effective_rule
    )

    answer = Client().get(f"/lists/{code}/references.{ending}")

    text = answer.content.decode()
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{code}.{ending}"'
    assert f"/lists/{code}/references.{ending}" in client.get(f"/lists/{code}/").content.decode()
    assert text.count(one) == 2
    assert text.index("Một") < text.index("Ba")
    assert "SECRET" not in text
    assert closed.pid not in text
    if ending == "json":
        assert [made["title"] for made in json.loads(text)] == ["Một", "Ba"]


def test_a_list_has_no_references_in_a_format_that_takes_one_work_alone(client: Client, now: datetime) -> None:
    code = begun(client, makers.item(now=now))

    assert {client.get(f"/lists/{code}/references.{ending}").status_code for ending in ("mrc", "xml", "x")} == {404}
    assert client.get("/lists/aaaa-aaaa/references.ris").status_code == 404
