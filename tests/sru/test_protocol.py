"""SRU 1.1, 1.2 and 2.0 as their specifications have them: explain, answers, paging, packing, diagnostics."""

from __future__ import annotations

import gzip

import pytest
from django.conf import LazySettings
from django.test import Client
from lxml import etree

from archive.models import Item
from archive.search import SearchPreparing
from archive.search.following import Index
from interop.sru import contexts, found, meaning, named, records, request, schemas, terms, wire
from interop.sru.cql import CqlError
from tests.access_matrix.world import make_item
from tests.sru.asking import NEW, OLD, asked, told

pytestmark = pytest.mark.django_db
ZEEREX = "{http://explain.z3950.org/dtd/2.0/}"
SEARCH = {"version": "1.2", "operation": "searchRetrieve"}


@pytest.mark.parametrize(
    ("given", "version", "namespace"),
    [
        ({}, "2.0", NEW),
        ({"version": "2.0"}, "2.0", NEW),
        ({"version": "1.2", "operation": "explain"}, "1.2", OLD),
        ({"version": "1.1", "operation": "explain"}, "1.1", OLD),
        ({"operation": "explain"}, "1.2", OLD),
    ],
)
def test_the_server_explains_itself(
    client: Client, settings: LazySettings, given: dict[str, str], version: str, namespace: str
) -> None:
    settings.BASE_URL = "https://luutru.example.vn:8443"

    answer = told(client.get("/sru", given))  # type: ignore[arg-type]  # Django's client

    assert (answer.namespace, answer.text("version")) == (namespace, version)
    assert etree.QName(answer.root).localname == "explainResponse"
    (explain,) = answer.data[0]
    server = explain.find(f"{ZEEREX}serverInfo")
    assert server is not None
    assert [one.text for one in server] == ["luutru.example.vn", "8443", "sru"]
    assert {one.get("name") for one in explain.iter(f"{ZEEREX}schema")} == set(schemas.SCHEMAS)
    told_of = {f"{one.get('set')}.{one.text}" for one in explain.iter(f"{ZEEREX}name")}
    assert told_of == set(contexts.INDEXES)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({**SEARCH}, 7),
        ({**SEARCH, "query": " "}, 7),
        ({**SEARCH, "version": "3.0", "query": "a"}, 5),
        ({**SEARCH, "operation": "dance", "query": "a"}, 4),
        ({"version": "1.2", "operation": "scan", "scanClause": "dc.title=a"}, 4),
        ({"version": "2.0", "scanClause": "dc.title=a"}, 4),
        ({**SEARCH, "query": "a", "startRecord": "0"}, 6),
        ({**SEARCH, "query": "a", "startRecord": "x"}, 6),
        ({**SEARCH, "query": "a", "startRecord": "²"}, 6),
        ({**SEARCH, "query": "a", "maximumRecords": "-1"}, 6),
        ({**SEARCH, "query": "a", "colour": "red"}, 8),
        ({**SEARCH, "query": "a", "recordSchema": "x"}, 66),
        ({**SEARCH, "query": "a", "recordPacking": "box"}, 71),
        ({"version": "2.0", "query": "a", "recordXMLEscaping": "box"}, 71),
        ({"version": "2.0", "query": "a", "recordPacking": "xml"}, 6),
        ({"version": "2.0", "query": "a", "queryType": "pqf"}, 11),
        ({**SEARCH, "query": "a", "stylesheet": "/x.xsl"}, 110),
        ({"version": "1.1", "operation": "searchRetrieve", "query": "a", "recordXPath": "/x"}, 72),
        ({**SEARCH, "query": "nhà", "startRecord": "2"}, 61),
    ],
)
def test_faults_are_answers(client: Client, given: dict[str, str], code: int) -> None:
    make_item("Nhà rông")

    for answer in (client.get("/sru", given), client.post("/sru", given)):
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
        assert told(answer).codes == [code]  # type: ignore[arg-type]  # Django's client


def test_every_diagnostic_that_is_given_has_its_title() -> None:
    given = {
        value
        for module in (request, contexts, terms, meaning, found, records)
        for name, value in vars(module).items()
        if name.isupper()
        and isinstance(value, int)
        and value < 1000
        and not name.endswith(("MOST", "LEAST", "ONCE", "PAGE"))
    }

    assert given <= set(wire.MESSAGES)


def test_what_is_not_asked_for_is_left_alone(client: Client) -> None:
    make_item("Nhà rông")

    answer = asked(client, "nhà", **{"x-info-1": "a", "resultSetTTL": "10", "extraRequestData": "<a/>"})

    assert (answer.codes, answer.total) == ([], 1)


def test_what_no_database_can_be_asked_for_is_refused(client: Client) -> None:
    answer = client.post("/sru", {**SEARCH, "query": "dc.identifier = a\0b"})

    assert told(answer).codes == [6]  # type: ignore[arg-type]  # Django's client


def test_a_parameter_given_twice_is_refused(client: Client) -> None:
    assert told(client.get("/sru?query=a&query=b")).codes == [6]  # type: ignore[arg-type]  # Django's client


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_pages_hold_every_record_once(client: Client, count: int) -> None:
    made = [make_item(f"Nhà rông {number}").pid for number in range(count)]
    seen: list[str] = []
    start: str | None = "1"
    while start:
        answer = asked(client, "nhà", startRecord=start, maximumRecords="2")
        assert answer.total == count
        assert [one.text for one in answer.root.iter(f"{{{OLD}}}recordPosition")] == [
            str(len(seen) + number) for number in range(1, len(answer.pids) + 1)
        ]
        seen += answer.pids
        start = answer.text("nextRecordPosition")

    assert seen == made[::-1]


