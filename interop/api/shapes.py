"""The shapes of the API's answers, for its schema. `interop.api.records` makes them; a test holds one against the other."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers as fields

from access.identifiers import PID_PATTERN
from archive.models import FileRole, ItemKind, ItemPlace, Label, Place, PlaceName
from archive.models.authority import Agent
from media_pipeline.models import Kind

PID = f"^{PID_PATTERN}$"
PROGRESS_STATES = ("receiving", "checking", "working", "ready", "kept", "refused")


class LangValue(fields.Serializer[object]):
    """One value in one language."""

    lang = fields.CharField(help_text="BCP 47 tag of the language that the value is in.")
    value = fields.CharField()


class Heading(fields.Serializer[object]):
    """One people, subject or collection: its address part, to filter by, and its names."""

    slug = fields.CharField()
    names = LangValue(many=True)


class AgentHeading(Heading):
    """One person or body that had a part in an item."""

    kind = fields.ChoiceField(choices=Agent.AgentKind.choices)
    role = fields.CharField(help_text="MARC relator code, such as prf (performer).")


@extend_schema_serializer(component_name="PlaceName")
class PlaceNameShape(fields.Serializer[object]):
    """One name of a place, from a day until a day; null where no day is known."""

    lang = fields.CharField(help_text="BCP 47 tag.")
    value = fields.CharField()
    kind = fields.ChoiceField(
        choices=[one for one in PlaceName.NameKind.choices if one[0] != PlaceName.NameKind.HIDDEN]
    )

    def get_fields(self) -> dict[str, fields.Field[object, object, object, object]]:
        days = {name: fields.DateField(allow_null=True) for name in ("from", "until")}
        return {**super().get_fields(), **days}


@extend_schema_serializer(component_name="Place")
class PlaceShape(fields.Serializer[object]):
    """One place."""

    slug = fields.CharField()
    kind = fields.ChoiceField(choices=Place.PlaceKind.choices)
    names = PlaceNameShape(many=True)
    latitude = fields.FloatField(allow_null=True, help_text="Degrees north, WGS 84.")
    longitude = fields.FloatField(allow_null=True, help_text="Degrees east, WGS 84.")


@extend_schema_serializer(component_name="ItemPlace")
class ItemPlaceShape(PlaceShape):
    """A place of an item, no closer than its keepers allow: with less than exact precision it is a commune or province around it."""

    role = fields.ChoiceField(choices=ItemPlace.PlaceRole.choices)
    precision = fields.ChoiceField(
        choices=[one for one in ItemPlace.Precision.choices if one[0] != ItemPlace.Precision.HIDDEN]
    )
    as_recorded = fields.CharField(
        allow_null=True, help_text="The words of its time; null where the place is not exact."
    )


class ItemDate(fields.Serializer[object]):
    """When an item was made."""

    edtf = fields.CharField(help_text="EDTF (ISO 8601-2), such as 2012~ or 2001/2005.")
    first = fields.DateField(allow_null=True, help_text="First day it may mean.")
    last = fields.DateField(allow_null=True, help_text="Last day it may mean.")


class Rights(fields.Serializer[object]):
    """What others may do with an item."""

    uri = fields.CharField(allow_null=True, help_text="Address of a licence or rights statement.")
    statements = LangValue(many=True)


@extend_schema_serializer(component_name="Community")
class CommunityShape(fields.Serializer[object]):
    """A community whose item it is, with its own words, to be shown with the item wherever it is shown."""

    pid = fields.RegexField(PID)
    name = fields.CharField(help_text="As the community calls itself: not to be translated.")
    statements = LangValue(many=True)


@extend_schema_serializer(component_name="Label")
class LabelShape(fields.Serializer[object]):
    """A label that a community gave, or a notice that the library placed (Local Contexts). It informs and does not decide about access."""

    kind = fields.ChoiceField(choices=Label.LabelKind.choices)
    title = fields.CharField()
    lang = fields.CharField(help_text="BCP 47 tag of the title's language.")
    community = fields.RegexField(PID, allow_null=True, help_text="Whose label it is; null for the library's notices.")
    project_url = fields.URLField(allow_null=True, help_text="The project that has its text and its icon.")


@extend_schema_serializer(component_name="Progress")
class ProgressShape(fields.Serializer[object]):
    """How far the work on a file is."""

    state = fields.ChoiceField(
        choices=PROGRESS_STATES, help_text="ready: all is made; kept: stored without preview; refused: not taken in."
    )
    percent = fields.IntegerField(min_value=0, max_value=100)
    reason = fields.CharField(allow_null=True, help_text="Why it was kept or refused, in the reader's language.")
    reason_code = fields.CharField(
        allow_null=True, help_text="The same for programs, such as damaged or password: a code is never renamed."
    )


@extend_schema_serializer(component_name="Derivative")
class DerivativeShape(fields.Serializer[object]):
    """One copy made for use, to be fetched from `url` by range. Measures are null where they mean nothing."""

    role = fields.CharField(help_text="thumbnail, pages, text, outline, waveform, audio, poster, hls, mp4, …")
    name = fields.CharField()
    url = fields.URLField()
    media_type = fields.CharField()
    size_bytes = fields.IntegerField(min_value=0, help_text="Of hls: all its parts together.")
    width = fields.IntegerField(allow_null=True, help_text="Pixels.")
    height = fields.IntegerField(allow_null=True, help_text="Pixels.")
    duration_ms = fields.IntegerField(allow_null=True)


@extend_schema_serializer(component_name="File")
class FileShape(fields.Serializer[object]):
    """One file of an item. Facts of the master are null until it is stored and known."""

    pid = fields.RegexField(PID)
    role = fields.ChoiceField(choices=FileRole.choices)
    kind = fields.ChoiceField(choices=Kind.choices, allow_null=True)
    media_type = fields.CharField(allow_null=True, help_text="Of the master, by its content.")
    size_bytes = fields.IntegerField(min_value=1, allow_null=True, help_text="Of the master.")
    sha256 = fields.RegexField(
        r"^[0-9a-f]{64}$", allow_null=True, help_text="Of the master, in lower-case hexadecimal."
    )
    captions = LangValue(many=True)
    progress = ProgressShape()
    iiif_image = fields.URLField(allow_null=True, help_text="IIIF Image API 3 service; info.json lies below it.")
    derivatives = DerivativeShape(
        many=True,
        help_text="In lists and search only the first of a document's pages; the item itself has all of them.",
    )


@extend_schema_serializer(component_name="Item")
class ItemShape(fields.Serializer[object]):
    """One item, as far as the asking reader may see it."""

    pid = fields.RegexField(PID)
    ark = fields.CharField(help_text="Archival Resource Key.")
    url = fields.URLField(help_text="The item's page.")
    identifier = fields.CharField(allow_null=True, help_text="The library's own number.")
    kind = fields.ChoiceField(choices=ItemKind.choices)
    titles = LangValue(many=True)
    descriptions = LangValue(many=True)
    languages = fields.ListField(child=fields.CharField(), help_text="BCP 47 tags; zxx for none.")
    date = ItemDate(allow_null=True)
    peoples = Heading(many=True)
    places = ItemPlaceShape(many=True)
    subjects = Heading(many=True)
    collections = Heading(many=True)
    agents = AgentHeading(many=True)
    rights = Rights()
    origin_statements = LangValue(many=True, help_text="Of folklore: people, village, the performers' wish.")
    communities = CommunityShape(many=True)
    labels = LabelShape(many=True)
    is_sample = fields.BooleanField(help_text="Invented to show the software; describes nothing real.")
    published_at = fields.DateTimeField(allow_null=True)
    modified_at = fields.DateTimeField(
        help_text="Last change of the record, or the opening of its rule if that came later."
    )
    manifest = fields.URLField(allow_null=True, help_text="IIIF Presentation 3 manifest; null where there is none.")
    files = FileShape(many=True)
    closed_file_count = fields.IntegerField(
        min_value=0, help_text="Files of the item that are not open to the asking reader."
    )


class CountedHeading(Heading):
    """One heading with the number of items under it that the asking reader may see."""

    item_count = fields.IntegerField(min_value=1)


@extend_schema_serializer(component_name="Collection")
class CollectionShape(CountedHeading):
    """One collection."""

    descriptions = LangValue(many=True)


@extend_schema_serializer(component_name="Subject")
class SubjectShape(CountedHeading):
    """One subject heading."""

    scheme = fields.CharField()


class CountedPlace(PlaceShape):
    """One place with the number of items made or shown exactly there that the asking reader may see."""

    item_count = fields.IntegerField(min_value=1)


@extend_schema_serializer(component_name="FacetValue")
class FacetValueShape(fields.Serializer[object]):
    """One value of a facet: what to filter by, what it is called, how many hits carry it."""

    value = fields.CharField()
    label = fields.CharField()  # type: ignore[assignment]  # a field of that name, not this serializer's own label
    count = fields.IntegerField(min_value=1)


class Facets(fields.Serializer[object]):
    """Exact counts over all hits that the asking reader may see; the most frequent 50 values of each."""

    kind = FacetValueShape(many=True)
    people = FacetValueShape(many=True)
    subject = FacetValueShape(many=True)
    collection = FacetValueShape(many=True)
    place = FacetValueShape(many=True)
    language = FacetValueShape(many=True)


class SearchAnswer(fields.Serializer[object]):
    """One page of hits. `next` is the complete address of the following page."""

    total = fields.IntegerField(min_value=0)
    hits = ItemShape(many=True)
    facets = Facets()
    next = fields.URLField(allow_null=True)


class _List(fields.Serializer[object]):
    """One page of a list. Follow `next` as it is: the cursor in it is opaque, signed, and good for this question only."""

    next = fields.URLField(allow_null=True, help_text="Complete address of the next page.")
    previous = fields.URLField(allow_null=True, help_text="Complete address of the page before.")
    count = fields.IntegerField(required=False, min_value=0, help_text="Of the whole list; only with count=true.")


class ItemList(_List):
    """One page of items, newest publication first."""

    results = ItemShape(many=True)


class CollectionList(_List):
    """One page of collections, by slug."""

    results = CollectionShape(many=True)


class PeopleList(_List):
    """One page of peoples, by slug."""

    results = CountedHeading(many=True)


class SubjectList(_List):
    """One page of subjects, by slug."""

    results = SubjectShape(many=True)


class PlaceList(_List):
    """One page of places, by slug."""

    results = CountedPlace(many=True)


class Problem(fields.Serializer[object]):
    """What went wrong, in the reader's language (RFC 9457)."""

    status = fields.IntegerField(min_value=400, max_value=599)
    title = fields.CharField()
    parameter = fields.CharField(required=False, help_text="Which parameter of the address it is about.")


class GoneProblem(fields.Serializer[object]):
    """All that is left of an item that was open to everyone and is withdrawn."""

    status = fields.IntegerField(min_value=410, max_value=410)
    title = fields.CharField()
    pid = fields.RegexField(PID)
    identifier = fields.CharField(allow_null=True, help_text="The library's own number for it.")
    withdrawn = fields.DateField(help_text="The day on which it was closed, as the library counts days.")
