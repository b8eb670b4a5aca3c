"""From items and collections to what their manifests say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from archive import addresses, derived_names, harvest_names, transcripts, whereabouts
from archive.crosswalks import dublin_core, marc, mods, schema_org
from archive.models import Collection, Item, ItemFile, ItemKind
from interop.iiif.presentation import description, files
from interop.iiif.presentation.description import said, texts_of
from interop.iiif.presentation.files import Place
from interop.iiif.presentation.values import (
    NO_LANGUAGE,
    About,
    Entry,
    Manifest,
    Provider,
    Resource,
    Said,
    Search,
    Texts,
)  # fmt: skip

Absolute = Callable[[str], str]
ROOT = "/iiif/presentation/3"
# Formats of OAI-PMH that a viewer's user may want, each with its schema.
HARVESTED = {"oai_dc": dublin_core.OAI_DC, "mods": mods.NAMESPACE, "marcxml": marc.NAMESPACE}
# What is read leaf by leaf, two at a time.
PAGED_KINDS = frozenset({ItemKind.DOCUMENT.value, ItemKind.EBOOK.value})


def place_of(item: Item, absolute: Absolute) -> Place:
    return Place(absolute(f"{ROOT}/{item.pid}"), absolute)


def manifest_of(item: Item, absolute: Absolute) -> Manifest:
    """Return what the manifest of an item read by `archive.queries.item` says, of the files that its reader may see.

    Queries as `whereabouts.of_items`; reads one small file of each that has a table of contents.
    """
    place = place_of(item, absolute)
    seen: Sequence[ItemFile] = item.visible_files  # type: ignore[attr-defined]  # prefetched by with_visible_files
    canvases = files.canvases_of(seen, place)
    about = About(
        address=f"{place.base}/manifest",
        label=description.title(item),
        provider=provider(absolute),
        summary=texts_of(item.descriptions),
        metadata=description.metadata(item, whereabouts.of_items([item]).get(item.pk, [])),
        required=description.attribution(item),
        rights=description.rights_uri(item),
        homepages=_homepages(item, absolute),
        see_also=(_record(item, absolute), *_other_records(item, absolute)),
        part_of=tuple(_collection_entry(one, absolute) for one in item.collections.all()),
        thumbnail=files.thumbnail_of(seen, place),
        nav_date=_nav_date(item),
    )
    return Manifest(
        about,
        canvases,
        files.ranges_of(seen, place, canvases),
        renderings=_to_read(item, seen, absolute),
        annotations=files.transcripts_of(seen, place),
        search=_search(item, seen, absolute),
        is_paged=item.kind in PAGED_KINDS and len(canvases) > 2 and not any(one.duration_s for one in canvases),
    )


def provider(absolute: Absolute) -> Provider:
    """Return the library."""
    name: Texts = {NO_LANGUAGE: [str(settings.LIBRARY_NAME)]}
    home = absolute("/")
    return Provider(home, name, Resource(home, "Text", "text/html", name))


def item_entries(items: Iterable[Item], absolute: Absolute) -> list[Entry]:
    """Return the entries of items, with a picture of each where its reader may see one. No query."""
    found = []
    for item in items:
        place = place_of(item, absolute)
        picture = files.thumbnail_of(item.visible_files, place)  # type: ignore[attr-defined]  # as above
        entry = Entry(f"{place.base}/manifest", "Manifest", description.title(item), picture, _nav_date(item))
        found.append(entry)
    return found


def collection_entries(collections: Iterable[Collection], absolute: Absolute) -> list[Entry]:
    """Return the entries of collections."""
    return [_collection_entry(one, absolute) for one in collections]


def about_collection(collection: Collection, absolute: Absolute, query: str = "") -> About:
    """Return what a collection says of itself; `query` belongs to the address of a further part of it."""
    top = Entry(absolute(f"{ROOT}/collection/top"), "Collection", top_label())
    parent = None if collection.parent is None else _collection_entry(collection.parent, absolute)
    return About(
        address=absolute(f"{ROOT}/collection/{collection.slug}{query}"),
        label=_collection_label(collection),
        provider=provider(absolute),
        summary=texts_of(collection.descriptions),
        homepages=tuple(
            _page(lambda: reverse("public_site:collection", args=[collection.slug]), language, _collection_label(collection), absolute)
            for language in description.LANGUAGES
        ),
        part_of=(parent or top,),
    )  # fmt: skip


def about_top(absolute: Absolute) -> About:
    """Return what the collection of all collections says of itself."""
    return About(absolute(f"{ROOT}/collection/top"), top_label(), provider(absolute))


def about_rest(absolute: Absolute, query: str = "") -> About:
    """Return what the collection of everything that is in no collection says of itself."""
    top = Entry(absolute(f"{ROOT}/collection/top"), "Collection", top_label())
    return About(absolute(f"{ROOT}/rest{query}"), rest_label(), provider(absolute), part_of=(top,))


def top_label() -> Texts:
    return said(lambda: _("All collections"))


def rest_label() -> Texts:
    return said(lambda: _("Items in no collection"))


def continued(address: str) -> Entry:
    """Return the entry that leads on to the next part of a long collection."""
    return Entry(address, "Collection", said(lambda: _("Continued")))


def spoken(text: ItemFile) -> list[Said]:
    """Return the segments of a transcript, of subtitles or of a plain text. Reads the storage part by part."""
    return [
        Said(
            one.number,
            f"{one.speaker}: {one.text}" if one.speaker else one.text,
            None if one.start_ms is None else (one.start_ms / 1000, (one.end_ms or one.start_ms) / 1000),
        )
        for one in transcripts.of(text.derivative(derived_names.CAPTIONS)).all_segments()
    ]


def _collection_entry(collection: Collection, absolute: Absolute) -> Entry:
    return Entry(absolute(f"{ROOT}/collection/{collection.slug}"), "Collection", _collection_label(collection))


def _collection_label(collection: Collection) -> Texts:
    return texts_of(collection.names) or {NO_LANGUAGE: [collection.slug]}


def _page(address: Callable[[], str], language: str, label: Texts, absolute: Absolute) -> Resource:
    with translation.override(language):
        return Resource(absolute(address()), "Text", "text/html", label, language=language)


def _homepages(item: Item, absolute: Absolute) -> tuple[Resource, ...]:
    label = description.title(item)
    return tuple(
        _page(lambda: addresses.item(item), language, label, absolute) for language in description.LANGUAGES
    )  # fmt: skip


def _record(item: Item, absolute: Absolute) -> Resource:
    address = absolute(reverse("api:item", args=[item.pid]))
    return Resource(address, "Dataset", "application/json", said(lambda: _("Record of the REST API")))


def _other_records(item: Item, absolute: Absolute) -> tuple[Resource, ...]:
    """Return the same record in the formats of others, where everybody may see it: those doors know nobody who has a key."""
    if not item.effective_rule.policy.is_public:
        return ()
    found = [
        Resource(
            absolute(addresses.export(item, "jsonld")), "Dataset", schema_org.MEDIA_TYPE,
            {NO_LANGUAGE: ["schema.org"]}, profile=f"{schema_org.CONTEXT}/",
        )
    ]  # fmt: skip
    for prefix, schema in HARVESTED.items():
        address = absolute(harvest_names.record_path(item.pid, prefix))
        found.append(Resource(address, "Dataset", "text/xml", {NO_LANGUAGE: [f"OAI-PMH {prefix}"]}, profile=schema))
    return tuple(found)


def _to_read(item: Item, seen: Sequence[ItemFile], absolute: Absolute) -> tuple[Resource, ...]:
    """Return the page where an e-book is read chapter by chapter: a canvas has only its cover."""
    books = [one for one in seen if one.master is not None and one.master.kind == "epub"]
    if not any(one.derivative("chapters") for one in books):
        return ()
    label = said(lambda: _("Read the book"))
    return tuple(
        _page(lambda: addresses.item(item), language, label, absolute) for language in description.LANGUAGES
    )  # fmt: skip


def _search(item: Item, seen: Sequence[ItemFile], absolute: Absolute) -> Search | None:
    """Return where the words of an item are looked for; None where it has none."""
    if not any(files.has_text(one) for one in seen):
        return None
    return Search(*(absolute(f"/iiif/search/{version}/{item.pid}") for version in (2, 1)))


def _nav_date(item: Item) -> str:
    return "" if item.date_first is None else f"{item.date_first.isoformat()}T00:00:00Z"
