"""The table of contents of an e-book."""

import json
from pathlib import Path

from lxml import etree

from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.epub_book import Book, find, parse_xml
from media_pipeline.processors.passages import clean

_DEPTH_AT_MOST = 12
_LABEL_LETTERS = 300
_TOC_LISTS = "//*[local-name()='nav'][contains(concat(' ',@*[local-name()='type'],' '),' toc ')]/*[local-name()='ol']"


class _Outline:
    """Collects entries up to a number."""

    def __init__(self, book: Book, base: str, at_most: int) -> None:
        self._book, self._base, self._left = book, base, at_most
        self._numbers = {part.path: number for number, part in reversed(list(enumerate(book.reading_order(), 1)))}

    def entry(self, label: str, reference: str, children: list[dict[str, object]]) -> dict[str, object]:
        """One entry; `passage` is the number of the text passage that it leads to, 0 for none."""
        path = self._book.resolve(self._base, reference) if reference else ""
        fragment = reference.partition("#")[2][:200]
        label = clean(label).replace("\n", " ")[:_LABEL_LETTERS]
        return {
            "label": label,
            "passage": self._numbers.get(path, 0),
            "path": path,
            "fragment": fragment,
            "children": children,
        }

    def from_nav(self, listing: etree._Element, depth: int = 0) -> list[dict[str, object]]:
        """EPUB 3: nested ordered lists (EPUB 3.3, 7.3)."""
        entries = []
        for item in find(listing, "li"):
            if self._left <= 0 or depth > _DEPTH_AT_MOST:
                break
            self._left -= 1
            link = next(iter(find(item, "a") or find(item, "span")), None)
            label = "".join(link.itertext()) if link is not None else ""
            reference = link.get("href", "") if link is not None else ""
            below = [one for inner in find(item, "ol") for one in self.from_nav(inner, depth + 1)]
            entries.append(self.entry(label, reference, below))
        return entries

    def from_ncx(self, point: etree._Element, depth: int = 0) -> list[dict[str, object]]:
        """EPUB 2: nested navPoints (OPF 2.0.1, 2.4.1)."""
        entries = []
        for item in find(point, "navPoint"):
            if self._left <= 0 or depth > _DEPTH_AT_MOST:
                break
            self._left -= 1
            label = "".join("".join(one.itertext()) for one in find(item, "navLabel/text"))
            reference = next((one.get("src", "") for one in find(item, "content")), "")
            entries.append(self.entry(label, reference, self.from_ncx(item, depth + 1)))
        return entries


def outline(book: Book, at_most: int) -> list[dict[str, object]]:
    """Return the entries of the book's table of contents, empty when it has none that can be read."""
    for part in book.parts.values():
        if "nav" in part.properties.split() and book.holds(part.path):
            try:
                root = parse_xml(book.read(part.path))
            except ProcessorError:
                continue
            lists = root.xpath(_TOC_LISTS)
            if isinstance(lists, list) and lists:
                return _Outline(book, part.path, at_most).from_nav(lists[0])
    for part in book.parts.values():
        if part.media_type == "application/x-dtbncx+xml" and book.holds(part.path):
            try:
                maps = find(parse_xml(book.read(part.path)), "navMap")
            except ProcessorError:
                continue
            if maps:
                return _Outline(book, part.path, at_most).from_ncx(maps[0])
    return []


def labels(book: Book) -> dict[str, str]:
    """Return for each document the label of the first entry that leads to it."""
    found: dict[str, str] = {}
    waiting = outline(book, 5000)
    while waiting:
        entry = waiting.pop(0)
        found.setdefault(str(entry["path"]), str(entry["label"]))
        children = entry["children"]
        if isinstance(children, list):
            waiting = children + waiting
    return {path: label for path, label in found.items() if path and label}


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `toc.json`: entries with label, passage, path, fragment, children. Facts: entries, those at the top."""
    entries = outline(Book(source), int(settings["entries_at_most"]))
    (out / "toc.json").write_text(json.dumps(entries, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return Result([OutputFile("toc.json", "application/json", {"entries": len(entries)})], {"entries": len(entries)})
