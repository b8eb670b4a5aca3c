"""schema.org: what goes in comes out, nothing that is closed is among it, and no text ends the element in which it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.crosswalks import schema_org
from archive.crosswalks.record import Part, Record, Rights, Text, When
from archive.crosswalks.reference import one_line
from tests.archive.records import full_record

pytestmark = pytest.mark.pure
PUBLIC_PARTS = (
    Part(
        "f1", "main", "audio/flac", "https://tulieu.example.vn/items/15x9774vwnj/?file=f1",
        copy="https://tulieu.example.vn/files/f1/audio/audio.m4a", copy_type="audio/mp4", is_public=True,
    ),
    Part(
        "f2", "cover", "image/jpeg", "https://tulieu.example.vn/items/15x9774vwnj/?file=f2",
        "https://tulieu.example.vn/files/f2/thumbnail/480.webp", "https://tulieu.example.vn/iiif/image/3/f2", is_public=True,
    ),
)  # fmt: skip


class Scripts(HTMLParser):
    """What stands in the script elements of a page, as a browser parts it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_record_is_told_under_the_names_of_schema_org() -> None:
    made = schema_org.work(full_record(lasting="https://tulieu.example.vn/ark:/99999/15x9774vwnj", is_public=True))

    assert made["@context"] == "https://schema.org"
    assert made["@type"] == "AudioObject"
    assert made["additionalType"] == "https://schema.org/ArchiveComponent"
    assert made["@id"] == "https://tulieu.example.vn/ark:/99999/15x9774vwnj"
    assert made["name"] == "Chiêng <mừng> lúa & mới"
    assert made["alternateName"] == ["Gongs of the new rice", "Ching"]
    assert made["inLanguage"] == ["bdq", "vi"]
    assert made["author"] == {"@type": "Organization", "name": "Thư viện tỉnh"}
    assert made["contributor"][0] == {
        "@type": "Role",
        "roleName": "nhạc công",
        "contributor": {"@type": "Person", "name": "A Nhar", "birthDate": "1950"},
    }
    assert [one["name"] for one in made["about"]] == ["Ba Na", "Cồng chiêng"]
    assert made["locationCreated"]["geo"] == {"@type": "GeoCoordinates", "latitude": 14.35, "longitude": 108.02}
    assert (made["dateCreated"], made["datePublished"], made["temporalCoverage"]) == ("2012", "2015-06", "1970/1979")
    assert made["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert made["usageInfo"] == "https://localcontextshub.org/projects/1"
    assert "TK Attribution (Làng Kon Klor)" in made["copyrightNotice"]
    assert made["creditText"] == "Làng Kon Klor; Người Ba Na, làng Kon Klor; Thư viện tỉnh"
    assert made["conditionsOfAccess"] == "Mở cho mọi người."
    assert made["isAccessibleForFree"] is True
    assert [(one.get("propertyID"), one["value"]) for one in made["identifier"]] == [
        ("ARK", "ark:/99999/15x9774vwnj"),
        (None, "KT.0001"),
        ("isbn", "978-604-1-11111-6"),
        (None, "Hộp 3"),
    ]
    assert [one["name"] for one in made["isPartOf"]] == ["Âm nhạc", "Bộ"]


@pytest.mark.parametrize(
    ("kind", "template", "expected"),
    [
        ("image", "", "ImageObject"),
        ("image", "photograph", "Photograph"),
        ("image", "map", "Map"),
        ("audio", "epic", "AudioObject"),
        ("video", "", "VideoObject"),
        ("video", "textile", "VideoObject"),
        ("document", "", "DigitalDocument"),
        ("ebook", "ebook", "Book"),
    ],
)
def test_kinds_and_templates_are_types(kind: str, template: str, expected: str) -> None:
    assert schema_org.work(full_record(kind=kind, template=template))["@type"] == expected


def test_only_what_is_open_to_everybody_is_named_as_media() -> None:
    closed = replace(PUBLIC_PARTS[0], is_public=False)

    made = schema_org.work(full_record(parts=(closed, PUBLIC_PARTS[1])))
    nothing = schema_org.work(full_record(parts=(closed,)))

    assert made["associatedMedia"]["@type"] == "ImageObject"
    assert "f1" not in json.dumps(made)
    assert "associatedMedia" not in nothing
    assert "thumbnailUrl" not in nothing


def test_media_lie_where_a_browser_finds_them() -> None:
    sound, picture = schema_org.work(full_record(parts=PUBLIC_PARTS))["associatedMedia"]

    assert (sound["@type"], sound["contentUrl"], sound["encodingFormat"]) == (
        "AudioObject",
        "https://tulieu.example.vn/files/f1/audio/audio.m4a",
        "audio/mp4",
    )
    assert picture["contentUrl"] == "https://tulieu.example.vn/iiif/image/3/f2/full/max/0/default.jpg"
    assert picture["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_who_must_not_be_named_has_no_dates_either() -> None:
    record = full_record()
    withheld = replace(record.doers[2], born="1931", died="1999")

    made = schema_org.work(full_record(doers=(withheld,)))

    assert made["contributor"]["contributor"] == {"@type": "Person", "name": "một nghệ nhân của làng"}


def test_a_statement_that_leads_nowhere_is_no_licence() -> None:
    made = schema_org.work(full_record(rights=Rights("tag:x,2026:folklore", (Text("vi", "Của làng"),), (), "folklore")))

    assert "license" not in made
    assert made["copyrightNotice"].startswith("Của làng")


def test_a_bare_record_has_a_name_and_an_address() -> None:
    record = full_record()
    bare = Record(
        pid=record.pid, ark=record.ark, address=record.address, kind="image", template="", genre=(), published=record.published,
        changed=record.changed, library=record.library, titles=(),
    )  # fmt: skip

    made = schema_org.work(bare)

    assert (made["name"], made["url"]) == ("15x9774vwnj", record.address)
    assert all(value not in ("", [], {}) for value in made.values())


HOSTILE = st.one_of(
    st.sampled_from(
        ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028\u2029", "</SCRIPT/x", "&lt;/script&gt;"]
    ),
    st.text(max_size=30),
)


@given(title=HOSTILE, description=HOSTILE, name=HOSTILE, when=HOSTILE)
def test_no_text_ends_the_element_in_a_page(title: str, description: str, name: str, when: str) -> None:
    record = full_record(
        titles=(Text("vi", title),), descriptions=(Text("vi", description),), library=name, created=When("", when)
    )

    data = schema_org.for_pages(record)
    page = Scripts()
    page.feed(f'<script type="application/ld+json">{data}</script><p>')
    page.close()

    assert page.tags == ["script", "p"]
    assert not set(data) & set("<>&\u2028\u2029")
    read = json.loads(data)
    assert read["name"] == (one_line(title) or read["name"])
    assert read.get("description", "") == one_line(description)
