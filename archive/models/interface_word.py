"""Words of the site itself in the languages of the communities."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField

WORD_LETTERS_MOST = 60


class InterfaceLanguage(models.Model):
    """One language of which people fill the frame. A row comes into being with its first word."""

    code = models.CharField(_("language"), max_length=8, primary_key=True)
    is_offered = models.BooleanField(_("offered to readers"), default=False)
    # Raised by every change: how each process sees that what it holds is old, and each form that somebody saved meanwhile.
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("words of the site in a language")
        verbose_name_plural = _("words of the site")
        default_permissions = ("view", "change")
        permissions = [("offer_interfacelanguage", "Can offer a language of the site to readers")]

    def __str__(self) -> str:
        return self.code


class InterfaceWord(models.Model):
    """One word of the frame in one language, as people who speak it wrote it."""

    language = models.ForeignKey(InterfaceLanguage, on_delete=models.CASCADE, related_name="words")
    key = models.CharField(max_length=80)
    text = CanonicalCharField(_("word"), max_length=WORD_LETTERS_MOST)
    changed_at = models.DateTimeField(_("changed"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["language", "key"], name="interface_word_once")]

    def __str__(self) -> str:
        return self.key
