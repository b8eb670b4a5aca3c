"""Examples of requests and answers for the schema: an invented archive at an address that is nobody's (RFC 2606). Each is held against its
shape by a test."""

from __future__ import annotations

from typing import Any

from archive.languages import of

Json = dict[str, Any]  # Any: JSON
SITE = "https://archive.example.org"
ITEM_PID, FILE_PID, OTHER_PID, COMMUNITY_PID = "0000000000c", "0000000001b", "0000000002b", "0000000003b"
_MOMENT = "2026-03-14T08:00:00.000000Z"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

_PEOPLE_NAMES = of(vi="Ba Na", en="Bahnar")
_PEOPLE: Json = {"slug": "ba-na", "names": _PEOPLE_NAMES}
_PEOPLE_CODES = [{"scheme": "GSO", "version": "2008", "code": "12"}]
_SUBJECT: Json = {"slug": "cong-chieng", "names": of(vi="Cồng chiêng", en="Gongs")}
_COLLECTION: Json = {"slug": "am-nhac", "names": of(vi="Âm nhạc dân gian", en="Traditional music")}
_AGENT: Json = {
    "slug": "doi-nghe-nhan",
    "names": of(vi="Đội nghệ nhân làng"),
    "variants": [],
    "notes": [],
    "codes": [],
    "kind": "body",
    "born": None,
    "died": None,
}


def _place(slug: str, kind: str, name: str) -> Json:
    names = [{"lang": "vi", "value": name, "kind": "official", "from": None, "until": None}]
    return {"slug": slug, "kind": kind, "names": names}


