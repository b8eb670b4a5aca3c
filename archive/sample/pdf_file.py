"""Just enough of PDF 1.7 (ISO 32000-1) to write pages: numbered objects, streams, a cross-reference table."""

import hashlib
import zlib


def text_string(text: str) -> str:
    """A PDF text string in UTF-16 with its mark (7.9.2.2), written in hexadecimal."""
    return f"<{(chr(0xFEFF) + text).encode('utf-16-be').hex().upper()}>"


class PdfFile:
    """Objects in the order of their numbers; reserve() gives a number before the object is known."""

    def __init__(self) -> None:
        self._objects: list[bytes] = []

    def reserve(self) -> int:
        """The next object number, to be filled by put()."""
        self._objects.append(b"null")
        return len(self._objects)

    def put(self, number: int, body: str) -> int:
        """Sets the object that reserve() numbered."""
        self._objects[number - 1] = body.encode("latin-1")
        return number

    def replace(self, number: int, old: str, new: str) -> None:
        """Fills a place that was left open in an object: the number of a page that came later."""
        self._objects[number - 1] = self._objects[number - 1].replace(old.encode(), new.encode())

    def add(self, body: str) -> int:
        """Adds an object; returns its number."""
        return self.put(self.reserve(), body)

    def stream(self, data: bytes, entries: str = "", *, compress: bool = True) -> int:
        """Adds a stream; `entries` are further dictionary entries. Images that are compressed already say False."""
        if compress:
            data, entries = zlib.compress(data, 9), f"{entries} /Filter /FlateDecode"
        head = f"<< /Length {len(data)} {entries} >>\nstream\n".encode("latin-1")
        self._objects.append(head + data + b"\nendstream")
        return len(self._objects)

    def save(self, *, catalog: int, info: int) -> bytes:
        """The whole file. Its identifier is a hash of its content (14.4), so that equal content is equal bytes."""
        parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        offsets, size = [], len(parts[0])
        for number, body in enumerate(self._objects, start=1):
            whole = f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
            offsets.append(size)
            size += len(whole)
            parts.append(whole)
        name = hashlib.sha256(b"".join(parts)).hexdigest()[:32].upper()
        table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        count = len(offsets) + 1
        parts.append(f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode())
        parts.append(
            f"trailer\n<< /Size {count} /Root {catalog} 0 R /Info {info} 0 R /ID [<{name}> <{name}>] >>\n"
            f"startxref\n{size}\n%%EOF\n".encode()
        )
        return b"".join(parts)
