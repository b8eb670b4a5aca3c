"""From files of an item to canvases: one for a picture, a recording, a film, an e-book, and one for each page of a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from archive import addresses, companions, derived_names, page_words, stills, vocabularies
from archive.delivery import INLINE_TYPES
from archive.derived_contents import read_json
from archive.models import ItemFile
from interop.iiif.image import pages as page_pictures
from interop.iiif.presentation.description import said, texts_of
from interop.iiif.presentation.values import NO_LANGUAGE, Canvas, Range, Resource, Texts
from media_pipeline.models import Derivative

Entry = Mapping[str, Any]  # Any: JSON
# The place of something that has no size of its own, in px: the shape of a sheet of paper.
EMPTY_SIZE = (1000, 1414)
THUMBNAIL_PX = 480
# What every browser plays comes first.
SOUNDS = ("audio.m4a", "audio-low.m4a", "audio.mp3", "audio.opus", "audio-low.opus")
RANGES_MOST = 2000


@dataclass(frozen=True)
class Place:
    """Where the manifest of an item lies, and how its addresses are made. `base` has no slash at its end."""

    base: str
    absolute: Callable[[str], str]

    def canvas(self, file: ItemFile, page: int = 0) -> str:
        return f"{self.base}/canvas/{file.pid}/{page}" if page else f"{self.base}/canvas/{file.pid}"

    def transcript(self, file: ItemFile) -> str:
        return f"{self.base}/transcript/{file.pid}"


def canvases_of(files: Sequence[ItemFile], place: Place) -> tuple[Canvas, ...]:
    """Return the canvases of the files that a viewer may see, in order; one empty place where there is nothing to show."""
    found = [canvas for file in companions.shown_alone(files) for canvas in _canvases(file, files, place)]
    return tuple(found) or (_nothing(f"{place.base}/canvas/none", said(lambda: _("Nothing to show here"))),)


def ranges_of(files: Sequence[ItemFile], place: Place, canvases: Sequence[Canvas]) -> tuple[Range, ...]:
    """Return the tables of contents that documents and recordings bring. Reads one small file of each that has one."""
    known = {canvas.address for canvas in canvases}
    found = [
        one for file in companions.shown_alone(files) for one in (*_outline(file, place, known), *_moments(file, place))
    ]
    return tuple(found[:RANGES_MOST])


def thumbnail_of(files: Sequence[ItemFile], place: Place) -> Resource | None:
    """Return the first still picture among the files."""
    return next((made for file in files if (made := _thumbnail(file, place)) is not None), None)


def transcripts_of(files: Sequence[ItemFile], place: Place) -> tuple[Resource, ...]:
    """Return the pages of annotations of what is said in the recordings. They belong to the manifest: Mirador 4 shows no recording on whose
    canvas a page without its items lies."""
    recordings = [file for file in files if companions.is_recording(file)]
    beside = [text for file in recordings for text in companions.of_recording(file, files)]
    return tuple(one for text in beside for one in _transcript(text, place))


def has_text(file: ItemFile) -> bool:
    """Return whether words can be looked for in a file: those of its pages, or what is said in it. No query."""
    made = file.derivative(derived_names.CAPTIONS)
    return page_words.has_words(file) or (made is not None and _entry(made, derived_names.SEGMENTS) is not None)


def _canvases(file: ItemFile, files: Sequence[ItemFile], place: Place) -> Iterator[Canvas]:
    made = file.newest_derivatives()
    kind = file.master.kind if file.master is not None else ""
    if kind in companions.RECORDING_KINDS:
        yield _recording(file, made, files, place)
    elif "pyramid" in made:
        yield _picture(file, made["pyramid"], place)
    elif "pages" in made:
        yield from _pages(file, made["pages"], place)
    else:
        still = _still(file, place, largest=True)
        label = _label(file)
        renderings = tuple(_renderings(file, made, place))
        address = place.canvas(file)
        text = tuple(_transcript(file, place))
        if still is None:
            yield _nothing(address, label, renderings, text)
        else:
            yield Canvas(
                address, label, still.width, still.height,
                painting=still, thumbnail=_thumbnail(file, place), renderings=renderings, annotations=text,
            )  # fmt: skip


def _nothing(
    address: str, label: Texts, renderings: tuple[Resource, ...] = (), annotations: tuple[Resource, ...] = ()
) -> Canvas:
    return Canvas(address, label, *EMPTY_SIZE, renderings=renderings, annotations=annotations)


def _label(file: ItemFile, number: int = 0) -> Texts:
    """Return what stands under a canvas: the number printed on the page, or its caption, or its place in the order."""
    if number:
        return {NO_LANGUAGE: [str(number)]}
    captions = texts_of(file.captions)
    if file.label:
        return {NO_LANGUAGE: [file.label], **captions} if NO_LANGUAGE not in captions else {NO_LANGUAGE: [file.label]}
    return captions or {NO_LANGUAGE: [str(file.position + 1)]}


def _picture(file: ItemFile, pyramid: Derivative, place: Place) -> Canvas:
    entry = pyramid.files[0] if pyramid.files else {}
    width, height = (int(entry.get(name) or pyramid.facts.get(name) or 0) for name in ("width", "height"))
    service = place.absolute(addresses.iiif_image(file))
    if not (width and height):
        width, height = EMPTY_SIZE
    painting = Resource(
        f"{service}/full/max/0/default.jpg", "Image", "image/jpeg", width=width, height=height, service=service
    )
    return Canvas(
        place.canvas(file), _label(file), width, height,
        painting=painting, thumbnail=_thumbnail(file, place), annotations=tuple(_transcript(file, place)),
    )  # fmt: skip


def _pages(file: ItemFile, pages: Derivative, place: Place) -> Iterator[Canvas]:
    """Yield a canvas for each page of a document, painted with the largest picture of it that was made."""
    by_number: dict[int, list[Entry]] = {}
    for entry in pages.files:
        by_number.setdefault(int(entry.get("page") or 0), []).append(entry)
    renderings = tuple(_renderings(file, file.newest_derivatives(), place))
    for number, entries in sorted(by_number.items()):
        sized = sorted(
            (one for one in entries if one.get("width") and one.get("height")), key=lambda one: int(one["width"])
        )
        if not number or not sized:
            continue
        painting, small = (_image(file, pages, one, place) for one in (sized[-1], sized[0]))
        if page_pictures.of_page(file, number) is not None:
            service = place.absolute(addresses.iiif_page(file, number))
            painting = replace(painting, service=service, service_profile="level0")
        yield Canvas(
            place.canvas(file, number), _label(file, number), painting.width, painting.height,
            painting=painting, thumbnail=small, renderings=renderings if number == 1 else (),
        )  # fmt: skip


def _recording(file: ItemFile, made: Mapping[str, Derivative], files: Sequence[ItemFile], place: Place) -> Canvas:
    painting = _film(file, made, place) if "mp4" in made or "hls" in made else _sound(file, made, place)
    beside = companions.of_recording(file, files)
    if painting is None:
        return _nothing(place.canvas(file), _label(file))
    return Canvas(
        place.canvas(file),
        _label(file),
        painting.width,
        painting.height,
        painting.duration_s,
        painting=painting,
        thumbnail=_thumbnail(file, place),
        renderings=tuple(_renderings(file, made, place, but=painting.address)),
        see_also=tuple(_waveform(file, made, place)),
        captions=tuple(one for text in beside for one in _captions(text, place)),
    )


def _film(file: ItemFile, made: Mapping[str, Derivative], place: Place) -> Resource | None:
    for role in ("mp4", "hls"):
        if role not in made:
            continue
        entry = (
            _entry(made[role], derived_names.STREAM_MANIFEST) if role == "hls" else next(iter(made[role].files), None)
        )
        facts = made[role].facts
        if entry is not None and (seconds := _seconds(entry, facts)):
            sizes = [int(entry.get(name) or facts.get(name) or 0) for name in ("width", "height")]
            width, height = sizes if all(sizes) else (640, 360)
            return Resource(
                _address(file, role, entry, place), "Video", str(entry["media_type"]),
                width=width, height=height, duration_s=seconds,
            )  # fmt: skip
    return None


def _sound(file: ItemFile, made: Mapping[str, Derivative], place: Place) -> Resource | None:
    audio = made.get("audio")
    if audio is None:
        return None
    entries = sorted(audio.files, key=lambda one: SOUNDS.index(one["name"]) if one["name"] in SOUNDS else len(SOUNDS))
    for entry in entries:
        if str(entry["media_type"]).startswith("audio/") and (seconds := _seconds(entry, audio.facts)):
            address = _address(file, "audio", entry, place)
            return Resource(address, "Sound", str(entry["media_type"]), duration_s=seconds)
    return None


def _seconds(entry: Entry, facts: Entry) -> float:
    return round(float(entry.get("duration_ms") or facts.get("duration_ms") or 0) / 1000, 3)


def _waveform(file: ItemFile, made: Mapping[str, Derivative], place: Place) -> Iterator[Resource]:
    if "waveform" in made and (entry := _entry(made["waveform"], derived_names.WAVEFORM)):
        label = said(lambda: _("Waveform"))
        yield Resource(_address(file, "waveform", entry, place), "Dataset", str(entry["media_type"]), label)


def _captions(text: ItemFile, place: Place) -> Iterator[Resource]:
    made = text.derivative(derived_names.CAPTIONS)
    entry = _entry(made, derived_names.VTT) if made is not None else None
    if entry is not None:
        address = _address(text, derived_names.CAPTIONS, entry, place)
        yield Resource(address, "Text", "text/vtt", _text_label(text), language=text.language)


def _transcript(text: ItemFile, place: Place) -> Iterator[Resource]:
    made = text.derivative(derived_names.CAPTIONS)
    if made is not None and _entry(made, derived_names.SEGMENTS) is not None:
        yield Resource(place.transcript(text), "AnnotationPage", label=_text_label(text))


def _text_label(text: ItemFile) -> Texts:
    """Return what a text is called: by its caption, else by what it is and in which language."""

    def name() -> str:
        role = capfirst(text.get_role_display())
        return f"{role} ({vocabularies.language(text.language)})" if text.language else role

    return texts_of(text.captions) or said(name)


def _renderings(file: ItemFile, made: Mapping[str, Derivative], place: Place, *, but: str = "") -> Iterator[Resource]:
    """Yield the other forms of a file: for reading, for listening, to take away."""
    for role in ("pdf", "ocr", "audio", "mp4"):
        for entry in made[role].files if role in made else ():
            media_type, name = str(entry["media_type"]), str(entry["name"])
            # Not the adaptive film: Universal Viewer 4 plays it in place of what is painted, and fails.
            if media_type != "application/pdf" and not media_type.startswith(("audio/", "video/")):
                continue
            address = _address(file, role, entry, place)
            if address == but or (role == "audio" and media_type == "video/iso.segment"):
                continue
            kind = {"audio": "Sound", "video": "Video"}.get(media_type.partition("/")[0], "Text")
            # A PDF is sent as a file of an unknown kind, so that none runs in a page (archive.delivery).
            sent_as = media_type if media_type in INLINE_TYPES else ""
            label = {NO_LANGUAGE: ["PDF" if media_type == "application/pdf" else name]}
            yield Resource(address, kind, sent_as, label)


def _still(file: ItemFile, place: Place, *, largest: bool = False) -> Resource | None:
    """Return a still picture of a file: the largest, or the one nearest above the size of a thumbnail."""
    for role in derived_names.PICTURE_ROLES:
        made = file.derivative(role)
        entries = [] if made is None else [one for one in stills.shown_entries(file, made) if one.get("width")]
        if made is None or not entries:
            continue
        entries.sort(key=lambda one: max(int(one["width"]), int(one.get("height") or 0)))
        wide = [one for one in entries if max(int(one["width"]), int(one.get("height") or 0)) >= THUMBNAIL_PX]
        return _image(file, made, entries[-1] if largest or not wide else wide[0], place)
    return None


def _thumbnail(file: ItemFile, place: Place) -> Resource | None:
    found = _still(file, place)
    if found is None or file.derivative("pyramid") is None:
        return found
    service = place.absolute(addresses.iiif_image(file))
    return Resource(
        found.address, "Image", found.media_type, width=found.width, height=found.height, service=service
    )  # fmt: skip


def _image(file: ItemFile, made: Derivative, entry: Entry, place: Place) -> Resource:
    address = _address(file, made.role, entry, place)
    width, height = int(entry["width"]), int(entry.get("height") or 0)
    return Resource(address, "Image", str(entry["media_type"]), width=width, height=height)


def _address(file: ItemFile, role: str, entry: Entry, place: Place) -> str:
    return place.absolute(addresses.derivative(file, role, str(entry["name"])))


def _entry(made: Derivative, name: str) -> Entry | None:
    return next((entry for entry in made.files if entry["name"] == name), None)


def _outline(file: ItemFile, place: Place, known: set[str]) -> Iterator[Range]:
    """Yield the outline of a document, as far as its pages are here."""
    if file.derivative("pages") is None or file.derivative("outline") is None:
        return
    yield from _entries(read_json(file, "outline", derived_names.OUTLINE), file, place, known)


def _entries(rows: object, file: ItemFile, place: Place, known: set[str]) -> Iterator[Range]:
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        children = tuple(_entries(row.get("children"), file, place, known))
        page = row.get("passage")
        canvas = place.canvas(file, page) if isinstance(page, int) and page > 0 else ""
        canvas = canvas if canvas in known else ""
        # A range without an item is none (section 3.1, items).
        if canvas or children:
            yield Range({NO_LANGUAGE: [str(row.get("label") or page or "–")]}, canvas, children=children)


def _moments(file: ItemFile, place: Place) -> Iterator[Range]:
    if file.derivative("chapters") is None or file.master is None or file.master.kind not in companions.RECORDING_KINDS:
        return
    rows = read_json(file, "chapters", derived_names.CHAPTERS_DATA)
    for number, row in enumerate(rows if isinstance(rows, list) else [], 1):
        start, end = (row.get("start_ms"), row.get("end_ms")) if isinstance(row, dict) else (None, None)
        if isinstance(start, int) and isinstance(end, int):
            label = {NO_LANGUAGE: [str(row.get("title") or number)]}
            yield Range(label, place.canvas(file), (start / 1000, end / 1000))
