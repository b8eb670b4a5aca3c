"""The desk's screens of one page of an exhibit and of one block: done with buttons, so that neither script nor mouse is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from access.requests import viewer_of
from access.viewer import Viewer
from archive import languages, search, vocabularies, ways
from archive.admin.exhibit_forms import BlockForm, PageForm, item_of
from archive.admin.generic import ModelAdmin
from archive.exhibits import composing
from archive.models import BlockKind, Exhibit, ExhibitBlock, ExhibitPage, ExhibitPiece, Item, Place
from archive.search.folding import fold

FOUND_MOST = 12
WORDS_SHOWN = 90


@dataclass(frozen=True)
class Listed:
    """A block as the screen of its page lists it: what is in it, as far as whoever works here may see it."""

    block: ExhibitBlock
    words: str
    things: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """A thing in a block: what it is called, what readers will miss, and the field of its caption."""

    piece: ExhibitPiece
    title: str
    remarks: tuple[str, ...]
    field: Any  # Any: a bound field


class WithParts(ModelAdmin[Exhibit]):
    """Adds the screens of pages and blocks. The screen that has them finds the exhibit by `_exhibit_or_404`, and changes it by
    `change`."""

    def get_urls(self) -> Any:  # Any: as in Django
        wrapped = self.admin_site.admin_view
        return [
            path("<int:key>/pages/<int:page>/", wrapped(self.page_view), name="archive_exhibit_page"),
            path("<int:key>/blocks/<int:block>/", wrapped(self.block_view), name="archive_exhibit_block"),
            *super().get_urls(),
        ]

    def page_view(self, request: HttpRequest, key: int, page: int) -> HttpResponse:
        """One page: its titles, and its blocks to be put in order, opened, taken away; a new one of any kind. Raises Http404."""
        exhibit = self._exhibit_or_404(request, key)  # type: ignore[attr-defined]  # of the screen that has these parts
        row = ExhibitPage.objects.filter(exhibit=exhibit, pk=page).first()
        if row is None:
            raise Http404
        form = PageForm(request.POST or None, page=row)
        if request.method == "POST":
            if not self.has_change_permission(request, exhibit):
                raise PermissionDenied
            if form.is_valid():
                led = self._change_page(request, exhibit, row, form)
                if led:
                    return HttpResponseRedirect(led)
        context = {
            **self._around(request, exhibit),
            "title": str(row),
            "form": form,
            "page": row,
            "blocks": listed(viewer_of(request), row),
            "kinds": BlockKind.choices,
        }
        return TemplateResponse(request, "desk/exhibits/page.html", context)

    def _change_page(self, request: HttpRequest, exhibit: Exhibit, row: ExhibitPage, form: PageForm) -> str:
        """Do what the button says, and return where that leads; empty where it was refused."""
        deed, _colon, what = str(request.POST.get("_do", "save")).partition(":")
        own = reverse("admin:archive_exhibit_page", args=[exhibit.pk, row.pk])
        made: list[ExhibitBlock] = []
        seen = {one.block.pk for one in listed(viewer_of(request), row)}

        def change(held: Exhibit) -> None:
            row.titles, row.slug = form.cleaned_data["titles"], form.cleaned_data["slug"] or row.slug
            row.save()
            blocks = ExhibitBlock.objects.filter(page=row)
            if deed == "add" and (kind := str(request.POST.get("kind", ""))) in BlockKind.values:
                made.append(composing.add_block(row, kind))
            elif deed in {"up", "down"}:
                composing.move(blocks, number_of(what), up=deed == "up", seen=seen)
            elif deed == "remove" and number_of(what) in seen:
                blocks.filter(pk=number_of(what)).delete()

        if self.change(request, exhibit, change) is None:  # type: ignore[attr-defined]  # of the screen that has these parts
            return ""
        if made:
            return reverse("admin:archive_exhibit_block", args=[exhibit.pk, made[0].pk])
        if deed in {"up", "down"}:
            return f"{own}#block-{number_of(what)}"
        return own

    def block_view(self, request: HttpRequest, key: int, block: int) -> HttpResponse:
        """One block: its words, its things with captions, and a search for more (`?find=`). Raises Http404."""
        exhibit = self._exhibit_or_404(request, key)  # type: ignore[attr-defined]  # of the screen that has these parts
        row = ExhibitBlock.objects.select_related("page").filter(page__exhibit=exhibit, pk=block).first()
        if row is None:
            raise Http404
        viewer = viewer_of(request)
        pieces = seen_pieces(viewer, row)
        if not pieces and row.pieces.exists():
            raise Http404
        form = BlockForm(request.POST or None, block=row, pieces=pieces)
        if request.method == "POST":
            if not self.has_change_permission(request, exhibit):
                raise PermissionDenied
            if form.is_valid():
                led = self._change_block(request, exhibit, row, form)
                if led:
                    return HttpResponseRedirect(led)
        asked = " ".join(str(request.GET.get("find", "")).split())[:200]
        kind = BlockKind(row.kind)
        context = {
            **self._around(request, exhibit),
            "title": kind.label,
            "form": form,
            "plain": [form[name] for name in ("texts", "sources", "start_ms", "end_ms") if name in form.fields],
            "page": row.page,
            "row": row,
            "held": [held(piece, form) for piece in pieces],
            "takes": "items" if kind.takes_items else "places" if kind.takes_places else "",
            "asked": asked,
            "found": self._found(viewer, kind, asked),
        }
        return TemplateResponse(request, "desk/exhibits/block.html", context)

    def _change_block(self, request: HttpRequest, exhibit: Exhibit, row: ExhibitBlock, form: BlockForm) -> str:
        deed, _colon, what = str(request.POST.get("_do", "save")).partition(":")
        viewer = viewer_of(request)
        own = reverse("admin:archive_exhibit_block", args=[exhibit.pk, row.pk])
        asked = str(request.POST.get("find", ""))[:200]

        def change(held: Exhibit) -> None:
            form.put()
            rows = ExhibitPiece.objects.filter(block=row)
            seen = {piece.pk for piece in form.pieces}
            if deed == "add_item":
                item = Item.objects.visible_to(viewer).filter(pid=what).first()
                if item is not None and BlockKind(row.kind).takes_items:
                    composing.add_piece(row, item=item)
            elif deed == "add_place":
                named = Place.objects.filter(slug=what).values_list("pk", flat=True)
                place = ways.told_places(viewer, list(named)).first()
                if place is not None and BlockKind(row.kind).takes_places:
                    composing.add_piece(row, place=place)
            elif deed in {"up", "down"}:
                composing.move(rows, number_of(what), up=deed == "up", seen=seen)
            elif deed == "remove" and number_of(what) in seen:
                rows.filter(pk=number_of(what)).delete()

        if self.change(request, exhibit, change) is None:  # type: ignore[attr-defined]  # of the screen that has these parts
            return ""
        if deed == "find":
            return f"{own}?{query_of(asked)}#found"
        if deed in {"up", "down"}:
            return f"{own}#thing-{number_of(what)}"
        if deed in {"add_item", "add_place"}:
            return f"{own}?{query_of(asked)}#things" if asked else f"{own}#things"
        if deed == "done":
            return reverse("admin:archive_exhibit_page", args=[exhibit.pk, row.page_id]) + f"#block-{row.pk}"
        return own

    def _found(self, viewer: Viewer, kind: BlockKind, asked: str) -> list[tuple[str, str, str]]:
        """Return what fits the words: the deed that adds it, its title, and more about it."""
        if not asked:
            return []
        if kind.takes_places:
            wanted = fold(asked)
            every = ways.tree_of_places(ways.counted(viewer, "place").keys("place")).rows.values()
            places = [one for one in every if wanted in fold(f"{one} {one.slug}")]
            return [(f"add_place:{one.slug}", str(one), str(one.get_kind_display())) for one in places[:FOUND_MOST]]
        named = item_of(asked, viewer)
        hits: Iterable[Item] = search.search(asked, search.Filters(), viewer, page_size=FOUND_MOST, facets=()).hits
        items = [*([named] if named else []), *(one for one in hits if named is None or one.pk != named.pk)]
        return [(f"add_item:{one.pid}", str(one), str(one.get_kind_display())) for one in items[:FOUND_MOST]]

    def _around(self, request: HttpRequest, exhibit: Exhibit) -> dict[str, Any]:  # Any: what a template shows
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "exhibit": exhibit,
            "may_change": self.has_change_permission(request, exhibit) and exhibit.binned_at is None,
        }


def listed(viewer: Viewer, page: ExhibitPage) -> list[Listed]:
    """Return the blocks of a page with what of them this person may see; one that holds nothing but what is closed to them is not there.
    Four queries."""
    rows = page.blocks.order_by("position", "pk").prefetch_related("pieces__item", "pieces__place__names")
    blocks = list(rows)
    keys = {piece.item_id for block in blocks for piece in block.pieces.all() if piece.item_id}
    seen = set(Item.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True))
    found = []
    for block in blocks:
        pieces = list(block.pieces.all())
        things = [str(piece) for piece in pieces if piece.place_id is not None or piece.item_id in seen]
        if pieces and not things:
            continue
        words = languages.pick_text(block.texts, "vi")
        cut = words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN]}…"
        found.append(Listed(block, cut, tuple(things)))
    return found


def seen_pieces(viewer: Viewer, block: ExhibitBlock) -> list[ExhibitPiece]:
    """Return the things of a block that this person may see, in order. Four queries."""
    rows = block.pieces.select_related("item__effective_rule", "place").prefetch_related("place__names")
    pieces = list(rows.order_by("position", "pk"))
    keys = [piece.item_id for piece in pieces if piece.item_id]
    seen = set(Item.objects.visible_to(viewer).filter(pk__in=keys).values_list("pk", flat=True))
    return [piece for piece in pieces if piece.place_id is not None or piece.item_id in seen]


def held(piece: ExhibitPiece, form: BlockForm) -> Held:
    """Return a thing with what is to be said of it to whoever composes."""
    remarks: list[str] = []
    if piece.item is not None:
        if not piece.item.effective_rule.policy.is_public:
            remarks.append(_("Not everybody may see it: for the others it is not in the exhibit, with its caption."))
        if vocabularies.warnings(piece.item.restriction_reasons):
            remarks.append(_("A warning stands before it: the exhibit shows the warning and no picture."))
    elif piece.place is not None and piece.place.precision != Place.Precision.EXACT:
        remarks.append(_("Readers may not learn where it is: it is not on the map for them."))
    return Held(piece, str(piece), tuple(remarks), form[BlockForm.caption_name(piece)])


def number_of(text: str) -> int:
    """Return the key in a button's value; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def query_of(asked: str) -> str:
    """Return the end of an address that asks for words again."""
    return urlencode({"find": asked})
