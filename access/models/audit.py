"""The log of what people did."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SOFTWARE = "system"


class AuditEntry(models.Model):
    """One change that somebody made. Rows are only ever added.

    `target_pid` is opaque here (access knows no item); `detail` holds field names and identifiers, never titles or texts. The log's screen
    shows an entry to those who may see what it tells of (`access.log_visibility`), and hashes to nobody.
    """

    at = models.DateTimeField(_("when"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(_("account name"), max_length=150)
    verb = models.CharField(_("what"), max_length=40)
    target_pid = models.CharField(_("of"), max_length=32, db_index=True, blank=True)
    detail = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.target_pid}"

    @property
    def actor_label(self) -> str:
        """Return who did it, for people; without an account it was a command or a worker."""
        return self.actor_name if self.actor_id is not None or self.actor_name != SOFTWARE else str(_("the software"))
