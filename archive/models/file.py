"""Files of items."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access import identifiers
from access.models import AccessRule, User
from access.models.fields import CanonicalCharField
from archive.models.fields import LangValuesField
from archive.models.item import Item
from archive.prefetched import rows_of
from archive.querysets import ItemFileQuerySet
from media_pipeline.models import Derivative, Intake, Master

# The role of derivatives whose words Tesseract read with its Vietnamese data.
READ_BY_MACHINE = "ocr"
VIETNAMESE_TAGS = frozenset({"vi", "vie"})


def says_vietnamese(tags: Iterable[str]) -> bool:
    """Return whether one of these tags of languages is Vietnamese."""
    return any(one.lower().split("-", 1)[0] in VIETNAMESE_TAGS for one in tags)


class FileRole(models.TextChoices):
    """What a file is to its item."""

    MAIN = "main", _("the thing itself")
    DETAIL = "detail", _("detail or further page")
    COVER = "cover", _("cover")
    TRANSCRIPT = "transcript", _("transcript or translation")
    SUBTITLES = "subtitles", _("subtitles")


# What stands beside a recording: its rule is never wider than the recording's.
COMPANION_ROLES = frozenset({FileRole.TRANSCRIPT.value, FileRole.SUBTITLES.value})


class ItemFile(models.Model):
    """One file of one item, at one place in its order. Masters and derivatives are reached only through it, by its `pid`.

    Its effective rule is never wider than its item's, nor, of subtitles and transcripts, than that of their recording. `master` is empty
    while the bytes are on their way (`intake`).
    """

    pid = models.CharField(max_length=11, unique=True, default=identifiers.new_pid, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="files")
    role = models.CharField(_("role"), max_length=10, choices=FileRole.choices, default=FileRole.MAIN)
    label = CanonicalCharField(
        _("number or name of the page"), max_length=80, blank=True, help_text=_("As printed on it: iv, 12, 3r, side A.")
    )
    captions = LangValuesField(verbose_name=_("captions"))
    original_name = models.CharField(_("name when received"), max_length=255)
    position = models.PositiveIntegerField(_("order"), default=0)
    language = CanonicalCharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("Of a transcript or of subtitles, as a tag: vi, bdq, sed."),
    )
    beside = models.ForeignKey(
        "self",
        verbose_name=_("belongs to the recording"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="companions",
        help_text=_("Of a transcript or of subtitles. Empty: the first recording of the item."),
    )
    poster_choice = models.PositiveSmallIntegerField(
        _("still picture"),
        null=True,
        blank=True,
        help_text=_("Which of the stills found in a film stands for it. Empty: the best."),
    )
    intake = models.ForeignKey(Intake, null=True, on_delete=models.PROTECT, related_name="item_files", editable=False)
    master = models.ForeignKey(Master, null=True, on_delete=models.PROTECT, related_name="item_files", editable=False)
    chosen_rule = models.ForeignKey(
        AccessRule,
        verbose_name=_("access"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        help_text=_("Empty: as its item."),
    )
    effective_rule = models.ForeignKey(AccessRule, on_delete=models.PROTECT, related_name="+", editable=False)
    # Who may go on with its upload; forgotten with the account.
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)

    objects = ItemFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["item", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(master__isnull=False) | Q(intake__isnull=False), name="item_file_has_master_or_intake"
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    def newest_derivatives(self) -> dict[str, Derivative]:
        """Return the newest derivative of each role. No query when master and derivatives are prefetched; then those of their roles.

        What a machine read as Vietnamese is not there for what is not said to be in Vietnamese: of another language it is wrong, however
        sure the machine was.
        """
        if self.master is None:
            return {}
        newest = {
            one.role: one
            for one in sorted(rows_of(self.master, "derivatives", Derivative), key=lambda one: (one.version, one.pk))
        }
        if READ_BY_MACHINE in newest and not self.is_in_vietnamese():
            del newest[READ_BY_MACHINE]
        return newest

    def is_in_vietnamese(self) -> bool:
        """Return whether this file is said to hold Vietnamese: by its own language, else by those of its item. One query at most."""
        said = [self.language] if self.language else [str(one) for one in self.item.languages]
        return says_vietnamese(said)

    def derivative(self, role: str) -> Derivative | None:
        """Return the newest derivative of a role, or None. No query as above."""
        return self.newest_derivatives().get(role)
