"""Pages in Vietnamese hold no English, and pages in English hold no Vietnamese of ours."""

from __future__ import annotations

import re
from datetime import date, datetime
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django import forms
from django.conf import LazySettings
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from media_pipeline import format_names
from media_pipeline.formats import FORMATS
from tests import makers

SOURCE = Path(__file__).resolve().parents[2] / "locale" / "vi" / "LC_MESSAGES"
SHOWN_ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "data-say-failed", "data-say-waiting")
ENGLISH = re.compile(
    r"\b(search|items?|collections?|peoples?|places?|about|next|previous|back|download|home|log (?:in|out)|sign in|"
    r"username|password|save|language|rights|kind|date|not found|error|files?|pages?|skip|original|cite|newest|show|"
    r"the|of|and|is|this)\b",
    re.IGNORECASE,
)
VIETNAMESE = re.compile(r"\b(tài liệu|bộ sưu tập|dân tộc|địa danh|tìm kiếm|đăng nhập|mật khẩu|tệp)\b", re.IGNORECASE)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

pytestmark = pytest.mark.django_db


class Reader(HTMLParser):
    """Collects what a person sees or hears of a page, without passages marked as another language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, bool]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        foreign = values.get("lang", self.language) != self.language or tag in {"script", "style"}
        hidden = foreign or any(away for _, away in self.open)
        if not hidden:
            self.texts += [values[name] or "" for name in SHOWN_ATTRIBUTES if name in values]
            if tag == "input" and values.get("type") == "submit":
                self.texts.append(values.get("value") or "")
        if tag not in VOID:
            self.open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(away for _, away in self.open):
            self.texts.append(data.strip())


def read(body: str, language: str) -> list[str]:
    reader = Reader(language)
    reader.feed(body)
    return reader.texts


@pytest.fixture(autouse=True)
def catalogue(settings: LazySettings, tmp_path: Path) -> None:
    """Compile the catalogue as it is now, wherever an older one may lie."""
    folder = tmp_path / "locale" / "vi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for source in SOURCE.glob("*.po"):
        polib.pofile(str(source)).save_as_mofile(str(folder / f"{source.stem}.mo"))
    settings.LOCALE_PATHS = [tmp_path / "locale"]


@pytest.fixture
def pages(tmp_path: Path, now: datetime) -> dict[str, str]:
    """Return the addresses of the pages that are read, without a language: one work is among them."""
    item = makers.item(now=now, title="Nhà rông Kon Klor")
    makers.file_of(item, makers.picture(tmp_path / "anh.jpg"), now=now)
    return {"home": "/", "list": "/items/", "item": f"/items/{item.pid}/", "about": "/about/", "lost": "/khong-co/"}


def test_a_page_in_vietnamese_holds_no_english(client: Client, pages: dict[str, str]) -> None:
    for address in pages.values():
        texts = read(client.get(address).content.decode(), "vi")

        assert any(VIETNAMESE.search(text) for text in texts), address
        assert [text for text in texts if ENGLISH.search(text)] == [], address


def test_a_page_in_english_holds_no_vietnamese_of_ours(client: Client, pages: dict[str, str]) -> None:
    for address in pages.values():
        texts = read(client.get(f"/en{address}").content.decode(), "en")

        assert any(ENGLISH.search(text) for text in texts), address
        assert [text for text in texts if VIETNAMESE.search(text)] == [], address


def test_the_door_of_the_desk_speaks_vietnamese(client: Client) -> None:
    refused = client.post("/admin/login/", {"username": "ai-do", "password": "sai"}, headers={"accept-language": "vi"})

    for answer in (client.get("/admin/login/", headers={"accept-language": "vi"}), refused):
        texts = read(answer.content.decode(), "vi")
        assert any(VIETNAMESE.search(text) for text in texts)
        assert [text for text in texts if ENGLISH.search(text)] == []


def test_every_list_of_the_desk_speaks_vietnamese(admin_client: Client, pages: dict[str, str]) -> None:
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, _screen in admin.site._registry.items()
    ]
    assert len(lists) > 8

    for address in [reverse("admin:index"), reverse("admin:archive_item_add"), *lists]:
        texts = read(admin_client.get(address, headers={"accept-language": "vi"}).content.decode(), "vi")
        assert [text for text in texts if ENGLISH.search(text)] == [], address


def test_the_name_of_every_format_is_marked_for_translation() -> None:
    assert {one.name for one in FORMATS.values()} == format_names.NAMES


def test_dates_of_the_desk_are_written_and_read_as_vietnamese_offices_do() -> None:
    with translation.override("vi"):
        assert date_format(date(2025, 7, 1)) == "01/07/2025"
        assert forms.DateField(localize=True).clean("1/7/2025") == date(2025, 7, 1)
        assert forms.DateField().clean("2025-07-01") == date(2025, 7, 1)
