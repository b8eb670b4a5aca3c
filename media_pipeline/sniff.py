"""What a file is, from its first bytes alone: a pure function, cheap enough for the door. Names are never looked at."""

from media_pipeline import reasons
from media_pipeline.sniff_text import sniff_text

HEAD_BYTES = 4096  # what callers should read: enough for three MPEG-TS packets and for text that begins with comments

_SIMPLE: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"II*\x00\x10\x00\x00\x00CR", "cr2"),
    (0, b"II*\x00", "tif"),
    (0, b"MM\x00*", "tif"),
    (0, b"II+\x00", "tif"),  # BigTIFF
    (0, b"MM\x00+", "tif"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"\x00\x00\x00\x0cjP  \r\n\x87\n", "jp2"),
    (0, b"\xffO\xffQ\x00", "j2k"),
    (0, b"\x00\x00\x01\x00", "ico"),
    (0, b"fLaC", "flac"),
    (0, b"OggS", "ogg"),
    (0, b"caff\x00", "caf"),
    (0, b"#!AMR", "amr"),
    (0, b"riff\x2e\x91\xcf\x11", "w64"),
    (0, b"FLV\x01", "flv"),
    (0, b"0&\xb2u\x8ef\xcf\x11", "wmv"),
    (0, b"\x00\x00\x01\xba", "mpg"),
    (0, b"\x00\x00\x01\xb3", "m2v"),
    (0, b"\x06\x0e+4\x02\x05\x01\x01\r\x01\x02", "mxf"),
    (0, b"ID3", "mp3"),
    (0, b"{\\rtf", "rtf"),
    (0, b"%!PS", "ps"),
    (0, b"\xc5\xd0\xd3\xc6", "ps"),
    (0, b"\x1f\x8b", "gz"),
    (0, b"7z\xbc\xaf'\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"8BPS\x00\x01", "psd"),
    (0, b"8BPS\x00\x02", "psb"),
    (0, b"IIRO", "orf"),
    (0, b"IIRS", "orf"),
    (0, b"MMOR", "orf"),
    (0, b"IIU\x00", "rw2"),
    (0, b"FUJIFILMCCD-RAW ", "raf"),
    (0, b"DDS |\x00\x00\x00", "dds"),
    (0, b"/* XPM */", "xpm"),
    (0, b".snd\x00\x00\x00", "au"),
    (0, b"\xff\n", "jxl"),
    (0, b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
    (0, b"AT&TFORM", "djvu"),
    (0, b"MThd", "mid"),
    (257, b"ustar", "tar"),
)
_RIFF = {b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp"}
_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_SGI_DIMENSIONS = (b"\x00\x01", b"\x00\x02", b"\x00\x03")
_PCX_VERSIONS = (b"\x00", b"\x02", b"\x03", b"\x04", b"\x05")
_BITMAP_HEADER_SIZES = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def sniff(head: bytes) -> str | None:
    """Return the extension of `formats.FORMATS` that these first bytes tell, or None for what is not known.

    A container is told apart only as far as its head allows; `processors/identify.py` looks inside.
    """
    for offset, magic, extension in _SIMPLE:
        if head.startswith(magic, offset):
            return extension
    return _container(head) or _picture(head) or _stream(head) or sniff_text(head)


def refuse_reason(head: bytes, size_bytes: int) -> str | None:
    """Return the code of `reasons` for a file that must not be stored at all, or None."""
    if size_bytes == 0:
        return reasons.EMPTY
    if head.startswith(
        (b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
    ):
        return reasons.EXECUTABLE
    if head.startswith((b"\xca\xfe\xba\xbe", b"dex\n", b"\x00asm")):
        return reasons.EXECUTABLE
    if head.startswith(b"#!") and not head.startswith(b"#!AMR"):
        return reasons.EXECUTABLE
    # DOS and Windows programs: the stub's length field, or a PE header where offset 0x3c points.
    if head.startswith(b"MZ") and len(head) >= 64:
        portable = int.from_bytes(head[60:64], "little")
        if head[portable : portable + 4] == b"PE\x00\x00" or b"This program" in head or head[24:26] == b"\x40\x00":
            return reasons.EXECUTABLE
    return None


def _container(head: bytes) -> str | None:
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        return _RIFF.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aif"
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[4:8] in _QUICKTIME_ATOMS:
        return "mov"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else "mkv"
    if head.startswith(b"PK\x03\x04"):
        return "epub" if head[30:58] == b"mimetypeapplication/epub+zip" else "zip"
    if b"%PDF-" in head[:1024]:  # readers accept a preamble of up to 1024 bytes (ISO 32000, annex H in older editions)
        return "pdf"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BITMAP_HEADER_SIZES:
        return "bmp"
    if head[:1] == b"P" and head[1:2] in b"123456" and len(head) > 2 and head[2:3].isspace():
        return "pnm"
    return None


def _iso_media(head: bytes) -> str:
    """ISO base media: the major brand decides, then the compatible ones (ISO/IEC 14496-12, 4.3; HEIF, AVIF)."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {head[at : at + 4] for at in range(16, length - 3, 4)} | {major}
    if major in (b"avif", b"avis"):
        return "avif"
    if major in _HEIF_BRANDS:
        return "heic"
    if major in (b"mif1", b"msf1"):
        return "avif" if b"avif" in brands and not brands & _HEIF_BRANDS else "heic"
    if major == b"qt  ":
        return "mov"
    if major == b"crx ":
        return "cr3"
    if major[:2] == b"3g":
        return "3gp"
    if major in (b"M4A ", b"M4B "):
        return "m4a"
    return "mp4"


def _picture(head: bytes) -> str | None:
    """Pictures with a short magic number or none: their other fields have to make sense, too."""
    if (
        head[:3] in (b"\x01\xda\x00", b"\x01\xda\x01")
        and head[3:4] in (b"\x01", b"\x02")
        and head[4:6] in _SGI_DIMENSIONS
    ):
        return "sgi"
    if (
        head[:1] == b"\n"
        and head[1:2] in _PCX_VERSIONS
        and head[2:3] == b"\x01"
        and head[3:4] in (b"\x01", b"\x02", b"\x04", b"\x08")
    ):
        return "pcx"
    if head[4:6] in (b"\x11\xaf", b"\x12\xaf") and head[12:14] == b"\x08\x00" and any(head[8:10]) and any(head[10:12]):
        return "fli"
    return "tga" if _is_targa(head) else None


def _is_targa(head: bytes) -> bool:
    """TGA has no magic number (its mark, if any, stands at the end): every field of the header has to be possible."""
    if len(head) < 18:
        return False
    colour_map, kind, map_bits, bits, descriptor = head[1], head[2], head[7], head[16], head[17]
    with_map = kind in (1, 9)
    if kind not in (1, 2, 3, 9, 10, 11) or colour_map != with_map or descriptor & 0xC0:
        return False
    if (map_bits not in (15, 16, 24, 32)) if with_map else any(head[3:8]):
        return False
    return any(head[12:14]) and any(head[14:16]) and bits in ((8,) if with_map else (8, 15, 16, 24, 32))


def _stream(head: bytes) -> str | None:
    """Formats without a magic number: frames that repeat."""
    if head[:1] == b"\x47" and head[188:189] == b"\x47" and head[376:377] in (b"\x47", b""):
        return "ts"
    if head[4:5] == b"\x47" and head[196:197] == b"\x47" and head[388:389] in (b"\x47", b""):
        return "ts"
    if (
        head[:2] == b"\x0bw" and len(head) > 5 and head[4] >> 6 != 3
    ):  # ATSC A/52, 5.3: a frame size of the table, a known version
        version = head[5] >> 3
        return "ac3" if version <= 10 and head[4] & 0x3F < 38 else "eac3" if 10 < version <= 16 else None
    if len(head) < 4 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "aac"
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bit_rate, sample_rate = head[2] >> 4, head[2] >> 2 & 3
    # Layer I is left out: FF FE would take UTF-16 text for sound.
    if head[1] & 0xE0 == 0xE0 and version != 1 and layer in (1, 2) and 0 < bit_rate < 15 and sample_rate != 3:
        return "mp3"
    return None
