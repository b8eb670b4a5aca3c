"""The site's own words in the languages of communities: filled by people, offered when there is enough, each saying its language."""

from __future__ import annotations

import math
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from lxml import html

from access import policy
from access.models import AuditEntry, ProtocolMembership
from archive import interface_words
from archive.actions.errors import ActionRefused, NotAllowed, StaleVersion
from archive.actions.save_words import offer_language, save_words
from archive.interface_languages import FRAMED
from archive.interface_words import ENOUGH, GROUPS, KEYS, OWN_NAME, Frames
from archive.models import InterfaceLanguage, InterfaceWord, Item
from tests import makers
from tests.desk.conftest import signed_in, staff
from tests.petitioners import community, member, protocol, reader

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
OF_HEAD = GROUPS["head"]
# No words of any language: made up of the numbers of the list.
WORDS = {OWN_NAME: "q-own", **{key: f"q-{number:02}" for number, key in enumerate(sorted(KEYS))}}


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """Let each test begin as a process that has read nothing."""
    interface_words._known[0] = Frames(number=interface_words.number() + 1)
    yield
    interface_words._known[0] = Frames(number=interface_words.number() + 1)


@pytest.fixture
def item() -> Item:
    return makers.item(now=timezone.now(), title="Chiêng Kon Rẫy")


def fill(code: str = "bdq", count: int = len(KEYS), *, own_name: bool = True, offered: bool = True) -> None:
    """Let people have filled so many words, and staff offer them."""
    language, _made = InterfaceLanguage.objects.get_or_create(code=code)
    keys = [*OF_HEAD, *sorted(KEYS - set(OF_HEAD))][:count] + [OWN_NAME] * own_name
    for key in keys:
        InterfaceWord.objects.create(language=language, key=key, text=WORDS[key], changed_at=timezone.now())
    language.is_offered, language.version = offered, language.version + 1
    language.save()


def page_of(address: str, client: Client | None = None) -> html.HtmlElement:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.fromstring(answer.content.decode())


def test_a_page_within_a_frame_has_its_words_each_with_its_language(item: Item) -> None:
    fill(count=ENOUGH)

    page = page_of(f"/bdq/items/{item.pid}/")

    assert page.get("lang") == "vi"
    assert Client().get(f"/bdq/items/{item.pid}/").headers["Content-Language"] == "vi, bdq"
    (nav,) = page.xpath("//nav[@class='nav']")
    assert [(one.get("lang"), one.text) for one in nav.xpath(".//a/span")][:6] == [
        ("bdq", WORDS[key]) for key in ("Items", "Collections", "Peoples", "Places", "Time", "Subjects")
    ]
    # What nobody filled is Vietnamese, in the language of the page.
    assert "Mang theo" in page.xpath("string(//footer)") or "Danh sách" in page.xpath("string(//footer)")
    assert page.xpath("string(//h1)") == "Chiêng Kon Rẫy"
    assert not page.xpath("//*[@lang='bdq'][normalize-space()='']")


def test_links_stay_within_the_frame_and_the_page_is_known_by_its_vietnamese_address(item: Item) -> None:
    fill()
    page = page_of(f"/bdq/items/{item.pid}/?page=1")

    own = [link for link in page.xpath("//header//a/@href | //footer//a/@href") if link.startswith("/")]
    tongues = page.xpath("//li[@class='tongue']/a")
    assert {link for link in own if not link.startswith("/bdq/")} == {one.get("href") for one in tongues}
    assert [(one.get("lang"), one.get("href")) for one in tongues] == [
        ("en", f"/en/items/{item.pid}/?page=1"),
        ("vi", f"/items/{item.pid}/?page=1"),
    ]
    assert page.xpath("//link[@rel='canonical']/@href")[0].endswith(f"/items/{item.pid}/")
    assert "/bdq/" not in page.xpath("//link[@rel='canonical']/@href")[0]
    assert page.xpath("//link[@rel='alternate']/@hreflang") == ["vi", "en", "x-default"]


