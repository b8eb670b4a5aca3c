"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """One account of a member of staff (later also of a reader). Holds as little about the person as signing in needs."""

    must_change_password = models.BooleanField(
        _("must change the password"),
        default=False,
        help_text=_("Set for a one-time password: the next sign-in leads to a page where a new one is chosen."),
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username", "pk"]
