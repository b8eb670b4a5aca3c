"""How often signing in was tried of late."""

from __future__ import annotations

from django.db import models


class SignInAttempts(models.Model):
    """Attempts under one key (a name typed at one address, or all names at one address) since the first that still counts.

    The key is a keyed hash: people type passwords where names belong, and neither names nor addresses are kept here.
    """

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField(db_index=True)
    was_told = models.BooleanField(default=False, help_text="the log has an entry of this pause")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
