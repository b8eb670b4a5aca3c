"""People who sign in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

RIGHTS = frozenset({"is_staff", "is_superuser"})


class HeldBack(Exception):
    """An account whose rights are held back in this session was about to be saved without them."""


class User(AbstractUser):
    """One account of a member of staff or of a reader. Holds as little about the person as signing in needs."""

    must_change_password = models.BooleanField(
        _("must change the password"),
        default=False,
        help_text=_("Set for a one-time password: the next sign-in leads to a page where a new one is chosen."),
    )
    # Since when there has been an app, a key or a sheet; whoever changes those says it here, in the same transaction.
    second_factor_since = models.DateTimeField(_("second factor since"), null=True, editable=False)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username", "pk"]

    is_held_back = False

    @property
    def has_second_factor(self) -> bool:
        """Return whether the account proves itself by more than a password."""
        return self.second_factor_since is not None

    def hold_back(self) -> None:
        """Take away, in this object and not in the database, what goes beyond a reader: the second factor was not shown yet."""
        self.is_held_back = True
        self.is_staff = self.is_superuser = False

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # Any: as in Django
        # The desk opens also for stewards who are not of the library: what roles of staff are left in an account is worth nothing there.
        return self.is_staff and not self.is_held_back and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff and not self.is_held_back and super().has_module_perms(app_label)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:  # Any: as in Django
        """Save. Raises HeldBack for an account held back that does not name the fields it saves, or names its rights."""
        named = None if update_fields is None else set(update_fields)
        if self.is_held_back and (named is None or named & RIGHTS):
            raise HeldBack
        super().save(*args, update_fields=named, **kwargs)
