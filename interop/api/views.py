"""Views of the REST API. Everything is read through `archive.queries` and `archive.search`, viewer first."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from access.policy import Standing
from access.requests import viewer_of
from access.viewer import Viewer
from archive import addresses, place_history, queries, relations, whereabouts, whole_headings
from archive.models import Collection, Item, ItemFile, People, Place, Subject
from archive.search import BadCursor, search, suggest
from interop.api import (
    expansion,
    headings,
    linked_data,
    matches,
    moved,
    paging,
    parameters,
    prepared,
    records,
    sending,
)
from interop.api.documents import (
    describe_file,
    describe_item,
    describe_items,
    describe_list,
    describe_search,
    describe_suggest,
)
from interop.api.headings import Record
from interop.api.problems import Gone, handle
from interop.api.rendering import Ready, ReadyRenderer, with_results
from interop.api.shapes import AgentList, CollectionList, ItemShape, PeopleList, PlaceList, SubjectList

ITEM_FIELDS = tuple(ItemShape().fields)


class ReadView(APIView):
    """What every address of the API shares: strict parameters, validators, and who may read the answer from elsewhere."""

    known_parameters: frozenset[str] = frozenset()
    renderer_classes = [ReadyRenderer]
    is_for_everybody = False  # the answer is the same for all, so nobody has to be known

    def get_exception_handler(self) -> Callable[..., Response | None]:
        return handle

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # Any: DRF's own
        super().initial(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            parameters.check_names(request.query_params, self.known_parameters)
            if parameters.FILTERS & self.known_parameters:
                moved.follow(request)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]  # Any: DRF's own
        """Answer what may be done here; nothing about what is here."""
        return Response(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:  # Any: DRF's
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(answer, ("Accept-Language", "Cookie"))
        # Other sites' pages read what a stranger may read. With a star browsers send no cookies, so they get no more.
        viewer = viewer_of(request)
        if self.is_for_everybody or viewer.is_stranger or viewer.standing == Standing():
            answer["Access-Control-Allow-Origin"] = "*"
        if answer.status_code == 200:
            finish = functools.partial(sending.finish, request, is_for_everybody=self.is_for_everybody)
            answer.add_post_render_callback(finish)
        return answer


class ItemsView(ReadView):
    """The items."""

    known_parameters = parameters.PAGING | parameters.FILTERS | {"modified_since", "fields", "expand"}

    @describe_items
    def get(self, request: Request) -> Response:
        query, viewer = request.query_params, viewer_of(request)
        filters, since = parameters.filters(query), parameters.changed_since(query)
        items = queries.published_items(viewer, filters, changed_since=since)
        write, question = ItemWriter(request, viewer), f"items {filters} {since}"
        rows = items.only("pk", "pid", "published_at") if write.takes_ready else queries.described(viewer, items)
        most = expansion.ITEMS_WITH_FILES_MOST if write.tells_every_page else None
        return _list(request, items, rows, paging.NewestFirst(), write, question=question, most=most)


class ItemView(ReadView):
    """One item, as JSON of ours or as linked data."""

    known_parameters = frozenset({"fields", "expand"})
    renderer_classes = [ReadyRenderer, linked_data.LinkedDataRenderer]

    @describe_item
    def get(self, request: Request, pid: str) -> Response:
        viewer = viewer_of(request)
        is_linked = linked_data.is_asked(request)
        write = ItemWriter(request, viewer, every_page=True)
        if not is_linked and write.takes_ready and (kept := prepared.one(viewer, pid, base=_base(request))):
            dated = sending.last_modified(kept.made_s, now_s=int(viewer.decided_at.timestamp()))
            return Response(Ready(write.chosen(kept.body)), headers=dated)
        item = queries.described(viewer, queries.visible_items(viewer).filter(pid=pid)).first()
        if item is None:
            left = queries.tombstone(pid)
            raise exceptions.NotFound if left is None else Gone(left)
        if is_linked:
            parameters.refuse_fields(request.query_params)
            queries.saw(viewer, [item])
            closed = queries.closed_file_count(item) > 0
            return Response(linked_data.of_item(request, viewer, item, has_closed_files=closed))
        (record,) = write([item])
        return Response({**record, **write.included([item])})


class FileView(ReadView):
    """One file, with its item."""

    @describe_file
    def get(self, request: Request, pid: str) -> Response:
        viewer = viewer_of(request)
        item = queries.described(viewer, queries.visible_items(viewer).filter(files__pid=pid)).first()
        seen: Sequence[ItemFile] = () if item is None else item.visible_files  # type: ignore[attr-defined]  # prefetched
        file = next((one for one in seen if one.pid == pid), None)
        if item is None or file is None:
            raise exceptions.NotFound
        queries.saw(viewer, [item])
        context = _context(request, viewer, [item], every_page=True)
        whole = {"pid": item.pid, "url": context.absolute(reverse("api:item", args=[item.pid]))}
        return Response({**records.of_file(file, context, seen), "item": whole})


def _described(viewer: Viewer, keys: list[int], _called: object) -> dict[int, Item]:
    return {row.pk: row for row in queries.described(viewer, queries.visible_items(viewer).filter(pk__in=keys))}


class SearchView(ReadView):
    """The search."""

    known_parameters = parameters.FILTERS | {"q", "sort", "cursor", "page_size", "fields", "expand"}

    @describe_search
    def get(self, request: Request) -> Response:
        query, viewer = request.query_params, viewer_of(request)
        asked, write = parameters.paging(query), ItemWriter(request, viewer)
        most = expansion.ITEMS_WITH_FILES_MOST if write.tells_every_page else parameters.PAGE_SIZE_MOST
        try:
            found = search(
                parameters.question(query),
                parameters.filters(query),
                viewer,
                sort=parameters.sort(query),
                cursor=asked.cursor,
                page_size=min(asked.page_size, most),
                load=None if write.takes_ready else functools.partial(_described, viewer),
            )
        except BadCursor as error:
            raise parameters.bad_cursor() from error
        hits = found.hits
        head = {
            "total": found.total,
            "approximate": [hit.pid for hit in hits if hit.pk in found.approximate],
            "highlights": [one for hit in hits for one in matches.of_item(hit, found.words_in(hit.pk))],
            "moments": [
                records.of_moment(hit, found.moments[hit.pk], lambda path: _absolute(request, path))
                for hit in hits
                if hit.pk in found.moments
            ],
            "facets": headings.of_facets(found.facets),
            "decades": [{"first_year": year, "count": count} for year, count in found.decades],
            "places": [matches.of_place(place) for place in found.places],
            "did_you_mean": found.did_you_mean or None,
            "next": _page_address(request, found.next_cursor),
            "previous": _page_address(request, found.previous_cursor),
        }
        if write.takes_ready:
            return Response(with_results(head, "hits", write.ready(hits)))
        return Response({**head, "hits": write(hits), **write.included(hits)})


class SuggestView(ReadView):
    """What may be meant by the beginning of a query."""

    known_parameters = frozenset({"q"})

    @describe_suggest
    def get(self, request: Request) -> Response:
        found = suggest(parameters.question(request.query_params), viewer_of(request))
        return Response(matches.of_suggestions(found))


class NothingView(ReadView):
    """Every other address below the API."""

    schema = None

    def get(self, request: Request, rest: str = "") -> Response:
        raise exceptions.NotFound


Writer = Callable[[Sequence[Any]], list[Record]]  # Any: rows of several models


class ItemWriter:
    """Writes items for this reader as they were asked for; their places are looked up together, and staff's sights written down."""

    def __init__(self, request: Request, viewer: Viewer, *, every_page: bool = False) -> None:
        self._request, self._viewer = request, viewer
        self._fields = parameters.fields(request.query_params, ITEM_FIELDS)
        self._expanded = parameters.expansions(request.query_params)
        self.tells_every_page = every_page or expansion.FILES in self._expanded
        # What is kept ready is what every visitor sees; nothing is expanded in it.
        self.takes_ready = prepared.is_for(viewer) and not self._expanded

    def __call__(self, items: Sequence[Item]) -> list[Record]:
        queries.saw(self._viewer, items)
        context = _context(self._request, self._viewer, items, every_page=self.tells_every_page)
        whole = [records.of_item(item, context) for item in items]
        chosen = self._fields
        return [{name: record[name] for name in record if not chosen or name in chosen} for record in whole]

    def ready(self, rows: Sequence[Item]) -> list[bytes]:
        """Return the records of items, of which only the keys were read, as JSON: as they are kept ready, the others made now."""
        kept = prepared.some(self._viewer, [row.pk for row in rows], base=_base(self._request))
        missing = [row.pk for row in rows if row.pk not in kept]
        parts = {pk: self.chosen(one.body) for pk, one in kept.items()}
        if missing:
            open_items = queries.published_items(self._viewer).filter(pk__in=missing)
            items = list(queries.described(self._viewer, open_items))
            made = zip(items, self(items), strict=True)
            parts |= {item.pk: prepared.rendered(record) for item, record in made}
        return [parts[row.pk] for row in rows if row.pk in parts]

    def chosen(self, body: bytes) -> bytes:
        """Return a record that is JSON already with the fields that were asked for."""
        if not self._fields:
            return body
        record = json.loads(body)
        return prepared.rendered({name: record[name] for name in record if name in self._fields})

    def included(self, items: Sequence[Item]) -> Record:
        """Return the member of the answer that tells the items' headings whole; nothing where none was asked for."""
        if not self._expanded:
            return {}
        return {"included": expansion.included(self._viewer, self._expanded, items)}


