"""The log of what people did."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SOFTWARE = "system"
VISITOR = "(visitor)"  # no account can be called so


class LogIsAppendOnly(TypeError):
    """An entry of the log was about to be changed or removed."""


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    """Entries, to read and to add. The database refuses the same (migration 0005), whoever asks it."""

    def update(self, **_changes: Any) -> NoReturn:  # Any: as in Django
        raise LogIsAppendOnly("Entries of the log are not changed.")

    def delete(self) -> NoReturn:
        raise LogIsAppendOnly("Entries of the log are not removed.")

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:  # Any: as in Django
        raise LogIsAppendOnly("Entries of the log are not changed.")


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
    reason = models.TextField(_("why"), blank=True)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    # The chain (access.audit_chain): the place in it and the SHA-256 (hex) over the digest before and this row. Empty until it is sealed.
    sequence = models.BigIntegerField(null=True, unique=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.verb} {self.target_pid}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # Any: as in Django
        if not self._state.adding:
            raise LogIsAppendOnly("Entries of the log are not changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:  # Any: as in Django
        raise LogIsAppendOnly("Entries of the log are not removed.")

    @property
    def actor_label(self) -> str:
        """Return who did it, for people; without an account it was a command or a worker, or somebody who has none."""
        return self.actor_name if self.actor_id is not None else label_of(self.actor_name)


def label_of(actor_name: str) -> str:
    """Return a name of the log for people."""
    return {SOFTWARE: str(_("the software")), VISITOR: str(_("somebody without an account"))}.get(
        actor_name, actor_name
    )


class AuditHead(models.Model):
    """The end of the chain, one row: whoever seals holds it, and rows cut off at the end are missed."""

    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest[:12]}"
