"""The full description on the page of an item: each field with its label, each text in its language, nothing empty, nothing untold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from access import policy
from archive.languages import of
from archive.models import (
    Agent,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    ItemRelation,
    People,
    Place,
    PlaceName,
    PlaceParent,
    PlaceSuccession,
    RightsStatement,
)
from tests.access_matrix.world import add_file, make_item, store_master

pytestmark = pytest.mark.django_db
LAST, FIRST = "2025-06-30", "2025-07-01"


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-encoding": ""})


def page_of(client: Client, item: Item, prefix: str = "") -> str:
    response = client.get(f"{prefix}/items/{item.pid}/")
    assert response.status_code == 200
    return response.content.decode()


def facts_of(client: Client, item: Item, prefix: str = "") -> dict[str, str]:
    """Return the entries beside the work: what stands under each label, as HTML."""
    (beside,) = re.findall(r'<dl class="facts">.*?</dl>', page_of(client, item, prefix), re.DOTALL)
    found = re.findall(r"<dt>([^<]*)</dt><dd[^>]*>(.*?)</dd>", beside, re.DOTALL)
    return {label: re.sub(r"\s*\n\s*", "", told) for label, told in found}


def words(told: str) -> str:
    return re.sub(r"<[^>]+>", "", told).replace("\xa0", " ")


def place(slug: str, kind: str, name: str, **more: object) -> Place:
    made = Place.objects.create(slug=slug, kind=kind, **more)
    PlaceName.objects.create(place=made, text=name)
    return made


def lies_in(child: Place, parent: Place, **days: str) -> None:
    PlaceParent.objects.create(child=child, parent=parent, **days)


def test_every_text_of_an_item_stands_under_its_label(client: Client) -> None:
    item = make_item(
        "Sổ ghi",
        alternative_titles=of(fr="Carnet", vi="Sổ tay cũ"),
        extents=of(vi="32 trang", en="32 pages"),
        mediums=of(vi="giấy dó", en="handmade paper"),
        provenances=of(vi="Gia đình gửi giữ"),
        sources=of(vi="Chép từ bản gốc"),
        orthography_notes=of(vi="Chính tả của người kể"),
        rights_holders=of(vi="Làng Teng"),
        contents=of(vi="Chương một\nChương hai", en="Two chapters"),
        other_identifiers=[{"scheme": "isbn", "value": "978-604-0-00000-0"}, {"scheme": "Kho", "value": "ĐC 12"}],
    )

    facts = facts_of(client, item, "/en")

    assert (
        facts["Other titles"]
        == '<ul><li><span lang="fr">Carnet</span></li><li><span lang="vi">Sổ tay cũ</span></li></ul>'
    )
    assert (facts["Extent"], facts["Medium"]) == ("32 pages", "handmade paper")
    assert facts["History of keeping"] == '<span lang="vi">Gia đình gửi giữ</span>'
    assert words(facts["Source"] + facts["Note on spelling"]) == "Chép từ bản gốcChính tả của người kể"
    assert words(facts["Holder of the rights"]) == "Làng Teng"
    assert facts["Identifier"] == "<ul><li>ISBN 978-604-0-00000-0</li><li>Kho ĐC 12</li></ul>"
    assert '<h2>Contents</h2><p class="prose">Two chapters</p>' in page_of(client, item, "/en")
    assert "Chương một<br>Chương hai" in page_of(client, item)


def test_what_is_not_known_has_no_label(client: Client) -> None:
    page = page_of(client, make_item("Ghè"), "/en")

    assert list(facts_of(client, make_item("Gùi"), "/en")) == ["Kind", "Lasting address"]
    assert "<h2>Contents" not in page
    assert "Together with it" not in page


def test_a_text_in_a_peoples_language_is_shown_to_every_reader_beside_the_one_in_theirs(client: Client) -> None:
    item = make_item("Hơmon", template="epic", own_values={"incipit": of(bdq="Pơlei", vi="Làng", en="Village")})

    assert facts_of(client, item)["Câu mở đầu"] == '<ul><li><span lang="bdq">Pơlei</span></li><li>Làng</li></ul>'
    english = facts_of(client, item, "/en")["First line (incipit)"]
    assert english == '<ul><li><span lang="bdq">Pơlei</span></li><li>Village</li></ul>'


def test_fields_of_its_own_are_told_as_people_say_them(client: Client) -> None:
    gong = make_item(
        "Chiêng", kind="audio", template="gong_recording", own_values={"bossed_gongs": 3, "outside_occasion": "ask"}
    )
    talk = make_item(
        "Kể chuyện", kind="audio", template="oral_history",
        own_values={"question_language": "bdq", "time_told_of": "1975~", "unheard_of": "SECRET"},
    )  # fmt: skip
    cloth = make_item("Váy", template="textile", own_values={"length_cm": 120.5})

    assert words(facts_of(client, gong, "/en")["Bossed gongs"]) == "3 gongs"
    assert facts_of(client, gong, "/en")["Played outside its occasion"] == "the village is to be asked"
    assert facts_of(client, talk, "/en")["Language of the questions"] == "Bahnar"
    assert facts_of(client, talk, "/en")["Time told of"] == "About 1975"
    assert words(facts_of(client, cloth)["Chiều dài"]) == "120,5 cm"
    assert "SECRET" not in page_of(client, talk)
    assert words(facts_of(client, gong, "/en")["Kind"]) == "Sound recording · Gong recording"


def test_a_kind_that_is_called_as_its_template_is_told_once(client: Client) -> None:
    book = make_item("Chuyện Giông", kind="ebook", template="ebook")

    assert words(facts_of(client, book)["Loại hình"]) == "Sách điện tử"
    assert words(facts_of(client, book, "/en")["Kind"]) == "E-book"


def test_dates_are_told_as_they_were_written_and_to_other_readers_in_their_own_words_too(client: Client) -> None:
    item = make_item(
        "Băng", date_edtf="1975~", date_as_written="khoảng năm 1975", issued_edtf="2003", period_as_written="thời Pháp"
    )

    vietnamese, english = facts_of(client, item), facts_of(client, item, "/en")

    assert vietnamese["Thời gian"] == "khoảng năm 1975"
    assert english["Date"] == 'About 1975 (<span class="quiet" lang="und">khoảng năm 1975</span>)'
    assert english["Published"] == "2003"
    assert english["Time that it is about"] == "thời Pháp"


@pytest.mark.parametrize(("slug", "is_linked"), [("cc-by-4", True), ("in-copyright", True), ("folklore", False)])
def test_rights_are_told_in_plain_words_and_linked_only_where_the_address_leads_somewhere(
    client: Client, slug: str, is_linked: bool
) -> None:
    statement = RightsStatement.objects.get(slug=slug)
    RightsStatement.objects.filter(pk=statement.pk).update(notes=of(en="What it means"))
    item = make_item("Dân ca", rights_uri=statement.uri, rights_note="SECRET", origin_statements=of(vi="Người Hrê"))

    told = facts_of(client, item, "/en")["Rights"]

    assert next(one["value"] for one in statement.names if one["lang"] == "en") in told
    assert "What it means" in told
    assert (f'<a href="{statement.uri}" rel="license">' in told) == is_linked
    assert ("<a " in told) == is_linked
    assert "tag:" not in page_of(client, item)
    assert "SECRET" not in page_of(client, item)


def test_an_agent_is_told_with_the_years_of_their_life_and_one_who_must_not_be_named_without(client: Client) -> None:
    item = make_item("Hơmon")
    for slug, more in (
        ("a-nghe-nhan", {"born_edtf": "1930", "died_edtf": "2010~"}),
        (
            "secret",
            {"born_edtf": "1931", "name_is_withheld": True, "shown_as": of(vi="một nghệ nhân", en="an artisan")},
        ),
        ("secret-2", {"died_edtf": "1932", "name_is_withheld": True}),
    ):
        agent = Agent.objects.create(slug=slug, names=of(vi=f"Tên {slug}"), kind="person", **more)
        ItemAgent.objects.create(item=item, agent=agent, role="nrt")

    told = words(facts_of(client, item, "/en")["Narrator"])

    assert told == "Tên a-nghe-nhan (1930–about 2010)an artisanname not spoken by custom"
    assert "secret" not in page_of(client, item)


def test_a_branch_is_told_with_the_people_that_it_is_a_branch_of(client: Client) -> None:
    item = make_item("Hơmon")
    people = People.objects.create(slug="ba-na", names=of(vi="Ba Na"))
    item.peoples.add(People.objects.create(slug="ro-ngao", names=of(vi="Rơ Ngao"), parent=people))

    assert words(facts_of(client, item)["Dân tộc"]) == "Rơ Ngao (nhánh của Ba Na)"


def test_the_number_of_a_page_is_told_with_its_picture_and_in_the_strip(client: Client, tmp_path: Path) -> None:
    item = make_item("Sổ")
    for number, label in enumerate(("iv", "")):
        file = add_file(
            item, store_master(f"page {number}".encode(), tmp_path), captions=of(vi="Mặt trong") if label else ()
        )
        ItemFile.objects.filter(pk=file.pk).update(label=label, position=number)

    page = page_of(client, item)

    assert "<figcaption>iv · " in page
    assert '<span class="label">iv · <span>Mặt trong</span></span>' in page
    assert '<span class="label">Tệp 2</span>' in page


class TestPlaces:
    """Both sides of 1 July 2025."""

    @pytest.fixture(autouse=True)
    def units(self, db: None) -> None:
        self.village = place("dak-rang", "village", "Làng Đăk Răng")
        self.old = place("xa-dak-duc", "commune", "Xã Đăk Dục", valid_to=LAST)
        self.new = place("xa-duc-nong", "commune", "Xã Dục Nông", valid_from=FIRST)
        district = place("ngoc-hoi", "district", "Huyện Ngọc Hồi", valid_to=LAST)
        before = place("kon-tum", "province", "Tỉnh Kon Tum", valid_to=LAST)
        self.now = place("quang-ngai", "province", "Tỉnh Quảng Ngãi", valid_from=FIRST)
        for child, parent in ((self.village, self.old), (self.old, district), (district, before)):
            lies_in(child, parent, valid_to=LAST)
        for child, parent in ((self.village, self.new), (self.new, self.now)):
            lies_in(child, parent, valid_from=FIRST)
        PlaceSuccession.objects.create(before=self.old, after=self.new, on_date=FIRST)

    def told(self, client: Client, where: Place, prefix: str = "", **more: str) -> str:
        item = make_item("Đinh tút", date_edtf="2018~")
        ItemPlace.objects.create(item=item, place=where, **more)
        return facts_of(client, item, prefix)["Place" if prefix else "Địa danh"]

    def test_a_place_is_told_where_it_lies_today_and_where_it_lay_before(self, client: Client) -> None:
        both = "Xã Dục Nông, tỉnh Quảng Ngãi (trước 01/7/2025: xã Đăk Dục, huyện Ngọc Hồi, tỉnh Kon Tum)"

        assert words(self.told(client, self.new)) == both
        assert words(self.told(client, self.old)) == both
        assert words(self.told(client, self.village)) == f"Làng Đăk Răng, x{both[1:]}"

    def test_names_of_places_say_on_an_english_page_that_they_are_vietnamese(self, client: Client) -> None:
        told = self.told(client, self.old, "/en")

        assert '<span lang="vi">Xã Dục Nông</span>' in told
        assert '<a href="/en/places/xa-dak-duc/" lang="vi">xã Đăk Dục</a>' in told
        assert "(before 1 July 2025: " in words(told)

    def test_words_of_a_record_are_told_where_they_say_something_else(self, client: Client) -> None:
        same = self.told(client, self.village, as_recorded="Làng Đăk Răng, Xã Dak Duc, Huyện Ngọc Hồi")
        other = self.told(client, self.village, as_recorded="Plei Đăk Răng, Quận Đăk Sút")

        assert "ghi là" not in same
        assert "(ghi là: Plei Đăk Răng, Quận Đăk Sút)" in words(other)

    def test_a_district_that_became_many_communes_is_told_as_it_was(self, client: Client) -> None:
        district = Place.objects.get(slug="ngoc-hoi")
        for number in range(5):
            commune = place(f"xa-{number}", "commune", f"Xã {number}", valid_from=FIRST)
            lies_in(commune, self.now, valid_from=FIRST)
            PlaceSuccession.objects.create(before=district, after=commune, on_date=FIRST, is_partial=True)

        told = words(self.told(client, district))

        assert told == "Huyện Ngọc Hồi, tỉnh Kon Tum (đến ngày 30/6/2025) (nay thuộc: tỉnh Quảng Ngãi)"

    def test_a_place_that_became_nothing_known_is_told_as_it_was(self, client: Client) -> None:
        alone = place("cu", "commune", "Xã Cũ", valid_to=LAST)

        assert words(self.told(client, alone)) == "Xã Cũ (đến ngày 30/6/2025)"

    def test_a_commune_that_was_divided_is_told_as_all_that_it_became(self, client: Client) -> None:
        split = place("tra-bui", "commune", "Xã Trà Bùi", valid_to=LAST)
        for name in ("Xã Cà Đam", "Xã Tây Trà Bồng"):
            after = place(
                name.lower().replace(" ", "-").encode("ascii", "ignore").decode(), "commune", name, valid_from=FIRST
            )
            lies_in(after, self.now, valid_from=FIRST)
            PlaceSuccession.objects.create(before=split, after=after, on_date=FIRST, kind="split_into", is_partial=True)

        told = words(self.told(client, split))

        assert told == "Xã Cà Đam, tỉnh Quảng Ngãi / Xã Tây Trà Bồng, tỉnh Quảng Ngãi (trước 01/7/2025: xã Trà Bùi)"

    def test_a_spot_that_must_not_be_found_is_told_by_what_is_around_it_and_by_nothing_of_the_past(
        self, client: Client
    ) -> None:
        told = self.told(client, self.village, precision="commune", as_recorded="SECRET")

        assert words(told) == "Xã Dục Nông, tỉnh Quảng Ngãi"
        assert "<a" not in told


class TestTies:
    """Other items."""

    def test_ties_are_told_from_both_ends_with_their_notes(self, client: Client) -> None:
        one, other = make_item("Kể ở Plei Đôn"), make_item("Kể ở Kon Klor")
        ItemRelation.objects.create(item=one, other=other, kind="telling", notes=of(vi="Ngắn hơn", en="Shorter"))

        for item, end in ((one, other), (other, one)):
            page = page_of(client, item)
            assert "<dt>Kể cùng chuyện với</dt>" in page
            assert f'<a href="/items/{end.pid}/">' in page
            assert '<span class="quiet">Ngắn hơn</span>' in page
            assert "Shorter" not in page

    def test_parts_are_turned_in_their_order_and_hidden_ones_are_stepped_over(self, client: Client) -> None:
        whole = make_item("Cả bộ")
        parts = [
            make_item("Phần một"), make_item("SECRET", access=policy.NOBODY), make_item("Phần hai"), make_item("Phần ba"),
        ]  # fmt: skip
        for part, position in zip(parts, (3, 4, 5, 5), strict=True):
            ItemRelation.objects.create(item=whole, other=part, kind="part", position=position)

        first, second, last = (page_of(client, parts[number], "/en") for number in (0, 2, 3))

        assert f'rel="next" href="/en/items/{parts[2].pid}/"' in first
        assert 'rel="prev"' not in first
        assert f'rel="prev" href="/en/items/{parts[0].pid}/"' in second
        assert f'rel="next" href="/en/items/{parts[3].pid}/"' in second
        assert 'rel="next"' not in last
        page = page_of(client, whole, "/en")
        order = [page.index(f"/items/{parts[number].pid}/") for number in (0, 2, 3)]
        assert order == sorted(order)
        assert "SECRET" not in page
        assert parts[1].pid not in page

    def test_an_item_tied_to_hidden_ones_only_is_the_page_of_one_tied_to_nothing(self, client: Client) -> None:
        item = make_item("Mở")
        before = page_of(client, item)
        whole = make_item("SECRET", access=policy.NOBODY)
        ItemRelation.objects.create(item=whole, other=item, kind="part")
        ItemRelation.objects.create(item=whole, other=make_item("Phần kia"), kind="part")
        ItemRelation.objects.create(item=item, other=make_item("SECRET", state="draft"), kind="telling")

        assert page_of(client, item) == before

    def test_a_page_costs_as_many_queries_with_many_ties_as_with_one(self, client: Client) -> None:
        whole = make_item("Cả bộ")

        def add(number: int) -> Item:
            part = make_item(f"Phần {number}")
            ItemRelation.objects.create(item=whole, other=part, kind="part", position=number)
            ItemRelation.objects.create(item=part, other=make_item("Khác"), kind="telling")
            return part

        def cost(item: Item) -> int:
            page_of(client, item)  # what was changed is read into the index once
            with CaptureQueriesContext(connection) as context:
                page_of(client, item)
            return len(context)

        add(0)
        middle = add(1)
        few = cost(whole), cost(middle)
        for number in range(2, 8):
            add(number)

        assert (cost(whole), cost(middle)) == few
