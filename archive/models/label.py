"""Labels and notices of Local Contexts, by address: they inform, and never decide who may see what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models import Community
from access.models.fields import CanonicalCharField


class Label(models.Model):
    """One label as its Hub project names it. We keep its address, title and language; its icon and its text are its community's."""

    class LabelKind(models.TextChoices):
        TK = "tk", _("TK Label")
        BC = "bc", _("BC Label")
        NOTICE = "notice", _("Notice")

    kind = models.CharField(_("kind"), max_length=6, choices=LabelKind.choices)
    community = models.ForeignKey(
        Community,
        verbose_name=_("community"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="labels",
        help_text=_("A label is given by its community; a notice is placed by the library."),
    )
    project_address = models.URLField(_("address of the project"), max_length=300)
    unique_id = models.CharField(_("identifier at the Hub"), max_length=100, blank=True)
    title = CanonicalCharField(_("title"), max_length=200)
    language = models.CharField(_("language of the title"), max_length=35, default="en")

    class Meta:
        verbose_name = _("label or notice")
        verbose_name_plural = _("labels and notices")
        ordering = ["kind", "title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project_address", "title", "language"], name="label_of_project_once"),
            # A label without its community would be somebody else's words.
            models.CheckConstraint(
                condition=models.Q(kind="notice") | models.Q(community__isnull=False), name="label_has_community"
            ),
        ]

    def __str__(self) -> str:
        return self.title
