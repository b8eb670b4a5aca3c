"""What is said in a recording, beside its player: tracks of subtitles, and a transcript of which one part is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from archive import addresses, transcripts, vocabularies
from archive.derived_names import CAPTIONS, VTT
from archive.models import FileRole, ItemFile
from archive.transcripts import Segment, Transcript
from archive.word_places import around, places, sought_in
from public_site.formatting import format_duration
from public_site.searching_inside import PLACES_MOST, QUESTION_LETTERS

# A transcript of fewer segments is seen as a whole.
SEARCHED_FROM = 8


@dataclass(frozen=True)
class Track:
    """Subtitles for the player. `language` is empty where nobody said it; `is_default`: it is the page's language, and shown at once."""

    address: str
    language: str
    label: str
    is_default: bool


@dataclass(frozen=True)
class Choice:
    """One of several transcripts, and the address of the page with it."""

    label: str
    language: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """One segment. `at_s` and `until_s` are seconds as a player takes them, and `clock` the former for people; empty in a text without
    times. `query` leads to the page with the player there."""

    number: int
    speaker: str
    text: str
    clock: str = ""
    at_s: str = ""
    until_s: str = ""
    query: str = ""


@dataclass(frozen=True)
class Said:
    """A place where words that were looked for are said: when, the way there, and what stands around them."""

    clock: str
    query: str
    number: int
    before: str
    match: str
    after: str


@dataclass(frozen=True)
class Spoken:
    """The transcript on view. `language` is the `lang` of its words, empty where nobody said it."""

    pid: str
    language: str
    language_label: str
    choices: tuple[Choice, ...]
    lines: tuple[Line, ...]
    part: int
    parts: int
    previous_query: str = ""
    next_query: str = ""
    is_timed: bool = False
    can_search: bool = False
    question: str = ""
    found: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: a transcript by its file's pid, a part or a segment of it (from 1; 0: none), a second of the recording,
    words to look for in what is said."""

    pid: str = ""
    part: int = 0
    segment: int = 0
    second: int | None = None
    find: str = ""


def wanted_of(query: Mapping[str, str]) -> Wanted:
    """What a query string asks for; what cannot be meant is as if it were not there."""
    seconds = query.get("t", "").partition(".")[0]
    return Wanted(
        pid=query.get("transcript", "")[:20],
        part=_whole(query.get("part", "")),
        segment=_whole(query.get("segment", "")),
        second=_whole(seconds) if _is_whole(seconds) else None,
        find=" ".join(query.get("find", "")[:QUESTION_LETTERS].split()),
    )


def tracks_of(companions: Sequence[ItemFile], page_language: str) -> tuple[Track, ...]:
    """The subtitles of a recording. Of each language the first file: a player's menu shows languages. A timed transcript is a track, too,
    where there are no subtitles in its language."""
    found: dict[str, Track] = {}
    for file in sorted(companions, key=lambda one: one.role != FileRole.SUBTITLES):
        made = file.derivative(CAPTIONS)
        has_track = made is not None and any(entry["name"] == VTT for entry in made.files)
        if has_track and file.language not in found:
            address = addresses.derivative(file, CAPTIONS, VTT)
            is_default = bool(file.language) and file.language.partition("-")[0] == page_language
            found[file.language] = Track(address, file.language, label_of(file), is_default)
    return tuple(found.values())


def label_of(file: ItemFile) -> str:
    """What a transcript or subtitles are called: their language, else what they are."""
    name = vocabularies.language(file.language) if file.language else str(file.get_role_display())
    return name[:1].upper() + name[1:]


def spoken_of(
    texts: Sequence[ItemFile], wanted: Wanted, *, page_language: str, file_query: Mapping[str, str]
) -> Spoken | None:
    """The transcript of these files that is asked for, else the one in the page's language, else the first; None where there is none.

    Reads its index and one part. `file_query` keeps the recording on view.
    """
    readable = [file for file in texts if file.derivative(CAPTIONS) is not None]
    chosen = next((file for file in readable if file.pid == wanted.pid), None)
    chosen = chosen or next((file for file in readable if file.language.partition("-")[0] == page_language), None)
    chosen = chosen or next(iter(readable), None)
    if chosen is None:
        return None
    said = transcripts.of(chosen.derivative(CAPTIONS))
    if not said.parts:
        return None
    ms = None if wanted.second is None else wanted.second * 1000 + 999
    at = min(wanted.part, len(said.parts)) or said.part_at(number=wanted.segment, ms=ms)

    def query(**more: object) -> str:
        return urlencode({**file_query, "transcript": chosen.pid, **more})

    return Spoken(
        pid=chosen.pid,
        language=chosen.language if chosen.language != page_language else "",
        language_label=label_of(chosen),
        choices=_choices(readable, chosen, file_query) if len(readable) > 1 else (),
        lines=tuple(_line(one, query) for one in said.segments(said.parts[at - 1])),
        part=at,
        parts=len(said.parts),
        previous_query=query(part=at - 1) if at > 1 else "",
        next_query=query(part=at + 1) if at < len(said.parts) else "",
        is_timed=said.is_timed,
        can_search=said.count > SEARCHED_FROM,
        question=wanted.find,
        found=tuple(islice(_found(said, wanted.find, query), PLACES_MOST)) if wanted.find else (),
    )


def _found(said: Transcript, question: str, query: Callable[..., str]) -> Iterator[Said]:
    """Yield where the words are said, whatever their case and marks. Reads the transcript part by part until there are enough."""
    sought = sought_in(question)
    for segment in said.all_segments() if sought else ():
        words = segment.text.split()
        for first, last in places(words, sought):
            line = _line(segment, query)
            way = line.query or query(segment=segment.number)
            yield Said(line.clock, way, segment.number, *around(words, first, last))


def _choices(readable: Sequence[ItemFile], chosen: ItemFile, file_query: Mapping[str, str]) -> tuple[Choice, ...]:
    labels = [label_of(file) for file in readable]
    named = [
        f"{label} ({file.get_role_display()})" if labels.count(label) > 1 else label
        for file, label in zip(readable, labels, strict=True)
    ]
    return tuple(
        Choice(label, file.language, urlencode({**file_query, "transcript": file.pid}), is_chosen=file is chosen)
        for file, label in zip(readable, named, strict=True)
    )


def _line(segment: Segment, query: Callable[..., str]) -> Line:
    if segment.start_ms is None:
        return Line(segment.number, segment.speaker, segment.text)
    until_ms = segment.end_ms if segment.end_ms is not None else segment.start_ms
    return Line(
        number=segment.number,
        speaker=segment.speaker,
        text=segment.text,
        clock=format_duration(segment.start_ms // 1000 * 1000),
        at_s=f"{segment.start_ms / 1000:g}",
        until_s=f"{until_ms / 1000:g}",
        query=query(t=segment.start_ms // 1000),
    )


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 7


def _whole(text: str) -> int:
    return int(text) if _is_whole(text) else 0
