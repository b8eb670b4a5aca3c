"""The shapes of what the search answers, for the API's schema. `interop.api.matches` and `records` make them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers as fields

from interop.api.file_shapes import PID
from interop.api.shapes import Included, ItemShape


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


@extend_schema_serializer(component_name="Moment")
class MomentShape(fields.Serializer[object]):
    """Where in a file of an item words of the question are."""

    item = fields.RegexField(PID)
    file = fields.RegexField(
        PID, help_text="The subtitles or the transcript, whose `beside` is the recording; or what is read."
    )
    kind = fields.ChoiceField(["segment", "page", "chapter"])
    number = fields.IntegerField(min_value=1, help_text="Of the segment, the page or the chapter.")
    segment = fields.IntegerField(
        min_value=1, allow_null=True, help_text="Number of the segment; null in what is read."
    )
    start_ms = fields.IntegerField(min_value=0, allow_null=True, help_text="Null in a text without times.")
    language = fields.CharField(allow_null=True, help_text="BCP 47 tag of the words.")
    text = fields.CharField(help_text="What stands there, at most about 240 letters.")
    url = fields.URLField(help_text="The item's page, opened there.")


@extend_schema_serializer(component_name="HighlightPart")
class HighlightPartShape(fields.Serializer[object]):
    """A piece of a text, and whether it is what was looked for."""

    text = fields.CharField(trim_whitespace=False)
    match = fields.BooleanField()


@extend_schema_serializer(component_name="Highlight")
class HighlightShape(fields.Serializer[object]):
    """A text of a hit that holds words of the question; joined, `parts` are the text, of a long one the part that holds most."""

    item = fields.RegexField(PID)
    field = fields.ChoiceField(["titles", "alternative_titles", "descriptions", "contents"])
    lang = fields.CharField(help_text="BCP 47 tag of the text.")
    parts = HighlightPartShape(many=True)


@extend_schema_serializer(component_name="DecadeCount")
class DecadeCountShape(fields.Serializer[object]):
    """How many hits have a date that touches these ten years."""

    first_year = fields.IntegerField()
    count = fields.IntegerField(min_value=1)


@extend_schema_serializer(component_name="PlaceCount")
class PlaceCountShape(fields.Serializer[object]):
    """How many hits lie in a place, no wider than a commune; WGS 84."""

    slug = fields.CharField()
    label = fields.CharField()  # type: ignore[assignment]  # a field of that name, not this serializer's own label
    count = fields.IntegerField(min_value=1)
    latitude = fields.FloatField()
    longitude = fields.FloatField()


@extend_schema_serializer(component_name="TitleSuggestion")
class TitleSuggestionShape(fields.Serializer[object]):
    """An item that may be meant."""

    pid = fields.RegexField(PID)
    title = fields.CharField()


@extend_schema_serializer(component_name="HeadingSuggestion")
class HeadingSuggestionShape(fields.Serializer[object]):
    """A heading that may be meant: the filter of the search that it is a value of, and that value."""

    facet = fields.ChoiceField(["people", "place", "subject", "collection"])
    slug = fields.CharField()
    label = fields.CharField()  # type: ignore[assignment]  # a field of that name, not this serializer's own label


class SuggestAnswer(fields.Serializer[object]):
    """What may be meant by the beginning of a query."""

    words = fields.ListField(child=fields.CharField(), help_text="Whole queries.")
    titles = TitleSuggestionShape(many=True)
    headings = HeadingSuggestionShape(many=True)


class SearchAnswer(fields.Serializer[object]):
    """One page of hits. `next` and `previous` are the complete addresses of the pages beside it."""

    total = fields.IntegerField(min_value=0)
    hits = ItemShape(many=True)
    approximate = fields.ListField(
        child=fields.RegexField(PID), help_text="Of the hits on this page, those that fit only nearly."
    )
    highlights = HighlightShape(many=True)
    moments = MomentShape(many=True, help_text="Of hits in whose files the words are: where first, and what.")
    facets = Facets()
    decades = DecadeCountShape(many=True, help_text="Of all hits, oldest first.")
    places = PlaceCountShape(many=True, help_text="Of all hits: places with coordinates, those with most hits first.")
    did_you_mean = fields.CharField(allow_null=True, help_text="Another spelling of the question, which has hits.")
    next = fields.URLField(allow_null=True)
    previous = fields.URLField(allow_null=True)
    included = Included(required=False)
