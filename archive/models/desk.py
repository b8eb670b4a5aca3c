"""What people at the desk keep beside the catalogue: talk on an item, forms not yet saved, lists as they like them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField, CanonicalTextField
from archive.models.item import Item, ItemState


class Remark(models.Model):
    """One thing said about an item among staff, alone or with a move between states. Never shown to readers."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("when"))
    text = CanonicalTextField(_("remark"), blank=True)
    moved_from = models.CharField(max_length=10, blank=True, choices=ItemState.choices)
    moved_to = models.CharField(max_length=10, blank=True, choices=ItemState.choices)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["item", "at", "pk"]

    def __str__(self) -> str:
        return f"remark on {self.item_id}"


class FormDraft(models.Model):
    """A form as somebody left it: kept on the server while they type, and forgotten when it is saved. Nobody else reads it.

    `target` is "item:<pk>" or "item:new"; `data` is what the browser would have sent, without passwords and tokens.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    target = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    read_version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "unsaved form"
        verbose_name_plural = "unsaved forms"
        ordering = ["user", "target", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "target"], name="form_draft_once")]

    def __str__(self) -> str:
        return self.target


class SavedView(models.Model):
    """A list of the desk as somebody wants to find it again: filters, words, order. Shared ones are offered to all staff."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    screen = models.CharField(max_length=40)
    name = CanonicalCharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(_("offered to all staff"), default=False)

    class Meta:
        verbose_name = "saved view"
        verbose_name_plural = "saved views"
        ordering = ["screen", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "screen", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name
