"""Form fields of what stands beside a recording: its language, the recording, and which still stands for a film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive import addresses, languages, stills
from archive.admin import language_choices
from archive.companions import TEXT_KINDS, is_companion, is_recording
from archive.derived_names import picture_name
from archive.models import ItemFile
from media_pipeline.models import Kind

LANGUAGES_LIST = "file-languages"
KEPT = "kept"
STILL_PX = 160
_WRITTEN = TEXT_KINDS | {Kind.PDF.value, Kind.OFFICE.value}


class LanguageTagField(forms.CharField):
    """A language by its tag; the browser offers those of the archive's reach, and any other may be written."""

    def __init__(self) -> None:
        widget = forms.TextInput(
            attrs={"list": LANGUAGES_LIST, "size": 12, "autocomplete": "off", "spellcheck": "false"}
        )
        super().__init__(label=_("Language"), required=False, max_length=35, widget=widget)

    def clean(self, value: Any) -> str:  # Any: as in Django
        """Return the tag in its usual letters. Raises ValidationError."""
        text = str(super().clean(value)).strip()
        # Who writes "Vietnamese (vi)", as the list shows it, means vi.
        if text.endswith(")") and "(" in text:
            text = text.rsplit("(", 1)[1].removesuffix(")").strip()
        parts = text.split("-")
        tag = "-".join([parts[0].lower(), *(_cased(part) for part in parts[1:])])
        if tag and not languages.BCP47.match(tag):
            raise ValidationError(
                _("“%(tag)s” is not a language tag. Write one such as vi, bdq or sed."), params={"tag": text}
            )
        return tag


def _cased(part: str) -> str:
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 and part.isalpha() else part.lower()


class BesideField(forms.ChoiceField):
    """The recording that a file belongs to, among those of its item that this person may see. What they may not see stays as it is."""

    def __init__(self, file: ItemFile, recordings: Mapping[str, ItemFile]) -> None:
        # What is a recording or a picture itself is asked for none: the pages of a book are a thousand forms.
        may_belong = is_companion(file) or file.master is None or file.master.kind in _WRITTEN
        self._others = {key: one for key, one in recordings.items() if may_belong and one.pk != file.pk}
        self._file = file
        choices: list[tuple[str, Any]] = [("", _("the first recording"))]  # Any: lazy texts
        choices += [(key, one.label or one.original_name) for key, one in self._others.items()]
        if file.beside_id is not None and str(file.beside_id) not in self._others:
            choices.append((KEPT, _("another file, as it is")))
        super().__init__(label=_("Belongs to"), required=False, choices=choices)
        self.initial = self.chosen

    @property
    def chosen(self) -> str:
        """What is chosen now, as the form sends it."""
        key = self._file.beside_id
        return "" if key is None else str(key) if str(key) in self._others else KEPT

    def has_changed(self, initial: Any, data: Any) -> bool:  # Any: as in Django
        """Return whether another recording was chosen."""
        return str(data or "") != self.chosen

    def clean(self, value: Any) -> Any:  # Any: as in Django
        """Return the file, or None for the first recording. Raises ValidationError."""
        chosen = str(super().clean(value))
        return self._file.beside if chosen == KEPT else self._others.get(chosen)


class StillsWidget(forms.RadioSelect):
    """Pictures to choose from, each with the moment of the film at which it was."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__()
        self.pictures = pictures

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # Any: Django's own
        """Return the pictures, from a template of ours."""
        return render_to_string("desk/widgets/stills.html", self.get_context(name, value, attrs))

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:  # Any: as in Django
        """Return an option with the address of its picture."""
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        return option | {"picture": self.pictures.get(str(value), "")}


class StillField(forms.TypedChoiceField):
    """Which of its stills stands for a film; empty: the best. Of a file that has some."""

    def __init__(self, file: ItemFile) -> None:
        numbered = [("", 0, str(_("the best")))]
        numbered += [(str(n), n, format_clock(ms)) for n, ms in enumerate(stills.moments(file), 1)]
        pictures = {
            value: addresses.derivative(file, stills.POSTER, picture_name(STILL_PX, number))
            for value, number, _label in numbered
        }
        super().__init__(
            label=_("Still picture"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[(value, label) for value, _number, label in numbered],
            widget=StillsWidget(pictures),
        )
        self.initial = file.poster_choice


def format_clock(ms: int) -> str:
    """Return a moment as people write it: 1:02:03."""
    seconds = ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def recordings_among(files: Sequence[ItemFile]) -> dict[str, ItemFile]:
    """Return the sounds and films among these files by their keys, as a form sends them."""
    return {str(one.pk): one for one in files if is_recording(one)}


def offered_languages() -> list[tuple[str, str]]:
    """Return the tags that the browser offers, each with its name."""
    return language_choices.choices()
