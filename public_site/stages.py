"""What the place of one file on the item page shows: a viewer or player, work in progress, or a plain download."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive import addresses, derived_names
from archive.derived_contents import Passage, Reading
from archive.models import ItemFile
from archive.progress import Progress
from media_pipeline.format_names import format_label
from public_site import players, renditions, titles
from public_site.chapters import placed
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
DEEPEST_LEVEL = 3
# Parts of the text shown beside the picture of a page; no page of a book that people print has as much.
PARTS_BESIDE_PAGE = 4
BEST_SOUND = ("audio.mp4", "audio-high.mp4")  # of an adaptive film, as older and newer sets name it
# Kinds whose text is read by itself, chapter by chapter, where there are no pictures of pages.
READ_AS_BOOKS = frozenset({"epub", "text", "office"})
RUNG = re.compile(r"^(\d+)p[./]")

# Reads one derived JSON file: the viewer is checked where the file was found, the bytes come from storage.
ReadJson = Callable[[str, str], object]
# Opens the text of the file; read only where a page shows some.
OpenText = Callable[[], Reading]


@dataclass(frozen=True)
class Leaf:
    """One page of a document on view, with the numbers of its neighbours (0: none) and its text.

    `large` is its large picture where there is one besides; `read_by_machine` says that its text is a guess.
    """

    number: int
    count: int
    picture: Output
    text: str
    previous: int
    next: int
    large: Output | None = None
    read_by_machine: bool = False


@dataclass(frozen=True)
class Step:
    """A place in a book that one can turn to: a chapter and a part of it, both from 1."""

    chapter: int
    part: int


@dataclass(frozen=True)
class Chapter:
    """The part of a chapter that is being read; long chapters are cut into parts that a slow line can carry.

    `html` is the whole chapter with its structure and pictures, instead of the text, where it is short enough.
    """

    label: str
    text: str
    part: int
    parts: int
    html: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a table of contents: the chapter it leads to (0: none of its own), and how deep it lies, from 0."""

    label: str
    number: int
    level: int


@dataclass(frozen=True)
class Book:
    """A book's table of contents, and the chapter being read (None: the cover and the contents are shown)."""

    contents: tuple[Entry, ...]
    reading: Chapter | None = None
    previous: Step | None = None
    next: Step | None = None


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
    stream: Stream | None = None
    around: players.Around | None = None
    master_size_bytes: int = 0
    format_name: str = ""


@dataclass(frozen=True)
class Asked:
    """What the reader asks of the file on view: a page, or a chapter and its part, from 1; 0 is none."""

    page: int = 0
    chapter: int = 0
    part: int = 0


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
        return shape_pages(made, asked, read_json, open_text) | {"zoom_address": zoom}
    if "text" in made and file.master is not None and file.master.kind in READ_AS_BOOKS:
        return {"shape": "book", "book": book_of(made, asked, read_json, open_text())}
    if "audio" in made:
        return shape_audio(made, read_json) | {"around": players.around(made, read_json)}
    if "mp4" in made:
        return shape_video(made) | {"around": players.around(made, read_json)}
    if "pyramid" in made:
        return {"shape": "image", "zoom_address": f"{addresses.iiif_image(file)}/info.json"}
    if "thumbnail" in made and file.master is not None and file.master.kind == "image":
        return {"shape": "image"}
    return None


def shape_pages(made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson, open_text: OpenText) -> Shaped:
    """A document: its cover and number of pages, or the page that is asked for (one that is not there is the nearest)."""
    pages = pictures_of_pages(made["pages"])
    mean = sum(small.size_bytes for small, _large in pages.values()) // len(pages)
    shaped: Shaped = {
        "shape": "pages",
        "page_count": len(pages),
        "page_size_bytes": mean,
        "document": document_of(made),
    }
    if not asked.page:
        outline = read_json("outline", derived_names.OUTLINE) if "outline" in made else None
        return shaped | {"contents": tuple(contents_of(outline, frozenset(pages)))}
    numbers = list(pages)
    at = min(range(len(numbers)), key=lambda place: abs(numbers[place] - asked.page))
    small, large = pages[numbers[at]]
    text, read_by_machine = page_text(open_text(), numbers[at]) if {"text", "ocr"} & set(made) else ("", False)
    shaped["leaf"] = Leaf(
        number=numbers[at],
        count=max(numbers),
        picture=small,
        text=text,
        previous=numbers[at - 1] if at else 0,
        next=numbers[at + 1] if at + 1 < len(numbers) else 0,
        large=large,
        read_by_machine=read_by_machine,
    )
    return shaped


