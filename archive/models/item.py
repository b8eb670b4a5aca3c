"""Items: the unit of description, of visibility and of citation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from access import identifiers
from access.models import AccessRule, Community
from access.models.fields import CanonicalCharField, CanonicalJSONField, CanonicalTextField
from archive import languages
from archive.models.authority import Agent, Collection, People, RightsStatement, Subject
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
    EDITS_NEEDED = "edits", _("edits needed")
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
    identifier = CanonicalCharField(
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
    # Which template describes it (archive.item_templates), and what its own fields say: {"key": value}. An unknown key is kept.
    template = models.CharField(_("template"), max_length=20, blank=True)
    own_values = models.JSONField(_("own fields"), default=dict, blank=True)
    titles = LangValuesField(verbose_name=_("titles"))
    alternative_titles = LangValuesField(verbose_name=_("other titles"), help_text=_("Also of old catalogues."))
    descriptions = LangValuesField(verbose_name=_("descriptions"))
    contents = LangValuesField(verbose_name=_("contents"), help_text=_("Chapters, songs, parts."))
    extents = LangValuesField(verbose_name=_("extent"), help_text=_("Pages, minutes, size of the original."))
    mediums = LangValuesField(verbose_name=_("medium"), help_text=_("What the original is on or made of."))
    provenances = LangValuesField(
        verbose_name=_("history of keeping"), help_text=_("Through whose hands it came to the library.")
    )
    sources = LangValuesField(verbose_name=_("source"), help_text=_("What it was copied or taken from."))
    orthography_notes = LangValuesField(
        verbose_name=_("note on spelling"), help_text=_("Whose spelling it is. Spelling is never corrected.")
    )
    # [{"scheme": "isbn", "value": "…"}]: call numbers, accession numbers, ISBN.
    other_identifiers = CanonicalJSONField(_("other identifiers"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text=_("BCP-47 tags; zxx for none."))
    date_edtf = models.CharField(_("date"), max_length=80, blank=True, help_text=_("EDTF, such as 2012~ or 2001/2005."))
    date_as_written = CanonicalCharField(_("date as written"), max_length=200, blank=True)
    date_first = models.DateField(null=True, blank=True, editable=False)
    date_last = models.DateField(null=True, blank=True, editable=False)
    issued_edtf = models.CharField(_("published on"), max_length=80, blank=True)
    issued_as_written = CanonicalCharField(_("date of publication as written"), max_length=200, blank=True)
    period_edtf = models.CharField(_("time that it is about"), max_length=80, blank=True)
    period_as_written = CanonicalCharField(_("time that it is about, as written"), max_length=200, blank=True)
    rights = models.ForeignKey(
        RightsStatement,
        verbose_name=_("rights"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="items",
    )
    rights_holders = LangValuesField(verbose_name=_("holder of the rights"))
    rights_note = CanonicalTextField(_("note on the term of protection"), blank=True, help_text=_("For staff only."))
    rights_statements = LangValuesField(verbose_name=_("rights (statement)"))
    origin_statements = LangValuesField(
        verbose_name=_("statement of origin"), help_text=_("Of folklore: people, village, the performers' wish.")
    )
    sensitivity_note = CanonicalTextField(_("note on sensitivity"), blank=True, help_text=_("For staff only."))

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

    # Who last sent it to review: with two pairs of eyes (a setting) somebody else publishes it.
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    binned_at = models.DateTimeField(
        _("in the bin since"), null=True, editable=False, help_text="nobody sees it, but for the bin's own screen"
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
            ("review_item", _("Can ask for edits of items in review")),
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
            # The desk's list: what was changed last comes first; each row's rule is tested on the way without looking at the row.
            models.Index(fields=["-modified_at", "-id", "effective_rule"], name="item_changed"),
        ]
        constraints = [
            # A published item has a moment of publication: feeds and harvests sort by it.
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="item_published_has_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title_in(get_language() or "vi")

    @property
    def rights_uri(self) -> str:
        """Return the address of its statement of rights, or an empty text. One query, unless `rights` was selected with it."""
        return "" if self.rights is None else self.rights.uri

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

    Precision = Place.Precision

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="located")
    place = models.ForeignKey(Place, verbose_name=_("place"), on_delete=models.PROTECT, related_name="located")
    role = models.CharField(_("role"), max_length=9, choices=PlaceRole.choices, default=PlaceRole.CREATED)
    as_recorded = CanonicalCharField(_("as recorded"), max_length=300, blank=True)
    precision = models.CharField(
        _("shown to the public"), max_length=8, choices=Place.Precision.choices, default=Place.Precision.EXACT
    )
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("place of an item")
        verbose_name_plural = _("places of an item")
        ordering = ["item", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "place", "role"], name="item_place_role_once")]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def shown_precision(self) -> str:
        """Return how closely readers may learn it: as the item says, and never closer than the place itself allows."""
        return self.place.shown_within(self.precision)


class ItemRelation(models.Model):
    """One tie from an item to another, kept once and read both ways (dcterms:relation and its refinements).

    `part` makes compound items: the whole is `item`, its parts are `other`, in the order of `position`.
    """

    class RelationKind(models.TextChoices):
        PART = "part", _("has as its part")
        VERSION = "version", _("has another version in")
        TELLING = "telling", _("tells the same as")
        FORMAT = "format", _("is also there as")
        TRANSLATION = "translation", _("is translated in")
        TRANSCRIPT = "transcript", _("is written down in")
        REFERENCE = "reference", _("refers to")
        REPLACEMENT = "replacement", _("is replaced by")
        RELATED = "related", _("belongs with")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Item, verbose_name=_("item"), on_delete=models.CASCADE, related_name="inverse_relations")
    kind = models.CharField(_("relation"), max_length=12, choices=RelationKind.choices, default=RelationKind.RELATED)
    notes = LangValuesField(verbose_name=_("note"))
    position = models.PositiveIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("relation of an item")
        verbose_name_plural = _("relations of an item")
        ordering = ["item", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "other", "kind"], name="item_relation_once"),
            models.CheckConstraint(condition=~Q(item=models.F("other")), name="item_not_related_to_itself"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
