"""Authorities: peoples, agents, subjects, collections. What they are called is data, in any language."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField, CanonicalTextField
from archive import languages
from archive.languages import LangValue
from archive.models.fields import CodesField, LangValuesField


class Authority(models.Model):
    """What every authority has: a stable address part and names in languages.

    `variants` are searched and never shown as headings; `hidden_variants` (slurs of old sources, domain.md 1.2) are searched, and neither
    shown, suggested nor exported. `version` is raised by every save of a person: an older one is refused.
    """

    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    names = LangValuesField(verbose_name=_("names"))
    variants = LangValuesField(verbose_name=_("other forms"))
    hidden_variants = LangValuesField(
        verbose_name=_("hidden forms"),
        help_text=_("Offensive or outdated words of old sources. They are searched, and never shown."),
    )
    notes = LangValuesField(verbose_name=_("notes"), help_text=_("What it is, for readers."))
    codes = CodesField(
        verbose_name=_("codes"), help_text=_("In other lists: scheme, its version, code. Two lists may disagree.")
    )
    is_sample = models.BooleanField(_("sample data"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True
        ordering = ["slug", "pk"]

    def __str__(self) -> str:
        return languages.pick_text(self.names, get_language() or "vi") or self.slug


class People(Authority):
    """One people (dân tộc) or branch of one. `languages` are BCP-47 tags."""

    parent = models.ForeignKey(
        "self",
        verbose_name=_("branch of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="branches",
    )
    languages = models.JSONField(_("languages"), default=list, blank=True)

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
    born_edtf = models.CharField(_("born"), max_length=80, blank=True, help_text=_("A year is enough."))
    died_edtf = models.CharField(_("died"), max_length=80, blank=True)
    # By custom the name of somebody who died may not be spoken for a time, or ever: then no door names them, and no search of readers finds
    # them by it. `shown_as` is what stands there instead.
    name_is_withheld = models.BooleanField(
        _("the name must not be spoken"),
        default=False,
        help_text=_("By custom, or by the family's wish. Readers see the words below instead of it."),
    )
    shown_as = LangValuesField(
        verbose_name=_("shown instead of the name"), help_text=_("Such as: an artisan of the village.")
    )
    withheld_note = CanonicalTextField(
        _("who asked for it, and until when"), blank=True, help_text=_("For staff only.")
    )

    class Meta(Authority.Meta):
        verbose_name = _("person or organisation")
        verbose_name_plural = _("persons and organisations")

    @property
    def shown_names(self) -> list[LangValue]:
        """Return what doors call them: the names, or where those must not be spoken what stands instead. May be empty."""
        return list(self.shown_as if self.name_is_withheld else self.names)

    @property
    def shown_slug(self) -> str:
        """Return the address part, or nothing where it would tell a name that must not be spoken."""
        return "" if self.name_is_withheld else self.slug


class Subject(Authority):
    """One subject heading of a scheme (the library's own, unless `scheme` names another)."""

    scheme = CanonicalCharField(_("scheme"), max_length=40, default="local")
    notation = CanonicalCharField(
        _("notation"), max_length=40, blank=True, help_text=_("Its number in a classification.")
    )
    broader = models.ManyToManyField(
        "self", verbose_name=_("broader"), blank=True, symmetrical=False, related_name="narrower"
    )
    related = models.ManyToManyField("self", verbose_name=_("related"), blank=True, symmetrical=True)
    # [{"relation": "exactMatch", "uri": "http://…"}]: SKOS mapping properties (section 10 of its reference).
    matches = models.JSONField(_("the same elsewhere"), default=list, blank=True)

    class Meta(Authority.Meta):
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")


class Collection(Authority):
    """One collection that items are gathered in."""

    descriptions = LangValuesField(verbose_name=_("descriptions"))
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )

    class Meta(Authority.Meta):
        verbose_name = _("collection")
        verbose_name_plural = _("collections")


class RightsStatement(Authority):
    """One statement of rights, known by its address: RightsStatements.org, Creative Commons, folklore, or the library's own."""

    class Family(models.TextChoices):
        RIGHTS_STATEMENTS = "rs", "RightsStatements.org"
        CREATIVE_COMMONS = "cc", "Creative Commons"
        FOLKLORE = "folklore", _("folklore")
        OTHER = "other", _("other")

    uri = models.CharField(_("address"), max_length=200, unique=True)
    family = models.CharField(_("family"), max_length=8, choices=Family.choices, default=Family.OTHER)
    # Works of folklore are used with their origin named (Law on Intellectual Property, article 23).
    requires_origin = models.BooleanField(
        _("needs a statement of origin"),
        default=False,
        help_text=_("An item under it is published only with its people, village and the performers' wish."),
    )
    position = models.PositiveIntegerField(_("order"), default=100)

    class Meta(Authority.Meta):
        verbose_name = _("statement of rights")
        verbose_name_plural = _("statements of rights")
        ordering = ["position", "slug", "pk"]
