"""Notes that readers keep for themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.identifiers import new_pid
from access.models.fields import CanonicalTextField

NOTE_LETTERS_MOST = 4000


class NotePlace(models.TextChoices):
    """What the number of a place in a work counts."""

    PAGE = "page", _("page")
    CHAPTER = "chapter", _("chapter")
    SECOND = "second", _("second")


class ReaderNote(models.Model):
    """One reader's own words on a work. For that account alone, and gone with it: no desk, no door and no log shows them.

    The work and its file stand as pids: whether the reader may see them is asked anew each time, and the words outlive both.
    """

    pid = models.CharField(max_length=11, unique=True, default=new_pid, editable=False)
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reader"), on_delete=models.CASCADE, related_name="+"
    )
    item_pid = models.CharField(max_length=11)
    file_pid = models.CharField(max_length=11, blank=True)
    place = models.CharField(max_length=7, blank=True, choices=NotePlace.choices)
    number = models.PositiveIntegerField(null=True)
    text = CanonicalTextField(_("note"))
    made_at = models.DateTimeField(_("made"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("note of a reader")
        verbose_name_plural = _("notes of readers")
        default_permissions = ()  # nobody's to look after
        indexes = [models.Index(fields=["reader", "item_pid"], name="reader_note_of_item")]
        constraints = [
            # A number of nothing, or a page without its number, leads nowhere.
            models.CheckConstraint(
                condition=Q(place="", number=None) | (~Q(place="") & ~Q(file_pid="") & Q(number__isnull=False)),
                name="reader_note_place_is_whole",
            )
        ]

    def __str__(self) -> str:
        return self.pid