def test_the_switch_offers_what_is_offered_by_the_name_that_people_gave_it(item: Item) -> None:
    fill("sed")
    fill("jeh", count=ENOUGH - 1)
    fill("bdq", own_name=False)
    interface_words.read()

    for address in (f"/items/{item.pid}/?page=2", f"/en/items/{item.pid}/?page=2"):
        (link,) = page_of(address).xpath("//li[@class='tongue']/a[@lang!='vi' and @lang!='en']")
        assert (link.get("lang"), link.get("hreflang"), link.text) == ("sed", "sed", "q-own")
        assert link.get("href") == f"/sed/items/{item.pid}/?page=2"


@pytest.mark.parametrize(
    "how",
    [{"offered": False}, {"count": ENOUGH - 1}, {"own_name": False}],
    ids=["not offered", "too little", "no name"],
)
def test_what_is_not_offered_or_not_enough_is_an_address_that_never_was(item: Item, how: dict[str, int]) -> None:
    never_was = Client().get(f"/xxx/items/{item.pid}/")
    fill(**how)  # type: ignore[arg-type]  # as the names say

    for address in ("/bdq/", f"/bdq/items/{item.pid}/", "/bdq"):
        answer = Client().get(address)
        assert answer.status_code == 404
    assert Client().get(f"/bdq/items/{item.pid}/").content == never_was.content


def test_what_is_hidden_is_hidden_within_a_frame_too() -> None:
    fill()
    hidden = makers.item(now=timezone.now(), title="Chiêng thiêng", access=policy.NOBODY)

    answer = Client().get(f"/bdq/items/{hidden.pid}/")

    assert answer.status_code == 404
    assert "Chiêng thiêng" not in answer.content.decode()
    assert answer.content == Client().get("/bdq/items/0123456789b/").content
    assert "Chiêng thiêng" not in Client().get("/bdq/items/").content.decode()


def test_every_kind_of_page_is_made_within_a_frame_and_says_every_language_right(item: Item) -> None:
    fill()
    client = Client()
    client.force_login(reader())

    for path in (
        "/", "/items/", "/search/?q=chieng", "/collections/", "/peoples/", "/places/", "/subjects/", "/agents/", "/timeline/",
        "/new/", "/exhibits/", "/communities/", "/lists/", "/lists/new/", "/about/", "/account/", "/account/notes/", "/told/",
        f"/items/{item.pid}/", f"/items/{item.pid}/know/", f"/items/{item.pid}/report/", f"/items/{item.pid}/notes/",
    ):  # fmt: skip
        page = page_of(f"/bdq{path}", client)
        assert page.get("lang") == "vi", path
        words = [one.text for one in page.xpath("//body//*[@lang='bdq']")]
        assert set(words) <= set(WORDS.values()), path
        # Words of the frame stand nowhere without their language, and in no attribute.
        text = html.tostring(page, encoding="unicode")
        marked = len(re.findall(r'<span lang="bdq">q-|<title lang="bdq">q-|hreflang="bdq"[^>]*>q-', text))
        assert len(re.findall(r"q-(?:\d\d|own)", text)) == marked, path


def test_a_title_that_a_word_of_the_frame_begins_says_its_language_and_every_other_is_vietnamese(item: Item) -> None:
    fill()

    def title_of(address: str) -> tuple[str | None, str]:
        (title,) = page_of(address).xpath("//title")
        assert not len(title), address
        return title.get("lang"), title.text.partition(" · ")[0]

    for address, key in (
        ("exhibits/", "Exhibits"), ("search/", "Search"), ("peoples/", "Peoples"), ("communities/", "Communities"),
        ("items/", "Items"), ("about/", "About this archive"), ("timeline/", "Time line"), ("places/", "Places"),
    ):  # fmt: skip
        assert title_of(f"/bdq/{address}") == ("bdq", WORDS[key])
        assert page_of(f"/bdq/{address}").xpath("string(//h1/span[@lang='bdq'])") == WORDS[key], address
        assert title_of(f"/en/{address}") == (None, key)
    # What nobody filled, what is data and what was asked for is as it is in Vietnamese.
    assert title_of("/bdq/searches/")[0] is None
    assert title_of(f"/bdq/items/{item.pid}/") == (None, "Chiêng Kon Rẫy")
    assert title_of("/bdq/search/?q=chieng") == (None, "chieng")
    assert "Tìm kiếm · " in page_of("/bdq/search/?q=chieng").xpath("string(//title)")
    InterfaceWord.objects.filter(key="Items").delete()
    InterfaceLanguage.objects.update(version=5)
    assert title_of("/bdq/items/") == title_of("/items/")


