"""What a device has to fetch so that an item can be read, heard and seen on the road: addresses and bytes of what everybody may see.

The smallest of each: the pictures that a telephone shows, the sound of the lowest rate, the small film. Nothing is fetched or read here
but the index of a book's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from archive import addresses, companions, derived_contents, derived_names
from archive.models import Item, ItemFile
from public_site import cautions, leaves, renditions, spoken, stages
from public_site.renditions import Output, Rendition

# What a page of ours takes on the device, in the mean; how much is known only when it is fetched.
PAGE_BYTES = 22_000
PAGES_PER_FILE_MOST = 500


@dataclass(frozen=True)
class Page:
    """One page, and the other addresses under which links look for it."""

    address: str
    also: tuple[str, ...] = ()
    size_bytes: int = PAGE_BYTES


@dataclass(frozen=True)
class Choice:
    """One of several files of which a device needs one: the first whose type it can play. `is_wide`: only large screens ask for it."""

    choices: tuple[Output, ...]
    is_wide: bool = False


@dataclass
class Load:
    """All of one item. `is_cut`: a work of very many pages, of which only the first are taken along."""

    pages: list[Page] = field(default_factory=list)
    files: list[Choice] = field(default_factory=list)
    is_cut: bool = False

    def add(self, *outputs: Output | None, is_wide: bool = False) -> None:
        """Take along files, each by itself."""
        self.files += [Choice((one,), is_wide) for one in outputs if one is not None]


def of_item(item: Item, language: str) -> Load:
    """Return what an item takes that was read for a visitor, with its `visible_files`. A file that is open for a time only stays here, and
    of a work with a warning, which its page shows in place of the rest, that page alone is taken."""
    load = Load()
    own = addresses.item(item)
    if cautions.is_warned_of(item):
        load.pages.append(Page(own))
        return load
    files: list[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # set by with_visible_files
    files = [file for file in files if file.effective_rule.policy.is_public]
    shown = companions.shown_alone(files)
    load.pages.append(Page(own, tuple(f"{own}?file={file.pid}" for file in shown[:1])))
    for place, file in enumerate(shown):
        if place:
            load.pages.append(Page(f"{own}?file={file.pid}"))
        _add_file(load, file, own, is_first=not place)
        if len(shown) > 1:
            load.add(renditions.picture_of(file, 160))
        for track in spoken.tracks_of(companions.of_recording(file, files), language):
            load.files += [Choice((one,)) for one in _tracks(files, track.address)]
    return load


def _add_file(load: Load, file: ItemFile, own: str, *, is_first: bool) -> None:
    made = renditions.renditions_of(file)
    large = stages.larger(made)
    load.add(renditions.picture(made, stages.MIDDLE_PX))
    if large and large.size_bytes <= stages.PICTURE_BUDGET_BYTES:
        load.add(large, is_wide=True)
    if "pages" in made and made["pages"].outputs:
        _add_leaves(load, made, own, "" if is_first else f"file={file.pid}&")
    elif "text" in made and file.master is not None and file.master.kind in stages.READ_AS_BOOKS:
        _add_chapters(load, made, file, own, is_first=is_first)
    elif "audio" in made:
        load.files.append(Choice(tuple(sorted(made["audio"].outputs, key=lambda output: output.size_bytes))))
    elif "mp4" in made:
        load.add(*made["mp4"].outputs[:1])
    if "chapters" in made and {"audio", "mp4"} & set(made):
        load.add(made["chapters"].named(derived_names.CHAPTERS))


def _add_leaves(load: Load, made: Mapping[str, Rendition], own: str, query: str) -> None:
    pages = leaves.pictures_of_pages(made["pages"])
    for number in list(pages)[:PAGES_PER_FILE_MOST]:
        small, large = pages[number]
        load.pages.append(Page(f"{own}?{query}page={number}"))
        load.add(small)
        load.add(large, is_wide=True)
    load.is_cut |= len(pages) > PAGES_PER_FILE_MOST


def _add_chapters(load: Load, made: Mapping[str, Rendition], file: ItemFile, own: str, *, is_first: bool) -> None:
    passages = [one for one in derived_contents.reading(file).passages if one.parts]
    parts = list(chain.from_iterable(((one.number, n) for n in range(1, len(one.parts) + 1)) for one in passages))
    for number, part in parts[:PAGES_PER_FILE_MOST]:
        of_file = f"file={file.pid}&chapter={number}"
        plain = f"chapter={number}" if is_first else of_file
        # Contents and links within the text leave the first part out of the address; links to the next chapter name it.
        also = (f"{own}?{plain}", f"{own}?{of_file}", f"{own}?{of_file}&part=1") if part == 1 else ()
        load.pages.append(Page(f"{own}?{plain}&part={part}", tuple(dict.fromkeys(also))))
    load.is_cut |= len(parts) > PAGES_PER_FILE_MOST
    if "chapters" in made:
        load.add(*(one for one in made["chapters"].outputs if one.media_type.startswith("image/")))


def _tracks(files: list[ItemFile], address: str) -> Iterator[Output]:
    """The file of a track, by its address, among all that was made of these files."""
    for file in files:
        for rendition in renditions.renditions_of(file, roles=(derived_names.CAPTIONS,)).values():
            yield from (one for one in rendition.outputs if one.address == address)
