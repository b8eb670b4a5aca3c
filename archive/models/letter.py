"""E-mails that wait to be sent, and what is known of writing to an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """One e-mail that waits; gone once it is sent, or given up. Its words tell of no work and of no other person."""

    recipient = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        default_permissions = ()  # nobody's to read

    def __str__(self) -> str:
        return str(self.pk)


class Correspondence(models.Model):
    """How an account is written to: in the language that it last chose at the desk, of what came in after it was last told."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(_("language"), max_length=35, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("correspondence")
        verbose_name_plural = _("correspondence")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user_id)
