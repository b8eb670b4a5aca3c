"""How partners will see an item: its record through every door, as a visitor's or a partner's program would get it, and what it lacks.

Doors hand over what they would answer; nobody is shown more than they may see themselves (`archive.looking_as`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from lxml import etree

from access.models import Partner
from access.policy import Standing
from access.requests import viewer_of
from access.viewer import partner_viewer
from archive import addresses, looking_as, public_records
from archive.admin.partner_gaps import SENTENCES
from archive.admin.previews import Previews
from archive.crosswalks.gaps import gaps
from archive.crosswalks.record import Record
from archive.looking_as import VISITOR, Found
from archive.models import ItemState
from archive.queries import NotVisible

PARTNER = "partner-"  # and the partner's pid
# A manifest of a book of a thousand pages is a megabyte: its beginning says what there is to see.
SHOWN_MOST = 60_000


@dataclass(frozen=True)
class Shown:
    """What one door answers: in which format, at which address (empty: none that this asker could use), and the text itself."""

    door: str
    name: str
    address: str
    text: str

    @property
    def beginning(self) -> str:
        return self.text[:SHOWN_MOST]

    @property
    def is_cut(self) -> bool:
        return len(self.text) > SHOWN_MOST


Door = Callable[[HttpRequest, Found, Record], Iterable[Shown]]
_doors: list[Door] = []


def register(door: Door) -> None:
    """Let a door be shown, after those that are there already. It gets an item that is there for the asker."""
    _doors.append(door)


def pretty_xml(text: str) -> str:
    """Return a well-formed document with an element a line. Raises etree.XMLSyntaxError."""
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode"))


class PartnerEyes(Previews):
    """Adds the page to the screen of items, beside the preview."""

    def get_urls(self) -> Any:  # Any: as in Django
        view = self.admin_site.admin_view(self.partners_view)
        return [path("<int:key>/partners/", view, name="archive_item_partners"), *super().get_urls()]

    def partners_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show the record as `?as=` gets it, `?published=1`: if it were published. Changes nothing. Raises Http404 as the preview does."""
        item = self._item_or_404(request, key, VISITOR)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        who, would_be = request.GET.get("as", VISITOR), request.GET.get("published") == "1"
        would_be = would_be and item.state != ItemState.PUBLISHED
        try:
            found = looking_as.look(viewer_of(request), item.pid, _standing(request, who), as_published=would_be)
        except NotVisible as error:
            raise Http404 from error
        context = {
            **self.admin_site.each_context(request),
            "title": _("How partners will see this"),
            "opts": self.opts,
            "object": item,
            "who": who,
            "views": choices(request),
            "would_be": would_be,
            "may_be_published": item.state != ItemState.PUBLISHED,
            "is_there": found.item is not None,
            **_through_doors(request, found),
        }
        response = TemplateResponse(request, "desk/partners.html", context)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


def choices(request: HttpRequest) -> list[tuple[str, str]]:
    """Return as whom one may look: a visitor's program, and partners for those who may know of them. One query."""
    found = [(VISITOR, _("a visitor, or a partner without a key"))]
    if request.user.has_perm("access.view_partner"):
        partners = Partner.objects.filter(is_active=True).order_by("name", "pk")
        found += [(f"{PARTNER}{pid}", name) for pid, name in partners.values_list("pid", "name")]
    return found


def _standing(request: HttpRequest, who: str) -> Standing:
    """Return the standing of who is asked for. Raises Http404 for whoever is not offered."""
    if who == VISITOR:
        return looking_as.STANDINGS[VISITOR]
    if not request.user.has_perm("access.view_partner"):
        raise Http404
    partner = Partner.objects.select_related("account").filter(is_active=True, pid=who.removeprefix(PARTNER)).first()
    if partner is None or not who.startswith(PARTNER):
        raise Http404
    return partner_viewer(partner.account, now=viewer_of(request).decided_at).standing


def _through_doors(request: HttpRequest, found: Found) -> dict[str, object]:
    if found.item is None:
        return {"shown": [], "lacks": []}
    base = addresses.absolute(request, "/").rstrip("/")
    record = public_records.of_item(found.viewer, found.item, base=base, has_closed_files=bool(found.way_in))
    return {
        "shown": [one for door in _doors for one in door(request, found, record)],
        "lacks": [SENTENCES[gap] for gap in gaps(record)],
    }
