"""The chapters of an e-book as safe fragments of HTML, with the pictures in them made anew."""

import html
import json
import re
from html.entities import html5
from pathlib import Path

from lxml import etree

from media_pipeline.processors import OutputFile, ProcessorError, Progress, Result, Settings
from media_pipeline.processors.epub_book import Book
from media_pipeline.processors.epub_outline import labels
from media_pipeline.processors.epub_text import heading, parse_page
from media_pipeline.processors.image_open import open_shrunk
from media_pipeline.processors.image_sizes import write_webp
from media_pipeline.safe_html import ID_PREFIX, safe

_CHAPTER_BYTES_AT_MOST = 4 * 1024**2
_LEAST_PX = 2  # smaller ones count readers
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_.:-]")
_PLAIN_NAME = re.compile(r"[a-z][a-z0-9]{0,30}", re.ASCII)
_LINK = "{http://www.w3.org/1999/xlink}href"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `c0001.html` and so on, numbered as the passages of the text are; the pictures in them, `i0001.webp`; and
    `book.json`: a list of objects with number, name, label, lang.

    Facts: chapters, pictures; pictures_left_out (of a kind that is not shown, or too many), chapters_left_out.
    """
    book = Book(source)
    made = _Chapters(book, out, settings)
    order = book.reading_order()[: int(settings["chapters_at_most"])]
    for number, part in enumerate(order, 1):
        made.add(number, part.path)
        progress(100 * number / len(order))
    return made.result(len(book.reading_order()))


class _Chapters:
    """The set being made."""

    def __init__(self, book: Book, out: Path, settings: Settings) -> None:
        self._book, self._out, self._settings = book, out, settings
        self._numbers = {part.path: number for number, part in reversed(list(enumerate(book.reading_order(), 1)))}
        self._names = labels(book)
        self._pictures: dict[str, OutputFile | None] = {}
        self._chapters: list[OutputFile] = []
        self._index: list[dict[str, object]] = []

    def add(self, number: int, path: str) -> None:
        """Write one chapter; one that cannot be read is left out."""
        try:
            root = _parsed(self._book.read(path, _CHAPTER_BYTES_AT_MOST))
        except ProcessorError:
            return
        body = _body(root) if root is not None else None
        if root is None or body is None:
            return
        label = self._names.get(path) or heading(root) or str(number)
        language = (body.get("lang") or body.get(_XML_LANG) or root.get("lang") or root.get(_XML_LANG) or "")[:35]
        for element in list(body.iter(etree.Element)):
            self._prepare(element, path)
        fragment = safe(_inside(body))
        if not fragment.strip() or len(fragment.encode()) > _CHAPTER_BYTES_AT_MOST:
            return
        name = f"c{number:04}.html"
        (self._out / name).write_text(fragment, encoding="utf-8")
        self._chapters.append(OutputFile(name, "text/html", {"chapter": number}))
        self._index.append({"number": number, "name": name, "label": label[:300], "lang": language})

    def result(self, there: int) -> Result:
        """Write the index and return all of it."""
        index = json.dumps(self._index, ensure_ascii=False, separators=(",", ":"))
        (self._out / "book.json").write_text(index, encoding="utf-8")
        pictures = [one for one in self._pictures.values() if one is not None]
        facts: dict[str, object] = {
            "chapters": len(self._chapters),
            "pictures": len(pictures),
            "pictures_left_out": len(self._pictures) - len(pictures),
            "chapters_left_out": there - len(self._chapters),
        }
        return Result([OutputFile("book.json", "application/json"), *self._chapters, *pictures], facts)

    def _prepare(self, element: etree._Element, path: str) -> None:
        """Turn what leads somewhere in an element into our names, or take it away."""
        name = _name(element)
        if identifier := element.get("id") or (element.get("name") if name == "a" else None):
            element.set("id", _identifier(identifier))
        if language := element.get(_XML_LANG):
            element.set("lang", language)
        if name == "a" and (reference := element.attrib.pop("href", None)) is not None:
            if target := self._target(path, reference):
                element.set("href", target)
        elif name in ("img", "image"):
            self._place(element, path, element.get("src") or element.get("href") or element.get(_LINK) or "")
        elif name == "svg":
            _unwrap(element)

    def _target(self, path: str, reference: str) -> str:
        """Return a link within the book in our names, empty for any other."""
        where, _, fragment = reference.partition("#")
        number = self._numbers.get(self._book.resolve(path, where) if where else path)
        if number is None:
            return ""
        anchor = f"#{_identifier(fragment)}" if fragment else ""
        return (f"c{number:04}.html" if where or not anchor else "") + anchor

    def _place(self, element: etree._Element, path: str, reference: str) -> None:
        """Make an element the picture that it shows, or what it says of it."""
        alt = element.get("alt") or element.get("title") or ""
        target = self._book.resolve(path, reference) if reference else ""
        picture = self._picture(target) if target and self._book.holds(target) else None
        for one in list(element.attrib):
            if one != "id":
                del element.attrib[one]
        element.tag = "img" if picture is not None else "span"
        if picture is None:
            element.text = alt
            return
        element.set("src", picture.name)
        element.set("alt", alt)
        for side in ("width", "height"):
            element.set(side, str(picture.facts[side]))

    def _picture(self, path: str) -> OutputFile | None:
        if path not in self._pictures:
            number = sum(one is not None for one in self._pictures.values()) + 1
            full = number > int(self._settings["pictures_at_most"])
            self._pictures[path] = None if full else self._made_anew(path, f"i{number:04}.webp")
        return self._pictures[path]

    def _made_anew(self, path: str, name: str) -> OutputFile | None:
        """Write a picture of the book; None for one that cannot be shown: a drawing in SVG, a damaged one, a point."""
        file = Path.cwd() / "tmp" / "picture"
        try:
            file.write_bytes(self._book.read(path))
            image = open_shrunk(
                file, int(self._settings["long_edge_px"]), pixels_at_most=int(self._settings["pixels_at_most"])
            )
        except ProcessorError:
            return None
        if min(image.width, image.height) < _LEAST_PX:
            return None
        write_webp(image, self._out / name, self._settings)
        return OutputFile(name, "image/webp", {"width": image.width, "height": image.height})


def _parsed(content: bytes) -> etree._Element | None:
    """Return a page as the XML that it should be, with the names of letters that HTML knows; else as HTML, faults forgiven."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(_ENTITY.sub(_numbered, content), parser)
    except (etree.XMLSyntaxError, ValueError):
        return parse_page(content)


