"""The OpenAPI document: made once from the views, the same for every reader, and held against docs/reference/openapi.yaml."""

from __future__ import annotations

import copy
import functools
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from rest_framework.request import Request
from rest_framework.response import Response

from interop.api import examples
from interop.api.documents import describe_schema
from interop.api.views import ReadView

Document = dict[str, Any]  # Any: JSON
# Neither belongs to the interface: who runs this archive, and by what name.
NEUTRAL_CONTACT = {"name": "The library that runs this archive"}


@functools.cache
def document() -> Document:
    """Return the document as this archive serves it."""
    with translation.override("en"):
        made: Document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]  # drf-spectacular has no types
    return made


def neutral_document() -> Document:
    """Return the document without what differs between archives: what is committed and compared."""
    made = copy.deepcopy(document())
    made["info"]["contact"] = NEUTRAL_CONTACT
    return made


def as_yaml(made: Document) -> bytes:
    """Return a document as YAML, keys in their order."""
    rendered: bytes = OpenApiYamlRenderer().render(made)  # type: ignore[no-untyped-call]  # as above
    return rendered


def leave_out_doubles(
    endpoints: list[tuple[Any, ...]], **_kwargs: Any
) -> list[tuple[Any, ...]]:  # Any: drf-spectacular's
    """Keep one of the two addresses of each view."""
    return [endpoint for endpoint in endpoints if endpoint[0].endswith("/")]


def finish(result: Document, **_kwargs: Any) -> Document:  # Any: drf-spectacular passes its own
    """Close every shape against undeclared fields, write addresses without their last slash, say how keys are sent."""
    result["paths"] = {address.rstrip("/"): methods for address, methods in result["paths"].items()}
    for shape in result.get("components", {}).get("schemas", {}).values():
        shape["additionalProperties"] = False
        for one in shape["properties"].values():
            one.pop("x-spec-enum-id", None)
    # With `fields` a record has those that were asked for.
    for name in ("Item", "WholeItem"):
        result["components"]["schemas"][name]["required"] = ["pid"]
    examples.add(result)
    result["components"]["securitySchemes"] = {
        "partnerKey": {
            "type": "http",
            "scheme": "bearer",
            "description": "The key of a partner library. What is public is read without one.",
        }
    }
    result["security"] = [{}, {"partnerKey": []}]
    return result


class SchemaView(ReadView):
    """The document itself."""

    is_for_everybody = True
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]

    @describe_schema
    def get(self, request: Request) -> Response:
        return Response(document())
