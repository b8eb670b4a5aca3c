"""OAI-PMH 2.0 as the specification has it: verbs, arguments, errors, tokens, sets, deletions."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from access import policy
from archive.actions.choose_access import choose_file_access, choose_item_access
from archive.actions.move_item import move_item
from archive.languages import of
from archive.models import Agent, Collection, Item, ItemAgent, ItemRelation, People
from interop.oai import listing, preparing, request, tokens, triggers
from interop.oai.formats import FORMATS
from interop.oai.models import HarvestBody, HarvestMembership, HarvestRecord, HarvestWaiting
from interop.oai.preparing import OTHERS_FROM
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master
from tests.oai.harvesters import NAMESPACE, OAI, Harvester, asked, error_of, pid_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
LIST = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


def pids(root: etree._Element) -> list[str]:
    return [pid_of(header) for header in root.iter(f"{OAI}header")]


def specs(root: etree._Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{OAI}setSpec")]


def harvested(client: Client, **arguments: str) -> Harvester:
    partner = Harvester(client)
    list(partner.pages(**arguments))
    return partner


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "listRecords"}, "badVerb"),
        ({"verb": "Identify", "set": "x"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({**LIST, "from": "2026-1-1"}, "badArgument"),
        ({**LIST, "from": "2026-02-30"}, "badArgument"),
        ({**LIST, "from": "2026-02-01", "until": "2026-01-01"}, "badArgument"),
        ({**LIST, "from": "2026-02-01", "until": "2026-03-01T00:00:00Z"}, "badArgument"),
        ({**LIST, "resumptionToken": "x"}, "badArgument"),
        ({**LIST, "set": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "x"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": 'x\x01<&"'}, "idDoesNotExist"),
        ({**LIST, "until": "1999-01-01"}, "noRecordsMatch"),
        ({**LIST, "from": "9999-12-31"}, "noRecordsMatch"),
        ({**LIST, "set": "kind:nothing"}, "noRecordsMatch"),
    ],
)
def test_errors_are_answers_of_the_protocol(client: Client, arguments: dict[str, str], code: str) -> None:
    make_item("Nhà rông")

    for answer in (client.get("/oai", arguments), client.post("/oai", arguments)):
        root = etree.fromstring(answer.content)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")
        assert error_of(root) == code
        repeated = root.find(f"{OAI}request").attrib  # type: ignore[union-attr]  # always there
        assert bool(repeated) == (code not in {"badVerb", "badArgument"})


def test_an_argument_given_twice_is_refused(client: Client) -> None:
    assert error_of(etree.fromstring(client.get("/oai?verb=Identify&verb=Identify").content)) == "badVerb"
    twice = client.get("/oai?verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=edm")
    assert error_of(etree.fromstring(twice.content)) == "badArgument"


def test_nothing_else_is_done_with_the_address(client: Client) -> None:
    assert client.put("/oai").status_code == 405
    assert client.head("/oai?verb=Identify").status_code == 200


def test_identify_tells_what_the_repository_keeps(client: Client, settings: LazySettings) -> None:
    settings.OAI_FRIENDS = ["https://tulieu.example.vn/oai"]
    make_item("Nhà rông", published_at=NOW)

    told = asked(client, verb="Identify").find(f"{OAI}Identify")

    assert told is not None
    assert told.findtext(f"{OAI}earliestDatestamp") == "2026-07-01T03:00:00Z"
    assert told.findtext(f"{OAI}deletedRecord") == "persistent"
    assert told.findtext(f"{OAI}granularity") == "YYYY-MM-DDThh:mm:ssZ"
    assert [
        one.text for one in told.iter("{http://www.openarchives.org/OAI/2.0/friends/}baseURL")
    ] == settings.OAI_FRIENDS


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 9])
def test_pages_hold_every_record_once_and_say_how_many_there_are(
    client: Client, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 4)
    made = [make_item(f"Nhà rông {number}").pid for number in range(count)]
    partner = Harvester(client)

    pages = list(partner.pages())

    assert sorted(partner.told) == sorted(made)
    marks = [token for page in pages for token in page.iter(f"{OAI}resumptionToken")]
    assert [(mark.get("completeListSize"), mark.get("cursor")) for mark in marks] == (
        [(str(count), str(start)) for start in range(0, count, 4)] if count > 4 else []
    )
    assert [bool(mark.text) for mark in marks] == [True] * (len(marks) - 1) + [False] * bool(marks)


def test_a_token_lives_for_days_and_is_nobody_elses(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "RECORDS_A_PAGE", 1)
    make_item("Một"), make_item("Hai")
    first = asked(client, verb="ListRecords", metadataPrefix="oai_dc")
    token = first.findtext(f".//{OAI}resumptionToken") or ""
    place = tokens.read(token, verb="ListRecords", now_s=0)

    assert place.expires_s - datetime.now(UTC).timestamp() > 9 * 86_400
    assert error_of(asked(client, verb="ListIdentifiers", resumptionToken=token)) == "badResumptionToken"
    assert error_of(asked(client, verb="ListRecords", resumptionToken=token[:-1] + "x")) == "badResumptionToken"
    with pytest.raises(tokens.BadToken):
        tokens.read(token, verb="ListRecords", now_s=place.expires_s)


def test_what_is_closed_is_deleted_since_that_moment_and_nothing_of_it_is_kept(client: Client) -> None:
    item = make_item("Nhà rông", published_at=NOW)
    partner = harvested(client)

    choose_item_access(item, policy.STAFF, actor=None, now=datetime.now(UTC))
    list(partner.pages(from_=partner.began))

    assert (partner.kept, partner.deleted) == ({}, {item.pid})
    record = HarvestRecord.objects.get(pid=item.pid)
    assert (record.sets, record.digest) == ("", "")
    assert not HarvestBody.objects.exists()
    assert not HarvestMembership.objects.exists()
    one = asked(client, verb="GetRecord", metadataPrefix="marcxml", identifier=f"oai:{NAMESPACE}:{item.pid}")
    assert [header.get("status") for header in one.iter(f"{OAI}header")] == ["deleted"]


def test_what_never_was_open_leaves_no_trace(client: Client) -> None:
    hidden = [
        make_item("Kín", access=policy.REGISTERED),
        make_item("Nháp", state="draft"),
        make_item("Rút", access=policy.STAFF),
    ]
    move_item(hidden[2], "withdrawn", actor=None, now=NOW)

    partner = harvested(client)

    assert partner.told == []
    assert not HarvestRecord.objects.exists()
    for item in hidden:
        one = asked(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=f"oai:{NAMESPACE}:{item.pid}")
        assert error_of(one) == "idDoesNotExist"


def test_what_is_kept_ready_is_not_served_once_it_is_closed_even_if_nobody_looked_since(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = make_item("Nhà rông bí mật")
    harvested(client)
    assert HarvestBody.objects.exists()

    choose_item_access(item, policy.NOBODY, actor=None, now=NOW)
    HarvestWaiting.objects.all().delete()
    monkeypatch.setattr(preparing, "prepare", lambda *_args, **_more: 0)
    monkeypatch.setattr(preparing, "settle", lambda *_args, **_more: None)

    for prefix in FORMATS:
        answers = (
            client.get("/oai", {"verb": "ListRecords", "metadataPrefix": prefix}).content.decode(),
            client.get(
                "/oai", {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": f"oai:{NAMESPACE}:{item.pid}"}
            ).content.decode(),
            client.get("/oai", {"verb": "ListIdentifiers", "metadataPrefix": prefix}).content.decode(),
        )
        assert all("bí mật" not in answer and "setSpec" not in answer for answer in answers)
        assert all('status="deleted"' in answer for answer in answers)
    assert specs(asked(client, verb="ListSets")) == []


def test_a_record_that_waits_is_made_on_the_spot(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    item, agent = (
        make_item("Kể khan"),
        Agent.objects.create(slug="a-nhar", names=of(vi="A Nhar"), shown_as=of(vi="một nghệ nhân")),
    )
    ItemAgent.objects.create(item=item, agent=agent, role="nrt")
    assert "A Nhar" in harvested(client).kept[item.pid]

    Agent.objects.filter(pk=agent.pk).update(name_is_withheld=True)
    monkeypatch.setattr(preparing, "prepare", lambda *_args, **_more: 0)
    monkeypatch.setattr(preparing, "settle", lambda *_args, **_more: None)

    kept = harvested(client).kept[item.pid]
    assert "A Nhar" not in kept
    assert "một nghệ nhân" in kept


def test_a_tie_to_what_was_closed_is_told_no_more(client: Client) -> None:
    item, other = make_item("Nhà rông"), make_item("Lời khấn")
    ItemRelation.objects.create(item=item, other=other, kind="related")
    assert other.pid in harvested(client).kept[item.pid]

    choose_item_access(other, policy.STAFF, actor=None, now=NOW)

    assert other.pid not in harvested(client).kept[item.pid]


def test_a_file_that_is_closed_is_told_no_more(client: Client, tmp_path: object) -> None:
    from pathlib import Path  # noqa: PLC0415

    folder = Path(str(tmp_path))
    item, master = make_item("Nhà rông"), store_master(b"jpeg", folder)
    publish(master, folder, Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 480, "height": 320}))
    file = add_file(item, master)
    address = f"/files/{file.pid}/"
    assert address in client.get("/oai", {"verb": "ListRecords", "metadataPrefix": "edm"}).content.decode()

    choose_file_access(file, policy.REGISTERED, actor=None, now=NOW)

    assert address not in client.get("/oai", {"verb": "ListRecords", "metadataPrefix": "edm"}).content.decode()


def test_sets_are_what_can_be_seen_and_hold_what_is_below_them(client: Client) -> None:
    above = People.objects.create(slug="xo-dang", names=of(vi="Xơ Đăng", en="Sedang"))
    branch = People.objects.create(slug="ha-lang", names=of(vi="Hà Lăng"), parent=above)
    hidden = Collection.objects.create(slug="kin", names=of(vi="Kín"))
    item, closed = make_item("Nhà rông", languages=["hal"]), make_item("Kín", access=policy.STAFF)
    item.peoples.add(branch)
    closed.collections.add(hidden)

    listed = asked(client, verb="ListSets")

    assert specs(listed) == ["kind:image", "language:hal", "people:xo-dang", "people:xo-dang:ha-lang"]
    names = dict(zip(specs(listed), [one.text for one in listed.iter(f"{OAI}setName")], strict=True))
    assert "Xơ Đăng" in str(names["people:xo-dang"])
    assert harvested(client, set="people:xo-dang").told == [item.pid]
    assert harvested(client, set="people:ha-lang").told == []


def test_a_harvest_of_a_set_hears_of_deletions_and_not_where_they_stood(client: Client) -> None:
    people = [People.objects.create(slug=slug, names=of(vi=slug)) for slug in ("ba-na", "brau")]
    items = [make_item("Một"), make_item("Hai")]
    for item, one in zip(items, people, strict=True):
        item.peoples.add(one)
    partner = harvested(client, set="people:ba-na")
    assert set(partner.kept) == {items[0].pid}

    extra = make_item("Ba")
    extra.peoples.add(people[0])
    for item in items:
        choose_item_access(item, policy.STAFF, actor=None, now=NOW)
    answer = asked(client, verb="ListRecords", metadataPrefix="oai_dc", set="people:ba-na")

    assert set(pids(answer)) == {*(item.pid for item in items), extra.pid}
    assert set(specs(answer)) == {"people:ba-na", "kind:image"}


def test_an_incremental_harvest_holds_only_what_changed(client: Client) -> None:
    before, changed = make_item("Cũ", published_at=NOW), make_item("Mới", published_at=NOW)
    began = harvested(client).began

    Item.objects.filter(pk=changed.pk).update(titles=of(vi="Mới hơn"), modified_at=NOW + timedelta(seconds=1))

    assert harvested(client, from_=began).told == [changed.pid]
    assert harvested(client, until="2026-07-01").told == [before.pid]


def test_a_change_that_no_record_tells_is_no_news(client: Client) -> None:
    item = make_item("Nhà rông", published_at=NOW)
    harvested(client)
    stamp = HarvestRecord.objects.get(pid=item.pid).changed_s

    Item.objects.filter(pk=item.pk).update(sensitivity_note="chỉ cho nhân viên")
    harvested(client)

    assert HarvestRecord.objects.get(pid=item.pid).changed_s == stamp
    assert not HarvestWaiting.objects.exists()


def test_compression_is_for_those_who_take_it(client: Client) -> None:
    make_item("Nhà rông")
    address = "/oai?verb=ListRecords&metadataPrefix=oai_dc"

    packed = client.get(address, headers={"Accept-Encoding": "gzip, deflate"})
    plain = client.get(address, headers={"Accept-Encoding": "gzip;q=0"})

    assert (packed["Content-Encoding"], packed["Vary"].split(",")[0]) == ("gzip", "Accept-Encoding")
    assert not plain.has_header("Content-Encoding")
    assert gzip.decompress(packed.content)[-30:] == plain.content[-30:]


def test_a_page_costs_the_same_queries_however_many_records_it_has(client: Client) -> None:
    counts = []
    for _round in range(2):
        for number in range(5):
            make_item(f"Nhà rông {number}")
        harvested(client)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            asked(client, verb="ListRecords", metadataPrefix="marcxml")
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 20


def test_every_trigger_is_there(client: Client) -> None:
    assert triggers.missing() == []


def test_looking_at_everything_brings_back_what_was_lost(client: Client) -> None:
    kept, gone = make_item("Còn"), make_item("Mất")
    harvested(client)
    HarvestBody.objects.all().delete()
    Item.objects.filter(pk=gone.pk).delete()
    HarvestWaiting.objects.all().delete()

    triggers.look_at_everything()
    partner = harvested(client)

    assert set(partner.kept) == {kept.pid}
    assert HarvestBody.objects.filter(format__lt=OTHERS_FROM).count() == len(FORMATS)


def test_requests_are_read_without_a_database() -> None:
    read = request.read(
        {"verb": ["ListRecords"], "metadataPrefix": ["oai_dc"], "from": ["2026-01-01"], "until": ["2026-01-01"]}
    )

    assert read.until_s is not None
    assert read.from_s is not None
    assert read.until_s - read.from_s == 86_399
