"""Lists of items that readers make without an account."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField

NAME_LETTERS_MOST = 100


class KeptList(models.Model):
    """One list, found by its code. Nothing says who made it; of its key only a digest is kept.

    `items` are pids in the maker's order: whether a reader may see what they name is asked anew each time, and what is gone leaves its pid.
    """

    code = models.CharField(_("code"), max_length=16, unique=True)
    name = CanonicalCharField(_("name"), max_length=NAME_LETTERS_MOST, blank=True)
    items = models.JSONField(_("items"), default=list)
    key_digest = models.CharField(_("digest of its key"), max_length=64)
    expires_at = models.DateTimeField(_("ends"), db_index=True)

    class Meta:
        verbose_name = _("list of a reader")
        verbose_name_plural = _("lists of readers")

    def __str__(self) -> str:
        return self.code
