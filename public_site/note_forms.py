"""What a reader writes down for themselves, and where in a work it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from archive.models import NotePlace
from archive.models.note import NOTE_LETTERS_MOST
from archive.notes import PLACE_MOST, NoteRefused
from media_pipeline.models import Kind
from public_site.formatting import format_duration

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

PLACE_OF: Mapping[str, NotePlace] = {
    Kind.AUDIO: NotePlace.SECOND,
    Kind.VIDEO: NotePlace.SECOND,
    Kind.PDF: NotePlace.PAGE,
    Kind.OFFICE: NotePlace.PAGE,
    Kind.EPUB: NotePlace.CHAPTER,
}
# The word of an address for each sort of place, as the pages of works read it.
ASKED: Mapping[NotePlace, str] = {NotePlace.PAGE: "page", NotePlace.CHAPTER: "chapter", NotePlace.SECOND: "t"}
LABELS: Mapping[NotePlace, StrPromise] = {
    NotePlace.PAGE: _("Page"),
    NotePlace.CHAPTER: _("Chapter"),
    NotePlace.SECOND: _("At minute and second"),
}
SENTENCES: Mapping[str, StrPromise] = {
    "no_text": _("Write something first."),
    "unreadable": _("The text holds a character that cannot be read. Write it again."),
    "too_long": _("That is too long: 4,000 letters at most."),
    "too_many": _(
        "You keep two thousand notes, and there is room for no more. Take some along as a file and delete them."
    ),
}


class NoteForm(forms.Form):
    """A note."""

    text = forms.CharField(
        label=_("Your note"),
        max_length=NOTE_LETTERS_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Nobody but you reads it, in no place of this archive."),
    )

    def refuse(self, error: NoteRefused) -> None:
        """Say on the form why the note cannot be kept."""
        self.add_error("text", SENTENCES[error.code])


class NewNoteForm(NoteForm):
    """A note, and where in the file it belongs; `place` is None for files that have no places."""

    at = forms.CharField(
        required=False, max_length=12, widget=forms.TextInput(attrs={"autocomplete": "off", "size": 8})
    )

    def __init__(self, *args: Any, place: NotePlace | None, **more: Any) -> None:  # Any: Django's own
        super().__init__(*args, **more)
        self.place = place
        if place is None:
            del self.fields["at"]
        else:
            self.fields["at"].label = LABELS[place]
            if place is NotePlace.SECOND:
                self.fields["at"].help_text = _("As the player shows it: 2:35. Empty for the whole recording.")
            else:
                self.fields["at"].help_text = _("A number. Empty for the whole document.")

    def clean_at(self) -> int | None:
        """Return the number of the place; None where nothing was written."""
        typed = str(self.cleaned_data["at"]).strip()
        if not typed:
            return None
        number = seconds_of(typed) if self.place is NotePlace.SECOND else _whole(typed)
        if number is None or number > PLACE_MOST or (number == 0 and self.place is not NotePlace.SECOND):
            raise forms.ValidationError(_("That is no place in it. Write it as the help says, or leave it empty."))
        return number


def seconds_of(typed: str) -> int | None:
    """Return the seconds of "95", "1:35" or "1:02:05"; None of anything else."""
    parts = [_whole(part) for part in typed.split(":")]
    if len(parts) > 3 or any(part is None or (part > 59 and at) for at, part in enumerate(parts)):
        return None
    total = 0
    for part in parts:
        total = total * 60 + (part or 0)
    return total


def shown(place: str, number: int) -> str:
    """Return the number of a place as people write it."""
    return format_duration(number * 1000) if place == NotePlace.SECOND else str(number)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
