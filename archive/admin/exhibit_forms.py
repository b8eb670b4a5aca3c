"""The forms of an exhibit, its pages and its blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from access import policy
from access.policy import Level, Policy
from access.viewer import Viewer
from archive import languages
from archive.admin import access_choice
from archive.admin.protocol_choices import Offered
from archive.admin.values import LangValuesFormField
from archive.models import BlockKind, Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Item
from archive.slugs import free_slug

# An exhibit is for somebody: nobody's is a draft, or in the bin.
LEVELS = frozenset(
    {Level.PUBLIC.value, Level.REGISTERED.value, Level.ONSITE.value, Level.PROTOCOL.value, Level.STAFF.value}
)
TEXT_LETTERS_MOST = 20_000
CLOCK = re.compile(r"(?:(?P<hours>\d{1,2}):)?(?P<minutes>\d{1,3}):(?P<seconds>[0-5]\d)\Z")
MARKS = _(
    "An empty line begins a paragraph; lines that begin with “- ” are a list; *emphasis*, **strong**; [words](address) is a link."
)
PID = re.compile(r"[0-9bcdfghjkmnpqrstvwxz]{11}(?![0-9a-z])")


class ExhibitForm(forms.Form):
    """An exhibit itself: titles, summary, cover, who may see it, address."""

    titles = LangValuesFormField(label=_("Titles"))
    summaries = LangValuesFormField(
        label=_("Summary"), lines=3, required=False, help_text=_("Two or three sentences, for the list of exhibits.")
    )
    cover = forms.CharField(
        label=_("Cover picture"),
        required=False,
        max_length=300,
        help_text=_(
            "Address or identifier of an item. A picture is shown only where everybody may see it, and no warning stands before it."
        ),
    )
    slug = forms.SlugField(
        label=_("address part"), required=False, max_length=80, help_text=_("Empty: made of the title.")
    )
    position = forms.IntegerField(
        label=_("order"), min_value=0, max_value=9999, initial=100, help_text=_("Lower numbers come first.")
    )

    def __init__(self, *args: Any, exhibit: Exhibit | None, offered: Offered, viewer: Viewer, **more: Any) -> None:
        super().__init__(*args, **more)  # Any, above: Django's own
        self.exhibit, self.viewer = exhibit, viewer
        self.current: Policy | None = exhibit.chosen_rule.policy if exhibit else policy.PUBLIC
        self.policy: Policy | None = self.current
        self.fields.update(access_choice.fields(self.current, for_file=False, offered=offered, levels=LEVELS))
        if exhibit is not None:
            cover = Item.objects.visible_to(viewer).filter(pk=exhibit.cover_id or 0).first()
            self.is_cover_hidden = exhibit.cover_id is not None and cover is None
            self.initial.update(
                {
                    "titles": exhibit.titles,
                    "summaries": exhibit.summaries,
                    "cover": cover.pid if cover else "",
                    "slug": exhibit.slug,
                    "position": exhibit.position,
                }
            )
        else:
            self.is_cover_hidden = False

    def clean_cover(self) -> Item | None:
        text = str(self.cleaned_data["cover"]).strip()
        if not text:
            # One that is closed to whoever writes here stays.
            return self.exhibit.cover if self.exhibit is not None and self.is_cover_hidden else None
        found = item_of(text, self.viewer)
        if found is None:
            raise ValidationError(_("There is no such item, or it is closed to you."))
        return found

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("access_level"):
            try:
                self.policy = access_choice.chosen(cleaned, current=self.current)
            except ValidationError as error:
                self.add_error(None, error)
        others = Exhibit.objects.exclude(pk=self.exhibit.pk if self.exhibit else 0)
        slug = str(cleaned.get("slug") or "")
        if slug and others.filter(slug=slug).exists():
            self.add_error("slug", _("This address is in use. Choose another one."))
        elif not slug and cleaned.get("titles"):
            cleaned["slug"] = free_slug(others, languages.pick_text(cleaned["titles"], "vi"))
        return cleaned

    def put(self, exhibit: Exhibit) -> None:
        """Write what was sent into the row."""
        for name in ("titles", "summaries", "cover", "slug", "position"):
            setattr(exhibit, name, self.cleaned_data[name])


class PageForm(forms.Form):
    """What a page is called, and its part of the address."""

    titles = LangValuesFormField(label=_("Titles of the page"))
    slug = forms.SlugField(
        label=_("address part"), required=False, max_length=80, help_text=_("Empty: made of the title.")
    )

    def __init__(self, *args: Any, page: ExhibitPage, **more: Any) -> None:  # Any: Django's own
        super().__init__(*args, **more)
        self.page = page
        self.initial.update(titles=page.titles, slug=page.slug)

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        others = ExhibitPage.objects.filter(exhibit=self.page.exhibit_id).exclude(pk=self.page.pk)
        slug = str(cleaned.get("slug") or "")
        if slug and others.filter(slug=slug).exists():
            self.add_error("slug", _("This address is in use. Choose another one."))
        elif not slug and cleaned.get("titles"):
            cleaned["slug"] = free_slug(others, languages.pick_text(cleaned["titles"], "vi"))
        return cleaned


class ClockField(forms.CharField):
    """A moment of a recording, "1:05" or "1:02:05": milliseconds; None where nothing is written."""

    def to_python(self, value: Any) -> Any:  # Any: as in Django
        text = str(value or "").strip()
        if not text:
            return None
        found = CLOCK.match(text)
        if found is None:
            raise ValidationError(_("Write minutes and seconds, such as 1:05."))
        parts = {name: int(part or 0) for name, part in found.groupdict().items()}
        return (parts["hours"] * 3600 + parts["minutes"] * 60 + parts["seconds"]) * 1000

    def prepare_value(self, value: Any) -> Any:  # Any: as in Django
        if not isinstance(value, int):
            return value
        minutes, seconds = divmod(value // 1000, 60)
        return f"{minutes}:{seconds:02}"


class BlockForm(forms.Form):
    """The words of a block, by its kind, and the captions of those of its things that whoever writes may see."""

    def __init__(self, *args: Any, block: ExhibitBlock, pieces: Sequence[ExhibitPiece], **more: Any) -> None:
        super().__init__(*args, **more)  # Any, above: Django's own
        self.block, self.pieces = block, pieces
        kind = BlockKind(block.kind)
        is_line = kind == BlockKind.HEADING
        is_quoted = kind in {BlockKind.QUOTATION, BlockKind.EXCERPT}
        is_own = is_quoted or kind in {BlockKind.HEADING, BlockKind.TEXT}
        label = kind.label if is_own else _("Words above it (may be empty)")
        self.fields["texts"] = LangValuesFormField(
            label=label, lines=1 if is_line else 8 if is_own else 3, required=False, help_text="" if is_line else MARKS
        )
        self.initial["texts"] = block.texts
        if is_quoted:
            self.fields["sources"] = LangValuesFormField(label=_("Who said or wrote it"), required=False)
            self.initial["sources"] = block.sources
        if kind == BlockKind.RECORDING:
            for name, text in (("start_ms", _("From")), ("end_ms", _("Until"))):
                self.fields[name] = ClockField(
                    label=text, required=False, help_text=_("Minutes and seconds, such as 1:05. Empty: all of it.")
                )
                self.initial[name] = getattr(block, name)
        for piece in pieces:
            name = self.caption_name(piece)
            self.fields[name] = LangValuesFormField(label=_("Caption"), lines=2, spare=1, required=False)
            self.initial[name] = piece.captions

    @staticmethod
    def caption_name(piece: ExhibitPiece) -> str:
        return f"caption-{piece.pk}"

    def clean(self) -> dict[str, Any]:  # Any: values of many kinds
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start_ms"), cleaned.get("end_ms")
        if start is not None and end is not None and start >= end:
            self.add_error("end_ms", _("The passage ends before it begins."))
        for name, value in cleaned.items():
            if isinstance(value, list) and any(len(one["value"]) > TEXT_LETTERS_MOST for one in value):
                self.add_error(name, _("That is too long: 20,000 letters at most."))
        return cleaned

    def put(self) -> None:
        """Write what was sent into the block and the captions of its things."""
        sent = self.cleaned_data
        for name in ("texts", "sources", "start_ms", "end_ms"):
            if name in self.fields:
                setattr(self.block, name, sent[name])
        self.block.save()
        for piece in self.pieces:
            piece.captions = sent[self.caption_name(piece)]
            piece.save(update_fields=["captions"])


def item_of(text: str, viewer: Viewer) -> Item | None:
    """Return the item that an address, a persistent identifier or the library's own number names, if this viewer may see it."""
    seen = Item.objects.visible_to(viewer)
    found = PID.search(text)
    by_pid = seen.filter(pid=found[0]).first() if found else None
    return by_pid or seen.filter(identifier=text.strip()[:80]).first()
