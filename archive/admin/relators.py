"""What a person or body did for an item: MARC relator codes, those that a local-studies library needs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

RELATORS = (
    ("cre", _("creator")),
    ("aut", _("author")),
    ("pht", _("photographer")),
    ("prf", _("performer")),
    ("nrt", _("narrator")),
    ("sng", _("singer")),
    ("mus", _("musician")),
    ("spk", _("speaker")),
    ("col", _("collector")),
    ("rcd", _("recordist")),
    ("fmk", _("film maker")),
    ("drt", _("director")),
    ("ivr", _("interviewer")),
    ("ive", _("person interviewed")),
    ("com", _("compiler")),
    ("art", _("artist")),
    ("edt", _("editor")),
    ("trc", _("transcriber")),
    ("trl", _("translator")),
    ("ill", _("illustrator")),
    ("res", _("researcher")),
    ("ctb", _("contributor")),
    ("dnr", _("donor")),
    ("own", _("owner")),
    ("pbl", _("publisher")),
)


def choices(current: str) -> list[tuple[str, Any]]:  # Any: lazy texts
    """Return the choices, with a code that is kept already but not among them at the end."""
    known: list[tuple[str, Any]] = [*RELATORS]  # Any: as above
    return known if not current or current in dict(known) else [*known, (current, current)]