def _numbered(found: re.Match[bytes]) -> bytes:
    name = found[1].decode("ascii")
    letters = html5.get(f"{name};", "") if name not in _XML_NAMES else ""
    return "".join(f"&#{ord(letter)};" for letter in letters).encode() or found[0]


def _body(root: etree._Element) -> etree._Element | None:
    """The body of a page; all of it where it is a drawing or has none."""
    found = root.xpath("//*[local-name()='body']")
    body = found[0] if isinstance(found, list) and found else root
    return body if isinstance(body, etree._Element) else None


def _inside(body: etree._Element) -> str:
    """Return the content of an element as HTML without the names of its spaces of names."""
    for element in body.iter(etree.Element):
        element.tag = _name(element)
    etree.cleanup_namespaces(body)
    pieces = [html.escape(body.text or "", quote=False)]
    pieces += [etree.tostring(child, encoding="unicode", method="html") for child in body]
    return "".join(pieces)


def _name(element: etree._Element) -> str:
    """The name of an element without its space of names, however that was written; `span` for one that is no name."""
    name = str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()
    return name if _PLAIN_NAME.fullmatch(name) else "span"


def _unwrap(drawing: etree._Element) -> None:
    """A drawing that only frames one picture, as covers do, becomes that frame; any other goes with all that is in it, later."""
    if any(_name(one) == "image" for one in drawing.iter(etree.Element)):
        drawing.tag = "figure"


def _identifier(name: str) -> str:
    return ID_PREFIX + _NOT_IN_AN_ID.sub("-", name)[:100]
