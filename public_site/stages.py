"""What the place of one file on the item page shows: a viewer or player, work in progress, or a plain download."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from archive import addresses, derived_names
from archive.derived_contents import Reading
from archive.models import ItemFile
from archive.progress import Progress
from media_pipeline.format_names import format_label
from public_site import books, leaves, players, renditions, searching_inside, titles
from public_site.books import Book
from public_site.leaves import Leaf
from public_site.outlines import Entry, contents_of
from public_site.renditions import Output, Rendition
from public_site.searching_inside import QUESTION_LETTERS, Answer
from public_site.titles import Text

MIDDLE_PX = 480
LARGE_PX = 1280
# A page with its first picture is to stay below 100 KB; page, style, script and two fonts take up to 40 of them.
PICTURE_BUDGET_BYTES = 60_000
WAVE_BARS = 240
WAVE_HEIGHT = 100
PEAK = 127
BAR_WIDTH = 4
# Lines of a table of contents that lie beside each page; a longer one is on the page of the whole work only.
CONTENTS_BESIDE_PAGE = 80
# Kinds whose text is read by itself, chapter by chapter, where there are no pictures of pages.
READ_AS_BOOKS = frozenset({"epub", "text", "office"})

# Reads one derived JSON file: the viewer is checked where the file was found, the bytes come from storage.
ReadJson = Callable[[str, str], object]
# Opens the text of the file; read only where a page shows some.
OpenText = Callable[[], Reading]


@dataclass(frozen=True)
class Stage:
    """One file's place. `shape` names the template part; only what that part needs is filled.

    `picture` is for phones; `wide` the same for large screens, where it keeps to the budget; `large` is a link.
    `status_address` is set, and `percent` counts, while work goes on, also beside a shape that can already be shown.
    `master_size_bytes` is 0 before the file is stored.
    """

    pid: str
    shape: str
    label: str
    caption: Text | None
    picture: Output | None
    wide: Output | None = None
    large: Output | None = None
    status_address: str = ""
    percent: int = 0
    zoom_address: str = ""
    sources: tuple[Output, ...] = ()
    duration_ms: int = 0
    wave_path: str = ""
    wave_width: int = WAVE_BARS * BAR_WIDTH
    leaf: Leaf | None = None
    page_count: int = 0
    page_size_bytes: int = 0
    contents: tuple[Entry, ...] = ()
    document: Output | None = None
    book: Book | None = None
    can_search: bool = False
    found: Answer | None = None
    keep: str = ""
    is_two: bool = False
    question: str = ""
    ways: tuple[players.Way, ...] = ()
    around: players.Around | None = None
    master_size_bytes: int = 0
    format_name: str = ""

    @property
    def is_reading(self) -> bool:
        """Whether a page, a chapter or what was found in the work is on view."""
        return bool(self.leaf or self.found or (self.book and self.book.reading))


@dataclass(frozen=True)
class Asked:
    """What the reader asks of the file on view: a page, or a chapter and its part, from 1; 0 is none. `find`: words to look for in it;
    `is_two`: two pages side by side."""

    page: int = 0
    chapter: int = 0
    part: int = 0
    find: str = ""
    is_two: bool = False

    @property
    def keep(self) -> str:
        """What the ways to other pages keep of the address, as the end of a query string."""
        kept = {**({"two": 1} if self.is_two else {}), **({"find": self.find} if self.find else {})}
        return f"&{urlencode(kept)}" if kept else ""


def asked_of(query: Mapping[str, str]) -> Asked:
    """Return what a query string asks for; what cannot be meant is as if it were not there."""
    numbers = {name: whole_number(query.get(name, "")) for name in ("page", "chapter", "part")}
    find = " ".join(query.get("find", "")[:QUESTION_LETTERS].split())
    return Asked(**numbers, find=find, is_two=query.get("two") == "1")


def whole_number(text: str) -> int:
    """Return a number of the query string; 0 for anything that is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def stage_of(
    file: ItemFile, language: str, *, now: Progress, asked: Asked, read_json: ReadJson, open_text: OpenText
) -> Stage:
    """The stage of a file that the viewer may see, with its master and derivatives prefetched."""
    made = renditions.renditions_of(file)
    large = larger(made)
    shaped = shape_of(file, made, asked, read_json, open_text)
    if shaped is None:
        settled = "plain" if file.master is not None else "refused"
        shaped = {"shape": settled if now.is_final else "working"}
    if not now.is_final:
        shaped |= {"status_address": addresses.status(file), "percent": now.percent}
    if file.master is not None:
        shaped["master_size_bytes"] = file.master.size_bytes
        shaped["format_name"] = format_label(file.master.format_name) or file.master.media_type
    return Stage(
        pid=file.pid,
        label=file.label,
        caption=titles.picked(file.captions, language),
        picture=renditions.picture(made, MIDDLE_PX),
        wide=large if large and large.size_bytes <= PICTURE_BUDGET_BYTES else None,
        large=large,
        **shaped,
    )


def larger(made: Mapping[str, Rendition]) -> Output | None:
    """The large still picture, where it is larger than the one that the page shows."""
    middle, large = renditions.picture(made, MIDDLE_PX), renditions.picture(made, LARGE_PX)
    return large if large and middle and large.width > middle.width else None


Shaped = dict[str, Any]  # Any: keyword arguments of Stage, whose own types are checked where it is read


