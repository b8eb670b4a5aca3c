"""A record with everything in it, for the tests of crosswalks."""

from __future__ import annotations

from datetime import UTC, date, datetime

from archive.crosswalks.record import Doer, Extra, Heading, Mark, Part, Record, Rights, Text, Tie, When, Where

MOMENT = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)


def full_record(**changes: object) -> Record:
    """Return a described recording; `changes` are fields of their own."""
    values: dict[str, object] = {
        "pid": "15x9774vwnj",
        "ark": "ark:/99999/15x9774vwnj",
        "address": "https://tulieu.example.vn/items/15x9774vwnj/",
        "kind": "audio",
        "template": "gong_recording",
        "genre": (Text("vi", "Bản ghi cồng chiêng"), Text("en", "Gong recording")),
        "published": MOMENT,
        "changed": MOMENT,
        "library": "Thư viện tỉnh",
        "titles": (Text("vi", "Chiêng <mừng> lúa & mới"), Text("en", "Gongs of the new rice")),
        "identifier": "KT.0001",
        "other_identifiers": (("isbn", "978-604-1-11111-6"), ("", "Hộp 3")),
        "alternative_titles": (Text("bdq", "Ching"),),
        "descriptions": (Text("vi", "Ghi ở nhà rông."), Text("en", "Recorded in the communal house.")),
        "contents": (Text("vi", "Bài 1; Bài 2"),),
        "extents": (Text("vi", "12 phút"),),
        "mediums": (Text("vi", "băng từ"),),
        "provenances": (Text("vi", "Làng gửi giữ"),),
        "sources": (Text("vi", "Băng số 7"),),
        "orthography_notes": (Text("vi", "Chữ của người chép"),),
        "origin_statements": (Text("vi", "Người Ba Na, làng Kon Klor"),),
        "languages": ("bdq", "vi"),
        "language_names": ("tiếng Ba Na", "tiếng Việt"),
        "created": When("2012~", "khoảng 2012", date(2012, 1, 1), date(2012, 12, 31)),
        "issued": When("2015-06", "", date(2015, 6, 1), date(2015, 6, 30)),
        "period": When("197X", "những năm 1970", date(1970, 1, 1), date(1979, 12, 31)),
        "peoples": (Heading("ba-na", (Text("vi", "Ba Na"), Text("en", "Bahnar"))),),
        "subjects": (Heading("cong-chieng", (Text("vi", "Cồng chiêng"),), notation="781.62"),),
        "collections": (Heading("am-nhac", (Text("vi", "Âm nhạc"),)),),
        "places": (Where("kon-klor", (Text("vi", "Kon Klor"),), "created", "làng Kon Klor", 14.35, 108.02),),
        "doers": (
            Doer("a-nhar", (Text("vi", "A Nhar"),), "person", "mus", "nhạc công", "1950", ""),
            Doer("thu-vien", (Text("vi", "Thư viện tỉnh"),), "body", "aut", "tác giả"),
            Doer("", (Text("vi", "một nghệ nhân của làng"),), "person", "nrt", "người kể"),
        ),
        "rights": Rights(
            "https://creativecommons.org/licenses/by/4.0/",
            (Text("vi", "CC BY 4.0"),),
            (),
            "cc",
            (Text("vi", "Ghi rõ nguồn"),),
            (Text("vi", "Làng Kon Klor"),),
        ),
        "communities": ("Làng Kon Klor",),
        "marks": (
            Mark("tk", Text("en", "TK Attribution"), "Làng Kon Klor", "https://localcontextshub.org/projects/1"),
        ),
        "ties": (
            Tie(
                "dcterms:isPartOf",
                "Thuộc về",
                "https://tulieu.example.vn/items/b/",
                "ark:/99999/b",
                (Text("vi", "Bộ"),),
            ),
            Tie(
                "dcterms:relation",
                "Cùng nói về",
                "https://tulieu.example.vn/items/c/",
                "ark:/99999/c",
                (Text("vi", "Kia"),),
            ),
        ),
        "extras": (Extra("dcterms:description", "Bộ chiêng", (Text("vi", "11 chiếc"),)),),
        "parts": (
            Part("f1", "main", "audio/flac", "https://tulieu.example.vn/items/15x9774vwnj/?file=f1"),
            Part(
                "f2",
                "cover",
                "image/jpeg",
                "https://tulieu.example.vn/items/15x9774vwnj/?file=f2",
                "https://tulieu.example.vn/files/f2/thumbnail/400.webp",
            ),
        ),
        "access": (Text("vi", "Mở cho mọi người."), Text("en", "Open to everybody.")),
    }
    return Record(**(values | changes))  # type: ignore[arg-type]  # values of a test
