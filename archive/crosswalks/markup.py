"""Writing XML as text: several times as fast as a tree, and these documents are flat.

Whatever XML 1.0 cannot hold (section 2.2) is left out of texts, so that what is written is well-formed whatever was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape

from archive.crosswalks.record import Text

# Stands for the site's own address where a document is kept for longer than one request. XML cannot hold it, so no text can say it.
BASE = "\x01"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_ADDRESSES = re.compile('[\x00\x02-\x20\x7f"<>\\\\^`{|}\ud800-\udfff\ufffe\uffff]')


def text(value: str) -> str:
    """Return a text as content or in double quotes of an attribute."""
    if _FORBIDDEN.search(value):
        value = _FORBIDDEN.sub("", value)
    return escape(value, {'"': "&quot;"})


def address(value: str) -> str:
    """Return an address as content or attribute; the mark `BASE` stays, what no address holds is percent-encoded."""
    return escape(percent_encoded(value), {'"': "%22"})


def percent_encoded(value: str) -> str:
    """Return an address with everything percent-encoded that no address holds (RFC 3986, section 2.1)."""
    return _NOT_IN_ADDRESSES.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "ignore")), value
    )


def element(name: str, value: str, **attributes: str) -> str:
    """Return an element with a text. Attributes: `xml_lang` is xml:lang; an empty one is left out."""
    return f"<{name}{attributed(attributes)}>{text(value)}</{name}>"


def linked(name: str, value: str, **attributes: str) -> str:
    """Return an element whose content is an address."""
    return f"<{name}{attributed(attributes)}>{address(value)}</{name}>"


def attributed(attributes: dict[str, str]) -> str:
    """Return attributes with the blank before each."""
    return "".join(f' {name.replace("_", ":", 1)}="{text(value)}"' for name, value in attributes.items() if value)


def each(name: str, values: Iterable[Text]) -> str:
    """Return an element for each value, with its language."""
    return "".join(
        f'<{name} xml:lang="{text(lang)}">{text(value)}</{name}>' if lang else f"<{name}>{text(value)}</{name}>"
        for lang, value in values
    )


def resource(name: str, value: str) -> str:
    """Return an empty element that points at an address (RDF/XML)."""
    return f'<{name} rdf:resource="{address(value)}"/>'
