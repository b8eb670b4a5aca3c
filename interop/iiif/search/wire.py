"""Hits as the JSON of Content Search 2.0, and of 1.0 for the viewers that read no other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from interop.iiif.search.finding import Hit, Target

Json = dict[str, Any]  # Any: JSON
CONTEXT_2 = "http://iiif.io/api/search/2/context.json"
CONTEXT_1 = "http://iiif.io/api/search/1/context.json"
CONTEXT_P2 = "http://iiif.io/api/presentation/2/context.json"


def page_2(address: str, base: str, hits: Sequence[Hit]) -> Json:
    """Return the answer of version 2: the hits, and for each what stands around it (sections 3.2 and 3.3.4)."""
    items, extended = [], []
    for hit in hits:
        tongue = {"language": hit.language} if hit.language else {}
        body = {"type": "TextualBody", "value": hit.match, "format": "text/plain", **tongue}
        for at, target in _each(base, hit):
            items.append(
                {"id": at, "type": "Annotation", "motivation": ["supplementing"], "body": body, "target": _part(target)}
            )
        selector = {"type": "TextQuoteSelector", "prefix": hit.before, "exact": hit.match, "suffix": hit.after}
        extended.append(
            {
                "id": f"{base}/{hit.key}/around",
                "type": "Annotation",
                "motivation": ["contextualizing"],
                "target": {"type": "SpecificResource", "source": f"{base}/{hit.key}.1", "selector": [selector]},
            }
        )
    answer: Json = {"@context": CONTEXT_2, "id": address, "type": "AnnotationPage", "items": items}
    return {**answer, "annotations": [{"type": "AnnotationPage", "items": extended}]} if extended else answer


def page_1(address: str, base: str, hits: Sequence[Hit]) -> Json:
    """Return the answer of version 1: an annotation list with hits (sections 3.3 and 3.4)."""
    resources, told = [], []
    for hit in hits:
        keys = []
        for at, target in _each(base, hit):
            keys.append(at)
            resources.append(
                {
                    "@id": at,
                    "@type": "oa:Annotation",
                    "motivation": "sc:painting",
                    "resource": {"@type": "cnt:ContentAsText", "chars": hit.match},
                    "on": _part(target),
                }
            )
        told.append(
            {
                "@type": "search:Hit",
                "annotations": keys,
                "match": hit.match,
                "before": hit.before,
                "after": hit.after,
            }
        )
    return {
        "@context": [CONTEXT_P2, CONTEXT_1],
        "@id": address,
        "@type": "sc:AnnotationList",
        "within": {"@type": "sc:Layer", "total": len(resources)},
        "resources": resources,
        "hits": told,
    }


def _each(base: str, hit: Hit) -> Iterator[tuple[str, Target]]:
    for number, target in enumerate(hit.targets, 1):
        yield f"{base}/{hit.key}.{number}", target


def _part(target: Target) -> str:
    if target.box is not None:
        return f"{target.canvas}#xywh={','.join(map(str, target.box))}"
    if target.span_s is not None:
        return f"{target.canvas}#t={target.span_s[0]:g},{target.span_s[1]:g}"
    return target.canvas
