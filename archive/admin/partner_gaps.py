"""What is said at the desk of what a record lacks for partners."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from archive.crosswalks.gaps import Gap

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SENTENCES: Mapping[Gap, StrPromise] = {
    Gap.NO_TITLE: _("It has no title: partners list it under its number, and Europeana refuses it."),
    Gap.NO_TITLE_OF_OURS: _(
        "It has no title in Vietnamese or English: catalogues that read no other language show what they cannot sort."
    ),
    Gap.NO_RIGHTS: _(
        "It has no statement of rights: nobody knows whether they may use it, and Europeana is told “not evaluated”."
    ),
    Gap.RIGHTS_UNKNOWN_TO_EUROPEANA: _(
        "Its statement of rights is none of those that Europeana knows: there it stands as “not evaluated”."
    ),
    Gap.NO_LANGUAGE: _(
        "It has no language: filters by language do not find it. For a thing without words choose “no linguistic content”."
    ),
    Gap.UNKNOWN_LANGUAGE: _(
        "One of its languages has no ISO 639-3 code that we know: partners are told “undetermined”."
    ),
    Gap.NO_DATE: _("It has no date: it stands on no time line, and citations say that the year is not known."),
    Gap.UNREADABLE_DATE: _("Its date is words only: programs cannot sort by it."),
    Gap.NOBODY: _("Nobody is named who made it or had a part in it: citations begin with the title."),
    Gap.NAME_WITHHELD: _("A name is withheld: partners are told what stands instead."),
    Gap.NO_DESCRIPTION: _("It has no description: search at the partner's finds it by its title only."),
    Gap.NO_SUBJECT: _("It names neither a people nor a subject."),
    Gap.NO_PLACE: _("It names no place that may be shown."),
    Gap.NO_FILE: _("None of its files is open to them: they get the description alone."),
    Gap.NO_PICTURE: _("No picture of it is open to them: portals show an empty frame."),
    Gap.CLOSED_FILES: _("Some of its files are closed to them; the record says that there are some, and how to ask."),
    Gap.BAD_ISBN: _("Its ISBN is not valid: the last digit does not fit. Catalogues would not match it."),
}