def _context(request: Request, viewer: Viewer, items: Sequence[Item], *, every_page: bool) -> records.Context:
    places = whereabouts.of_items(items)
    return records.Context(
        absolute=lambda path: _absolute(request, path),
        places=places,
        histories=place_history.of_places(where.place for shown in places.values() for where in shown),
        ties=relations.of_items(viewer, items),
        datestamp=lambda item: queries.datestamp(viewer, item),
        every_page=every_page,
    )


def _list(
    request: Request,
    counted: QuerySet[Any],
    rows: QuerySet[Any],
    keyset: paging.Keyset[Any],
    write: Writer,
    *,
    question: str,
    most: int | None = None,
) -> Response:  # Any: rows of several models
    """Return one page of a list. `counted` are the same rows without what only their records need; `most`: how many a page has at most."""
    asked = parameters.paging(request.query_params)
    size = asked.page_size if most is None else min(asked.page_size, most)
    try:
        page = paging.page(rows, keyset, cursor=asked.cursor, page_size=size, question=question)
    except BadCursor as error:
        raise parameters.bad_cursor() from error
    answer: Record = {"count": counted.count()} if asked.with_count else {}
    answer |= {
        "next": _page_address(request, page.next),
        "previous": _page_address(request, page.previous),
    }
    if isinstance(write, ItemWriter) and write.takes_ready:
        return Response(with_results(answer, "results", write.ready(page.rows)))
    answer["results"] = write(page.rows)
    if isinstance(write, ItemWriter):
        answer |= write.included(page.rows)
    return Response(answer)


