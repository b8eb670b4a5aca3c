"""By what an account proves itself beside its password."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField


class AuthenticatorApp(models.Model):
    """One app that makes codes from a shared secret and the time (RFC 6238). An account has at most one.

    `sealed_secret` is encrypted (access.second_factors.sealing). `last_step` is the step of time whose code was taken last: none is taken
    twice. `failures` counts wrong codes in a row.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator_app")
    sealed_secret = models.TextField(editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"app of {self.user_id}"


class SecurityKey(models.Model):
    """One key that signs challenges (WebAuthn). `credential` is its public half, base64url; `uses` the key's own counter of signatures."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="security_keys")
    name = CanonicalCharField(_("name"), max_length=60)
    credential_digest = models.CharField(max_length=64, unique=True, editable=False)
    credential = models.TextField(editable=False)
    uses = models.BigIntegerField(default=0, editable=False)
    made_at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """One line of a printed sheet, good for one time. Only its keyed digest is kept."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["user"], condition=Q(used_at=None), name="recovery_code_unused")]

    def __str__(self) -> str:
        return f"code {self.pk} of {self.user_id}"
