"""XMP packets: simple values, lists and alternatives of the properties of an RDF description.

Source: XMP part 1 (ISO 16684-1), chapters 6 and 7.
"""

from collections.abc import Iterator

from lxml import etree

from media_pipeline.processors.embedded import Said
from media_pipeline.processors.epub_book import parse_xml

_PACKET_BYTES_AT_MOST = 1024**2
_VALUES_AT_MOST = 50
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/exif/1.0/aux/": "aux",
    "http://cipa.jp/exif/1.0/": "exifEX",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://creativecommons.org/ns#": "cc",
    "http://ns.useplus.org/ldf/xmp/1.0/": "plus",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
}


def xmp(packet: bytes) -> Iterator[Said]:
    """Yield each value of each property in a namespace with a known prefix; lists yield several. A packet with a document type is not read.

    Raises ProcessorError for what is no XML.
    """
    packet = packet[:_PACKET_BYTES_AT_MOST].strip(b"\x00 \r\n\t")
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return
    for description in parse_xml(packet).iter(f"{_RDF}Description"):
        for key, value in description.attrib.items():
            if name := _name(str(key)):
                yield Said("XMP", name, str(value))
        for element in description:
            name = _name(element.tag) if isinstance(element.tag, str) else ""
            if name:
                for value in _values(element):
                    yield Said("XMP", name, value)


def _name(tag: str) -> str:
    namespace, _, local = tag.removeprefix("{").partition("}")
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix and local else ""


def _values(element: etree._Element) -> list[str]:
    items = element.findall(f"./*/{_RDF}li")[:_VALUES_AT_MOST]
    if items:
        # The default alternative repeats one in a language: x-default only where it stands alone.
        named = [one for one in items if one.get(_LANG) not in (None, "x-default")]
        return ["".join(one.itertext()) for one in named or items]
    resource = element.get(f"{_RDF}resource")
    return [resource] if resource else ["".join(element.itertext())] if not len(element) else []