def test_no_word_of_the_list_stands_on_a_page_in_vietnamese_where_the_frame_has_it() -> None:
    """Within attributes and for machines alone."""
    for path in (ROOT / "templates" / "public_site").rglob("*.html"):
        found = re.findall(r"\{% translate [\"']([^\"']+)[\"'](?: as \w+)? %\}", path.read_text())
        known = re.findall(r"\{% translate [\"']([^\"']+)[\"'] as \w+ %\}", path.read_text())
        assert not KEYS & set(found) - set(known), path


def test_pages_in_vietnamese_and_english_ask_nothing_more(item: Item) -> None:
    def queries(address: str) -> list[str]:
        with CaptureQueriesContext(connection) as counted:
            Client().get(address)
        return [query["sql"] for query in counted.captured_queries]

    queries(f"/items/{item.pid}/")
    before = [len(queries(address)) for address in (f"/items/{item.pid}/", f"/en/items/{item.pid}/")]
    fill()
    interface_words.read()
    after = [queries(address) for address in (f"/items/{item.pid}/", f"/en/items/{item.pid}/")]

    assert [len(one) for one in after] == before
    assert not any("interface" in sql for one in after for sql in one)
    assert sum("interface" in sql for sql in queries(f"/bdq/items/{item.pid}/")) == 1


