"""Manifests and collections of the Presentation API: what is in them, for whom, and who may keep them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from access import policy
from access.models import Community, User
from archive.actions.choose_access import choose_file_access
from archive.languages import of
from archive.models import Collection, FileRole, Item, ItemFile, RightsStatement
from archive.statements import statement_of
from interop.iiif.presentation import views, wire
from media_pipeline.models import Kind
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db
Json = dict[str, Any]  # Any: JSON
PICTURE = Made("thumbnail", "480.webp", b"RIFF....WEBP", {"width": 480, "height": 320})


def address(item: Item) -> str:
    return f"/iiif/presentation/3/{item.pid}/manifest"


def manifest(client: Client, item: Item) -> Json:
    answer = client.get(address(item))
    assert answer.status_code == 200, answer.content
    made: Json = answer.json()
    return made


def picture(item: Item, folder: Path, name: str, **more: Any) -> ItemFile:  # Any: as add_file takes them
    master = store_master(f"jpeg {name}".encode(), folder)
    publish(master, folder, PICTURE, Made("pyramid", "pyramid.tif", b"II*\0", {"width": 900, "height": 600}))
    return add_file(item, master, **more)


def recording(item: Item, folder: Path) -> tuple[ItemFile, ItemFile]:
    """Return a sound recording of ten seconds, and its transcript in Bahnar."""
    sound = store_master(b"sound", folder, kind=Kind.AUDIO, media_type="audio/wav")
    publish(sound, folder, Made("audio", "audio.m4a", b"m4a", {"duration_ms": 10_000}))
    words = json.dumps({"number": 1, "start_ms": 500, "end_ms": 2000, "speaker": "A Nhưn", "text": "Hơmon"})
    part = {"first": 1, "last": 1, "start_ms": 500, "offset": 1, "length": len(words.encode())}
    index = {"is_timed": True, "count": 1, "parts": [part]}
    said = store_master(b"WEBVTT", folder, kind=Kind.CAPTIONS, media_type="text/vtt")
    publish(
        said,
        folder,
        Made("captions", "captions.vtt", b"WEBVTT\n"),
        Made("captions", "segments.json", f"[{words}]".encode()),
        Made("captions", "index.json", json.dumps(index).encode()),
    )
    spoken, text = add_file(item, sound), add_file(item, said)
    ItemFile.objects.filter(pk=text.pk).update(role=FileRole.TRANSCRIPT, language="bdq")
    return spoken, text


def test_a_book_of_pictures_has_a_canvas_for_each_with_its_image_service(client: Client, tmp_path: Path) -> None:
    item = make_item("Nhà rông", descriptions=of(vi="Mái cao", en="A high roof"), date_edtf="1998")
    files = [picture(item, tmp_path, f"{number}", captions=of(vi=f"Trang {number}")) for number in (1, 2)]

    made = manifest(client, item)

    assert made["id"] == f"http://testserver{address(item)}"
    assert made["label"] == {"vi": ["Nhà rông"], "en": ["Nhà rông (en)"]}
    assert made["summary"]["en"] == ["A high roof"]
    assert made["navDate"] == "1998-01-01T00:00:00Z"
    assert [canvas["label"] for canvas in made["items"]] == [{"vi": ["Trang 1"]}, {"vi": ["Trang 2"]}]
    body = made["items"][1]["items"][0]["items"][0]["body"]
    service = f"http://testserver/iiif/image/3/{files[1].pid}"
    assert (body["id"], body["width"], body["height"]) == (f"{service}/full/max/0/default.jpg", 900, 600)
    assert body["service"] == [{"id": service, "type": "ImageService3", "profile": "level2"}]
    assert made["thumbnail"][0]["service"][0]["id"] == f"http://testserver/iiif/image/3/{files[0].pid}"
    labels = [entry["label"] for entry in made["metadata"]]
    assert {"vi": ["Loại hình"], "en": ["Kind"]} in labels


def test_a_manifest_leads_to_the_record_in_formats_of_others_where_everybody_may_see_it(client: Client) -> None:
    opened, kept = make_item("Nhà rông"), make_item("Của bạn đọc", access=policy.of(policy.Level.REGISTERED))
    client.force_login(User.objects.create_user("ban-doc"))

    of_opened, of_kept = manifest(client, opened)["seeAlso"], manifest(client, kept)["seeAlso"]

    assert [one["id"].removeprefix("http://testserver") for one in of_opened] == [
        f"/api/v1/items/{opened.pid}/",
        f"/items/{opened.pid}/cite.jsonld",
        *(
            f"/oai?verb=GetRecord&identifier=oai:nha-rong.localhost:{opened.pid}&metadataPrefix={prefix}"
            for prefix in ("oai_dc", "mods", "marcxml")
        ),
    ]
    assert of_opened[3]["profile"] == "http://www.loc.gov/mods/v3"
    for one in of_opened:
        answer = client.get(one["id"].removeprefix("http://testserver"))
        assert answer["Content-Type"].startswith(one["format"])
        assert "Nhà rông" in answer.content.decode()
    assert len(of_kept) == 1
    assert manifest(Client(headers={"accept-language": "en"}), opened)["seeAlso"][1] == of_opened[1]


def test_a_document_has_a_canvas_for_each_page_and_its_outline_as_ranges(client: Client, tmp_path: Path) -> None:
    item = make_item("Sách", kind="document")
    master = store_master(b"%PDF", tmp_path, kind=Kind.PDF, media_type="application/pdf")
    toc = [{"label": "Mở đầu", "passage": 1, "children": [{"label": "Chương 1", "passage": 2, "children": []}]}]
    toc += [{"label": "Elsewhere", "passage": 9, "children": []}]
    pages = [
        Made("pages", f"{kind}000{page}{ending}", b"x", {"width": width, "height": width * 2, "page": page})
        for page in (1, 2, 3)
        for kind, ending, width in (("p", ".jpg", 600), ("s", ".webp", 300))
    ]
    publish(master, tmp_path, *pages, Made("outline", "toc.json", json.dumps(toc).encode()))
    file = add_file(item, master)

    made = manifest(client, item)

    base = f"http://testserver/iiif/presentation/3/{item.pid}"
    assert [canvas["id"] for canvas in made["items"]] == [f"{base}/canvas/{file.pid}/{page}" for page in (1, 2, 3)]
    assert made["items"][0]["items"][0]["items"][0]["body"]["id"].endswith("/pages/p0001.jpg")
    assert made["items"][0]["thumbnail"][0]["id"].endswith("/pages/s0001.webp")
    assert made["behavior"] == ["paged"]
    (opening,) = made["structures"]
    assert opening["label"] == {"none": ["Mở đầu"]}
    assert [one["type"] for one in opening["items"]] == ["Canvas", "Range"]
    assert opening["items"][1]["items"] == [{"id": f"{base}/canvas/{file.pid}/2", "type": "Canvas"}]


def test_the_picture_of_a_page_is_a_service_of_one_size(client: Client, tmp_path: Path) -> None:
    item = make_item("Sách", kind="document")
    master = store_master(b"%PDF", tmp_path, kind=Kind.PDF, media_type="application/pdf")
    pages = [
        Made("pages", name, b"x", {"width": width, "height": width * 2, "page": 1})
        for name, width in (("p0001.jpg", 600), ("s0001.webp", 300))
    ]
    publish(master, tmp_path, *pages)
    file = add_file(item, master)
    service = f"http://testserver/iiif/page/3/{file.pid}/1"

    body = manifest(client, item)["items"][0]["items"][0]["items"][0]["body"]
    described = client.get(f"{service}/info.json")
    picture = client.get(f"{service}/full/600,1200/0/default.jpg")

    assert body["service"] == [{"id": service, "type": "ImageService3", "profile": "level0"}]
    assert client.get(service)["Location"] == f"{service}/info.json"
    assert described.json()["sizes"] == [{"width": 600, "height": 1200}]
    assert (described.json()["id"], described.json()["profile"]) == (service, "level0")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert b"".join(client.get(f"{service}/full/max/0/default.jpg")) == b"x"
    assert {described["Access-Control-Allow-Origin"], picture["Access-Control-Allow-Origin"]} == {"*"}
    assert client.get(f"{service}/full/300,/0/default.jpg").status_code == 400
    assert client.get(f"http://testserver/iiif/page/3/{file.pid}/2/info.json").status_code == 404
    assert client.get(f"http://testserver/iiif/page/3/{file.pid}/0/info.json").status_code == 404


def test_a_recording_brings_its_transcript_as_a_file_and_as_annotations(client: Client, tmp_path: Path) -> None:
    item = make_item("Hơmon", kind="audio")
    _spoken, text = recording(item, tmp_path)

    whole = manifest(client, item)

    (canvas,), (elsewhere,) = whole["items"], whole["annotations"]
    assert canvas["duration"] == 10
    assert canvas["items"][0]["items"][0]["body"]["type"] == "Sound"
    (captions,) = canvas["annotations"]
    body = captions["items"][0]["body"]
    assert (body["format"], body["label"]["en"]) == ("text/vtt", ["Transcript or translation (Bahnar)"])
    page = client.get(elsewhere["id"]).json()
    assert page["id"] == elsewhere["id"]
    (said,) = page["items"]
    assert (said["body"]["value"], said["body"]["language"]) == ("A Nhưn: Hơmon", "bdq")
    assert said["target"] == f"{canvas['id']}#t=0.5,2"
    assert client.get(elsewhere["id"].replace(text.pid, "0123456789b")).status_code == 404


def test_a_transcript_is_not_told_where_its_recording_is_closed(client: Client, tmp_path: Path) -> None:
    item = make_item("Hơmon", kind="audio")
    spoken, text = recording(item, tmp_path)
    elsewhere = f"/iiif/presentation/3/{item.pid}/transcript/{text.pid}"
    assert client.get(elsewhere).status_code == 200

    choose_file_access(spoken, policy.STAFF, actor=None, now=NOW)

    body = client.get(address(item)).content.decode()
    assert spoken.pid not in body
    assert text.pid not in body
    assert client.get(elsewhere).status_code == 404


def test_an_e_book_leads_to_the_page_where_it_is_read(client: Client, tmp_path: Path) -> None:
    item = make_item("Truyện cổ", kind="ebook")
    master = store_master(b"PK", tmp_path, kind=Kind.EPUB, media_type="application/epub+zip")
    publish(master, tmp_path, PICTURE, Made("chapters", "book.json", b"[]"))
    add_file(item, master)

    made = manifest(client, item)

    assert [one["language"] for one in made["rendering"]] == [["vi"], ["en"]]
    assert made["rendering"][1]["id"] == f"http://testserver/en/items/{item.pid}/"
    assert made["items"][0]["items"][0]["items"][0]["body"]["id"].endswith("/thumbnail/480.webp")


def test_a_record_without_an_open_file_has_one_empty_canvas(client: Client, tmp_path: Path) -> None:
    item = make_item("Nhà rông")
    closed = picture(item, tmp_path, "closed", access=policy.STAFF, captions=of(vi="Kín"))

    answer = client.get(address(item))

    (canvas,) = answer.json()["items"]
    assert canvas["items"] == []
    assert closed.pid not in answer.content.decode()
    assert "Kín" not in answer.content.decode()


def test_only_a_wholly_public_manifest_may_be_kept_by_caches(client: Client, tmp_path: Path) -> None:
    public, mixed, closed = (make_item(name, access=rule) for name, rule in (
        ("Mở", policy.PUBLIC), ("Lẫn", policy.PUBLIC), ("Kín", policy.REGISTERED),
    ))  # fmt: skip
    picture(public, tmp_path, "a")
    picture(mixed, tmp_path, "b", access=policy.STAFF)

    kept, not_kept, unknown = (client.get(address(one)) for one in (public, mixed, closed))

    assert kept["Cache-Control"] == "public, max-age=60"
    assert (kept["Access-Control-Allow-Origin"], not_kept["Access-Control-Allow-Origin"]) == ("*", "*")
    assert not_kept["Cache-Control"] == "private, no-store"
    assert unknown.status_code == 404
    assert unknown.content == client.get("/iiif/presentation/3/0123456789b/manifest").content
    assert client.get(address(public), headers={"if-none-match": kept["ETag"]}).status_code == 304


def test_rights_are_named_by_their_address_where_iiif_knows_it_and_shown_where_not(
    client: Client, settings: LazySettings
) -> None:
    settings.LIBRARY_NAME = "Thư viện tỉnh Quảng Ngãi"
    known = statement_of("https://creativecommons.org/licenses/by/4.0/")
    own = RightsStatement.objects.create(uri="tag:x,2026:own", slug="x-own", names=of(vi="Của làng"))
    community = Community.objects.create(name="Làng A", statements=[{"lang": "vi", "value": "Xin hỏi làng"}])
    one, other = make_item("Một"), make_item("Hai", origin_statements=of(vi="Người Ba Na"))
    for item, statement in ((one, known), (other, own)):
        item.rights = statement
        item.save()
    other.communities.add(community)

    named, shown = manifest(client, one), manifest(client, other)

    assert named["rights"] == "http://creativecommons.org/licenses/by/4.0/"
    assert "rights" not in shown
    values = shown["requiredStatement"]["value"]
    library = "Thư viện tỉnh Quảng Ngãi"
    # Nothing is in English: who reads English has to see all of it as well.
    assert values["vi"] == values["en"] == [library, "Của làng", "Người Ba Na", "Làng A", "Xin hỏi làng"]


def test_no_text_of_a_description_is_taken_for_html() -> None:
    made = wire.plain({"vi": ["<script>x</script>", "a < b"]})

    assert made == {"vi": ["<span>&lt;script&gt;x&lt;/script&gt;</span>", "a < b"]}


def test_collections_hold_what_their_reader_may_see_part_by_part(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PART", 2)
    whole = Collection.objects.create(slug="tu-lieu", names=of(vi="Tư liệu"))
    part = Collection.objects.create(slug="anh", names=of(vi="Ảnh"), parent=whole)
    Collection.objects.create(slug="trong", names=of(vi="Trống"))
    items = [make_item(f"{number}") for number in range(5)]
    hidden = make_item("Kín", access=policy.STAFF)
    for item in (*items, hidden):
        item.collections.add(whole)
    items[0].collections.add(part)
    alone = make_item("Một mình")

    top = client.get("/iiif/presentation/3/collection/top").json()
    at = top["items"][0]["id"]
    found, pages = [], []
    while at:
        page = client.get(at).json()
        assert page["id"] == at
        pages.append(page)
        found += [entry["id"] for entry in page["items"] if entry["type"] == "Manifest"]
        onward = [entry["id"] for entry in page["items"] if "cursor" in entry["id"]]
        at = onward[0] if onward else ""

    assert [entry["id"].rpartition("/3/")[2] for entry in top["items"]] == ["collection/tu-lieu", "rest"]
    assert found == [f"http://testserver{address(item)}" for item in items]
    assert len(pages) == 3
    assert pages[0]["items"][0]["id"].endswith("/collection/anh")
    assert [entry["id"] for entry in client.get("/iiif/presentation/3/rest").json()["items"]] == [
        f"http://testserver{address(alone)}"
    ]
    assert client.get("/iiif/presentation/3/collection/trong").status_code == 404
    assert client.get("/iiif/presentation/3/collection/tu-lieu?cursor=x").status_code == 404
