"""Authorities: peoples, agents, subjects, collections. What they are called is data, in any language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from archive import languages
from archive.models.fields import LangValuesField


class Authority(models.Model):
    """What every authority has: a stable address part and names in languages. `variants` are searched and never shown as headings."""

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    names = LangValuesField(verbose_name=_("names"))
    variants = LangValuesField(verbose_name=_("other forms"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        abstract = True
        ordering = ["slug", "pk"]

    def __str__(self) -> str:
        return languages.pick_text(self.names, get_language() or "vi") or self.slug


class People(Authority):
    """One people (dân tộc) or branch of one."""

    class Meta(Authority.Meta):
        verbose_name = _("people")
        verbose_name_plural = _("peoples")


class Agent(Authority):
    """One person, family or body that did something for an item."""

    class AgentKind(models.TextChoices):
        PERSON = "person", _("person")
        BODY = "body", _("organisation or group")
        FAMILY = "family", _("family")

    kind = models.CharField(_("kind"), max_length=8, choices=AgentKind.choices, default=AgentKind.BODY)

    class Meta(Authority.Meta):
        verbose_name = _("person or organisation")
        verbose_name_plural = _("persons and organisations")


class Subject(Authority):
    """One subject heading of a scheme (the library's own, unless `scheme` names another)."""

    scheme = models.CharField(_("scheme"), max_length=40, default="local")

    class Meta(Authority.Meta):
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")


class Collection(Authority):
    """One collection that items are gathered in."""

    descriptions = LangValuesField(verbose_name=_("descriptions"))

    class Meta(Authority.Meta):
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
