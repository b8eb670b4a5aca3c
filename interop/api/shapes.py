"""The shapes of the API's answers, for its schema. `interop.api.records` makes them; a test holds one against the other."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers as fields

from archive.item_templates import TEMPLATES
from archive.models import (
    Agent,
    ItemKind,
    ItemPlace,
    ItemRelation,
    Label,
    Place,
    PlaceName,
    PlaceSuccession,
    RightsStatement,
)
from interop.api.file_shapes import PID, FileShape, LangValue


@extend_schema_field({"type": ["string", "number"]})
class AnyScalar(fields.Field[object, object, object, object]):
    """A text or a number, as it is stored."""


class Heading(fields.Serializer[object]):
    """One people, subject or collection: its address part, to filter by, and its names."""

    slug = fields.CharField()
    names = LangValue(many=True)


class Code(fields.Serializer[object]):
    """A code in a list of others. Lists of one scheme may disagree between their versions: exchange by name, scheme and version."""

    scheme = fields.CharField()
    version = fields.CharField(allow_blank=True)
    code = fields.CharField()


class PeopleHeading(Heading):
    """A people or a branch of one, as a heading of an item."""

    codes = Code(many=True)
    parent = Heading(allow_null=True, help_text="Of what people it is a branch.")


class SubjectHeading(Heading):
    """A subject as a heading of an item."""

    scheme = fields.CharField(help_text="local for the library's own.")
    notation = fields.CharField(allow_null=True, help_text="Its number in a classification.")


class AgentHeading(Heading):
    """One person or body that had a part in an item. Where the name must not be spoken, `names` are the words that stand instead."""

    slug = fields.CharField(allow_null=True, help_text="Null where the name must not be spoken.")
    variants = LangValue(many=True)
    notes = LangValue(many=True)
    codes = Code(many=True)
    born = fields.CharField(allow_null=True, help_text="EDTF.")
    died = fields.CharField(allow_null=True, help_text="EDTF.")
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


class PlaceHeading(fields.Serializer[object]):
    """A place: its address part, its kind, its names."""

    slug = fields.CharField()
    kind = fields.ChoiceField(choices=Place.PlaceKind.choices)
    names = PlaceNameShape(many=True)


@extend_schema_serializer(component_name="Place")
class PlaceShape(PlaceHeading):
    """One place, with where it lies today and lay before the units of administration changed."""

    latitude = fields.FloatField(allow_null=True, help_text="Degrees north, WGS 84.")
    longitude = fields.FloatField(allow_null=True, help_text="Degrees east, WGS 84.")
    now = fields.ListField(
        child=PlaceHeading(many=True),
        help_text="The place and what is around it today, the nearest first; one such list for each unit that a former one became.",
    )
    before = PlaceHeading(
        many=True,
        help_text="The same on the day before `changed_on`; empty where it is not known, or was no different.",
    )
    changed_on = fields.DateField(allow_null=True)


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
    """A date, for programs and as people wrote it: one of the two at least."""

    edtf = fields.CharField(allow_null=True, help_text="EDTF (ISO 8601-2), such as 2012~ or 2001/2005.")
    as_written = fields.CharField(
        allow_null=True, help_text="As the cataloguer or the source wrote it: show this to people."
    )
    first = fields.DateField(allow_null=True, help_text="First day it may mean.")
    last = fields.DateField(allow_null=True, help_text="Last day it may mean.")


class Rights(fields.Serializer[object]):
    """What others may do with an item."""

    uri = fields.CharField(
        allow_null=True,
        help_text="Identifier of a licence or rights statement: an address of the web, or a tag: URI that leads nowhere (folklore).",
    )
    names = LangValue(many=True, help_text="What that statement is called in plain words.")
    notes = LangValue(many=True, help_text="What it means.")
    family = fields.ChoiceField(choices=RightsStatement.Family.choices, allow_null=True)
    statements = LangValue(many=True, help_text="What is said of this item besides.")
    holders = LangValue(many=True)


class OtherIdentifier(fields.Serializer[object]):
    """A number of the item elsewhere: an ISBN, a call number."""

    scheme = fields.CharField()
    value = fields.CharField()


@extend_schema_serializer(component_name="Template")
class TemplateShape(fields.Serializer[object]):
    """The sort of thing by which an item is described."""

    key = fields.ChoiceField(choices=sorted(TEMPLATES))
    name = fields.CharField(help_text="In the reader's language.")


class OwnFieldShape(fields.Serializer[object]):
    """One field that only things of this sort have. A text has `texts`; a number, a choice or a plain text has `value`."""

    key = fields.CharField(help_text="Never renamed.")
    dcterms = fields.CharField(help_text="The property of DCMI Metadata Terms that comes nearest.")
    form = fields.ChoiceField(choices=["text", "plain", "number", "choice"])
    texts = LangValue(many=True)
    value = AnyScalar(allow_null=True)
    named = fields.CharField(allow_null=True, help_text="The value in the reader's language, where it is a code.")
    unit = fields.CharField(allow_null=True)
    label = fields.CharField(help_text="In the reader's language.")  # type: ignore[assignment]  # as of a facet


class RelatedItem(fields.Serializer[object]):
    """The other end of a relation; it may be seen by the asking reader."""

    pid = fields.RegexField(PID)
    url = fields.URLField(help_text="The item's page.")
    kind = fields.ChoiceField(choices=ItemKind.choices)
    titles = LangValue(many=True)


class Relation(fields.Serializer[object]):
    """One tie to another item, seen from this one; parts come in their order."""

    kind = fields.ChoiceField(choices=ItemRelation.RelationKind.choices)
    is_inverse = fields.BooleanField(help_text="The other item has this one as its part, version, …")
    dcterms = fields.CharField(help_text="Property of DCMI Metadata Terms from this item to the other.")
    notes = LangValue(many=True)
    item = RelatedItem()
    label = fields.CharField(help_text="In the reader's language.")  # type: ignore[assignment]  # as of a facet


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


@extend_schema_serializer(component_name="Item")
class ItemShape(fields.Serializer[object]):
    """One item, as far as the asking reader may see it."""

    pid = fields.RegexField(PID)
    ark = fields.CharField(help_text="Archival Resource Key.")
    url = fields.URLField(help_text="The item's page.")
    identifier = fields.CharField(allow_null=True, help_text="The library's own number.")
    other_identifiers = OtherIdentifier(many=True)
    kind = fields.ChoiceField(choices=ItemKind.choices)
    template = TemplateShape(allow_null=True)
    titles = LangValue(many=True)
    alternative_titles = LangValue(many=True)
    descriptions = LangValue(many=True)
    contents = LangValue(many=True, help_text="Chapters, songs, parts.")
    extents = LangValue(many=True, help_text="Pages, minutes, size of the original.")
    mediums = LangValue(many=True, help_text="What the original is on or made of.")
    provenances = LangValue(many=True, help_text="Through whose hands it came to the library.")
    sources = LangValue(many=True, help_text="What it was copied or taken from.")
    orthography_notes = LangValue(many=True, help_text="Whose spelling it is. Spelling is never corrected.")
    own_fields = OwnFieldShape(many=True, help_text="Those of its template that are filled, in their order.")
    languages = fields.ListField(child=fields.CharField(), help_text="BCP 47 tags; zxx for none.")
    date = ItemDate(allow_null=True, help_text="When it was made.")
    issued = ItemDate(allow_null=True, help_text="When it was published.")
    period = ItemDate(allow_null=True, help_text="The time that it is about.")
    peoples = PeopleHeading(many=True)
    places = ItemPlaceShape(many=True)
    subjects = SubjectHeading(many=True)
    collections = Heading(many=True)
    agents = AgentHeading(many=True)
    rights = Rights()
    origin_statements = LangValue(many=True, help_text="Of folklore: people, village, the performers' wish.")
    relations = Relation(many=True, help_text="To items that the asking reader may see.")
    communities = CommunityShape(many=True)
    labels = LabelShape(many=True)
    is_sample = fields.BooleanField(help_text="Invented to show the software; describes nothing real.")
    published_at = fields.DateTimeField(allow_null=True)
    modified_at = fields.DateTimeField(
        help_text="Last change of the record, or the opening of its rule if that came later."
    )
    manifest = fields.URLField(help_text="IIIF Presentation 3 manifest.")
    files = FileShape(many=True)
    closed_file_count = fields.IntegerField(
        min_value=0, help_text="Files of the item that are not open to the asking reader."
    )


class CountedHeading(Heading):
    """One heading with the number of items under it that the asking reader may see."""

    item_count = fields.IntegerField(min_value=1)


class WholeHeading(CountedHeading):
    """One heading with all that is said of it. What lies beside or below it is listed where the asking reader may see something there."""

    variants = LangValue(many=True, help_text="Other forms of its name.")
    notes = LangValue(many=True)
    codes = Code(many=True)


@extend_schema_serializer(component_name="Collection")
class CollectionShape(WholeHeading):
    """One collection."""

    descriptions = LangValue(many=True)
    parent = Heading(allow_null=True, help_text="Of what it is a part.")
    parts = Heading(many=True)


@extend_schema_serializer(component_name="People")
class PeopleShape(WholeHeading):
    """One people, or a branch of one."""

    languages = fields.ListField(child=fields.CharField(), help_text="BCP 47 tags.")
    parent = Heading(allow_null=True, help_text="Of what people it is a branch.")
    branches = Heading(many=True)


@extend_schema_serializer(component_name="Agent")
class AgentShape(WholeHeading):
    """One person or body."""

    kind = fields.ChoiceField(choices=Agent.AgentKind.choices)
    born = fields.CharField(allow_null=True, help_text="EDTF.")
    died = fields.CharField(allow_null=True, help_text="EDTF.")


class Match(fields.Serializer[object]):
    """The same or a near concept elsewhere (SKOS, section 10)."""

    relation = fields.CharField(help_text="exactMatch, closeMatch, broadMatch, narrowMatch or relatedMatch.")
    uri = fields.URLField()


@extend_schema_serializer(component_name="Subject")
class SubjectShape(WholeHeading):
    """One subject heading."""

    scheme = fields.CharField(help_text="local for the library's own.")
    notation = fields.CharField(allow_null=True, help_text="Its number in a classification.")
    broader = Heading(many=True)
    narrower = Heading(many=True)
    related = Heading(many=True)
    matches = Match(many=True)


@extend_schema_serializer(component_name="PlaceCode")
class PlaceCodeShape(fields.Serializer[object]):
    """One code of a place, from a day until a day: codes are given again to other places."""

    scheme = fields.CharField(help_text="NSO for the state's list of administrative units.")
    code = fields.CharField()

    def get_fields(self) -> dict[str, fields.Field[object, object, object, object]]:
        days = {name: fields.DateField(allow_null=True) for name in ("from", "until")}
        return {**super().get_fields(), **days}


class PlaceChange(fields.Serializer[object]):
    """What a place became, or was made of, on a day."""

    place = PlaceHeading()
    on = fields.DateField()
    kind = fields.ChoiceField(choices=PlaceSuccession.ChangeKind.choices)
    is_partial = fields.BooleanField(help_text="Only a part of the earlier place.")
    legal_basis = fields.CharField(allow_null=True)


class CountedPlace(PlaceShape):
    """One place with the number of items made or shown exactly there that the asking reader may see."""

    notes = LangValue(many=True)
    codes = PlaceCodeShape(many=True)
    exists_from = fields.DateField(allow_null=True)
    exists_until = fields.DateField(allow_null=True)
    predecessors = PlaceChange(many=True)
    successors = PlaceChange(many=True)
    item_count = fields.IntegerField(min_value=1)


class _List(fields.Serializer[object]):
    """One page of a list. Follow `next` as it is: the cursor in it is opaque, signed, and good for this question only."""

    next = fields.URLField(allow_null=True, help_text="Complete address of the next page.")
    previous = fields.URLField(allow_null=True, help_text="Complete address of the page before.")
    count = fields.IntegerField(required=False, min_value=0, help_text="Of the whole list; only with count=true.")


class Included(fields.Serializer[object]):
    """What `expand` asked for: the headings of the items in this answer, each once, as their own lists tell them. A place that is kept back
    is told by its item alone."""

    peoples = PeopleShape(many=True, required=False)
    places = CountedPlace(many=True, required=False)
    subjects = SubjectShape(many=True, required=False)
    collections = CollectionShape(many=True, required=False)


@extend_schema_serializer(component_name="WholeItem")
class WholeItemShape(ItemShape):
    """One item by itself."""

    included = Included(required=False)


class ItemList(_List):
    """One page of items, newest publication first."""

    results = ItemShape(many=True)
    included = Included(required=False)


@extend_schema_serializer(component_name="Language")
class LanguageShape(fields.Serializer[object]):
    """One language, with the number of items in it that the asking reader may see."""

    tag = fields.CharField(help_text="BCP 47 tag: what the filter `language` takes; zxx for what is in no language.")
    iso_639_3 = fields.RegexField(r"^[a-z]{3}$", allow_null=True, help_text="Null where we know none.")
    names = LangValue(many=True)
    item_count = fields.IntegerField(min_value=1)


class LanguageList(_List):
    """All languages, by tag, in one page."""

    results = LanguageShape(many=True)


@extend_schema_serializer(component_name="Change")
class ChangeShape(fields.Serializer[object]):
    """One item as a copy has to take it now."""

    pid = fields.RegexField(PID)
    change = fields.ChoiceField(
        choices=("updated", "deleted"),
        help_text="deleted: it was open to everyone, and is not open to the asking reader any more.",
    )
    changed_at = fields.DateTimeField(help_text="As the item's `modified_at`; of a deleted one, when it was closed.")
    url = fields.URLField(allow_null=True, help_text="Its record in this interface; null of a deleted one.")


class ChangeList(fields.Serializer[object]):
    """One page of changes, oldest first. Each item stands there once, at its last change."""

    next = fields.URLField(allow_null=True, help_text="Complete address of the next page.")
    until = fields.DateTimeField(help_text="What to ask for with `since` the next time, once `next` is null.")
    results = ChangeShape(many=True)


class CollectionList(_List):
    """One page of collections, by slug."""

    results = CollectionShape(many=True)


class PeopleList(_List):
    """One page of peoples, by slug."""

    results = PeopleShape(many=True)


class AgentList(_List):
    """One page of persons and bodies, by slug."""

    results = AgentShape(many=True)


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
