"""A credit in a PDF: an update appended at its end, as ISO 32000-1, 7.5.6 has it, with another information dictionary. Pure."""

from __future__ import annotations

import re

from archive.crediting.credit import Credit

TAIL_BYTES = 4096  # the trailer of a file of ours lies within
_START = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*$")
_TRAILER = re.compile(rb"trailer\s*<<((?:[^<>]|<[0-9A-Fa-f]*>)*)>>\s*startxref", re.DOTALL)
_ROOT = re.compile(rb"/Root\s+(\d{1,10}\s+\d{1,5}\s+R)")
_SIZE = re.compile(rb"/Size\s+(\d{1,10})")
_ID = re.compile(rb"/ID\s*\[\s*(?:<[0-9A-Fa-f]*>\s*){2}\]")


def update(tail: bytes, size_bytes: int, credit: Credit) -> bytes:
    """Return what is appended to a file that ends with `tail`; nothing for one under a password, or without a table of places in words."""
    start = _START.search(tail)
    trailers = list(_TRAILER.finditer(tail))
    if not start or not trailers or b"/Encrypt" in trailers[-1][1]:
        return b""
    trailer = trailers[-1][1]
    root, count, identifier = _ROOT.search(trailer), _SIZE.search(trailer), _ID.search(trailer)
    if not root or not count:
        return b""
    number = int(count[1])
    lead = b"\n"
    place = size_bytes + len(lead)
    written = lead + b"%d 0 obj\n%b\nendobj\n" % (number, _information(credit))
    table = size_bytes + len(written)
    written += b"xref\n%d 1\n%010d 00000 n \n" % (number, place)
    written += b"trailer\n<</Size %d/Root %b/Info %d 0 R/Prev %b%b>>\n" % (
        number + 1,
        root[1],
        number,
        start[1],
        identifier[0] if identifier else b"",
    )
    return written + b"startxref\n%d\n%%%%EOF\n" % table


def _information(credit: Credit) -> bytes:
    values = {
        b"Title": credit.title,
        b"Author": "; ".join(credit.creators),
        b"Subject": ". ".join(part for part in (credit.rights, credit.rights_address, credit.address) if part),
        b"Copyright": credit.rights,
        b"Source": credit.address,
        b"Publisher": credit.library,
    }
    return b"<<" + b"".join(b"/" + name + _words(value) for name, value in values.items() if value) + b">>"


def _words(value: str) -> bytes:
    """A text string in hexadecimal (7.9.2.2): nothing in it can end it early."""
    return b"<FEFF" + value.encode("utf-16-be", "ignore").hex().upper().encode() + b">"
