"""Tags for machines in the head of a page: names of Highwire Press, which Google Scholar and Zotero's connector read."""

from __future__ import annotations

from collections.abc import Iterator

from archive.crosswalks.reference import Reference


def tags(reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield name and content of each tag, authors in their order."""
    yield "citation_title", reference.title
    for one in reference.leads:
        yield "citation_author", one.name
    known = reference.dated.start or reference.dated.end
    if known:
        yield "citation_publication_date", "/".join([f"{known[0]:04}", *(f"{one:02}" for one in known[1:])])
    yield "citation_publisher", ", ".join(reference.publishers) or reference.archive
    if reference.languages:
        yield "citation_language", reference.languages[0]
    if reference.isbn:
        yield "citation_isbn", reference.isbn
    for word in reference.keywords:
        yield "citation_keywords", word
    yield "citation_public_url", reference.address
