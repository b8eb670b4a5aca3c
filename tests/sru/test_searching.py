"""What queries find: the indexes, relations, masks and booleans of CQL against a small archive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from archive.languages import of
from archive.models import Agent, Collection, Item, ItemAgent, People, RightsStatement, Subject
from tests.access_matrix.world import make_item
from tests.sru.asking import asked

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def archive() -> dict[str, Item]:
    """Three items that everybody may see, by a short name, and one that nobody may."""
    bahnar = People.objects.create(slug="ba-na", names=of(vi="Ba Na", en="Bahnar"))
    xodang = People.objects.create(slug="xo-dang", names=of(vi="Xơ Đăng"))
    gongs = Subject.objects.create(slug="cong-chieng", names=of(vi="Cồng chiêng", en="Gongs"))
    house = Collection.objects.create(slug="nha-rong", names=of(vi="Ảnh nhà rông"))
    free = RightsStatement.objects.create(slug="free", uri="https://example.org/free", names=of(en="No copyright"))
    items = {
        "house": make_item(
            "Nhà rông làng Kon Klor",
            descriptions=of(vi="Mái cao dựng năm trước"),
            languages=["vi"],
            date_edtf="2012",
            other_identifiers=[{"scheme": "isbn", "value": "978-604-1-00001-7"}],
        ),
        "gong": make_item(
            "Cồng chiêng Tây Nguyên", kind="audio", languages=["bdq"], date_edtf="1998-05", identifier="AM 12/3"
        ),
        "rong": make_item("Nhạc rông", kind="video", languages=["bdq", "vi"]),
        "secret": make_item("Nhà rông kín", state="draft", languages=["vi"], date_edtf="2012"),
    }
    items["house"].peoples.add(bahnar)
    items["gong"].peoples.add(xodang)
    items["secret"].peoples.add(xodang)
    items["gong"].subjects.add(gongs)
    items["secret"].subjects.add(gongs)
    items["house"].collections.add(house)
    Item.objects.filter(pk__in=[items["house"].pk, items["secret"].pk]).update(rights=free)
    artist = Agent.objects.create(slug="a-lun", kind="person", names=of(vi="A Lưn"))
    team = Agent.objects.create(slug="doan", kind="body", names=of(vi="Đoàn nghệ thuật"))
    for name, agent, role in (
        ("gong", artist, "cre"),
        ("secret", artist, "cre"),
        ("rong", team, "mus"),
        ("gong", team, "pbl"),
    ):
        ItemAgent.objects.create(item=items[name], agent=agent, role=role)
    return items


def names(client: Client, archive: dict[str, Item], query: str, **more: str) -> str:
    """Return the short names of what is found, in order; the total must be as many."""
    answer = asked(client, query, **more)
    assert answer.codes == [], query
    by_pid = {item.pid: name for name, item in archive.items()}
    found = [by_pid[pid] for pid in answer.pids]
    assert answer.total == len(found)
    return " ".join(found if "sortBy" in query else sorted(found))


FINDS = (
    ("cql.allRecords=1", "gong house rong"),
    ("rong", "house rong"),
    ("rông", "house rong"),
    ('"nhà rông"', "house"),
    ("konklor", "house"),
    ('cql.anywhere all "kon tây"', ""),
    ('cql.anywhere any "kon tây"', "gong house"),
    ('dc.title adj "rông làng"', "house"),
    ('dc.title adj "làng rông"', ""),
    ('dc.title == "Nhạc rông"', "rong"),
    ('dc.title exact "rông"', ""),
    ('dc.title = "^nhạc"', "rong"),
    ('dc.title = "rông^"', "rong"),
    ("dc.title = mái", ""),
    ("dc.description = mái", "house"),
    ("cql.serverChoice <> rông", "gong"),
    ("dc.title = chi*", "gong"),
    ("dc.title = kl?r", "house"),
    ("dc.title = kl??r", ""),
    ('dc.title = "nh?"', "house"),
    ("rong not nhà", "rong"),
    ("chieng or klor", "gong house"),
    ("chieng and klor", ""),
    ("rong and (klor or chieng)", "house"),
    ("cql.allRecords=1 not rong", "gong"),
    ("dc.title any/respectAccents nha", ""),
    ("dc.title any/respectAccents nhà", "house"),
    ("dc.subject = gongs", "gong"),
    ('dc.subject == "cồng chiêng"', "gong"),
    ("dc.subject = bahnar", "house"),
    ("bath.topicalSubject = bahnar", ""),
    ("dc.relation = ảnh", "house"),
    ("dc.creator = lưn", "gong"),
    ("bath.personalName = lun", "gong"),
    ("bath.personalName = đoàn", ""),
    ('bath.name any "doan lun"', "gong rong"),
    ("dc.contributor = doan", "rong"),
    ("dc.publisher = doan", "gong"),
    ("dc.rights = copyright", "house"),
    ('dc.rights = "https://example.org/free"', "house"),
    ("dc.type = Sound", "gong"),
    ('dc.type any "sound movingimage"', "gong rong"),
    ("dc.language = vie", "house rong"),
    ('dc.language all "vi bdq"', "rong"),
    ("dc.date = 2012", "house"),
    ("dc.date < 2012", "gong"),
    ("dc.date > 1998-05", "house"),
    ("dc.date >= 1998-05-31", "gong house"),
    ('dc.date within "1990 2000"', "gong"),
    ("dc.date <> 2012", "gong"),
    ('dc.identifier = "AM 12/3"', "gong"),
    ("bath.isbn = 9786041000017", "house"),
    ('bath.isbn = "978-604-1-00001-7"', "house"),
    ("bath.issn = 9786041000017", ""),
    ("dc.identifier = 9786041000017", "house"),
    ('> d = "info:srw/cql-context-set/1/dc-v1.1" d.title = nhạc', "rong"),
    ("title = nhạc", "rong"),
    ("rong sortBy dc.title", "house rong"),
    ("rong sortBy dc.title/sort.descending", "rong house"),
    ("cql.allRecords=1 sortBy dc.date", "gong house rong"),
    ("cql.allRecords=1 sortBy dc.date/sort.descending", "house gong rong"),
    ("cql.allRecords=1 sortBy rec.creationDate/sort.descending", "rong gong house"),
    ("cql.allRecords=1 sortBy rec.creationDate", "house gong rong"),
)


def test_queries_find_what_they_say(client: Client, archive: dict[str, Item]) -> None:
    assert [(query, names(client, archive, query)) for query, _expected in FINDS] == list(FINDS)


def test_an_item_is_found_by_each_form_of_its_identifier(client: Client, archive: dict[str, Item]) -> None:
    pid = archive["rong"].pid

    for form in (pid, f"http://testserver/items/{pid}/", f"ark:/99999/{pid}"):
        assert names(client, archive, f'rec.identifier = "{form}"') == "rong", form
    assert names(client, archive, f"rec.identifier = {archive['secret'].pid}") == ""


def test_a_name_that_must_not_be_spoken_is_found_by_what_stands_instead(
    client: Client, archive: dict[str, Item]
) -> None:
    Agent.objects.filter(slug="a-lun").update(name_is_withheld=True, shown_as=of(vi="một nghệ nhân"))

    assert names(client, archive, "bath.name = lun") == ""
    assert names(client, archive, 'dc.creator = "nghệ nhân"') == "gong"


REFUSED = (
    ("((", 10),
    ("no.suchindex = x", 16),
    ("dc.nothing = x", 16),
    ("rec.creationDate = 2020", 16),
    ('> n = "info:nobody" n.title = x', 15),
    ("dc.title near x", 19),
    ("dc.title < x", 22),
    ("cql.serverChoice == x", 22),
    ("dc.title =/stem x", 20),
    ("dc.subject =/respectAccents x", 20),
    ('dc.title = ""', 27),
    ("dc.title == rô*", 28),
    ("dc.title = r*", 29),
    ("dc.title = *ong", 49),
    ("dc.subject = ^rong", 31),
    ("dc.title = ro^ng", 32),
    ("dc.date = soon", 36),
    ("dc.date within 1990", 36),
    ("a prox b", 39),
    ("a and/rel.combine=sum b", 46),
    ("a sortBy dc.subject", 88),
    ("a sortBy dc.title dc.date", 84),
    ("a sortBy dc.title/sort.missingFail", 82),
    ("dc.title = " + '"' + "a " * 31 + '"', 23),
)


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_what_is_not_understood_is_a_diagnostic(client: Client, version: str) -> None:
    answers = [(query, asked(client, query, version=version)) for query, _code in REFUSED]

    assert [(query, *answer.codes) for query, answer in answers] == list(REFUSED)
    assert {answer.total for _query, answer in answers} == {0}
