"""What the desk says of a file some of whose pages a machine read, or would have, had it had what it needs."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.models import ItemFile
from archive.models.file import READ_BY_MACHINE


def said_of_reading(file: ItemFile) -> str:
    """Return a sentence; empty where there was nothing to read by machine. No query when master and derivatives are prefetched."""
    made = [] if file.master is None else [one for one in file.master.derivatives.all() if one.role == READ_BY_MACHINE]
    facts = max(made, key=lambda one: one.version).facts if made else {}
    if facts.get("missing"):
        return _(
            "Pages without text could not be read by machine: the Vietnamese data of Tesseract is not installed here (package "
            "tesseract-ocr-vie). They are read by themselves once it is."
        )
    pages = _whole(facts, "pages_read")
    if not pages:
        return _("No page of this scan could be read by machine.") if _whole(facts, "pages_without_text") else ""
    named = {"pages": pages, "confidence": _whole(facts, "confidence")}
    if not file.is_in_vietnamese():
        return _(
            "A machine read its pages as Vietnamese. It is not shown, since the work is not said to be in Vietnamese."
        )
    return (
        ngettext(
            "The text of %(pages)s page was read by machine, with a certainty of %(confidence)s out of 100. Nobody has checked it.",
            "The text of %(pages)s pages was read by machine, with a certainty of %(confidence)s out of 100. Nobody has checked it.",
            pages,
        )
        % named
    )


def _whole(facts: Mapping[str, object], name: str) -> int:
    value = facts.get(name)
    return int(value) if isinstance(value, int | float) else 0