_VILLAGE = _place("lang-mau", "village", "Làng Mẫu")
_COMMUNE = _place("xa-mau", "commune", "Xã Mẫu")
_DISTRICT = _place("huyen-mau", "district", "Huyện Mẫu")
_WHERE: Json = {
    **_VILLAGE,
    "latitude": 14.35,
    "longitude": 108.01,
    "now": [[_VILLAGE, _COMMUNE]],
    "before": [_VILLAGE, _COMMUNE, _DISTRICT],
    "changed_on": "2025-07-01",
}
FILE: Json = {
    "pid": FILE_PID,
    "role": "main",
    "label": None,
    "kind": "audio",
    "media_type": "audio/x-wav",
    "puid": "fmt/141",
    "size_bytes": 31_752_044,
    "sha256": _SHA256,
    "captions": of(vi="Mặt A"),
    "language": None,
    "beside": None,
    "segments": None,
    "progress": {"state": "ready", "percent": 100, "reason": None, "reason_code": None},
    "iiif_image": None,
    "derivatives": [
        {
            "role": "audio",
            "name": "audio.opus",
            "url": f"{SITE}/files/{FILE_PID}/audio/audio.opus",
            "media_type": "audio/ogg",
            "size_bytes": 1_080_000,
            "width": None,
            "height": None,
            "duration_ms": 180_000,
        }
    ],
}
ITEM: Json = {
    "pid": ITEM_PID,
    "ark": f"ark:/99999/{ITEM_PID}",
    "url": f"{SITE}/items/{ITEM_PID}/",
    "identifier": "AT.0001",
    "other_identifiers": [{"scheme": "call number", "value": "B 12/3"}],
    "kind": "audio",
    "template": {"key": "gong_recording", "name": "Gong recording"},
    "titles": of(vi="Đánh chiêng mừng lúa mới", en="Gongs for the new rice"),
    "alternative_titles": [],
    "descriptions": of(vi="Ghi tại nhà rông trong lễ mừng lúa mới."),
    "contents": [],
    "extents": of(vi="3 phút"),
    "mediums": of(vi="băng từ"),
    "provenances": [],
    "sources": [],
    "orthography_notes": [],
    "own_fields": [
        {
            "key": "bossed_gongs",
            "label": "Gongs with a boss",
            "dcterms": "dcterms:description",
            "form": "number",
            "texts": [],
            "value": 3,
            "named": None,
            "unit": None,
        }
    ],
    "languages": ["bdq", "vi"],
    "date": {"edtf": "1998~", "as_written": "khoảng 1998", "first": "1998-01-01", "last": "1998-12-31"},
    "issued": None,
    "period": None,
    "peoples": [{**_PEOPLE, "codes": _PEOPLE_CODES, "parent": None}],
    "places": [{**_WHERE, "role": "created", "precision": "exact", "as_recorded": "làng Mẫu, huyện Mẫu"}],
    "subjects": [{**_SUBJECT, "scheme": "local", "notation": None}],
    "collections": [_COLLECTION],
    "agents": [{**_AGENT, "role": "prf"}],
    "rights": {
        "uri": "https://creativecommons.org/licenses/by-nc/4.0/",
        "names": of(en="Attribution, not for sale"),
        "notes": [],
        "family": "cc",
        "statements": [],
        "holders": of(vi="Làng Mẫu"),
    },
    "origin_statements": of(vi="Của người Ba Na ở làng Mẫu"),
    "relations": [
        {
            "kind": "telling",
            "is_inverse": False,
            "dcterms": "dcterms:isVersionOf",
            "label": "Another telling",
            "notes": [],
            "item": {
                "pid": OTHER_PID,
                "url": f"{SITE}/items/{OTHER_PID}/",
                "kind": "audio",
                "titles": of(vi="Đánh chiêng, bản ghi 2001"),
            },
        }
    ],
    "communities": [
        {"pid": COMMUNITY_PID, "name": "Làng Mẫu", "statements": of(vi="Xin hỏi làng trước khi dùng lại.")}
    ],
    "labels": [
        {"kind": "tk", "title": "TK Attribution", "lang": "en", "community": COMMUNITY_PID, "project_url": None}
    ],
    "is_sample": True,
    "published_at": _MOMENT,
    "modified_at": _MOMENT,
    "manifest": f"{SITE}/iiif/presentation/3/{ITEM_PID}/manifest",
    "files": [FILE],
    "closed_file_count": 0,
}
_SHORT_ITEM: Json = {"pid": ITEM_PID, "titles": ITEM["titles"], "kind": "audio"}
_WHOLE: Json = {"variants": [], "notes": [], "codes": [], "item_count": 12}
PEOPLE: Json = {
    **_PEOPLE,
    **_WHOLE,
    "codes": _PEOPLE_CODES,
    "languages": ["bdq"],
    "parent": None,
    "branches": [{"slug": "ro-ngao", "names": of(vi="Rơ Ngao")}],
}
COLLECTION: Json = {**_COLLECTION, **_WHOLE, "descriptions": of(vi="Băng và đĩa."), "parent": None, "parts": []}
SUBJECT: Json = {
    **_SUBJECT,
    **_WHOLE,
    "scheme": "local",
    "notation": None,
    "broader": [{"slug": "nhac-cu", "names": of(vi="Nhạc cụ")}],
    "narrower": [],
    "related": [],
    "matches": [{"relation": "closeMatch", "uri": "https://vocabulary.example.org/gongs"}],
}
AGENT: Json = {**_AGENT, **_WHOLE}
PLACE: Json = {
    **_WHERE,
    "notes": [],
    "codes": [],
    "exists_from": None,
    "exists_until": None,
    "predecessors": [],
    "successors": [],
    "item_count": 4,
}
LANGUAGE: Json = {"tag": "bdq", "iso_639_3": "bdq", "names": of(vi="tiếng Ba Na", en="Bahnar"), "item_count": 12}


def _page(*rows: Json, address: str = "", **more: object) -> Json:
    following = f"{SITE}{address}?cursor=eyJuIjoxfQ" if address else None
    return {"next": following, "previous": None, "results": list(rows), **more}


