"""Writing subjects as SKOS."""

from __future__ import annotations

from collections.abc import Sequence

from rdflib import RDF, SKOS, Graph, Literal, URIRef

from archive.languages import LangValue
from archive.models import Subject
from archive.skos.concepts import BASE, MAPPINGS, SCHEME_BASE

_WEB = ("https://", "http://")


def graph_of(subjects: Sequence[Subject], *, base: str = BASE, with_hidden: bool = False) -> Graph:
    """Return the graph of subjects read with `broader` and `related`. `with_hidden`: slurs of old sources too, for another catalogue that
    keeps them as hidden. Ties to subjects that are not among them are left out."""
    graph = Graph()
    graph.bind("skos", SKOS)
    here = {subject.pk: URIRef(base + subject.slug) for subject in subjects}
    for subject in subjects:
        node = here[subject.pk]
        scheme = URIRef(SCHEME_BASE + subject.scheme)
        graph.add((scheme, RDF.type, SKOS.ConceptScheme))
        graph.add((scheme, SKOS.notation, Literal(subject.scheme)))
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SKOS.inScheme, scheme))
        _labels(graph, node, subject, with_hidden=with_hidden)
        if subject.notation:
            graph.add((node, SKOS.notation, Literal(subject.notation)))
        for above in subject.broader.all():
            if above.pk in here:
                graph.add((node, SKOS.broader, here[above.pk]))
                graph.add((here[above.pk], SKOS.narrower, node))
        for beside in subject.related.all():
            if beside.pk in here:
                graph.add((node, SKOS.related, here[beside.pk]))
        for match in subject.matches:
            if match.get("relation") in MAPPINGS and str(match.get("uri", "")).startswith(_WEB):
                graph.add((node, SKOS[match["relation"]], URIRef(match["uri"])))
    return graph


def _labels(graph: Graph, node: URIRef, subject: Subject, *, with_hidden: bool) -> None:
    """Add names and other forms. SKOS has one preferred label in a language: a second one is another form."""
    preferred: set[str] = set()
    for value in subject.names:
        label = SKOS.altLabel if value["lang"] in preferred else SKOS.prefLabel
        preferred.add(value["lang"])
        graph.add((node, label, _literal(value)))
    for value in subject.variants:
        graph.add((node, SKOS.altLabel, _literal(value)))
    for value in subject.hidden_variants if with_hidden else ():
        graph.add((node, SKOS.hiddenLabel, _literal(value)))
    for value in subject.notes:
        graph.add((node, SKOS.note, _literal(value)))


def _literal(value: LangValue) -> Literal:
    return Literal(value["value"], lang=None if value["lang"] == "und" else value["lang"])
