"""What the schema says of each address. Plain English: the schema is for programmers and is the same in every language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.serializers import Serializer

from archive.crosswalks.schema_org import MEDIA_TYPE as LINKED_DATA
from archive.models import ItemKind
from archive.search import Sort
from archive.search.engine import QUERY_LENGTH_MOST
from interop.api import parameters, search_shapes, shapes
from interop.api.expansion import EXPANSIONS, ITEMS_WITH_FILES_MOST
from interop.api.file_shapes import PID, WholeFileShape
from interop.api.problems import MEDIA_TYPE

View = TypeVar("View", bound=Callable[..., Any])  # Any: methods of views, whatever they take
_DAY = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "pattern": parameters.YEAR_PATTERN}]}
_MOMENT = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}
_SLUG = {"type": "string", "pattern": parameters.SLUG_PATTERN}
_LANGUAGE_NOTE = "Errors and facet labels follow Accept-Language (vi, en)."


def _parameter(name: str, schema: dict[str, Any], description: str) -> OpenApiParameter:  # Any: JSON Schema
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=description)


_PAGE_SIZE = _parameter(
    "page_size",
    {"type": "integer", "minimum": 1, "maximum": parameters.PAGE_SIZE_MOST, "default": parameters.PAGE_SIZE},
    "How many entries a page has.",
)
_COUNT = _parameter(
    "count", {"type": "boolean", "default": False}, "true adds the number of entries in the whole list."
)
_FILTERS = [
    _parameter("people", _SLUG, "Slug of a people."),
    _parameter("kind", {"type": "string", "enum": list(ItemKind.values)}, "Kind of item."),
    _parameter(
        "language", {"type": "string", "pattern": parameters.LANGUAGE_PATTERN}, "BCP 47 tag of a language of the item."
    ),
    _parameter("place", _SLUG, "Slug of a place: items told to be there, or in whatever lies in it."),
    _parameter("subject", _SLUG, "Slug of a subject."),
    _parameter("collection", _SLUG, "Slug of a collection."),
    _parameter("date_from", _DAY, "Items that may have been made on this day or year, or later."),
    _parameter("date_to", _DAY, "Items that may have been made on this day or year, or earlier."),
]
_FIELDS = OpenApiParameter(
    "fields",
    {
        "type": "array",
        "items": {"type": "string", "enum": list(shapes.ItemShape().fields)},
        "minItems": 1,
    },
    OpenApiParameter.QUERY,
    description="Only these fields of each record, parted by commas; `pid` is always there.",
    style="form",
    explode=False,
)
_EXPAND = OpenApiParameter(
    "expand",
    {
        "type": "array",
        "items": {"type": "string", "enum": list(EXPANSIONS)},
        "minItems": 1,
    },
    OpenApiParameter.QUERY,
    description=(
        "What to tell whole, parted by commas: headings come in `included`, each once; with files each has all its pages, and a page "
        f"of a list has at most {ITEMS_WITH_FILES_MOST} items."
    ),
    style="form",
    explode=False,
)
_SINCE = _parameter(
    "modified_since", _MOMENT, "Items whose `modified_at` is this moment or later. A day begins at midnight UTC."
)


def _problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(shapes.Problem, description=description)


def _answers(
    shape: type[Serializer[Any]], *, found: bool = False, preparing: bool = False
) -> dict[Any, Any]:  # Any: as drf-spectacular takes them
    answers: dict[Any, Any] = {
        200: OpenApiResponse(shape, description="What was asked for."),
        304: OpenApiResponse(
            description="The reader has this very answer already (If-None-Match; of one item also If-Modified-Since)."
        ),
        (400, MEDIA_TYPE): _problem("A parameter is not as described; `parameter` names it."),
        (401, MEDIA_TYPE): _problem("A key was sent that does not count. Without one, what is public stays open."),
        (403, MEDIA_TYPE): _problem("The key that was sent is not good for reading records."),
        (406, MEDIA_TYPE): _problem("The answer cannot be given in a form that Accept allows."),
        (429, MEDIA_TYPE): _problem(
            "Too many requests with this key, or without one from this address; Retry-After says how many seconds to wait."
        ),
    }
    if preparing:
        answers[503, MEDIA_TYPE] = _problem(
            "The index is being built. `Retry-After` says in how many seconds to ask again."
        )
    if found:
        answers[404, MEDIA_TYPE] = _problem(
            "There is no such item, or it is not open to the asking reader: nobody can tell which."
        )
        answers[410, MEDIA_TYPE] = OpenApiResponse(
            shapes.GoneProblem, description="The item was open to everyone and has been withdrawn."
        )
    return answers


def describe_items(view: View) -> View:
    return extend_schema(
        operation_id="listItems",
        tags=["items"],
        summary="List items",
        description=(
            "Published items that the asking reader may see, newest publication first. Follow `next` until it is null; the list "
            f"stays in place while items are added. {_LANGUAGE_NOTE}"
        ),
        parameters=[*_FILTERS, _SINCE, _FIELDS, _EXPAND, _PAGE_SIZE, _COUNT],
        responses=_answers(shapes.ItemList),
    )(view)


def describe_item(view: View) -> View:
    pid = OpenApiParameter(
        "pid", {"type": "string", "pattern": PID}, OpenApiParameter.PATH, description="The item's pid."
    )
    answers = _answers(shapes.WholeItemShape, found=True)
    answers[200, "application/json"] = answers.pop(200)
    answers[200, LINKED_DATA] = OpenApiResponse(
        OpenApiTypes.OBJECT, description="The same as schema.org in JSON-LD; `fields` and `expand` are not for it."
    )
    return extend_schema(
        operation_id="getItem",
        tags=["items"],
        summary="Read one item",
        description=f"One item with all its files, pages and copies. {_LANGUAGE_NOTE}",
        parameters=[pid, _FIELDS, _EXPAND],
        responses=answers,
    )(view)


def describe_file(view: View) -> View:
    pid = OpenApiParameter(
        "pid", {"type": "string", "pattern": PID}, OpenApiParameter.PATH, description="The file's pid."
    )
    answers = _answers(WholeFileShape)
    answers[404, MEDIA_TYPE] = _problem("There is no such file, or it is not open to the asking reader.")
    return extend_schema(
        operation_id="getFile",
        tags=["items"],
        summary="Read one file",
        description=f"One file of an item, with all that was made of it. {_LANGUAGE_NOTE}",
        parameters=[pid],
        responses=answers,
    )(view)


def describe_search(view: View) -> View:
    # A NUL in an address is refused at every door.
    words = {"type": "string", "maxLength": QUERY_LENGTH_MOST, "pattern": r"^[^\u0000]*$"}
    sorts = {"type": "string", "enum": [one.value for one in Sort], "default": Sort.RELEVANCE.value}
    return extend_schema(
        operation_id="search",
        tags=["search"],
        summary="Search items",
        description=(
            "Words are found with and without diacritics; typed with them, exact matches come first. What fits only nearly comes last "
            "and is listed in `approximate`. Words in double quotes stand together. Totals and facets count what the asking reader may "
            f"see, and nothing else. Follow `next` until it is null. {_LANGUAGE_NOTE}"
        ),
        parameters=[
            _parameter("q", words, "Words to look for; without them every item is a hit."),
            *_FILTERS,
            _parameter("sort", sorts, "Order of the hits."),
            _FIELDS,
            _EXPAND,
            _PAGE_SIZE,
        ],
        responses=_answers(search_shapes.SearchAnswer, preparing=True),
    )(view)


def describe_suggest(view: View) -> View:
    words = {"type": "string", "maxLength": QUERY_LENGTH_MOST, "pattern": r"^[^\u0000]*$"}
    return extend_schema(
        operation_id="suggest",
        tags=["search"],
        summary="Suggest queries",
        description=(
            "What may be meant by the beginning of a query, made of what the asking reader may see and of nothing else. "
            f"{_LANGUAGE_NOTE}"
        ),
        parameters=[_parameter("q", words, "What has been typed so far.")],
        responses=_answers(search_shapes.SuggestAnswer, preparing=True),
    )(view)


def describe_changes(view: View) -> View:
    since = _parameter("since", _MOMENT, "Changes at this moment or later; without it from the beginning.")
    return extend_schema(
        operation_id="listChanges",
        tags=["items"],
        summary="List what changed since",
        description=(
            "Published items that the asking reader may see, by the moment of their last change, and among them the deletions: items that "
            "were open to everyone and are not open to the asking reader any more. Follow `next` until it is null, keep `until`, and ask "
            f"with it as `since` the next time. Nothing is skipped while records change; some are told twice. {_LANGUAGE_NOTE}"
        ),
        parameters=[since, _PAGE_SIZE],
        responses=_answers(shapes.ChangeList),
    )(view)


def describe_list(name: str, shape: type[Serializer[Any]]) -> Callable[[View], View]:  # Any: shapes only describe
    def describe(view: View) -> View:
        return extend_schema(
            operation_id=f"list{name.title()}",
            tags=["headings"],
            summary=f"List {name}",
            description=f"The {name} under which the asking reader may see something, by slug. {_LANGUAGE_NOTE}",
            parameters=[_PAGE_SIZE, _COUNT],
            responses=_answers(shape),
        )(view)

    return describe


def describe_languages(view: View) -> View:
    return extend_schema(
        operation_id="listLanguages",
        tags=["headings"],
        summary="List languages",
        description=f"The languages of what the asking reader may see, by tag, all in one page. {_LANGUAGE_NOTE}",
        responses=_answers(shapes.LanguageList, preparing=True),
    )(view)


def describe_schema(view: View) -> View:
    return extend_schema(
        operation_id="getSchema",
        tags=["schema"],
        summary="Read this schema",
        description="This OpenAPI 3.1 document, as JSON or YAML by Accept.",
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "application/yaml"): OpenApiTypes.OBJECT,
            (200, "application/vnd.oai.openapi+json"): OpenApiTypes.OBJECT,
            (200, "application/vnd.oai.openapi"): OpenApiTypes.OBJECT,
        },
    )(view)
