"""What the place of one file on the item page shows: a viewer or player, work in progress, or a plain download."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive import addresses
from archive.models import ItemFile
from archive.progress import Progress
from public_site import renditions, titles
from public_site.renditions import Output, Rendition
from public_site.titles import Text

MIDDLE_PX = 480
LARGE_PX = 1280
# A page with its first picture is to stay below 100 KB; page, style, script and two fonts take up to 40 of them.
PICTURE_BUDGET_BYTES = 60_000
WAVE_BARS = 240
WAVE_HEIGHT = 100
PEAK = 127
BAR_WIDTH = 4
STREAM_MANIFEST = "master.m3u8"

# Reads one derived JSON file: the viewer is checked where the file was found, the bytes come from storage.
ReadJson = Callable[[str, str], object]


@dataclass(frozen=True)
class Leaf:
    """One page of a document on view, with the numbers of its neighbours (0: none) and its text."""

    number: int
    count: int
    picture: Output
    text: str
    previous: int
    next: int


@dataclass(frozen=True)
class Chapter:
    """One chapter of a book."""

    number: int
    label: str
    text: str = ""


@dataclass(frozen=True)
class Book:
    """A book's chapters by name, and the one being read (None: the cover and the contents are shown)."""

    chapters: tuple[Chapter, ...]
    reading: Chapter | None = None
    previous: int = 0
    next: int = 0


@dataclass(frozen=True)
class Stream:
    """An adaptive film: its manifest, the height of its best picture, and how many bytes that one has in all."""

    address: str
    height: int
    size_bytes: int


@dataclass(frozen=True)
class Stage:
    """One file's place. `shape` names the template part; only what that part needs is filled.

    `picture` is for phones; `wide` the same for large screens, where it keeps to the budget; `large` is a link.
    `status_address` is set, and `percent` counts, while work goes on, also beside a shape that can already be shown.
    `master_size_bytes` is 0 before the file is stored.
    """

    pid: str
    shape: str
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
    book: Book | None = None
    stream: Stream | None = None
    master_size_bytes: int = 0
    format_name: str = ""


@dataclass(frozen=True)
class Asked:
    """What the reader asks of the file on view: a page or a chapter, from 1; 0 is none."""

    page: int = 0
    chapter: int = 0


def stage_of(file: ItemFile, language: str, *, now: Progress, asked: Asked, read_json: ReadJson) -> Stage:
    """The stage of a file that the viewer may see, with its master and derivatives prefetched."""
    made = renditions.renditions_of(file)
    large = larger(made)
    shaped = shape_of(file, made, asked, read_json)
    if shaped is None:
        settled = "plain" if file.master is not None else "refused"
        shaped = {"shape": settled if now.is_final else "working"}
    if not now.is_final:
        shaped |= {"status_address": addresses.status(file), "percent": now.percent}
    if file.master is not None:
        shaped["master_size_bytes"] = file.master.size_bytes
        shaped["format_name"] = file.master.format_name or file.master.media_type
    return Stage(
        pid=file.pid,
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


def shape_of(file: ItemFile, made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson) -> Shaped | None:
    """The fields of the part that can show what has been made so far; None when nothing can be shown yet."""
    if "pages" in made and made["pages"].outputs:
        zoom = f"{addresses.iiif_image(file)}/info.json" if "pyramid" in made else ""
        return shape_pages(made, asked, read_json) | {"zoom_address": zoom}
    if "text" in made and ("outline" in made or (file.master is not None and file.master.kind == "epub")):
        return {"shape": "book", "book": book_of(made, asked, read_json)}
    if "audio" in made:
        return shape_audio(made, read_json)
    if "mp4" in made:
        return shape_video(made)
    if "pyramid" in made:
        return {"shape": "image", "zoom_address": f"{addresses.iiif_image(file)}/info.json"}
    if "thumbnail" in made and file.master is not None and file.master.kind == "image":
        return {"shape": "image"}
    return None


def shape_pages(made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson) -> Shaped:
    """A document: its cover and number of pages, or the page that is asked for (one outside of it is the nearest)."""
    pages = made["pages"].outputs
    mean = sum(output.size_bytes for output in pages) // len(pages)
    shaped: Shaped = {"shape": "pages", "page_count": len(pages), "page_size_bytes": mean}
    if asked.page:
        number = min(max(asked.page, 1), len(pages))
        shaped["leaf"] = Leaf(
            number=number,
            count=len(pages),
            picture=pages[number - 1],
            text=passage(read_json("text", "text.json"), number) if "text" in made else "",
            previous=number - 1,
            next=number + 1 if number < len(pages) else 0,
        )
    return shaped


def passages(content: object) -> list[Mapping[str, object]]:
    """The passages of a text.json; an empty list for anything that is not one."""
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []


def passage(content: object, number: int) -> str:
    """The text of one page."""
    return next((str(entry.get("text", "")) for entry in passages(content) if entry.get("number") == number), "")


def book_of(made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson) -> Book:
    """The contents of a book, with the text of the chapter that is asked for."""
    entries = passages(read_json("text", "text.json"))
    chapters = tuple(
        Chapter(number=int(str(entry.get("number", 0))), label=str(entry.get("label") or ""))
        for entry in entries
        if str(entry.get("text", "")).strip()
    )
    numbers = [chapter.number for chapter in chapters]
    if asked.chapter not in numbers:
        return Book(chapters=chapters)
    at = numbers.index(asked.chapter)
    return Book(
        chapters=chapters,
        reading=Chapter(numbers[at], chapters[at].label, passage(entries, numbers[at])),
        previous=numbers[at - 1] if at else 0,
        next=numbers[at + 1] if at + 1 < len(numbers) else 0,
    )


def shape_audio(made: Mapping[str, Rendition], read_json: ReadJson) -> Shaped:
    """A sound: sources in the order in which a browser should try them, and its drawn wave."""
    content = read_json("waveform", "waveform.json") if "waveform" in made else None
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
        "stream": stream_of(made["hls"]) if "hls" in made else None,
    }


def stream_of(rendition: Rendition) -> Stream | None:
    """The stream with its best picture: the folder with the highest "…p" name."""
    manifest = rendition.named(STREAM_MANIFEST)
    if manifest is None:
        return None
    sizes: dict[int, int] = {}
    for output in rendition.outputs:
        folder = output.name.partition("/")[0].removesuffix("p")
        if folder.isdigit():
            sizes[int(folder)] = sizes.get(int(folder), 0) + output.size_bytes
    if not sizes:
        return None
    height = max(sizes)
    return Stream(address=manifest.address, height=height, size_bytes=sizes[height])
