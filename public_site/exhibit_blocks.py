"""The blocks of an exhibit's page, ready for its template: plain values, made only of what the viewer sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import cast

from django.urls import reverse
from django.utils.safestring import SafeString

from access.viewer import Viewer
from archive import addresses, companions, dates, hits, transcripts, vocabularies
from archive.dates_as_said import say
from archive.derived_names import CAPTIONS
from archive.exhibits import reading
from archive.exhibits.reading import Block, Page, Piece
from archive.hits import Hit
from archive.languages import LangValue
from archive.models import BlockKind, Item, ItemFile
from archive.search.following import called_now
from archive.transcripts import Transcript
from public_site import links, map_tiles, mapping, marked_text, renditions, titles
from public_site.cards import Card, card_of
from public_site.formatting import format_duration
from public_site.map_tiles import Tile
from public_site.mapping import Chart, Spot
from public_site.titles import Text

# Long edges of pictures: beside each other, and alone.
SIZES_PX = (480, 1280)
# Of a recording that are read out beside it.
LINES_MOST = 60
SOUND, FILM = "audio", "mp4"


@dataclass(frozen=True)
class Words:
    """A text with its marks, as HTML, in the language that it is in."""

    html: SafeString
    lang: str


@dataclass(frozen=True)
class Source:
    """One file that a player may take."""

    address: str
    media_type: str


@dataclass(frozen=True)
class Line:
    """One passage of what is said: by whom, and when it begins."""

    speaker: str
    text: str
    clock: str


@dataclass(frozen=True)
class Passage:
    """A part of a recording: its sources with the times that are played, what is said in it, and the address of the whole at its beginning.

    `span` is its beginning and end for people, empty where all of it is meant.
    """

    is_film: bool
    sources: tuple[Source, ...]
    size_bytes: int
    span: str
    address: str
    lines: tuple[Line, ...] = ()
    lang: str = ""


@dataclass(frozen=True)
class Thing:
    """One item in a block: its card, the words under it, and what is warned of before its pictures; `passage` of a recording."""

    card: Card
    address: str
    small: str
    large: str
    width: int
    height: int
    caption: Words | None
    warnings: tuple[str, ...]
    date_edtf: str = ""
    date: str = ""
    passage: Passage | None = None


@dataclass(frozen=True)
class Shape:
    """One block. `kind` names the template part; only what that part needs is filled."""

    kind: str
    anchor: str
    words: Words | None = None
    line: Text | None = None
    source: Text | None = None
    things: tuple[Thing, ...] = ()
    chart: Chart | None = None
    tiles: tuple[Tile, ...] = ()
    spots: tuple[tuple[Spot, Words | None], ...] = ()


def shapes_of(viewer: Viewer, page: Page, language: str) -> list[Shape]:
    """Return the blocks of a page. At most nine queries, and those of a map's tiles; the index and parts of a transcript are read
    from storage."""
    keys = [piece.item_key for block in page.blocks for piece in block.pieces if piece.item_key is not None]
    # Read through the viewer once more: what this does not return is not drawn.
    found = hits.of_keys(viewer, set(keys), called_now(), sizes_px=SIZES_PX) if keys else {}
    recorded = _recordings(viewer, page)
    made = [_shape(block, found, recorded, language) for block in page.blocks]
    return [one for one in made if one is not None]


def _shape(block: Block, found: Mapping[int, Hit], recorded: Mapping[int, Item], language: str) -> Shape | None:
    things = [
        _thing(piece, found[piece.item_key], block, recorded.get(piece.item_key), language)
        for piece in block.pieces
        if piece.item_key is not None and piece.item_key in found
    ]
    anchor, kind = f"b{block.key}", block.kind.value
    words = words_of(block.texts, language)
    if block.kind == BlockKind.HEADING:
        return Shape(kind, anchor, line=titles.picked(block.texts, language))
    if block.kind == BlockKind.MAP:
        return _map(block, anchor, words, language)
    if not things and block.kind.is_of_its_pieces:
        return None
    if block.kind == BlockKind.TIME_LINE:
        things.sort(key=lambda one: (_first_day(one.date_edtf), one.card.pid))
    return Shape(kind, anchor, words, source=titles.picked(block.sources, language), things=tuple(things))


def words_of(values: Sequence[LangValue], language: str) -> Words | None:
    """Return the text for this reader with its marks as HTML; None where there is none."""
    text = titles.picked(values, language)
    return Words(marked_text.to_html(text.value), text.lang) if text else None


def _thing(piece: Piece, hit: Hit, block: Block, recording: Item | None, language: str) -> Thing:
    card = card_of(hit, language)
    warnings: tuple[str, ...] = ()
    if hit.is_warned_of:
        warnings = tuple(vocabularies.warnings(cast(Sequence[str], hit.texts("restriction_reasons"))))
    large = card.large or card.small
    at = addresses.derivatives_of()
    return Thing(
        card=card,
        address=addresses.item_of(hit.pid),
        small=at(card.small.file_pid, card.small.role, card.small.name) if card.small else "",
        large=at(large.file_pid, large.role, large.name) if large else "",
        width=large.width if large else 0,
        height=large.height if large else 0,
        caption=words_of(piece.captions, language),
        warnings=warnings,
        date_edtf=hit.date_edtf,
        date=say(hit.date_edtf, language),
        passage=_passage(recording, block, language) if recording is not None and not warnings else None,
    )


def _first_day(edtf: str) -> date:
    """Return from when something is, for the order of a time line; what has no date comes last."""
    return (dates.read(edtf).first if edtf else None) or date.max


def _map(block: Block, anchor: str, words: Words | None, language: str) -> Shape | None:
    spots = [
        (
            Spot(
                links.name_of_place(piece.place, language),
                reverse("public_site:place", args=[piece.place.slug]),
                1,
                float(piece.place.latitude or 0),
                float(piece.place.longitude or 0),
            ),
            words_of(piece.captions, language),
            piece.place.latitude is not None and piece.place.longitude is not None,
        )
        for piece in block.pieces
        if piece.place is not None
    ]
    if not spots:
        return None
    chart = mapping.chart_of([spot for spot, _words, is_known in spots if is_known], has_tiles=map_tiles.are_there())
    tiles = tuple(map_tiles.under(chart)) if chart is not None else ()
    shown = tuple((spot, caption) for spot, caption, _is_known in spots)
    return Shape(block.kind.value, anchor, words, chart=chart, tiles=tiles, spots=shown)


def _recordings(viewer: Viewer, page: Page) -> Mapping[int, Item]:
    keys = [
        piece.item_key
        for block in page.blocks
        if block.kind == BlockKind.RECORDING
        for piece in block.pieces
        if piece.item_key is not None
    ]
    return reading.recordings(viewer, keys, (SOUND, FILM, CAPTIONS)) if keys else {}


def _passage(recording: Item, block: Block, language: str) -> Passage | None:
    """The passage of the first recording of an item that the viewer may see; None where none of it is open to them, or ready."""
    files: list[ItemFile] = recording.visible_files  # type: ignore[attr-defined]  # set by with_visible_files
    start, end = block.start_ms or 0, block.end_ms
    for file in companions.shown_alone(files):
        made = renditions.renditions_of(file, roles=(SOUND, FILM))
        role = FILM if FILM in made else SOUND
        if role not in made or not made[role].outputs:
            continue
        ordered = sorted(made[role].outputs, key=lambda one: one.size_bytes)
        times = f"#t={start / 1000:g}{f',{end / 1000:g}' if end else ''}" if start or end else ""
        outputs = ordered[:1] if role == FILM else ordered
        texts = companions.of_recording(file, files) or [file]
        lines, lang = _said(texts, start, end, language)
        moment = f"?file={file.pid}{f'&t={start // 1000}' if start else ''}"
        return Passage(
            is_film=role == FILM,
            sources=tuple(Source(f"{one.address}{times}", one.media_type) for one in outputs),
            size_bytes=ordered[0].size_bytes,
            span=_span(start, end),
            address=f"{addresses.item(recording)}{moment}",
            lines=lines,
            lang=lang,
        )
    return None


def _span(start: int, end: int | None) -> str:
    if not start and not end:
        return ""
    begin = format_duration(start // 1000 * 1000)
    return f"{begin}–{format_duration(end // 1000 * 1000)}" if end else f"{begin}–"


def _said(texts: Sequence[ItemFile], start: int, end: int | None, language: str) -> tuple[tuple[Line, ...], str]:
    """What is said between two moments, in the page's language where it is written down in it; nothing where nobody chose a passage."""
    if not start and not end:
        return (), ""
    readable = sorted(
        (file for file in texts if file.derivative(CAPTIONS) is not None),
        key=lambda file: file.language.partition("-")[0] != language,
    )
    for file in readable:
        said = transcripts.of(file.derivative(CAPTIONS))
        if said.is_timed:
            lines = tuple(islice(_lines(said, start, end), LINES_MOST))
            if lines:
                return lines, file.language if file.language != language else ""
    return (), ""


def _lines(said: Transcript, start: int, end: int | None) -> Iterator[Line]:
    first = said.part_at(ms=start)
    for part in said.parts[max(first - 1, 0) :]:
        for one in said.segments(part):
            begins = one.start_ms or 0
            if end is not None and begins >= end:
                return
            if (one.end_ms if one.end_ms is not None else begins) > start or begins >= start:
                yield Line(one.speaker, one.text, format_duration(begins // 1000 * 1000))
