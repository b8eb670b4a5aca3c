"""Items: the unit of description, of visibility and of citation."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access import identifiers
from access.models import AccessRule, Community
from archive import languages
from archive.models.authority import Agent, Collection, People, Subject
from archive.models.fields import LangValuesField
from archive.models.label import Label
from archive.models.place import Place
from archive.querysets import ItemQuerySet
from archive.rule_lookups import NullsLastIndex
from archive.vocabularies import RELATORS


class ItemKind(models.TextChoices):
    """What a thing is to a reader, whatever its files are."""

    IMAGE = "image", _("picture")
    AUDIO = "audio", _("sound recording")
    VIDEO = "video", _("film")
    DOCUMENT = "document", _("document")
    EBOOK = "ebook", _("e-book")


class ItemState(models.TextChoices):
    """Where an item stands on its way to readers."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Item(models.Model):
    """One thing the library keeps and describes.

    `chosen_rule` is what people decided; `effective_rule` is its meet with the state and the only one that visibility asks. Both are
    kept right by `archive.actions`, never by hand. `version` is raised by every save of a person: an older one is refused.
    """

    pid = models.CharField(
        _("persistent identifier"), max_length=11, unique=True, default=identifiers.new_pid, editable=False
    )
    identifier = models.CharField(
        _("identifier"),
        max_length=80,
        unique=True,
        null=True,
        blank=True,
        help_text=_("The library's own number for it."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices)
    kind_is_guess = models.BooleanField(
        default=False, editable=False, help_text="told from the first bytes alone: the content decides once it is known"
    )
    titles = LangValuesField(verbose_name=_("titles"))
    descriptions = LangValuesField(verbose_name=_("descriptions"))
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text=_("BCP-47 tags; zxx for none."))
    date_edtf = models.CharField(_("date"), max_length=80, blank=True, help_text=_("EDTF, such as 2012~ or 2001/2005."))
    date_first = models.DateField(null=True, blank=True, editable=False)
    date_last = models.DateField(null=True, blank=True, editable=False)
    rights_uri = models.CharField(_("rights (address)"), max_length=200, blank=True)
    rights_statements = LangValuesField(verbose_name=_("rights (statement)"))
    origin_statements = LangValuesField(
        verbose_name=_("statement of origin"), help_text=_("Of folklore: people, village, the performers' wish.")
    )
    sensitivity_note = models.TextField(_("note on sensitivity"), blank=True, help_text=_("For staff only."))

    peoples = models.ManyToManyField(People, verbose_name=_("peoples"), blank=True, related_name="items")
    subjects = models.ManyToManyField(Subject, verbose_name=_("subjects"), blank=True, related_name="items")
    collections = models.ManyToManyField(Collection, verbose_name=_("collections"), blank=True, related_name="items")

    communities = models.ManyToManyField(
        Community, verbose_name=_("communities"), blank=True, related_name="items", help_text=_("Whose it is.")
    )
    labels = models.ManyToManyField(Label, verbose_name=_("labels and notices"), blank=True, related_name="items")
    depicts_person = models.BooleanField(
        _("a person can be recognised"),
        default=False,
        help_text=_("Seen or heard in it. Then it is published with that person's consent only."),
    )
    restriction_reasons = models.JSONField(_("reasons for closing"), default=list, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=ItemState.choices, default=ItemState.DRAFT, editable=False
    )
    chosen_rule = models.ForeignKey(
        AccessRule, verbose_name=_("access"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    effective_rule = models.ForeignKey(
        AccessRule, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    was_public = models.BooleanField(
        default=False, editable=False, help_text="once open to everybody: a tombstone may say so"
    )
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), editable=False)
    modified_at = models.DateTimeField(_("changed"), editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(
        _("withdrawn"), null=True, editable=False, help_text="since when it has not been published again"
    )

    suspended_at = models.DateTimeField(
        _("hidden"),
        null=True,
        editable=False,
        help_text="hidden at once by a request to take it down, until it is decided",
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["-created_at", "-pk"]
        permissions = [
            ("publish_item", _("Can publish and withdraw items")),
            ("protect_item", _("Can choose who may see items")),
            ("publish_without_consent", _("Can publish a recognisable person without a consent, with a reason")),
        ]
        indexes = [
            # Lists go by time and test each row's rule on the way: a list of many rules has no order in an index that begins with the rule.
            NullsLastIndex(
                F("published_at").desc(nulls_last=True), F("id").desc(), F("effective_rule"), name="item_newest"
            ),
            # Counts go by rule, and look at no row.
            models.Index(fields=["effective_rule", "state", "kind"], name="item_rule_state_kind"),
        ]
        constraints = [
            # A published item has a moment of publication: feeds and harvests sort by it.
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="item_published_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title_in(get_language() or "vi")

    def title_in(self, lang: str) -> str:
        """Return the title for a reader of a language; an untitled item is called by its identifier."""
        return languages.pick_text(self.titles, lang) or self.identifier or self.pid


class ItemAgent(models.Model):
    """One agent's part in an item. `role` is a MARC relator code."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="credits")
    agent = models.ForeignKey(
        Agent, verbose_name=_("person or organisation"), on_delete=models.PROTECT, related_name="credits"
    )
    role = models.CharField(_("role"), max_length=3, default="cre")
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("part of a person or organisation")
        verbose_name_plural = _("parts of persons and organisations")
        ordering = ["item", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "agent", "role"], name="item_agent_role_once")]

    def __str__(self) -> str:
        return str(RELATORS.get(self.role, self.role))


class ItemPlace(models.Model):
    """One place of an item, as recorded then; how exactly it may be shown is decided here, for sacred spots."""

    class PlaceRole(models.TextChoices):
        CREATED = "created", _("made there")
        DEPICTED = "depicted", _("shown")
        SUBJECT = "subject", _("about it")
        PUBLISHED = "published", _("published there")

    class Precision(models.TextChoices):
        EXACT = "exact", _("as it is")
        COMMUNE = "commune", _("commune only")
        PROVINCE = "province", _("province only")
        HIDDEN = "hidden", _("not shown")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="located")
    place = models.ForeignKey(Place, verbose_name=_("place"), on_delete=models.PROTECT, related_name="located")
    role = models.CharField(_("role"), max_length=9, choices=PlaceRole.choices, default=PlaceRole.CREATED)
    as_recorded = models.CharField(_("as recorded"), max_length=300, blank=True)
    precision = models.CharField(
        _("shown to the public"), max_length=8, choices=Precision.choices, default=Precision.EXACT
    )
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("place of an item")
        verbose_name_plural = _("places of an item")
        ordering = ["item", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "place", "role"], name="item_place_role_once")]

    def __str__(self) -> str:
        return self.get_role_display()