_SEARCH: Json = {
    "total": 1,
    "hits": [_SHORT_ITEM],
    "approximate": [],
    "highlights": [
        {
            "item": ITEM_PID,
            "field": "titles",
            "lang": "vi",
            "parts": [
                {"text": "Đánh ", "match": False},
                {"text": "chiêng", "match": True},
                {"text": " mừng lúa mới", "match": False},
            ],
        }
    ],
    "moments": [],
    "facets": {
        "kind": [{"value": "audio", "label": "Sound", "count": 1}],
        "people": [{"value": "ba-na", "label": "Bahnar", "count": 1}],
        "subject": [],
        "collection": [],
        "place": [],
        "language": [{"value": "bdq", "label": "bdq", "count": 1}],
    },
    "decades": [{"first_year": 1990, "count": 1}],
    "places": [{"slug": "lang-mau", "label": "Làng Mẫu", "count": 1, "latitude": 14.35, "longitude": 108.01}],
    "did_you_mean": None,
    "next": None,
    "previous": None,
}
# By operation: what is answered, and the query that asks for it.
ANSWERS: dict[str, Json] = {
    "listItems": _page(ITEM, address="/api/v1/items/", count=1204, included={"peoples": [PEOPLE]}),
    "getItem": {**ITEM, "included": {"peoples": [PEOPLE]}},
    "getFile": {**FILE, "item": {"pid": ITEM_PID, "url": f"{SITE}/api/v1/items/{ITEM_PID}/"}},
    "listChanges": {
        "next": None,
        "until": "2026-03-14T07:58:00.000000Z",
        "results": [
            {"pid": ITEM_PID, "change": "updated", "changed_at": _MOMENT, "url": f"{SITE}/api/v1/items/{ITEM_PID}/"},
            {"pid": OTHER_PID, "change": "deleted", "changed_at": _MOMENT, "url": None},
        ],
    },
    "search": _SEARCH,
    "suggest": {
        "words": ["cồng chiêng"],
        "titles": [{"pid": ITEM_PID, "title": "Đánh chiêng mừng lúa mới"}],
        "headings": [{"facet": "subject", "slug": "cong-chieng", "label": "Gongs"}],
    },
    "listCollections": _page(COLLECTION),
    "listPeoples": _page(PEOPLE),
    "listAgents": _page(AGENT),
    "listSubjects": _page(SUBJECT),
    "listPlaces": _page(PLACE),
    "listLanguages": _page(LANGUAGE),
    "getSchema": {"openapi": "3.1.1", "info": {"title": "Nhà Rông", "version": "1.0.0"}, "paths": {}},
}
QUERIES: dict[str, str] = {
    "listItems": "people=ba-na&kind=audio&expand=peoples&count=true",
    "getItem": "expand=peoples",
    "getFile": "",
    "listChanges": "since=2026-03-01T00%3A00%3A00Z",
    "search": "q=chi%C3%AAng&fields=titles,kind",
    "suggest": "q=cong",
    "listCollections": "page_size=20",
    "listPeoples": "",
    "listAgents": "count=true",
    "listSubjects": "",
    "listPlaces": "",
    "listLanguages": "",
    "getSchema": "",
}
PARAMETERS: dict[str, object] = {
    "people": "ba-na",
    "kind": "audio",
    "language": "bdq",
    "place": "lang-mau",
    "subject": "cong-chieng",
    "collection": "am-nhac",
    "date_from": "1975",
    "date_to": "1999-12-31",
    "modified_since": "2026-03-01T00:00:00Z",
    "since": "2026-03-01T00:00:00Z",
    "fields": ["titles", "kind"],
    "expand": ["peoples"],
    "page_size": 20,
    "count": True,
    "q": "chiêng",
    "sort": "newest",
}
PIDS = {"getItem": ITEM_PID, "getFile": FILE_PID}
PROBLEMS: dict[str, Json] = {
    "400": {"status": 400, "title": "This is a whole number from 1 to 200.", "parameter": "page_size"},
    "401": {"status": 401, "title": "This key opens nothing here. Without a key everything that is public stays open."},
    "403": {"status": 403, "title": "This key is not good for this door."},
    "404": {"status": 404, "title": "There is no such thing here, or it is not open."},
    "406": {"status": 406, "title": "The answer cannot be given in the form asked for; JSON can."},
    "410": {
        "status": 410,
        "title": "This item was open to everyone and has been withdrawn.",
        "pid": OTHER_PID,
        "identifier": "AT.0002",
        "withdrawn": "2026-03-10",
    },
    "429": {"status": 429, "title": "Too many requests. Please go on after the time in Retry-After."},
    "503": {"status": 503, "title": "The search is being prepared. Ask again in a while."},
}


def add(document: Json) -> None:
    """Put the examples into an OpenAPI document, and a request line into what is said of each operation."""
    for address, methods in document["paths"].items():
        for operation in methods.values():
            name = operation["operationId"]
            for parameter in operation.get("parameters", ()):
                parameter["example"] = PIDS[name] if parameter["name"] == "pid" else PARAMETERS[parameter["name"]]
            operation["description"] += f"\n\nFor example: `GET {request_of(name, address)}`"
            for status, answer in operation["responses"].items():
                for content in answer.get("content", {}).values():
                    content["example"] = ANSWERS[name] if status == "200" else PROBLEMS[status]


def request_of(name: str, address: str) -> str:
    """Return the example of a request as path and query. Addresses are answered with their last slash and without."""
    path = address.replace("{pid}", PIDS.get(name, ""))
    return f"{path}?{QUERIES[name]}" if QUERIES[name] else path