def pictures_of_pages(rendition: Rendition) -> dict[int, tuple[Output, Output | None]]:
    """The small picture of each page by its number, and the large one where it is another."""
    found: dict[int, list[Output]] = {}
    for place, output in enumerate(rendition.outputs, 1):
        found.setdefault(output.page or place, []).append(output)
    sized = {page: sorted(found[page], key=lambda output: output.width * output.height) for page in sorted(found)}
    return {page: (one[0], one[-1] if len(one) > 1 else None) for page, one in sized.items()}


def document_of(made: Mapping[str, Rendition]) -> Output | None:
    """The whole document as a PDF that can be taken along: of an office document, or of pages that a machine read."""
    wanted = (("pdf", derived_names.OFFICE_PDF), ("ocr", derived_names.SEARCHABLE_PDF))
    return next((found for role, name in wanted if role in made and (found := made[role].named(name))), None)


def lines_of(content: object) -> list[Mapping[str, object]]:
    """The lines of a toc.json; an empty list for anything that is not one."""
    return [entry for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []


def page_text(reading: Reading, number: int) -> tuple[str, bool]:
    """The text of one page, as far as a page of HTML takes it, and whether a machine read it because the page has none of its own."""
    for source in (reading, reading.by_machine):
        page = next((one for one in source.passages if one.number == number), None) if source else None
        if source is not None and page is not None and page.parts:
            return "\n".join(source.text(part) for part in page.parts[:PARTS_BESIDE_PAGE]), source is not reading
    return "", False


def book_of(made: Mapping[str, Rendition], asked: Asked, read_json: ReadJson, reading: Reading) -> Book:
    """The contents of a book, with the text of the chapter that is asked for."""
    chapters: dict[int, Passage] = {}
    for passage in reading.passages:
        if passage.parts:
            chapters.setdefault(passage.number, passage)
    outline = read_json("outline", derived_names.OUTLINE) if "outline" in made else None
    contents = tuple(contents_of(outline, frozenset(chapters)))
    if not any(entry.number for entry in contents):
        contents = tuple(Entry(chapter.label, number, 0) for number, chapter in chapters.items())
    if asked.chapter not in chapters:
        return Book(contents=contents)
    numbers = list(chapters)
    at = numbers.index(asked.chapter)
    open_at = chapters[asked.chapter]
    if html := reading.chapter(asked.chapter) if "chapters" in made else "":
        return Book(
            contents=contents,
            reading=Chapter(open_at.label, "", 1, 1, html=placed(html, made["chapters"].outputs[0].file)),
            previous=Step(numbers[at - 1], 1) if at else None,
            next=Step(numbers[at + 1], 1) if at + 1 < len(numbers) else None,
        )
    part = min(max(asked.part, 1), len(open_at.parts))
    previous = following = None
    if part > 1:
        previous = Step(asked.chapter, part - 1)
    elif at:
        previous = Step(numbers[at - 1], len(chapters[numbers[at - 1]].parts))
    if part < len(open_at.parts):
        following = Step(asked.chapter, part + 1)
    elif at + 1 < len(numbers):
        following = Step(numbers[at + 1], 1)
    chapter = Chapter(open_at.label, reading.text(open_at.parts[part - 1]), part, len(open_at.parts))
    return Book(contents=contents, reading=chapter, previous=previous, next=following)


def contents_of(outline: object, readable: frozenset[int], level: int = 0) -> Iterator[Entry]:
    """The lines of a toc.json, in order; a line leads nowhere when its chapter has no text."""
    for entry in lines_of(outline):
        number = int(str(entry.get("passage", 0)))
        yield Entry(str(entry.get("label") or ""), number if number in readable else 0, min(level, DEEPEST_LEVEL))
        yield from contents_of(entry.get("children"), readable, level + 1)


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
        "stream": stream_of(made["hls"]) if "hls" in made else None,
    }


def stream_of(rendition: Rendition) -> Stream | None:
    """The stream with its best picture, of the files or folders that are named after their lines ("720p.mp4")."""
    manifest = rendition.named(derived_names.STREAM_MANIFEST)
    sizes: dict[int, int] = {}
    sound_bytes = 0
    for output in rendition.outputs:
        rung = RUNG.match(output.name)
        if rung is not None:
            sizes[int(rung[1])] = sizes.get(int(rung[1]), 0) + output.size_bytes
        elif output.name in BEST_SOUND:
            sound_bytes = output.size_bytes
    if manifest is None or not sizes:
        return None
    height = max(sizes)
    return Stream(address=manifest.address, height=height, size_bytes=sizes[height] + sound_bytes)
