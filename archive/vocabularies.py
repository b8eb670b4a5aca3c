"""What codes are called, written once for the desk and for the doors: parts that people take, and languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# MARC relator codes, those that a local-studies library needs; in the order in which the desk offers them, the frequent ones first.
RELATORS: Mapping[str, StrPromise] = {
    "cre": _("creator"),
    "aut": _("author"),
    "pht": _("photographer"),
    "prf": _("performer"),
    "nrt": _("narrator"),
    "sng": _("singer"),
    "mus": _("musician"),
    "spk": _("speaker"),
    "dpc": _("person depicted"),
    "col": _("collector"),
    "rcd": _("recordist"),
    "fmk": _("film maker"),
    "drt": _("director"),
    "ivr": _("interviewer"),
    "ive": _("person interviewed"),
    "com": _("compiler"),
    "art": _("artist"),
    "edt": _("editor"),
    "trc": _("transcriber"),
    "trl": _("translator"),
    "ill": _("illustrator"),
    "res": _("researcher"),
    "ctb": _("contributor"),
    "dnr": _("donor"),
    "own": _("owner"),
    "pbl": _("publisher"),
    "cur": _("curator"),
    "isb": _("issuing body"),
    "prv": _("provider"),
    "vdg": _("videographer"),
}

# BCP-47 tags of the archive's own reach, in the order in which the desk offers them; any other tag may be written.
# zxx is "no linguistic content", und "undetermined".
LANGUAGES: Mapping[str, StrPromise] = {
    "vi": pgettext_lazy("language", "Vietnamese"),
    "bdq": pgettext_lazy("language", "Bahnar"),
    "ren": pgettext_lazy("language", "Rengao"),
    "sed": pgettext_lazy("language", "Sedang"),
    "hal": pgettext_lazy("language", "Halang"),
    "jeh": pgettext_lazy("language", "Jeh"),
    "stg": pgettext_lazy("language", "Trieng"),
    "hre": pgettext_lazy("language", "Hre"),
    "cua": pgettext_lazy("language", "Cua"),
    "jra": pgettext_lazy("language", "Jarai"),
    "brb": pgettext_lazy("language", "Brao"),
    "rmx": pgettext_lazy("language", "Romam"),
    "en": pgettext_lazy("language", "English"),
    "fr": pgettext_lazy("language", "French"),
    "blt": pgettext_lazy("language", "Tai Dam"),
    "kpm": pgettext_lazy("language", "Koho"),
    "kxy": pgettext_lazy("language", "Kayong"),
    "lo": pgettext_lazy("language", "Lao"),
    "tdr": pgettext_lazy("language", "Todrah"),
    "twh": pgettext_lazy("language", "Tai Don"),
    "zxx": pgettext_lazy("language", "no words"),
    "und": pgettext_lazy("language", "not known"),
    "mul": pgettext_lazy("language", "several languages"),
}

# Why something is closed (domain.md 5.4): what staff choose, and the sentence that visitors read. Softly: nobody outside is owed a reason.
RESTRICTION_REASONS: Mapping[str, tuple[StrPromise, StrPromise]] = {
    "tang_le": (
        _("mourning: burial, grave-leaving"),
        _("It is about mourning. The families and the village decide who looks at it."),
    ),
    "loi_thieng": (
        _("sacred words or music"),
        _("It holds words or music that the village keeps for their own time and people."),
    ),
    "nghi_le_theo_gioi": (
        _("rite of women or of men"),
        _("By custom it is for women only, or for men only."),
    ),
    "theo_mua": (
        _("seasonal"),
        _("By custom it is seen and heard in its season only."),
    ),
    "vi_tri_nhay_cam": (
        _("place that must not be found"),
        _("It shows a place that is better not found by everybody."),
    ),
    "tri_thuc_duoc_lieu": (
        _("knowledge of medicinal plants"),
        _("It holds knowledge of plants that belongs to the community, and is shared by agreement."),
    ),
    "du_lieu_ca_nhan": (
        _("personal data"),
        _("It tells of people who have a right to their privacy."),
    ),
    "tre_em": (
        _("children"),
        _("Children can be recognised in it. They are protected with care."),
    ),
    "ban_quyen": (
        _("rights of others"),
        _("Others have rights in it, and have not yet agreed that everybody may read it."),
    ),
    "canh_giet_mo": (
        _("slaughter of animals"),
        _("It shows a sacrifice of animals. Ask at the library before you look at it."),
    ),
    "chua_xac_minh": (
        _("not verified yet"),
        _("What is known of it is still being asked in the village."),
    ),
    "nguon_thoi_thuoc_dia": (
        _("source of colonial times"),
        _("It is of colonial times and is read with an explanation beside it."),
    ),
    "chinh_ta_chua_thong_nhat": (
        _("spelling not agreed yet"),
        _("Its spelling is not agreed yet; it is opened when the people of that language have read it."),
    ),
}


# What readers are told before they look at what was closed for such a reason and is open to them. Of the other reasons nobody is warned.
WARNINGS: Mapping[str, StrPromise] = {
    "tang_le": _("It is about mourning: a burial, or the leaving of a grave."),
    "loi_thieng": _("It holds sacred words or music."),
    "nghi_le_theo_gioi": _("It holds a rite that by custom is for women only, or for men only."),
    "theo_mua": _("By custom it is seen and heard in its season only."),
    "canh_giet_mo": _("It shows a sacrifice of animals."),
    "nguon_thoi_thuoc_dia": _("It is of colonial times: its words and views may hurt."),
}


def warnings(codes: Iterable[str]) -> list[str]:
    """Return the sentences to be read before what was closed for these reasons, in the active language."""
    return [str(WARNINGS[code]) for code in codes if code in WARNINGS]


def restriction_reasons(codes: Iterable[str]) -> list[str]:
    """Return the sentences for visitors of these codes, in the active language; codes that are not known say nothing."""
    return [str(RESTRICTION_REASONS[code][1]) for code in codes if code in RESTRICTION_REASONS]


def relator(code: str) -> str:
    """Return the name of a part in the active language; an unknown code comes back as it is."""
    return str(RELATORS.get(code, code))


def language(tag: str) -> str:
    """Return the name of a language in the active language, its script and region left out; an unknown tag as it is."""
    return str(LANGUAGES.get(tag, LANGUAGES.get(tag.partition("-")[0], tag)))
