"""What may stand in the HTML that the archive makes of other people's books: text and its structure, our own pictures, ways to other
chapters, and nothing that runs, loads, sends or styles.

Used twice: in the child that reads a book, and by `outputs.py`, which takes no chapter that this would still change.
"""

import re

import nh3

TAGS = frozenset(
    {
        "a", "abbr", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
        "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp",
        "section", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
        "ul", "var", "wbr",
    }
)  # fmt: skip
_EVERYWHERE = {"id", "lang", "dir"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    "bdo": {"dir"},
}
_GONE_WITH_CONTENT = {
    "script", "style", "template", "noscript", "iframe", "object", "embed", "audio", "video", "svg", "form", "select",
    "textarea", "button", "head", "title", "noembed", "noframes", "plaintext", "xmp",
}  # fmt: skip
# An id of a book may be the name of something of our pages: each gets a letter in front.
ID_PREFIX = "b-"
_IDENTIFIER = rf"{ID_PREFIX}[\w.:-]{{1,100}}"
_SHAPES = {
    "href": re.compile(rf"c\d{{4}}\.html(?:#{_IDENTIFIER})?|#{_IDENTIFIER}", re.ASCII),
    "src": re.compile(r"i\d{4}\.webp", re.ASCII),
    "id": re.compile(_IDENTIFIER, re.ASCII),
    "lang": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,6}", re.ASCII),
    "dir": re.compile(r"ltr|rtl|auto"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "reversed": re.compile(r"|reversed"),
}
_NUMBER = re.compile(r"-?\d{1,6}", re.ASCII)
_NUMBERS = frozenset({"width", "height", "colspan", "rowspan", "start", "value"})


def safe(html: str) -> str:
    """Return a fragment with what is allowed of it. What it returns comes back from it unchanged."""
    once = _clean(html)
    return once if (twice := _clean(once)) == once else twice


def is_safe(html: str) -> bool:
    """Tell whether a fragment is one that `safe` would leave as it is."""
    return _clean(html) == html


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes=set(),
        link_rel=None,
        strip_comments=True,
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute as it may stay, None where it goes."""
    if name in _NUMBERS:
        return value if _NUMBER.fullmatch(value) else None
    shape = _SHAPES.get(name)
    return value if shape is None or shape.fullmatch(value) else None
