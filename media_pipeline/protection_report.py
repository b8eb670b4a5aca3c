"""What is said of the walls around decoders: by the command, and by each worker as it starts."""

from __future__ import annotations

from dataclasses import fields

from django.utils.translation import gettext as _

from media_pipeline.sandbox import Protections


def sentence(found: Protections) -> str:
    """Return one sentence in the active language: which way is used, and what does not hold."""
    way = "bubblewrap" if found.bubblewrap else _("the kernel alone")
    if found.complete:
        return _("Received files are read behind walls (%(way)s): all of them hold.") % {"way": way}
    missing = ", ".join(
        one.name for one in fields(Protections) if one.name != "bubblewrap" and not getattr(found, one.name)
    )
    return _("Received files are read behind walls (%(way)s), but some are missing: %(missing)s.") % {
        "way": way,
        "missing": missing,
    }
