"""What codes are called on the page: roles of people (MARC relators) and languages (BCP-47)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLES: dict[str, str | Promise] = {
    "art": _("artist"),
    "aut": _("author"),
    "col": _("collector"),
    "com": _("compiler"),
    "cre": _("creator"),
    "ctb": _("contributor"),
    "cur": _("curator"),
    "dnr": _("donor"),
    "drt": _("director"),
    "edt": _("editor"),
    "fmk": _("film maker"),
    "ill": _("illustrator"),
    "isb": _("issuing body"),
    "ive": _("person interviewed"),
    "ivr": _("interviewer"),
    "mus": _("musician"),
    "nrt": _("narrator"),
    "own": _("owner"),
    "pbl": _("publisher"),
    "pht": _("photographer"),
    "prf": _("performer"),
    "prv": _("provider"),
    "rcd": _("recordist"),
    "res": _("researcher"),
    "sng": _("singer"),
    "spk": _("speaker"),
    "trc": _("transcriber"),
    "trl": _("translator"),
    "vdg": _("videographer"),
}

# Languages of the archive's own reach; any other tag is shown as it is.
LANGUAGES: dict[str, str | Promise] = {
    "bdq": pgettext_lazy("language", "Bahnar"),
    "blt": pgettext_lazy("language", "Tai Dam"),
    "brb": pgettext_lazy("language", "Brao"),
    "cua": pgettext_lazy("language", "Cua"),
    "en": pgettext_lazy("language", "English"),
    "fr": pgettext_lazy("language", "French"),
    "hal": pgettext_lazy("language", "Halang"),
    "hre": pgettext_lazy("language", "Hre"),
    "jeh": pgettext_lazy("language", "Jeh"),
    "jra": pgettext_lazy("language", "Jarai"),
    "kpm": pgettext_lazy("language", "Koho"),
    "kxy": pgettext_lazy("language", "Kayong"),
    "lo": pgettext_lazy("language", "Lao"),
    "mul": pgettext_lazy("language", "several languages"),
    "ren": pgettext_lazy("language", "Rengao"),
    "rmx": pgettext_lazy("language", "Romam"),
    "sed": pgettext_lazy("language", "Sedang"),
    "stg": pgettext_lazy("language", "Trieng"),
    "tdr": pgettext_lazy("language", "Todrah"),
    "twh": pgettext_lazy("language", "Tai Don"),
    "und": pgettext_lazy("language", "not known"),
    "vi": pgettext_lazy("language", "Vietnamese"),
    "zxx": pgettext_lazy("language", "no words"),
}


def role_label(code: str) -> str:
    """The name of a role in the page's language; an unknown code comes back as it is."""
    return str(ROLES.get(code, code))


def language_label(tag: str) -> str:
    """The name of a language in the page's language, its script and region left out; an unknown tag as it is."""
    return str(LANGUAGES.get(tag, LANGUAGES.get(tag.partition("-")[0], tag)))
