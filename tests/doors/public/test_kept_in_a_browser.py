"""What a device keeps, in a real Chromium with its line cut: pages that were opened, lists taken along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import AbstractUser
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from access import policy
from access.models import AccessRule
from access.policy import Level
from archive import interface_words, reading_lists
from archive.actions.choose_access import choose_item_access
from archive.interface_words import KEYS, OWN_NAME, Frames
from archive.languages import of
from archive.models import (
    Agent,
    BlockKind,
    Exhibit,
    ExhibitBlock,
    ExhibitPage,
    ExhibitPiece,
    InterfaceLanguage,
    InterfaceWord,
    Item,
    ItemAgent,
    ItemFile,
)
from tests import makers
from tests.doors.public import works
from tests.doors.public.test_browser import barriers, phone, requires_assets

pytestmark = [pytest.mark.browser, pytest.mark.slow, requires_assets]
LONG_AGO = datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())
READY = "() => navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
KEPT = """async () => {
  const found = [];
  for (const name of (await caches.keys()).filter((one) => /^(pages|road)-/.test(one)))
    for (const key of await (await caches.open(name)).keys()) found.push(new URL(key.url).pathname);
  return found;
}"""
ASK = """() => new Promise((done) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(true);
  navigator.serviceWorker.controller.postMessage("ask", [channel.port2]);
})"""
PICTURE_IS_SEEN = "() => [...document.querySelectorAll('main img')].some((one) => one.complete && one.naturalWidth > 0)"


@pytest.fixture
def two_works(transactional_db: None, tmp_path: Path, now: datetime) -> dict[str, Item]:
    made = {kind: works.work(kind, tmp_path, now=now) for kind in ("image", "audio")}
    Item.objects.update(modified_at=LONG_AGO)
    return made


@pytest.fixture
def reader(browser: Browser, live_server: LiveServer, two_works: dict[str, Item]) -> Iterator[Page]:
    """A telephone whose service worker is there."""
    with phone(browser, live_server.url) as (page, _watch):
        page.goto(f"{live_server.url}/about/")
        page.wait_for_function(READY)
        yield page


def kept(page: Page) -> list[str]:
    return list(page.evaluate(KEPT))


def wait_until_kept(page: Page, path: str) -> None:
    page.wait_for_function(f"async () => (await ({KEPT})()).includes({path!r})")


def test_a_page_that_was_opened_is_read_again_without_a_line_until_it_is_closed(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    item = two_works["image"]
    path = f"/items/{item.pid}/"
    reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
    wait_until_kept(reader, path)
    reader.wait_for_function(f"async () => (await ({KEPT})()).some((one) => one.startsWith('/files/'))")

    reader.context.set_offline(True)
    reader.goto(f"{live_server.url}{path}")
    assert "Nhà rông làng Kon" in reader.locator("h1").inner_text()
    reader.wait_for_function(PICTURE_IS_SEEN)
    reader.goto(f"{live_server.url}/items/{two_works['audio'].pid}/")
    reader.wait_for_selector("[data-kept]:not([hidden])")
    assert reader.locator(f"[data-kept] a[href='{path}']").count() == 1
    assert barriers(reader) == []

    reader.context.set_offline(False)
    choose_item_access(item, policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())
    reader.goto(f"{live_server.url}/about/")
    reader.evaluate(ASK)
    assert kept(reader) == ["/about/"]
    reader.context.set_offline(True)
    reader.goto(f"{live_server.url}{path}")
    assert "Kon Kl" not in reader.content()


def test_an_exhibit_and_a_person_are_read_again_without_a_line_until_they_are_closed(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    exhibit, agent = shown_and_sung(two_works["audio"])
    paths = [f"/exhibits/{exhibit.slug}/", f"/exhibits/{exhibit.slug}/y/", f"/en/agents/{agent.slug}/"]
    for path in paths:
        reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
        wait_until_kept(reader, path)
    reader.evaluate(ASK)
    assert set(paths) <= set(kept(reader))

    reader.context.set_offline(True)
    for path, text in zip(paths, ("Chiêng đêm", "Lời kể hai", "Y Mơ"), strict=True):
        reader.goto(f"{live_server.url}{path}")
        assert text in reader.locator("main").inner_text()
    reader.goto(f"{live_server.url}/exhibits/never/")
    reader.wait_for_selector("[data-kept]:not([hidden])")
    listed = reader.locator("[data-kept] a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
    assert set(listed) == set(paths[:2])

    reader.context.set_offline(False)
    Agent.objects.update(name_is_withheld=True)
    ExhibitBlock.objects.filter(page__slug="y").update(texts=of(vi="Lời khác"))
    reader.evaluate(ASK)
    assert set(kept(reader)) & set(paths) == set(paths[:2])
    reader.context.set_offline(True)
    reader.goto(f"{live_server.url}{paths[1]}")
    assert "Lời khác" in reader.locator("main").inner_text()
    assert "Lời kể hai" not in reader.locator("main p").all_inner_texts()
    reader.context.set_offline(False)
    exhibit.effective_rule = AccessRule.objects.nobody()
    exhibit.save()
    reader.evaluate(ASK)
    assert not set(paths) & set(kept(reader))
    reader.context.set_offline(True)
    reader.goto(f"{live_server.url}{paths[0]}")
    assert "Chiêng đêm" not in reader.content()


def test_a_work_closed_on_a_page_whose_own_row_is_as_it_was_is_not_shown_after_the_next_contact(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    exhibit, agent = shown_and_sung(two_works["audio"])
    ItemAgent.objects.create(item=two_works["image"], agent=agent, role="pht")
    paths = [f"/exhibits/{exhibit.slug}/", f"/agents/{agent.slug}/", f"/agents/{agent.slug}/?role=pht"]
    for path in paths:
        reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
        wait_until_kept(reader, path.partition("?")[0])
    closed = {one: two_works[one].titles[0]["value"] for one in ("audio", "image")}
    shown = {path: reader.goto(f"{live_server.url}{path}").text() for path in paths}  # type: ignore[union-attr]  # a page
    assert [closed["audio"] in shown[path] for path in paths] == [True, True, False]
    assert [closed["image"] in shown[path] for path in paths] == [False, True, True]

    for kind in ("image", "audio"):
        choose_item_access(two_works[kind], policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())
        reader.evaluate(ASK)
        reader.context.set_offline(True)
        for path in paths:
            reader.goto(f"{live_server.url}{path}")
            assert closed[kind] not in reader.content(), (kind, path)
            assert two_works[kind].pid not in reader.content(), (kind, path)
        reader.context.set_offline(False)
    assert not any(path.startswith("/agents/") for path in kept(reader))


def test_of_pages_with_seals_none_is_fetched_anew_where_data_is_saved(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    exhibit, agent = shown_and_sung(two_works["audio"])
    path = f"/exhibits/{exhibit.slug}/"
    reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
    wait_until_kept(reader, path)
    part = f"/agents/{agent.slug}/"
    reader.goto(f"{live_server.url}{part}?role=prf", wait_until="networkidle")
    wait_until_kept(reader, part)
    worker = reader.context.service_workers[0]
    worker.evaluate("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    reader.evaluate(ASK)
    assert {path, part} <= set(kept(reader))

    ExhibitBlock.objects.filter(kind=BlockKind.TEXT).update(texts=of(vi="Lời khác"))
    exhibit.titles = of(vi="Tên khác")
    exhibit.save()
    reader.evaluate(ASK)

    assert path not in kept(reader)


def test_what_is_kept_is_listed_in_the_language_that_its_title_is_in(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    Item.objects.filter(pk=two_works["audio"].pk).update(titles=of(bdq="Ching ching"))
    Item.objects.filter(pk=two_works["image"].pk).update(titles=of(vi="Nhà rông"))
    interface_words._known[0] = Frames(number=interface_words.number() + 1)
    language = InterfaceLanguage.objects.create(code="bdq", is_offered=True, version=2)
    for key in (*sorted(KEYS), OWN_NAME):
        InterfaceWord.objects.create(language=language, key=key, text=f"q-{key}", changed_at=timezone.now())
    paths = {kind: f"/bdq/items/{item.pid}/" for kind, item in two_works.items()} | {
        "en": f"/en/items/{two_works['image'].pid}/"
    }
    for path in paths.values():
        reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
        wait_until_kept(reader, path)

    reader.context.set_offline(True)
    found = {}
    for prefix in ("", "/en"):
        reader.goto(f"{live_server.url}{prefix}/exhibits/never/")
        reader.wait_for_selector("[data-kept]:not([hidden])")
        found |= dict(
            reader.locator("[data-kept] a").evaluate_all(
                "all => all.map((one) => [one.getAttribute('href'), one.lang])"
            )
        )
    assert found == {paths["image"]: "", paths["audio"]: "bdq", paths["en"]: "vi"}


def shown_and_sung(item: Item) -> tuple[Exhibit, Agent]:
    """An exhibit of two pages with a work in it, and who sang it."""
    public = AccessRule.objects.public()
    exhibit = Exhibit.objects.create(
        slug="chieng-dem",
        titles=of(vi="Chiêng đêm"),
        state="published",
        chosen_rule=public,
        effective_rule=public,
        changed_at=LONG_AGO,
    )
    for place, (slug, text) in enumerate((("x", "Lời kể một"), ("y", "Lời kể hai"))):
        page = ExhibitPage.objects.create(exhibit=exhibit, slug=slug, titles=of(vi=text), position=place)
        ExhibitBlock.objects.create(page=page, kind=BlockKind.TEXT, texts=of(vi=text))
        block = ExhibitBlock.objects.create(page=page, kind=BlockKind.ITEM, position=1)
        ExhibitPiece.objects.create(block=block, item=item)
    agent = Agent.objects.create(slug="y-mo", kind="person", names=of(vi="Y Mơ"))
    ItemAgent.objects.create(item=item, agent=agent, role="prf")
    return exhibit, agent


def test_nothing_of_a_signed_in_reader_is_kept_and_signing_out_leaves_nothing(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    account: AbstractUser = makers.staff()
    path = f"/items/{two_works['image'].pid}/"
    reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
    wait_until_kept(reader, path)

    reader.goto(f"{live_server.url}/account/sign-in/")
    reader.fill("[name=username]", account.get_username())
    reader.fill("[name=password]", "mat-khau-dai-1")
    reader.locator("main form button[type=submit]").click()
    reader.wait_for_function(f"async () => (await ({KEPT})()).length === 0")
    reader.goto(f"{live_server.url}{path}", wait_until="networkidle")
    reader.evaluate("() => caches.open('road-x').then((one) => one.put('/items/', new Response('x')))")
    assert kept(reader) == ["/items/"]

    reader.goto(f"{live_server.url}/account/")
    reader.locator("form[action$='/sign-out/'] button").click()
    reader.wait_for_function("async () => !(await caches.has('road-x'))")
    assert path not in kept(reader)
    assert not [one for one in kept(reader) if one.startswith("/account")]


def test_a_list_is_taken_along_with_its_pictures_and_its_sound(
    reader: Page, live_server: LiveServer, two_works: dict[str, Item]
) -> None:
    made, _key = reading_lists.begin("Đi đường", [item.pid for item in two_works.values()], now=timezone.now())
    reader.goto(f"{live_server.url}/en/lists/{made.code}/")
    section = reader.locator("[data-road]")
    reader.wait_for_function("() => document.querySelector('[data-said]').textContent.includes('2 works')")
    assert "MB" in section.inner_text() or "kB" in section.inner_text()
    assert not [path for path in kept(reader) if path.startswith("/files/") and "/audio/" in path]
    section.locator("[data-act=keep]").click()
    reader.wait_for_selector("[data-road][data-state=kept]")
    assert barriers(reader) == []

    reader.context.set_offline(True)
    reader.goto(f"{live_server.url}/en/lists/{made.code}/")
    assert reader.locator("main li.card").count() == 2
    reader.locator("main li.card a").nth(0).click()
    reader.wait_for_function(PICTURE_IS_SEEN)
    reader.goto(f"{live_server.url}/en/items/{two_works['audio'].pid}/")
    reader.evaluate("() => { const one = document.querySelector('audio'); one.currentTime = 3; return one.play(); }")
    reader.wait_for_function("() => document.querySelector('audio').currentTime > 3.2")

    reader.context.set_offline(False)
    file = ItemFile.objects.get(item=two_works["audio"])
    choose_item_access(two_works["audio"], policy.of(Level.STAFF), reason="thử", actor=None, now=timezone.now())
    reader.goto(f"{live_server.url}/en/about/")
    reader.evaluate(ASK)
    assert not [path for path in kept(reader) if file.pid in path or two_works["audio"].pid in path]
    assert [path for path in kept(reader) if two_works["image"].pid in path]
    assert f"/en/lists/{made.code}/" in kept(reader)
    reader.goto(f"{live_server.url}/en/lists/{made.code}/")
    reader.locator("[data-act=remove]").click()
    reader.wait_for_selector("[data-road][data-state=removed]")
    assert not reader.evaluate(f"() => caches.has('road-{made.code}-en')")
