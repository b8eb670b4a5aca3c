"""Reading concepts out of a file of somebody else's: bounded in size, nothing fetched, nothing expanded."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.sax import SAXException

from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from archive import languages
from archive.languages import LangValue
from archive.skos.concepts import MAPPINGS, Concept, tag_of
from archive.texts import is_storable

BYTES_MOST = 50 << 20
CONCEPTS_MOST = 100_000
LABEL_CHARS_MOST = 500
NOTE_CHARS_MOST = 20_000
FORMATS = {".ttl": "turtle", ".rdf": "xml", ".xml": "xml"}
# Declarations of entities can name files and make a page out of a line; thesauri do without.
_DECLARED = re.compile(r"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
_NOTES = (SKOS.note, SKOS.scopeNote, SKOS.definition)


class SkosError(ValueError):
    """The file is not read. `code`: "large", "encoding", "entities", "unreadable", "many", "nothing"."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail = code, detail


def read(content: bytes, form: str) -> list[Concept]:
    """Return the concepts of a file, in the order of their addresses. `form`: "turtle" or "xml". Raises SkosError."""
    if len(content) > BYTES_MOST:
        raise SkosError("large")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SkosError("encoding") from error
    if form == "xml" and _DECLARED.search(text):
        raise SkosError("entities")
    graph = Graph()
    try:
        graph.parse(data=text, format=form, publicID="urn:nha-rong:file:")
    except (BadSyntax, ParserError, SAXException, ValueError, RecursionError, AssertionError) as error:
        raise SkosError("unreadable", str(error).strip().splitlines()[0][:200] if str(error).strip() else "") from error
    nodes = sorted({node for node in graph.subjects(RDF.type, SKOS.Concept) if isinstance(node, URIRef)})
    if len(nodes) > CONCEPTS_MOST:
        raise SkosError("many")
    if not nodes:
        raise SkosError("nothing")
    return [_concept(graph, node) for node in nodes]


def _concept(graph: Graph, node: URIRef) -> Concept:
    scheme = next((str(one) for one in graph.objects(node, SKOS.inScheme) if isinstance(one, URIRef)), "")
    scheme = scheme or next((str(one) for one in graph.objects(node, SKOS.topConceptOf)), "")
    notation = min((str(one) for one in graph.objects(node, SKOS.notation)), default="")
    above = {*graph.objects(node, SKOS.broader), *graph.subjects(SKOS.narrower, node)}
    beside = {*graph.objects(node, SKOS.related), *graph.subjects(SKOS.related, node)}
    return Concept(
        uri=str(node),
        names=_values(graph.objects(node, SKOS.prefLabel), LABEL_CHARS_MOST),
        variants=_values(graph.objects(node, SKOS.altLabel), LABEL_CHARS_MOST),
        hidden=_values(graph.objects(node, SKOS.hiddenLabel), LABEL_CHARS_MOST),
        notes=_values((one for name in _NOTES for one in graph.objects(node, name)), NOTE_CHARS_MOST),
        notation=notation if is_storable(notation) else "",
        scheme=scheme,
        broader=_addresses(above) - {str(node)},
        related=_addresses(beside) - {str(node)},
        matches=sorted(
            (name, str(one))
            for name in MAPPINGS
            for one in graph.objects(node, SKOS[name])
            if str(one).startswith(("https://", "http://"))
        ),
    )


def _addresses(nodes: Iterable[Node]) -> frozenset[str]:
    return frozenset(str(one) for one in nodes if isinstance(one, URIRef))


def _values(found: Iterable[Node], most: int) -> list[LangValue]:
    """Return the literals that can be kept, by language: what is too long or has letters that no database keeps is left out."""
    values: list[LangValue] = []
    for one in sorted(literal for literal in found if isinstance(literal, Literal)):
        tag, text = tag_of(one.language), str(one)
        if len(text) <= most and is_storable(text) and languages.BCP47.match(tag):
            values.append({"lang": tag, "value": text})
    return languages.clean(values)
