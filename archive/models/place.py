"""Places with dated names, codes, parents and successions: 30 June 2025 | 1 July 2025 is a hard cut (domain.md section 3)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalCharField
from archive.models.fields import LangValuesField
from archive.prefetched import rows_of


class Place(models.Model):
    """One place, whatever it was called when. Codes are reused by the state, so none of them is its key."""

    class PlaceKind(models.TextChoices):
        PROVINCE = "province", _("province")
        DISTRICT = "district", _("district (until 30 June 2025)")
        COMMUNE = "commune", _("commune")
        WARD = "ward", _("ward")
        TOWN = "town", _("township (until 30 June 2025)")
        SPECIAL_ZONE = "special_zone", _("special zone")
        VILLAGE = "village", _("village")
        FEATURE = "feature", _("natural feature")

    class Precision(models.TextChoices):
        """How closely readers may learn where something is. An item may be stricter, never wider, than its place."""

        EXACT = "exact", _("as it is")
        COMMUNE = "commune", _("commune only")
        PROVINCE = "province", _("province only")
        HIDDEN = "hidden", _("not shown")

    slug = models.SlugField(_("address part"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind.choices)
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField(_("exists from"), null=True, blank=True)
    valid_to = models.DateField(_("exists until"), null=True, blank=True)
    # Graves, springs with rites, plants that must not be found: wherever such a place is named, no reader learns more than this.
    precision = models.CharField(
        _("shown to the public"), max_length=8, choices=Precision.choices, default=Precision.EXACT
    )
    notes = LangValuesField(verbose_name=_("notes"), help_text=_("What it is, for readers."))
    is_sample = models.BooleanField(_("sample data"), default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["slug", "pk"]

    def __str__(self) -> str:
        return self.name_on(None)

    def shown_within(self, precision: str) -> str:
        """Return how closely readers may learn it from what names it with a precision of its own: never closer than the place allows."""
        return max(precision, self.precision, key=_CLOSEST_FIRST.index)

    def name_on(self, day: date | None) -> str:
        """Return the official name on a day (None: the latest one). Uses prefetched `names`; without them one query."""
        named = self.named_on(day)
        return named.text if named else self.slug

    def named_on(self, day: date | None) -> PlaceName | None:
        """Return the same as a row, with its language; None for a place that has no name to show."""
        shown = [name for name in rows_of(self, "names", PlaceName) if name.kind != PlaceName.NameKind.HIDDEN]
        if len(shown) == 1:
            only = shown[0]
            holds = day is None or (only.valid_from or date.min) <= day <= (only.valid_to or date.max)
            return only if holds or only.kind == PlaceName.NameKind.OFFICIAL else None
        named = sorted(shown, key=lambda name: (name.valid_from or date.min, name.pk), reverse=True)
        official = [name for name in named if name.kind == PlaceName.NameKind.OFFICIAL]
        for name in official or named:
            if day is None or ((name.valid_from or date.min) <= day <= (name.valid_to or date.max)):
                return name
        return official[0] if official else None


_CLOSEST_FIRST: list[str] = list(Place.Precision.values)


class PlaceName(models.Model):
    """One name of a place in one language, from a day until a day."""

    class NameKind(models.TextChoices):
        OFFICIAL = "official", _("official")
        ENDONYM = "endonym", _("of the people who live there")
        VARIANT = "variant", _("other spelling")
        FORMER = "former", _("former")
        HIDDEN = "hidden", _("searched, never shown")

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    text = CanonicalCharField(_("name"), max_length=200)
    lang = models.CharField(_("language"), max_length=35, default="vi")
    kind = models.CharField(_("kind"), max_length=8, choices=NameKind.choices, default=NameKind.OFFICIAL)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        ordering = ["place", "valid_from", "pk"]

    def __str__(self) -> str:
        return self.text


class PlaceCode(models.Model):
    """One code of a place in one scheme, from a day until a day."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="codes")
    scheme = CanonicalCharField(_("scheme"), max_length=40)
    code = CanonicalCharField(_("code"), max_length=40)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("place code")
        verbose_name_plural = _("place codes")
        ordering = ["place", "scheme", "pk"]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class PlaceParent(models.Model):
    """One place lying in another, from a day until a day. Villages keep their identity while their parents change."""

    child = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="children")
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("parent of a place")
        verbose_name_plural = _("parents of places")
        ordering = ["child", "valid_from", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(child=models.F("parent")), name="place_not_in_itself")]

    def __str__(self) -> str:
        return str(self.parent)


class PlaceSuccession(models.Model):
    """One unit becoming (part of) another on a day, with the text of law that did it."""

    class ChangeKind(models.TextChoices):
        MERGED_INTO = "merged_into", _("merged into it")
        SPLIT_INTO = "split_into", _("split, partly into it")
        RENAMED = "renamed", _("renamed")
        UPGRADED = "upgraded", _("raised to another kind")
        ABOLISHED = "abolished", _("abolished")

    before = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="successors")
    after = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="predecessors")
    on_date = models.DateField(_("date"))
    kind = models.CharField(
        _("what happened"), max_length=12, choices=ChangeKind.choices, default=ChangeKind.MERGED_INTO
    )
    legal_basis = CanonicalCharField(_("legal basis"), max_length=200, blank=True)
    is_partial = models.BooleanField(_("only a part"), default=False)

    class Meta:
        verbose_name = _("succession of places")
        verbose_name_plural = _("successions of places")
        ordering = ["on_date", "pk"]
        constraints = [models.UniqueConstraint(fields=["before", "after", "on_date"], name="place_succession_once")]

    def __str__(self) -> str:
        return str(self.after)
