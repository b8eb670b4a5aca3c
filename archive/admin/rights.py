"""Ready-made statements of rights: RightsStatements.org and Creative Commons, by their addresses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OTHER = "other"
PRESETS = (
    ("", _("not decided yet")),
    ("https://creativecommons.org/licenses/by/4.0/", _("CC BY 4.0: free use, name the source")),
    ("https://creativecommons.org/licenses/by-sa/4.0/", _("CC BY-SA 4.0: free use, name the source, share alike")),
    ("https://creativecommons.org/licenses/by-nc/4.0/", _("CC BY-NC 4.0: not for commerce, name the source")),
    (
        "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        _("CC BY-NC-ND 4.0: not for commerce, unchanged, name the source"),
    ),
    ("https://creativecommons.org/publicdomain/zero/1.0/", _("CC0: rights given up")),
    ("https://creativecommons.org/publicdomain/mark/1.0/", _("Public domain")),
    ("http://rightsstatements.org/vocab/InC/1.0/", _("In copyright")),
    ("http://rightsstatements.org/vocab/InC-EDU/1.0/", _("In copyright, may be used for teaching")),
    ("http://rightsstatements.org/vocab/NoC-OKLR/1.0/", _("No copyright, but other rules of law hold")),
    ("http://rightsstatements.org/vocab/NKC/1.0/", _("No known copyright")),
    ("http://rightsstatements.org/vocab/CNE/1.0/", _("Copyright not examined")),
    ("http://rightsstatements.org/vocab/UND/1.0/", _("Copyright undetermined")),
    (OTHER, _("another address, written below")),
)
KNOWN = frozenset(address for address, _label in PRESETS)
