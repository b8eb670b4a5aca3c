"""The same list as Django REST framework's own documentation would make it: ModelSerializers within each other over prefetched rows."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import path
from rest_framework import generics, pagination, serializers
from rest_framework.renderers import JSONRenderer

from access.models import AccessRule, Community
from archive.models import (
    Agent,
    Collection,
    Item,
    ItemAgent,
    ItemFile,
    ItemPlace,
    Label,
    People,
    Place,
    PlaceName,
    RightsStatement,
    Subject,
)
from heritage import urls
from media_pipeline.models import Derivative, Master


class PeopleSerializer(serializers.ModelSerializer[People]):
    class Meta:
        model = People
        fields = ("slug", "names", "codes")


class SubjectSerializer(serializers.ModelSerializer[Subject]):
    class Meta:
        model = Subject
        fields = ("slug", "names", "scheme", "notation")


class CollectionSerializer(serializers.ModelSerializer[Collection]):
    class Meta:
        model = Collection
        fields = ("slug", "names")


class AgentSerializer(serializers.ModelSerializer[Agent]):
    class Meta:
        model = Agent
        fields = ("slug", "names", "variants", "notes", "codes", "kind", "born_edtf", "died_edtf")


class CreditSerializer(serializers.ModelSerializer[ItemAgent]):
    agent = AgentSerializer()

    class Meta:
        model = ItemAgent
        fields = ("agent", "role")


class NameSerializer(serializers.ModelSerializer[PlaceName]):
    class Meta:
        model = PlaceName
        fields = ("lang", "text", "kind", "valid_from", "valid_to")


class PlaceSerializer(serializers.ModelSerializer[Place]):
    names = NameSerializer(many=True)

    class Meta:
        model = Place
        fields = ("slug", "kind", "names", "latitude", "longitude")


class LocatedSerializer(serializers.ModelSerializer[ItemPlace]):
    place = PlaceSerializer()

    class Meta:
        model = ItemPlace
        fields = ("place", "role", "precision", "as_recorded")


class DerivativeSerializer(serializers.ModelSerializer[Derivative]):
    class Meta:
        model = Derivative
        fields = ("role", "version", "files", "facts")


class MasterSerializer(serializers.ModelSerializer[Master]):
    derivatives = DerivativeSerializer(many=True)

    class Meta:
        model = Master
        fields = ("kind", "media_type", "puid", "size_bytes", "sha256", "state", "derivatives")


class FileSerializer(serializers.ModelSerializer[ItemFile]):
    master = MasterSerializer()

    class Meta:
        model = ItemFile
        fields = ("pid", "role", "label", "captions", "language", "master")


class RightsSerializer(serializers.ModelSerializer[RightsStatement]):
    class Meta:
        model = RightsStatement
        fields = ("uri", "names", "notes", "family")


class CommunitySerializer(serializers.ModelSerializer[Community]):
    class Meta:
        model = Community
        fields = ("pid", "name", "statements")


class LabelSerializer(serializers.ModelSerializer[Label]):
    class Meta:
        model = Label
        fields = ("kind", "title", "language", "project_address")


class ItemSerializer(serializers.ModelSerializer[Item]):
    peoples = PeopleSerializer(many=True)
    subjects = SubjectSerializer(many=True)
    collections = CollectionSerializer(many=True)
    credits = CreditSerializer(many=True)
    located = LocatedSerializer(many=True)
    files = FileSerializer(many=True)
    rights = RightsSerializer()
    communities = CommunitySerializer(many=True)
    labels = LabelSerializer(many=True)

    class Meta:
        model = Item
        fields = (
            "pid", "identifier", "other_identifiers", "kind", "template", "titles", "alternative_titles", "descriptions", "contents",
            "extents", "mediums", "provenances", "sources", "orthography_notes", "own_values", "languages", "date_edtf",
            "date_as_written", "issued_edtf", "issued_as_written", "period_edtf", "period_as_written", "peoples", "subjects",
            "collections", "credits", "located", "rights", "rights_statements", "rights_holders", "origin_statements", "communities",
            "labels", "is_sample", "published_at", "modified_at", "files",
        )  # fmt: skip


class FlatSerializer(serializers.ModelSerializer[Item]):
    """Columns of the items alone, nothing beside them: what the least that DRF does of these rows costs."""

    class Meta:
        model = Item
        fields = ItemSerializer.Meta.fields[:22]


class _Pages(pagination.CursorPagination):
    page_size = 50
    ordering = ("-published_at", "-pk")


def _open() -> QuerySet[Item]:
    return Item.objects.filter(state="published", effective_rule=AccessRule.objects.public())


class PeerList(generics.ListAPIView[Item]):
    """Items of the public rule, newest first."""

    serializer_class = ItemSerializer
    pagination_class = _Pages
    renderer_classes = [JSONRenderer]

    def get_queryset(self) -> QuerySet[Item]:
        return (
            _open()
            .select_related("rights")
            .prefetch_related(
                "peoples", "subjects", "collections", "credits__agent", "located__place__names", "communities", "labels",
                "files__master__derivatives",
            )
        )  # fmt: skip


class FlatList(generics.ListAPIView[Item]):
    """The same without what stands in other tables."""

    serializer_class = FlatSerializer
    pagination_class = _Pages
    renderer_classes = [JSONRenderer]

    def get_queryset(self) -> QuerySet[Item]:
        return _open()


urlpatterns = [
    path("peer/items/", PeerList.as_view()),
    path("peer/flat/", FlatList.as_view()),
    *urls.urlpatterns,
]
