"""The words of a credit as files keep them: an XMP packet, an ID3 tag, a list of Vorbis comments. Pure.

Sources: XMP part 1 and 2 (ISO 16684-1, -2); ID3v2.4.0; Ogg Vorbis I, 5.2.
"""

from __future__ import annotations

import struct
from xml.sax.saxutils import escape, quoteattr

from archive.crediting.credit import Credit

_HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"'
)
_TAIL = '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def xmp(credit: Credit) -> bytes:
    """Return a packet with title, creators, publisher, rights, their address, a credit line and the item's address."""
    clean = credit.title, credit.rights, credit.library
    title, rights, library = (escape(one.translate(_NOT_XML)) for one in clean)
    parts = [_HEAD]
    if credit.library:
        parts.append(f" photoshop:Credit={quoteattr(credit.library.translate(_NOT_XML))}")
    if credit.rights_address:
        parts.append(f" xmpRights:WebStatement={quoteattr(credit.rights_address.translate(_NOT_XML))}")
    parts.append(">")
    if title:
        parts.append(f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>')
    if credit.creators:
        names = "".join(f"<rdf:li>{escape(one.translate(_NOT_XML))}</rdf:li>" for one in credit.creators)
        parts.append(f"<dc:creator><rdf:Seq>{names}</rdf:Seq></dc:creator>")
    if rights:
        parts.append(f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{rights}</rdf:li></rdf:Alt></dc:rights>')
    if library:
        parts.append(f"<dc:publisher><rdf:Bag><rdf:li>{library}</rdf:li></rdf:Bag></dc:publisher>")
    parts.append(f"<dc:identifier>{escape(credit.address)}</dc:identifier>{_TAIL}")
    return "".join(parts).encode()


def id3(credit: Credit) -> bytes:
    """Return an ID3v2.4 tag in UTF-8: title, artists, copyright, publisher, and the addresses of the terms and of the item."""
    frames = _text("TIT2", credit.title) + _text(
        "TPE1", "\x00".join(one.replace("\x00", "") for one in credit.creators)
    )
    frames += _text("TCOP", credit.rights) + _text("TPUB", credit.library)
    frames += _address("WCOP", credit.rights_address) + _address("WOAS", credit.address)
    return b"ID3\x04\x00\x00" + _synchsafe(len(frames)) + frames


def _text(name: str, words: str) -> bytes:
    content = b"\x03" + words.encode()
    return name.encode() + _synchsafe(len(content)) + b"\x00\x00" + content if words else b""


def _address(name: str, address: str) -> bytes:
    content = address.encode("ascii", "ignore")
    return name.encode() + _synchsafe(len(content)) + b"\x00\x00" + content if content else b""


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def comments(credit: Credit, vendor: bytes) -> bytes:
    """Return a block of Vorbis comments under the encoder's own name."""
    values = [("TITLE", credit.title), *(("ARTIST", one) for one in credit.creators), ("COPYRIGHT", credit.rights)]
    values += [("LICENSE", credit.rights_address), ("ORGANIZATION", credit.library), ("CONTACT", credit.address)]
    lines = [f"{name}={value}".encode() for name, value in values if value]
    counted = b"".join(struct.pack("<I", len(line)) + line for line in lines)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(lines)) + counted