def test_no_more_than_a_hundred_records_come_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request, "RECORDS_MOST", 1)
    make_item("Nhà rông")
    make_item("Nhà dài")

    answer = asked(client, "nhà", maximumRecords="1000")

    assert (len(answer.data), answer.text("nextRecordPosition")) == (1, "2")
    none = asked(client, "nhà", maximumRecords="0")
    assert (none.total, none.data, none.text("nextRecordPosition")) == (2, [], "1")


@pytest.mark.parametrize(
    "schema", [one for each in schemas.SCHEMAS.values() for one in (each.name, each.identifier, *each.others)]
)
def test_a_schema_is_known_by_each_of_its_names(schema: str) -> None:
    known = schemas.find(schema)

    assert known is not None
    assert schema in {known.name, known.identifier, *known.others}


@pytest.mark.parametrize(
    ("version", "packing"), [("1.1", "recordPacking"), ("1.2", "recordPacking"), ("2.0", "recordXMLEscaping")]
)
@pytest.mark.parametrize("schema", list(schemas.SCHEMAS))
def test_records_come_as_xml_or_as_text(client: Client, version: str, packing: str, schema: str) -> None:
    make_item('Nhà "rông" <&>')

    plain = asked(client, "nhà", version=version, recordSchema=schema)
    packed = asked(client, "nhà", version=version, recordSchema=schema, **{packing: "string"})

    (record,) = plain.data[0]
    unpacked = etree.fromstring((packed.data[0].text or "").encode())
    assert canonical(unpacked) == canonical(record)
    assert [one.text for one in packed.root.iter(f"{{{packed.namespace}}}{packing}")] == ["string", "string"]
    assert len(list(plain.root.iter(f"{{{plain.namespace}}}recordIdentifier"))) == (version != "1.1")


def canonical(element: etree._Element) -> bytes:
    written: bytes = etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
    return written


def test_a_request_is_echoed(client: Client) -> None:
    answer = asked(client, "nhà and <b>", startRecord="1", recordSchema="dc")
    echoed = answer.root.find(f"{{{OLD}}}echoedSearchRetrieveRequest")

    assert echoed is not None
    assert [(etree.QName(one).localname, one.text) for one in echoed] == [
        ("version", "1.2"),
        ("query", "nhà and <b>"),
        ("startRecord", "1"),
        ("recordSchema", "dc"),
    ]


def test_words_may_be_asked_without_cql(client: Client) -> None:
    make_item("Nhà rông")

    assert asked(client, 'rông "nhà', version="2.0", queryType="searchTerms").total == 1


def test_sort_keys_of_1_1_are_followed(client: Client) -> None:
    last, first = make_item("Nhà sàn").pid, make_item("Nhà dài").pid

    assert asked(client, "nhà", version="1.1", sortKeys="dc.title,,1").pids == [first, last]
    assert asked(client, "nhà", version="1.1", sortKeys="title,,0").pids == [last, first]


def test_answers_are_compressed_for_who_takes_it(client: Client) -> None:
    plain, packed = (client.get("/sru", headers={"Accept-Encoding": one}) for one in ("gzip;q=0", "gzip"))

    assert gzip.decompress(packed.content) == plain.content
    assert (packed["Content-Encoding"], packed["Cache-Control"]) == ("gzip", "private, no-store")


def test_an_index_that_is_being_made_is_a_reason_to_come_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_self: Index) -> None:
        raise SearchPreparing(7)

    monkeypatch.setattr(Index, "opened", opened)

    answer = client.get("/sru?query=a")

    assert (answer.status_code, answer["Retry-After"]) == (503, "7")
    assert told(answer).codes == [2]  # type: ignore[arg-type]  # Django's client


def test_nothing_else_is_done_with_the_address(client: Client) -> None:
    assert client.put("/sru").status_code == 405
    assert client.head("/sru").status_code == 200


def test_an_item_that_was_closed_is_gone_with_the_next_question(client: Client) -> None:
    item = make_item("Nhà rông")
    assert asked(client, "nhà").total == 1

    Item.objects.filter(pk=item.pk).delete()

    assert asked(client, "nhà").total == 0


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ("9786041000017", ("978", "604", "1", "00001", "7")),
        ("9786041000017", ("978", "604", "10000", "1", "7")),
        ("080442957x", ("0", "8044", "2957", "x")),
        ("03785955", ("0378", "5955")),
    ],
)
def test_an_isbn_is_found_however_its_hyphens_part_it(plain: str, written: tuple[str, ...]) -> None:
    assert written in set(named.ways_of_isbn(plain))
    assert all("".join(one) == plain for one in named.ways_of_isbn(plain))


@pytest.mark.parametrize(("raw", "plain"), [(r"\*", "*"), (r"a\^b", "a^b"), (r"\\x", r"\x")])
def test_a_backslash_takes_the_meaning_of_a_mask_away(raw: str, plain: str) -> None:
    term = terms.read(raw)

    assert (term.plain, term.is_masked, term.is_anchored) == (plain, False, False)


def test_masks_stick_to_their_words() -> None:
    assert [word.folded for word in terms.read('Kon-tu? "làng*').words] == ["kon", "tu?", "lang*"]
    with pytest.raises(CqlError):
        terms.read("^")
