"""The pages of persons, families and bodies: what they are called, what they did, and the works in which they had a part.

Who must not be named has none. The index of the search knows no agents, so these lists come from the database.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from access.requests import viewer_of
from archive import cursors, former_addresses, queries, vocabularies
from archive.models import Agent, Item, RecordKind
from public_site import heading_facts, keeping, links, seals, titles
from public_site.facts import name_of
from public_site.page_languages import page_addresses, page_language
from public_site.views.indexes import tree_page
from public_site.views.lists import PAGE_SIZE, cards_of

SALT = "public_site.agents"


@require_safe
def agents(request: HttpRequest) -> HttpResponse:
    """All persons and bodies with a part in something the viewer may see, who has most of it first. Two queries."""
    found, language = queries.agents(viewer_of(request)), page_language()
    shown = list(found.order_by(F("item_count").desc(), "slug", "pk")[: links.NODES_MOST + 1])
    left_out = found.count() - links.NODES_MOST if len(shown) > links.NODES_MOST else 0
    nodes = [links.node_of_authority(one, one.item_count, "agent", language) for one in shown[: links.NODES_MOST]]  # type: ignore[attr-defined]  # annotated
    about = _("Who made, told, sang, gathered or gave what is here. The number says how many items you may see.")
    return tree_page(request, "agents", gettext_noop("Persons and groups"), about, links.Shown(tuple(nodes), left_out))


@require_safe
@seals.sealed
def agent(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, with the works, the newest publication first; `?role=` those of one part, `?after=` a signed place in the list. An old
    address leads to where it is now. Raises Http404 where the viewer may see nothing, and on a foreign place."""
    viewer, language = viewer_of(request), page_language()
    found = queries.agents(viewer).filter(slug=slug).first()
    if found is None:
        today = former_addresses.leads_to(viewer, RecordKind.AGENT, slug)
        if not today:
            raise Http404
        return HttpResponsePermanentRedirect(reverse("public_site:agent", args=[today]))
    parts = queries.parts_of_agent(viewer, found)
    role = request.GET.get("role", "")
    if role and role not in dict(parts):
        raise Http404
    works = queries.items_of_agent(viewer, found, role=role, after=_place(request.GET.get("after", ""), found, role))
    shown = list(works[: PAGE_SIZE + 1])
    heading = name_of(found, language)
    context = {
        "section": "agents",
        "heading": heading,
        "other_names": links.unlike(heading, titles.others(found.names, language)),
        "facts": heading_facts.of_agent(found, language),
        "parts": [(vocabularies.relator(one), count, one == role, urlencode({"role": one})) for one, count in parts],
        "total": found.item_count,  # type: ignore[attr-defined]  # annotated
        "role": role,
        "cards": cards_of(viewer, shown[:PAGE_SIZE], language),
        "next_page": _next(found, role, shown[PAGE_SIZE - 1]) if len(shown) > PAGE_SIZE else "",
        **page_addresses(request),
    }
    answer = render(request, "public_site/agent.html", context)
    if viewer.is_stranger and not queries.are_open_for_good(viewer, [item.pk for item in shown]):
        answer[keeping.HEADER] = keeping.NOT_THIS
    return answer


def _next(found: Agent, role: str, last: Item) -> str:
    at = last.published_at.isoformat() if last.published_at else ""
    asked = {"role": role} if role else {}
    return "?" + urlencode(
        {**asked, "after": cursors.write([at, last.pid], question=_question(found, role), salt=SALT)}
    )


def _place(word: str, found: Agent, role: str) -> tuple[datetime | None, int] | None:
    if not word:
        return None
    try:
        place = cursors.read(word, question=_question(found, role), salt=SALT)
    except cursors.BadCursor as error:
        raise Http404 from error
    match place:
        case [str(at), str(pid)]:
            key = Item.objects.filter(pid=pid).values_list("pk", flat=True).first()
            return (datetime.fromisoformat(at) if at else None), key or 0
        case _:
            raise Http404


def _question(found: Agent, role: str) -> str:
    return f"agent {found.pk} {role}"