def test_a_word_that_changes_is_on_the_next_page_also_where_another_process_wrote_it(item: Item) -> None:
    fill()
    assert "q-own" not in page_of("/bdq/").xpath("string(//nav)")
    InterfaceWord.objects.filter(key="Items").update(text="q-new")
    InterfaceLanguage.objects.update(version=7)

    assert "q-new" in page_of("/bdq/").xpath("string(//nav)")
    InterfaceLanguage.objects.update(is_offered=False, version=8)
    assert Client().get("/bdq/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_process_hears_between_two_requests_of_what_another_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    interface_words._known[0] = Frames()
    Client().get("/about/")
    assert set(interface_words.offered()) == set()

    monkeypatch.setattr(interface_words, "_read_at", [-math.inf])
    Client().get("/about/")

    assert set(interface_words.offered()) == {"bdq"}


def test_a_reader_with_a_one_time_password_is_led_to_the_form_within_the_frame() -> None:
    fill()
    user = reader()
    user.must_change_password = True
    user.save()
    client = Client()
    client.force_login(user)

    assert client.get("/bdq/account/").headers["Location"] == "/bdq/account/password/"
    assert client.get("/bdq/account/password/").status_code == 200


def test_words_are_written_by_staff_and_by_whom_a_community_named_for_its_language() -> None:
    now = timezone.now()
    held = protocol(community())
    speaker = member(reader("nguoi-noi"), held.communities.get())
    ProtocolMembership.objects.create(user=speaker, protocol=held, role="language_contributor")
    for number, user in enumerate((staff("bien_muc", "Cataloguer"), speaker)):
        assert save_words("bdq", {"Items": f"q-{number}"}, read_version=number, actor=user, now=now) == 1
    for user in (reader("ban-doc"), staff("trong")):
        with pytest.raises(NotAllowed):
            save_words("bdq", {"Items": "x"}, read_version=2, actor=user, now=now)
    with pytest.raises(NotAllowed):
        save_words("en", {"Items": "x"}, read_version=0, actor=speaker, now=now)
    with pytest.raises(NotAllowed):
        offer_language("bdq", is_offered=True, actor=speaker, now=now)


def test_who_speaks_the_language_finds_that_one_screen_at_the_desk() -> None:
    held = protocol(community())
    speaker = member(reader("nguoi-noi"), held.communities.get())
    ProtocolMembership.objects.create(user=speaker, protocol=held, role="language_contributor")
    client = signed_in(speaker)
    hidden = makers.item(now=timezone.now(), title="Chiêng Kon Rẫy", access=policy.NOBODY)

    form = client.get("/admin/archive/interfacelanguage/bdq/change/")
    assert form.status_code == 200
    assert "Offer it" not in form.content.decode()
    start = client.get("/admin/").content.decode()
    screens = set(re.findall(r'href="/admin/(archive/\w+|access/\w+|media_pipeline/\w+)/"', start))
    assert screens == {"archive/interfacelanguage", "access/auditentry"}
    # Of the log they read what they did themselves; the item above was made by somebody else.
    assert "create_item" not in client.get("/admin/access/auditentry/").content.decode()
    assert hidden.pid not in client.get("/admin/access/auditentry/").content.decode()
    for screen in ("item", "contribution", "exhibit", "people"):
        assert client.get(f"/admin/archive/{screen}/").status_code == 403
    assert signed_in(reader("ban-doc")).get("/admin/archive/interfacelanguage/").status_code == 302


def test_the_form_saves_offers_and_hides_and_keeps_what_two_people_write() -> None:
    client, address = signed_in(staff("cong_bo", "Publisher")), "/admin/archive/interfacelanguage/bdq/change/"
    fields = {
        key: f"w{number}" for number, key in enumerate([OWN_NAME, *(key for keys in GROUPS.values() for key in keys)])
    }
    sent = {fields[key]: f"  {text} " for key, text in WORDS.items()}

    client.post(address, {"version": "0", "_do": "save", fields["Items"]: "q-one"})
    assert "may be offered" not in client.get("/admin/archive/interfacelanguage/").content.decode()
    client.post(address, {"_do": "offer"})
    assert not InterfaceLanguage.objects.get().is_offered

    stale = client.post(address, {"version": "0", "_do": "save", **sent}).content.decode()
    assert 'value="  q-00 "' in stale
    assert interface_words.words_of("bdq") == {"Items": "q-one"}
    client.post(address, {"version": "1", "_do": "save", **sent})
    assert interface_words.words_of("bdq") == WORDS
    client.post(address, {"_do": "offer"})
    assert Client().get("/bdq/").status_code == 200
    client.post(address, {"_do": "hide"})
    assert Client().get("/bdq/").status_code == 404
    verbs = list(AuditEntry.objects.filter(detail__language="bdq").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["save_words", "save_words", "offer_language", "hide_language"]
    assert "q-" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(("text", "code"), [("a" * 61, "word_long"), ("a\x00", "unreadable")])
def test_what_is_no_word_is_refused(text: str, code: str) -> None:
    with pytest.raises(ActionRefused, match=code):
        save_words("bdq", {"Items": text}, read_version=0, actor=staff("b", "Cataloguer"), now=timezone.now())


def test_a_form_from_before_is_refused() -> None:
    user = staff("b", "Cataloguer")
    save_words("bdq", {"Items": "a"}, read_version=0, actor=user, now=timezone.now())
    with pytest.raises(StaleVersion):
        save_words("bdq", {"Items": "b"}, read_version=0, actor=user, now=timezone.now())


def test_a_word_is_text_and_nothing_else() -> None:
    fill()
    InterfaceWord.objects.filter(key="Items").update(text="<b>&")
    InterfaceLanguage.objects.update(version=9)

    assert '<span lang="bdq">&lt;b&gt;&amp;</span>' in Client().get("/bdq/").content.decode()


def test_every_word_of_a_template_is_on_the_list_and_every_word_of_the_list_in_a_template() -> None:
    found = {
        key
        for path in (ROOT / "templates" / "public_site").rglob("*.html")
        for key in re.findall(r'\{% word "([^"]+)" %\}', path.read_text())
    }

    assert found == KEYS
    with pytest.raises(TemplateSyntaxError):
        Template('{% word "Something else" %}')
    with translation.override("en"):
        assert Template('{% word "Items" %}').render(Context()) == "Items"


def test_no_word_of_these_languages_is_in_the_software() -> None:
    """Nobody of us speaks them. What the repository holds of words of the site is English and Vietnamese."""
    assert {path.name for path in (ROOT / "locale").iterdir() if path.is_dir()} == {"vi"}
    assert not InterfaceWord.objects.exists()
    assert not InterfaceLanguage.objects.exists()
    kept = subprocess.run(
        ["git", "ls-files", "*.po", "*.mo", "*.json"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in kept if set(re.split(r"[/_.-]", name)) & set(FRAMED)]
