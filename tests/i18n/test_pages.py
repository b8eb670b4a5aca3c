"""Pages in Vietnamese hold no English, and pages in English hold no Vietnamese of ours."""

from __future__ import annotations

import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings
from django.test import Client

from access.models import User
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
def addresses(now: datetime) -> dict[str, str]:
    """Return the public pages that are looked at, with one work among them."""
    item = makers.item(now=now, title="Nhà rông Kon Klor")
    return {
        "home": "/",
        "list": "/tai-lieu/",
        "item": f"/tai-lieu/{item.pid}/",
        "lost": "/khong-co-o-day/",
    }


def english_in(texts: list[str]) -> list[str]:
    return [text for text in texts if ENGLISH.search(text)]
