"""By what a device knows whether a page that it keeps is still what everybody may read: `Keep-Seal`, a digest of what the page tells.

A work and its files have pids, by which a device asks for them. An exhibit, a person, a people or a place has none that a page tells: of
these it asks for the page by its path (`public_site.views.kept`), and what it keeps goes where the seal is another one, or none. So a seal
holds what a stranger reads and nothing else: no version and no count, which what is closed would change, too. Of the works on such a page
their pids are asked for, as everywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence

from access.viewer import Viewer
from archive import queries, ways
from archive.exhibits import reading
from archive.exhibits.reading import Block, Shown
from archive.models import Agent, Collection, Place, PlaceName
from archive.models.authority import Authority
from public_site.page_languages import PREFIX

HEADER = "Keep-Seal"
_PATH = re.compile(
    r"/(exhibits|agents|peoples|places|subjects|collections)/(?:([-\w]{1,120})/(?:([-\w]{1,80})/)?)?", re.ASCII
)
_FACETS = {"peoples": "people", "subjects": "subject", "collections": "collection"}


def of_exhibit(shown: Shown) -> str:
    """Return the seal of every page of an exhibit, as far as its reader sees it. No query."""
    return _digest(_exhibit(shown))


def of_exhibits(shown: Iterable[Shown]) -> str:
    """Return the seal of the list of exhibits. No query."""
    return _digest([_exhibit(one) for one in shown])


def of_agent(agent: Agent, roles: Iterable[str]) -> str:
    """Return the seal of the page of a person, a family or a body that may be named: `roles` are its parts in what the reader sees. No
    query."""
    return _digest([*_authority(agent), agent.kind, agent.born_edtf, agent.died_edtf, sorted(roles)])


def of_heading(heading: Authority) -> str:
    """Return the seal of the page of a people, a subject or a collection. No query."""
    return _digest([*_authority(heading), heading.descriptions if isinstance(heading, Collection) else []])


def of_place(place: Place) -> str:
    """Return the seal of the page of a place that is told as it is and was read with its names. No query."""
    return _digest(_place(place))


def of_paths(viewer: Viewer, paths: Several[str]) -> dict[str, str]:
    """Return the seals of those of these pages that this viewer finds, by path; in which language a page is makes no difference. At most
    seven queries for exhibits, two for agents, four for places and two for each kind of other headings."""
    asked: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for path in paths:
        match = _PATH.fullmatch(PREFIX.sub("", path, count=1))
        if match is not None and (match[2] or match[1] == "exhibits") and (not match[3] or match[1] == "exhibits"):
            asked[match[1]][match[2] or ""].append((match[3] or "", path))
    found: dict[str, str] = {}
    if exhibits := asked.pop("exhibits", None):
        found |= _of_exhibits(viewer, exhibits)
    if agents := asked.pop("agents", None):
        found |= _by_slug(_of_agents(viewer, agents), agents)
    for section, slugs in asked.items():
        found |= _by_slug(_of_headings(viewer, section, slugs), slugs)
    return found


def _of_exhibits(viewer: Viewer, asked: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, str]:
    shown = {one.exhibit.slug: one for one in reading.exhibits(viewer, slugs=None if "" in asked else list(asked))}
    found = {path: of_exhibits(shown.values()) for _page, path in asked.get("", ())}
    for slug, pages in asked.items():
        if slug in shown:
            there = {"", *(one.slug for one in shown[slug].pages)}
            found |= {path: of_exhibit(shown[slug]) for page, path in pages if page in there}
    return found


def _of_agents(viewer: Viewer, slugs: Several[str]) -> dict[str, str]:
    agents = list(queries.agents(viewer).filter(slug__in=slugs))
    roles = queries.roles_of_agents(viewer, [agent.pk for agent in agents]) if agents else {}
    return {agent.slug: of_agent(agent, roles.get(agent.pk, ())) for agent in agents}


def _of_headings(viewer: Viewer, section: str, slugs: Several[str]) -> dict[str, str]:
    if section == "places":
        return {place.slug: of_place(place) for place in ways.places_called(viewer, slugs)}
    return {row.slug: of_heading(row) for row in ways.headings(viewer, _FACETS[section], slugs)}


def _by_slug(seals: Mapping[str, str], asked: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, str]:
    return {path: seals[slug] for slug, pages in asked.items() if slug in seals for _page, path in pages}


def _exhibit(shown: Shown) -> list[object]:
    exhibit = shown.exhibit
    pages = [[page.slug, page.titles, [_block(block) for block in page.blocks]] for page in shown.pages]
    return [exhibit.slug, exhibit.titles, exhibit.summaries, pages]


def _block(block: Block) -> list[object]:
    pieces = [
        [piece.captions, piece.item_key, _place(piece.place) if piece.place is not None else None]
        for piece in block.pieces
    ]
    return [block.key, block.kind, block.texts, block.sources, block.start_ms, block.end_ms, pieces]


def _authority(row: Authority) -> list[object]:
    return [row.slug, row.names, row.variants, row.notes, row.codes]


def _place(place: Place) -> list[object]:
    names = [
        [name.pk, name.text, name.lang, name.kind, str(name.valid_from), str(name.valid_to)]
        for name in place.names.all()
        if name.kind != PlaceName.NameKind.HIDDEN
    ]
    where = [str(place.latitude), str(place.longitude), str(place.valid_from), str(place.valid_to)]
    return [place.slug, place.kind, *where, place.notes, sorted(names)]


def _digest(told: object) -> str:
    written = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(written.encode(errors="surrogatepass"), digest_size=12).hexdigest()
