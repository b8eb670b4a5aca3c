"""Files that say of themselves what no public copy may repeat: planted words in every kind of tag."""

import io
import struct
import subprocess
import zlib
from pathlib import Path

import imageio_ffmpeg
import pypdfium2
from PIL import Image

from tests.pipeline.old_pictures import picture

PLANTED = "PLANTED"
OWNER, SERIAL, PLACE, TITLE = f"{PLANTED}-OWNER", f"{PLANTED}-SERIAL", f"{PLANTED}-PLACE", f"{PLANTED}-TITLE"
LATITUDE, LONGITUDE = (14.0, 21.0, 0.0), (108.0, 0.0, 36.0)
ISO_6709 = "+14.3500+108.0100/"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    f'xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" photoshop:City="{PLACE}" aux:SerialNumber="{SERIAL}">'
    f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{TITLE}</rdf:li><rdf:li xml:lang="vi">{TITLE} vi</rdf:li></rdf:Alt></dc:title>'
    f"<dc:creator><rdf:Seq><rdf:li>{OWNER}</rdf:li><rdf:li>Second</rdf:li></rdf:Seq></dc:creator>"
    "</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def exif() -> Image.Exif:
    made = Image.Exif()
    made[0x010E], made[0x013B], made[0x9C9B] = TITLE, OWNER, f"{TITLE} ă".encode("utf-16-le") + b"\x00\x00"
    made.get_ifd(0x8769).update({0xA430: OWNER, 0xA431: SERIAL, 0x9003: "1975:03:16 10:00:00"})
    made.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: LONGITUDE, 29: "1975:03:16"})
    return made


def iptc_block() -> bytes:
    sets = ((5, TITLE), (80, OWNER), (90, PLACE))
    record = b"".join(struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value.encode() for number, value in sets)
    return b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + struct.pack(">I", len(record)) + record


def jpeg(path: Path) -> Path:
    """EXIF with a position, XMP, IPTC and a comment."""
    buffer = io.BytesIO()
    picture(640, 480).save(buffer, "JPEG", exif=exif(), comment=f"{PLANTED}-COMMENT")
    content = buffer.getvalue()
    packet = b"http://ns.adobe.com/xap/1.0/\x00" + XMP.encode()
    more = b"".join(
        struct.pack(">BBH", 0xFF, marker, len(one) + 2) + one for marker, one in ((0xE1, packet), (0xED, iptc_block()))
    )
    at = 4 + struct.unpack(">H", content[4:6])[0]  # behind the first segment
    path.write_bytes(content[:at] + more + content[at:])
    return path


def png(path: Path) -> Path:
    buffer = io.BytesIO()
    picture(640, 480).save(buffer, "PNG", exif=exif())
    content = buffer.getvalue()
    chunks = ((b"tEXt", b"Author\x00" + OWNER.encode()), (b"zTXt", b"Title\x00\x00" + zlib.compress(TITLE.encode())))
    chunks += ((b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + XMP.encode()),)
    more = b"".join(
        struct.pack(">I", len(one)) + name + one + struct.pack(">I", zlib.crc32(name + one)) for name, one in chunks
    )
    path.write_bytes(content[:33] + more + content[33:])
    return path


def webp(path: Path) -> Path:
    picture(640, 480).save(path, "WEBP", exif=exif(), xmp=XMP.encode())
    return path


def tiff(path: Path) -> Path:
    tags = exif()
    tags[700] = XMP.encode()
    picture(640, 480).save(path, "TIFF", exif=tags)
    return path


def pdf(path: Path) -> Path:
    """An information dictionary and an XMP packet, and one page."""
    packet = XMP.encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        f"<</Title({TITLE})/Author({OWNER})>>".encode(),
        b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%b\nendstream" % (len(packet), packet),
    ]
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R/Info 4 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(written),
    )
    path.write_bytes(written + end)
    assert len(pypdfium2.PdfDocument(path)) == 1
    return path


def sound(path: Path, form: str) -> Path:
    """Half a second with title, artist and comment, as ffmpeg writes them for this format."""
    return _ffmpeg(path, form, ["-f", "lavfi", "-i", "sine=f=440:d=0.5"])


def film(path: Path, form: str) -> Path:
    """Half a second of colour bars, with a place."""
    picture_and_sound = ["-f", "lavfi", "-i", "testsrc2=s=160x120:d=0.5", "-f", "lavfi", "-i", "sine=f=440:d=0.5"]
    return _ffmpeg(path, form, picture_and_sound, ["-preset", "ultrafast"])


def _ffmpeg(path: Path, form: str, sources: list[str], more: list[str] | None = None) -> Path:
    tags = {
        "title": TITLE,
        "artist": OWNER,
        "comment": f"{PLANTED}-COMMENT",
        "location": ISO_6709,
        "com.apple.quicktime.make": SERIAL,
    }
    words = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", *sources, *(more or []), *words]
    subprocess.run(
        [*command, "-write_bext", "1", "-f", form, str(path)] if form == "wav" else [*command, "-f", form, str(path)],
        check=True,
    )
    return path
