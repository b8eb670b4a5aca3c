"""Authorities that the tables of the tests name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override

from access.models import Community, Protocol
from archive import languages
from archive.models import Agent, Collection, People, Place, PlaceName, PlaceParent, PlaceSuccession, Subject
from archive.tables import writing

Write = Callable[..., Path]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Messages come in English; names in the archive are what they are."""
    with override("en"):
        yield


@pytest.fixture
def table(tmp_path: Path) -> Write:
    """Write a table of headings and rows, CSV unless it is called otherwise; return where it is."""

    def write(headings: Sequence[str], *rows: Sequence[str], name: str = "bang.csv") -> Path:
        copy = writing.copy_at(tmp_path / name)
        for row in (headings, *rows):
            copy.add(row)
        copy.close()
        return tmp_path / name

    return write


@pytest.fixture
def authorities(db: None) -> None:
    """Peoples, subjects, agents, a collection, a protocol, and places on both sides of 1 July 2025."""
    bahnar = People.objects.create(
        slug="ba-na", names=languages.of(vi="Ba Na", en="Bahnar"), variants=languages.of(vi="Bahnar")
    )
    People.objects.create(slug="ro-ngao", names=languages.of(vi="Rơ Ngao"), parent=bahnar)
    People.objects.create(slug="xo-dang", names=languages.of(vi="Xơ Đăng"), hidden_variants=languages.of(vi="Mọi Xê"))
    Subject.objects.create(slug="su-thi", names=languages.of(vi="Sử thi"), variants=languages.of(bdq="Hơ'mon"))
    Subject.objects.create(slug="le-hoi", names=languages.of(vi="Lễ hội"))
    Subject.objects.create(slug="le-hoi-moi", names=languages.of(vi="Lễ hội"))
    Collection.objects.create(slug="dien-da", names=languages.of(vi="Điền dã 1998"))
    Agent.objects.create(slug="a-luu", names=languages.of(vi="A Lưu"), kind="person")
    Agent.objects.create(slug="dai-phat-thanh", names=languages.of(vi="Đài Phát thanh (Kon Tum)"))
    community = Community.objects.create(name="Làng Kon Klor")
    protocol = Protocol.objects.create(name="Người lớn tuổi")
    protocol.communities.add(community)
    _places()


def _places() -> None:
    ended, begun = date(2025, 6, 30), date(2025, 7, 1)
    old_kt = place("tinh-kon-tum-cu", "province", "Tỉnh Kon Tum", ends=ended)
    old_qn = place("tinh-quang-ngai-cu", "province", "Tỉnh Quảng Ngãi", ends=ended)
    today = place("tinh-quang-ngai", "province", "Tỉnh Quảng Ngãi", begins=begun)
    city = place("thanh-pho-kon-tum", "district", "Thành phố Kon Tum", ends=ended)
    commune = place("xa-dak-ro-wa", "commune", "Xã Đăk Rơ Wa", begins=begun)
    upper = place("xa-son-ha", "commune", "Xã Sơn Hà", begins=begun)
    PlaceParent.objects.create(child=city, parent=old_kt, valid_to=ended)
    for one in (commune, upper):
        PlaceParent.objects.create(child=one, parent=today, valid_from=begun)
    for before, after in ((old_kt, today), (old_qn, today), (city, commune)):
        PlaceSuccession.objects.create(before=before, after=after, on_date=begun)
    for slug, parent in (("kon-klor", commune), ("kon-klor-2", upper)):
        village = place(slug, "village", "Làng Kon Klor")
        PlaceParent.objects.create(child=village, parent=parent)


def place(slug: str, kind: str, name: str, *, begins: date | None = None, ends: date | None = None) -> Place:
    made = Place.objects.create(slug=slug, kind=kind, valid_from=begins, valid_to=ends)
    PlaceName.objects.create(place=made, text=name, valid_from=begins, valid_to=ends)
    return made
