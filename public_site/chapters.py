"""A chapter of a book, put into the page of its item: its ways to other chapters and its pictures are given our addresses."""

from __future__ import annotations

import re

from django.utils.safestring import SafeString, mark_safe

from archive import addresses
from archive.models import ItemFile

_LINK = re.compile(r'href="c(\d{4})\.html(#[\w.:-]+)?"', re.ASCII)
_PICTURE = re.compile(r'src="(i\d{4}\.webp)"', re.ASCII)


def placed(html: str, file: ItemFile) -> SafeString:
    """Return a fragment of the set `chapters` with addresses that lead somewhere on the item page.

    It is safe: media_pipeline.outputs publishes no chapter that media_pipeline.safe_html would change, and what is put in here are
    numbers, names of one shape, and addresses of ours.
    """
    linked = _LINK.sub(lambda found: f'href="?file={file.pid}&amp;chapter={int(found[1])}{found[2] or "#leaf"}"', html)
    pictured = _PICTURE.sub(
        lambda found: f'loading="lazy" src="{addresses.derivative(file, "chapters", found[1])}"', linked
    )
    return mark_safe(pictured)  # noqa: S308 - see above
