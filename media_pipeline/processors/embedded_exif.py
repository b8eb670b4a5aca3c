"""EXIF: the tags that say something of the work, its maker, its camera, its time and its place.

Source: Exif 2.32 (CIPA DC-008), 4.6; the XP tags as Windows writes them.
"""

from collections.abc import Iterator
from typing import BinaryIO

from media_pipeline.processors.embedded import Said
from media_pipeline.processors.text_encoding import decode
from media_pipeline.processors.tiff_directory import Directory, Value, number, opened, read_directory

_EXIF_DIRECTORY, _GPS_DIRECTORY = 0x8769, 0x8825
_MAIN = {
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x0132: "DateTime",
    0x013B: "Artist",
    0x8298: "Copyright",
}
_WINDOWS = {0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject"}
_PHOTO = {
    0x829A: "ExposureTime",
    0x829D: "FNumber",
    0x8827: "ISOSpeedRatings",
    0x9003: "DateTimeOriginal",
    0x9004: "DateTimeDigitized",
    0x9011: "OffsetTimeOriginal",
    0x920A: "FocalLength",
    0x9286: "UserComment",
    0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber",
    0xA433: "LensMake",
    0xA434: "LensModel",
    0xA435: "LensSerialNumber",
    0xA436: "ImageTitle",
    0xA437: "Photographer",
}
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE, _ALTITUDE, _GPS_DATE = 1, 2, 3, 4, 6, 29
# The first eight bytes of a user comment name its character code.
_COMMENT_CODES = {b"ASCII\x00\x00\x00": "ascii", b"UNICODE\x00": "utf-16", b"\x00" * 8: ""}


def exif(file: BinaryIO) -> Iterator[Said]:
    """Yield the values of the TIFF structure that begins where the file begins."""
    reader = opened(file)
    if reader is None:
        return
    main, _following = read_directory(reader, reader.first)
    yield from _named(main, _MAIN)
    for tag, name in _WINDOWS.items():
        value = main.get(tag)
        if isinstance(value, tuple):
            yield Said(
                "EXIF", name, bytes(int(one) & 255 for one in value).decode("utf-16-le", "replace").rstrip("\x00")
            )
    if below := number(main, _EXIF_DIRECTORY):
        yield from _named(read_directory(reader, below)[0], _PHOTO)
    if below := number(main, _GPS_DIRECTORY):
        yield from _place(read_directory(reader, below)[0])


def _named(found: Directory, names: dict[int, str]) -> Iterator[Said]:
    for tag, name in names.items():
        if tag in found:
            yield Said("EXIF", name, _comment(found[tag]) if name == "UserComment" else _shown(found[tag]))


def _shown(value: Value) -> str:
    if isinstance(value, bytes):
        return decode(value.split(b"\x00")[0])[0]
    return ", ".join(f"{one:g}" for one in value[:8])


def _comment(value: Value) -> str:
    if not isinstance(value, bytes):
        return ""
    code = _COMMENT_CODES.get(value[:8])
    if code == "utf-16":
        return value[8:].decode("utf-16-be" if value[8:9] == b"\x00" else "utf-16-le", "replace").rstrip("\x00")
    return decode((value[8:] if code is not None else value).rstrip(b"\x00 "))[0]


def _place(found: Directory) -> Iterator[Said]:
    latitude, longitude = (
        _degrees(found, _LATITUDE, _LATITUDE_REF, b"S"),
        _degrees(found, _LONGITUDE, _LONGITUDE_REF, b"W"),
    )
    if latitude is not None and longitude is not None and (latitude or longitude):
        yield Said("EXIF", "GPSPosition", f"{latitude:.6f}, {longitude:.6f}")
    altitude = found.get(_ALTITUDE)
    if isinstance(altitude, tuple):
        yield Said("EXIF", "GPSAltitude", f"{altitude[0]:g} m")
    if isinstance(found.get(_GPS_DATE), bytes):
        yield Said("EXIF", "GPSDateStamp", _shown(found[_GPS_DATE]))


def _degrees(found: Directory, tag: int, reference: int, negative: bytes) -> float | None:
    value, side = found.get(tag), found.get(reference)
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees = value[0] + value[1] / 60 + value[2] / 3600
    return -degrees if isinstance(side, bytes) and side.startswith(negative) else degrees
