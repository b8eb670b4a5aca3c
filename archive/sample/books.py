"""EPUB 3.3 books with a cover, a nested table of contents, pictures and accessibility metadata."""

import io
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from archive.sample import marks
from archive.sample.marks import Mark
from archive.sample.pictures import card, picture
from archive.sample.texts import Section, sections

NAMESPACE = uuid.UUID("5d1c5c0e-6f0b-5c0f-9e55-9d3f0b6a51a7")
MODIFIED = "2026-01-01T00:00:00Z"  # EPUB asks for a moment; a real one would change the bytes at every run
EPOCH = (1980, 1, 1, 0, 0, 0)
STYLE = """@page { margin: 5%; }
body { font-family: "Charis SIL", "Noto Serif", serif; line-height: 1.7; margin: 0 5%; color: #1a1718; }
h1, h2 { font-family: Andika, "Noto Sans", sans-serif; color: #9e2224; line-height: 1.7; }
.notice { border-left: .4em solid #9e2224; padding-left: .8em; font-size: .9em; }
figure { margin: 1.5em 0; text-align: center; } img { max-width: 100%; }
figcaption { font-size: .85em; }
"""
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="vi" xml:lang="vi">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>
<body>{body}</body>
</html>
"""


def make(mark: Mark, target: Path, settings: Mapping[str, int | str]) -> None:
    """Writes the book that `settings` describe (themes, figure, languages, closed) to `target`."""
    closed = bool(settings.get("closed"))
    chapters = sections("")[:1] if closed else sections(str(settings["themes"]))
    files: dict[str, bytes] = {"cover.jpg": _cover(mark, str(settings.get("figure", "book")), closed=closed)}
    if not closed:
        for number in range(0, len(chapters), 3):
            files[f"plate{number + 1:02}.jpg"] = _plate(mark, str(settings.get("figure", "book")), number)
    for number, chapter in enumerate(chapters):
        files[f"chapter{number + 1:02}.xhtml"] = _chapter(
            mark, chapter, number + 1, f"plate{number + 1:02}.jpg" in files
        )
    files["cover.xhtml"] = _page(
        mark.marked_title,
        (f'<section epub:type="cover"><img src="cover.jpg" alt={quoteattr("Bìa: " + mark.marked_title)}/></section>'),
    )
    files["nav.xhtml"] = _navigation(mark, chapters)
    files["toc.ncx"] = _ncx(mark, chapters)
    files["style.css"] = STYLE.encode()
    files["content.opf"] = _package(mark, files, str(settings.get("languages", "vi")).split())
    target.write_bytes(_packed(files))


def _page(title: str, body: str) -> bytes:
    return PAGE.format(title=escape(title), body=body).encode()


def _chapter(mark: Mark, chapter: Section, number: int, plate: bool) -> bytes:
    """One chapter: the notice, the text in two parts, and on every third a picture."""
    half = (len(chapter.paragraphs) + 1) // 2
    first, rest = chapter.paragraphs[:half], chapter.paragraphs[half:]
    body = [
        f'<section epub:type="chapter" role="doc-chapter"><h1>{number}. {escape(chapter.heading)}</h1>',
        f'<p class="notice">{escape(marks.PREFIX_VI)} {escape(mark.identifier)}. {escape(marks.NOTICE_VI)}</p>',
        *(f"<p>{escape(text)}</p>" for text in first),
    ]
    if plate:
        body.append(
            f'<figure><img src="plate{number:02}.jpg" alt="Hình dệt do phần mềm vẽ"/>'
            f"<figcaption>{escape(marks.PREFIX_VI)} Hình dệt do phần mềm vẽ.</figcaption></figure>"
        )
    if rest:
        body.append(
            f'<section id="more"><h2>Đọc thêm</h2>{"".join(f"<p>{escape(text)}</p>" for text in rest)}</section>'
        )
    return _page(chapter.heading, "\n".join([*body, "</section>"]))


def _navigation(mark: Mark, chapters: Sequence[Section]) -> bytes:
    """The table of contents, two levels deep, and the landmarks."""
    rows = []
    for number, chapter in enumerate(chapters, start=1):
        name = f"chapter{number:02}.xhtml"
        deeper = f'<ol><li><a href="{name}#more">Đọc thêm</a></li></ol>' if len(chapter.paragraphs) > 1 else ""
        rows.append(f'<li><a href="{name}">{number}. {escape(chapter.heading)}</a>{deeper}</li>')
    return _page(
        mark.marked_title,
        (
            f'<nav epub:type="toc" role="doc-toc" id="toc"><h1>Mục lục</h1><ol>{"".join(rows)}</ol></nav>'
            '<nav epub:type="landmarks" id="landmarks" hidden="hidden"><h2>Mốc</h2><ol>'
            '<li><a epub:type="cover" href="cover.xhtml">Bìa</a></li>'
            '<li><a epub:type="bodymatter" href="chapter01.xhtml">Bắt đầu đọc</a></li></ol></nav>'
        ),
    )


def _ncx(mark: Mark, chapters: Sequence[Section]) -> bytes:
    """The older table of contents, for readers made before EPUB 3."""
    points = "".join(
        f'<navPoint id="n{number}" playOrder="{number}"><navLabel><text>{escape(chapter.heading)}</text></navLabel>'
        f'<content src="chapter{number:02}.xhtml"/></navPoint>'
        for number, chapter in enumerate(chapters, start=1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" '
        f'xml:lang="vi"><head><meta name="dtb:uid" content="{_identifier(mark)}"/></head>'
        f"<docTitle><text>{escape(mark.marked_title)}</text></docTitle><navMap>{points}</navMap></ncx>"
    ).encode()


def _identifier(mark: Mark) -> str:
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, mark.identifier)}"


def _package(mark: Mark, files: Mapping[str, bytes], languages: Sequence[str]) -> bytes:
    """The package document: metadata, every file, and the reading order."""
    kinds = {
        "xhtml": "application/xhtml+xml",
        "jpg": "image/jpeg",
        "css": "text/css",
        "ncx": "application/x-dtbncx+xml",
    }
    properties = {"nav.xhtml": ' properties="nav"', "cover.jpg": ' properties="cover-image"'}
    manifest = "".join(
        f'<item id="{name.replace(".", "-")}" href="{name}" media-type="{kinds[name.rsplit(".", 1)[1]]}"'
        f"{properties.get(name, '')}/>"
        for name in sorted(files)
    )
    spine = "".join(
        f'<itemref idref="{name.replace(".", "-")}"/>'
        for name in ["cover.xhtml", *sorted(name for name in files if name.startswith("chapter"))]
    )
    tongues = "".join(f"<dc:language>{escape(tag)}</dc:language>" for tag in languages)
    access = "".join(
        f'<meta property="schema:{key}">{value}</meta>'
        for key, value in (
            ("accessMode", "textual"),
            ("accessMode", "visual"),
            ("accessModeSufficient", "textual"),
            ("accessibilityFeature", "tableOfContents"),
            ("accessibilityFeature", "alternativeText"),
            ("accessibilityFeature", "readingOrder"),
            ("accessibilityHazard", "none"),
            ("accessibilitySummary", "Sách mẫu: có mục lục, thứ tự đọc và lời tả cho mọi hình."),
        )
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="uid" xml:lang="vi" prefix="schema: http://schema.org/">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="uid">{_identifier(mark)}</dc:identifier><dc:title>{escape(mark.marked_title)}</dc:title>'
        f"{tongues}<dc:creator>{escape(marks.CREATOR)}</dc:creator><dc:description>{escape(mark.description)}"
        f'</dc:description><meta property="dcterms:modified">{MODIFIED}</meta><meta name="cover" content="cover-jpg"/>'
        f'{access}</metadata><manifest>{manifest}</manifest><spine toc="toc-ncx">{spine}</spine></package>'
    ).encode()


def _packed(files: Mapping[str, bytes]) -> bytes:
    """The container (OCF 3.3): the media type first and uncompressed, every entry with the same old date."""
    out = io.BytesIO()
    container = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    entries = [
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", container.encode()),
        *((f"EPUB/{name}", files[name]) for name in sorted(files)),
    ]
    with zipfile.ZipFile(out, "w") as book:
        for name, data in entries:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            plain = name == "mimetype" or name.endswith(".jpg")
            book.writestr(entry, data, zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cover(mark: Mark, figure: str, *, closed: bool) -> bytes:
    if closed:
        out = io.BytesIO()
        card(mark, width=1200, height=1600).save(out, "JPEG", quality=80)
        return out.getvalue()
    return _jpeg(mark, figure, 1200, 1600)


def _plate(mark: Mark, figure: str, number: int) -> bytes:
    return _jpeg(Mark(mark.identifier, mark.title, mark.people, mark.seed + number + 1), figure, 1400, 800)


def _jpeg(mark: Mark, figure: str, width: int, height: int) -> bytes:
    image = picture(mark, figure=figure, width=width, height=height, pixels_per_thread=6).cast("uchar")
    data: bytes = image.copy(interpretation="srgb").jpegsave_buffer(Q=80)
    return data