def _page_address(request: Request, cursor: str) -> str | None:
    """Return this address with another cursor, all else as it was asked; None without a cursor."""
    if not cursor:
        return None
    query = request.query_params.copy()
    query["cursor"] = cursor
    return _absolute(request, f"{request.path}?{query.urlencode()}")


def _base(request: Request) -> str:
    return _absolute(request, "/").removesuffix("/")


def _absolute(request: Request, path: str) -> str:
    return addresses.absolute(request._request, path)


def _headings(
    name: str,
    shape: type[Serializer[Any]],
    read: Callable[[Viewer], QuerySet[Any]],
    write: Callable[[Sequence[Any]], list[Record]],
) -> type[ReadView]:  # Any: one of four models
    """Return the view of a list of headings, by slug."""

    class HeadingsView(ReadView):
        known_parameters = parameters.PAGING

        @describe_list(name, shape)
        def get(self, request: Request) -> Response:
            rows = read(viewer_of(request))
            return _list(request, rows, rows, paging.BySlug(), write, question=name)

    return HeadingsView


def _counted_headings(
    name: str, shape: type[Serializer[Any]], model: type[Any], write: Callable[[Sequence[Any]], list[Record]]
) -> type[ReadView]:  # Any: one of four models
    """Return the view of a list of headings that the index of the search counts, by slug."""

    class CountedHeadingsView(ReadView):
        known_parameters = parameters.PAGING

        @describe_list(name, shape)
        def get(self, request: Request) -> Response:
            found = whole_headings.counted(viewer_of(request), model)
            return _list(
                request,
                found.rows,
                found.rows,
                paging.BySlug(),
                lambda page: write(found.with_counts(page)),
                question=name,
            )

    return CountedHeadingsView


def _each(write: Callable[[Any], Record]) -> Callable[[Sequence[Any]], list[Record]]:  # Any: as above
    return lambda page: [write(row) for row in page]


def _places(page: Sequence[Place]) -> list[Record]:
    histories = place_history.of_places(page)
    return [headings.of_place(place, histories) for place in page]


AgentsView = _headings("agents", AgentList, queries.agents, _each(headings.of_agent))
PlacesView = _counted_headings("places", PlaceList, Place, _places)
CollectionsView = _counted_headings("collections", CollectionList, Collection, _each(headings.of_collection))
PeoplesView = _counted_headings("peoples", PeopleList, People, _each(headings.of_people))
SubjectsView = _counted_headings("subjects", SubjectList, Subject, _each(headings.of_subject))
