"""Exhibits: pages of blocks that staff compose for readers out of texts, items and places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.models import AccessRule
from access.viewer import Viewer
from archive import languages
from archive.models.fields import LangValuesField
from archive.models.item import Item
from archive.models.place import Place
from archive.rule_lookups import has_rule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ExhibitState(models.TextChoices):
    """Where an exhibit stands on its way to readers."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")


class BlockKind(models.TextChoices):
    """What a block of a page is."""

    HEADING = "heading", _("heading")
    TEXT = "text", _("text")
    ITEM = "item", _("one item, large")
    GALLERY = "gallery", _("several items side by side")
    RECORDING = "recording", _("a passage of a recording, with its words")
    QUOTATION = "quotation", _("quotation")
    # Not the same with an item in it: when the item is closed, or gone for good, its words go too.
    EXCERPT = "excerpt", _("quotation out of an item")
    MAP = "map", _("map of places")
    TIME_LINE = "timeline", _("time line of items")

    @property
    def takes_items(self) -> bool:
        return self in {self.ITEM, self.GALLERY, self.RECORDING, self.EXCERPT, self.TIME_LINE}

    @property
    def takes_places(self) -> bool:
        return self == self.MAP

    @property
    def is_of_its_pieces(self) -> bool:
        """Return whether nothing of it is left where its reader may see none of its items or places."""
        return self not in {self.HEADING, self.TEXT, self.QUOTATION}


class ExhibitQuerySet(models.QuerySet["Exhibit"]):
    """Exhibits; chain `visible_to(viewer)` first."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return the exhibits whose own rule lets this viewer in. What stands in them is asked for each thing by itself."""
        return self.filter(has_rule("effective_rule_id", viewer.rule_ids))

    def composed_by(self, viewer: Viewer) -> Self:
        """Return those that this member of staff may work on: what is in the bin too."""
        if not viewer.is_staff:
            return self.none()
        return self.filter(has_rule("chosen_rule_id", viewer.rule_ids))


class Exhibit(models.Model):
    """One exhibit: an address, titles, and pages in order.

    `effective_rule` is what was chosen, met with the state, and the only one that visibility asks; `archive.actions.compose_exhibit` keeps
    it right. `version` is raised by every change: one made of an older version is refused.
    """

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    titles = LangValuesField(verbose_name=_("titles"))
    summaries = LangValuesField(
        verbose_name=_("summary"), help_text=_("Two or three sentences, for the list of exhibits.")
    )
    state = models.CharField(_("state"), max_length=10, choices=ExhibitState.choices, default=ExhibitState.DRAFT)
    chosen_rule = models.ForeignKey(
        AccessRule, verbose_name=_("who may see it"), on_delete=models.PROTECT, related_name="+"
    )
    effective_rule = models.ForeignKey(AccessRule, on_delete=models.PROTECT, related_name="+", editable=False)
    cover = models.ForeignKey(
        Item,
        verbose_name=_("cover picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("An item that everybody may see, without a warning. Of every other no picture is shown."),
    )
    position = models.PositiveIntegerField(_("order"), default=100)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("changed by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    binned_at = models.DateTimeField(null=True, editable=False)

    objects = ExhibitQuerySet.as_manager()

    class Meta:
        verbose_name = _("exhibit")
        verbose_name_plural = _("exhibits")
        ordering = ["position", "slug", "pk"]
        permissions = [("publish_exhibit", "Can publish exhibits")]
        constraints = [
            # What is in the bin is shown to nobody, so it is not published.
            models.CheckConstraint(
                condition=Q(binned_at=None) | ~Q(state="published"), name="exhibit_in_bin_is_not_published"
            ),
        ]

    def __str__(self) -> str:
        return languages.pick_text(self.titles, get_language() or "vi") or self.slug

    @property
    def log_name(self) -> str:
        """Return what the log calls it: an address part tells its title."""
        return f"exhibit-{self.pk}"


class ExhibitPage(models.Model):
    """One page of an exhibit."""

    exhibit = models.ForeignKey(Exhibit, on_delete=models.CASCADE, related_name="pages")
    slug = models.SlugField(_("address part"), max_length=80)
    titles = LangValuesField(verbose_name=_("titles"))
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("page of an exhibit")
        verbose_name_plural = _("pages of an exhibit")
        ordering = ["exhibit", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["exhibit", "slug"], name="exhibit_page_once")]

    def __str__(self) -> str:
        return languages.pick_text(self.titles, get_language() or "vi") or self.slug


class ExhibitBlock(models.Model):
    """One block of a page. `texts` are its words: of a heading one line, of others what stands above or beside the things in it.

    `start_ms` and `end_ms`: from when to when a recording is told, in milliseconds.
    """

    page = models.ForeignKey(ExhibitPage, on_delete=models.CASCADE, related_name="blocks")
    kind = models.CharField(_("kind"), max_length=10, choices=BlockKind.choices)
    texts = LangValuesField(verbose_name=_("text"))
    sources = LangValuesField(verbose_name=_("who said or wrote it"))
    start_ms = models.PositiveIntegerField(_("from"), null=True, blank=True)
    end_ms = models.PositiveIntegerField(_("until"), null=True, blank=True)
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("block of a page")
        verbose_name_plural = _("blocks of a page")
        ordering = ["page", "position", "pk"]
        constraints = [
            # A passage that ends before it begins is heard by nobody.
            models.CheckConstraint(
                condition=Q(start_ms=None) | Q(end_ms=None) | Q(start_ms__lt=models.F("end_ms")),
                name="exhibit_passage_in_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.kind_label)

    @property
    def kind_label(self) -> StrOrPromise:
        return BlockKind(self.kind).label


class ExhibitPiece(models.Model):
    """One item or one place in a block, with its caption. Shown only to whom the thing itself is shown."""

    block = models.ForeignKey(ExhibitBlock, on_delete=models.CASCADE, related_name="pieces")
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    captions = LangValuesField(verbose_name=_("caption"))
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("thing in a block")
        verbose_name_plural = _("things in a block")
        ordering = ["block", "position", "pk"]
        constraints = [
            # Its caption is hidden with the thing that it stands under: there is always one.
            models.CheckConstraint(
                condition=Q(item__isnull=False, place=None) | Q(item=None, place__isnull=False),
                name="exhibit_piece_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.item or self.place)