def shape_of(
    file: ItemFile, made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson, open_text: OpenText
) -> Shaped | None:
    """The fields of the part that can show what has been made so far; None when nothing can be shown yet."""
    if "pages" in made and made["pages"].outputs:
        zoom = f"{addresses.iiif_image(file)}/info.json" if "pyramid" in made else ""
        return shape_pages(file, made, asked, read_json, open_text) | {"zoom_address": zoom}
    if "text" in made and file.master is not None and file.master.kind in READ_AS_BOOKS:
        return shape_book(file, made, asked, read_json, open_text())
    if "audio" in made:
        return shape_audio(made, read_json) | {"around": players.around(made, read_json)}
    if "mp4" in made:
        return shape_video(made) | {"around": players.around(made, read_json)}
    if "pyramid" in made:
        return {"shape": "image", "zoom_address": f"{addresses.iiif_image(file)}/info.json"}
    if "thumbnail" in made and file.master is not None and file.master.kind == "image":
        return {"shape": "image"}
    return None


def shape_pages(
    file: ItemFile, made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson, open_text: OpenText
) -> Shaped:
    """A document: its cover and number of pages, the places where words stand in it, or the page that is asked for."""
    pages = leaves.pictures_of_pages(made["pages"])
    mean = sum(small.size_bytes for small, _large in pages.values()) // len(pages)
    outline = read_json("outline", derived_names.OUTLINE) if "outline" in made else None
    contents = tuple(contents_of(outline, frozenset(pages)))
    shaped: Shaped = {
        "shape": "pages",
        "page_count": len(pages),
        "page_size_bytes": mean,
        "document": leaves.document_of(made),
        "can_search": searching_inside.can_search(made),
        "question": asked.find,
        "keep": asked.keep,
        "is_two": asked.is_two,
    }
    if asked.page:
        text = open_text() if {"text", "ocr"} & set(made) else None
        leaf = leaves.leaf_of(
            file, pages, asked.page, is_two=asked.is_two, question=asked.find, text=text, contents=contents
        )
        return shaped | {"leaf": leaf, "contents": contents if len(contents) <= CONTENTS_BESIDE_PAGE else ()}
    if asked.find and shaped["can_search"]:
        return shaped | {"found": searching_inside.inside(file, asked.find)}
    return shaped | {"contents": contents}


def shape_book(
    file: ItemFile, made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson, reading: Reading
) -> Shaped:
    """A book: its cover and contents, the places where words stand in it, or the chapter that is asked for."""
    book = books.book_of(made, asked.chapter, asked.part, read_json, reading)
    shaped: Shaped = {"shape": "book", "book": book, "can_search": bool(reading.passages), "question": asked.find}
    if asked.find and not book.reading:
        return shaped | {"found": searching_inside.inside(file, asked.find)}
    return shaped | {"keep": asked.keep}


def shape_audio(made: Mapping[str, Rendition], read_json: ReadJson) -> Shaped:
    """A sound: sources in the order in which a browser should try them, and its drawn wave."""
    content = read_json("waveform", derived_names.WAVEFORM) if "waveform" in made else None
    peaks = content.get("peaks") if isinstance(content, dict) else content
    return {
        "shape": "audio",
        "sources": tuple(sorted(made["audio"].outputs, key=lambda output: output.size_bytes)),
        "duration_ms": made["audio"].number("duration_ms"),
        "wave_path": wave_path(peaks) if isinstance(peaks, list) else "",
    }


def pairs_of(peaks: Sequence[object]) -> list[tuple[int, int]]:
    """Peaks as (lowest, highest) pairs, whether they come as pairs or as one flat list of alternating numbers."""
    if peaks and isinstance(peaks[0], list | tuple):
        return [(int(pair[0]), int(pair[1])) for pair in peaks if isinstance(pair, list | tuple) and len(pair) == 2]
    numbers = [int(peak) for peak in peaks if isinstance(peak, int | float)]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def wave_path(peaks: Sequence[object]) -> str:
    """An SVG path of at most WAVE_BARS bars in a box of WAVE_BARS × BAR_WIDTH by WAVE_HEIGHT, middle line at the half.

    Every bar is the widest of the peaks that it stands for, and at least one unit high, so that silence is seen too.
    """
    pairs = pairs_of(peaks)
    bars = min(WAVE_BARS, len(pairs))
    steps = []
    for bar in range(bars):
        part = pairs[bar * len(pairs) // bars : (bar + 1) * len(pairs) // bars]
        reach = max(max(abs(low), abs(high)) for low, high in part)
        half = max(round(reach * WAVE_HEIGHT / 2 / PEAK), 1)
        x = bar * WAVE_BARS * BAR_WIDTH // bars
        steps.append(f"M{x} {WAVE_HEIGHT // 2 - half}h{BAR_WIDTH - 1}v{2 * half}h-{BAR_WIDTH - 1}z")
    return "".join(steps)


def shape_video(made: Mapping[str, Rendition]) -> Shaped:
    """A film: the small MP4 first, and the adaptive stream where it has been made."""
    return {
        "shape": "video",
        "sources": made["mp4"].outputs[:1],
        "duration_ms": made["mp4"].number("duration_ms"),
        "ways": players.ways_of(made["hls"]) if "hls" in made else (),
    }
