"""The text of an e-book, one passage for each document in reading order."""

from pathlib import Path

from lxml import etree

from media_pipeline.processors import ProcessorError, Progress, Result, Settings
from media_pipeline.processors.epub_book import Book
from media_pipeline.processors.epub_outline import labels
from media_pipeline.processors.passages import Passages, clean

_SILENT = frozenset(
    {"script", "style", "head", "template", "noscript", "iframe", "object", "audio", "video", "svg", "rt", "rp"}
)
_PARAGRAPHS = frozenset(
    {
        "blockquote",
        "div",
        "dl",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    }
)
_LINES = frozenset(
    {
        "address",
        "article",
        "aside",
        "body",
        "br",
        "caption",
        "dd",
        "details",
        "dt",
        "figcaption",
        "footer",
        "header",
        "hr",
    }
    | {"li", "main", "nav", "td", "th", "tr"}
)
_DEPTH_AT_MOST = 200


def run(source: Path, out: Path, settings: Settings, progress: Progress) -> Result:
    """Write `text.json`; a label is from the table of contents, else the first heading. Facts: letters, cut."""
    book = Book(source)
    names = labels(book)
    passages = Passages(int(settings["letters_at_most"]), part_letters_at_most=int(settings["part_letters_at_most"]))
    order = book.reading_order()
    for number, part in enumerate(order, 1):
        try:
            root = parse_page(book.read(part.path))
        except ProcessorError:
            continue
        if root is not None:
            passages.add(number, names.get(part.path) or heading(root) or str(number), text_of(root))
        progress(100 * number / len(order))
    files = passages.write(out)
    return Result(files, {"letters": passages.letters, "cut": passages.cut})


def parse_page(content: bytes) -> etree._Element | None:
    """Return the root of a page, read as HTML does: named entities known, faults forgiven, nothing fetched."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    page = content.decode(encoding, "replace").encode("utf-8")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, recover=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return etree.fromstring(page, parser)
    except (etree.XMLSyntaxError, etree.ParserError, ValueError):
        return None


def heading(root: etree._Element) -> str:
    """Return the first heading of a page, else its title."""
    for path in ("//h1", "//h2", "//h3", "//title"):
        for one in root.xpath(path)[:5]:
            words = clean("".join(one.itertext()))
            if words:
                return words.replace("\n", " ")
    return ""


def text_of(root: etree._Element) -> str:
    """Return what a reader sees of a page, paragraphs apart, readings over letters and scripts left out."""
    pieces: list[str] = []
    _collect(root, pieces, 0)
    lines = "".join(pieces).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


def _collect(element: etree._Element, pieces: list[str], depth: int) -> None:
    name = element.tag.lower() if isinstance(element.tag, str) else ""
    if name in _SILENT or depth > _DEPTH_AT_MOST:
        return
    if name == "br":
        pieces.append("\n")
        return
    end = "\n\n" if name in _PARAGRAPHS else "\n" if name in _LINES else ""
    pieces.append(end)
    pieces.append(" ".join((element.text or "").split("\n")))
    if name == "img" and element.get("alt"):
        pieces.append(f" {element.get('alt')} ")
    for child in element:
        _collect(child, pieces, depth + 1)
        pieces.append(" ".join((child.tail or "").split("\n")))
    pieces.append(end)
