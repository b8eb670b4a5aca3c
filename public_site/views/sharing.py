"""What is passed on by hand: the short address of an item, and the square code of any page of ours, for paper and for a second screen."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_safe

from access.caching import publicly_cacheable
from access.models import AccessRule
from access.requests import viewer_of
from access.second_factors.pictures import square_code
from archive import addresses, queries

# More does not fit into a code that a telephone still reads from paper.
LETTERS_MOST = 500
# One slash and not two: `//host` is another site's.
OURS = re.compile(r"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*")
MONTH_S = 30 * 86_400


@require_safe
def short(request: HttpRequest, pid: str) -> HttpResponse:
    """The short address of an item leads to its page, also of one of which a tombstone is left. Raises Http404."""
    if not queries.visible_items(viewer_of(request)).filter(pid=pid).exists() and queries.tombstone(pid) is None:
        raise Http404
    return HttpResponseRedirect(addresses.item_of(pid))


@require_safe
def square(request: HttpRequest) -> HttpResponseBase:
    """The square code (ISO/IEC 18004) of the address of a page of ours, `?to=` its path, as SVG. It tells what was asked and nothing else,
    whether there is such a page or not. Raises Http404 for what is no path."""
    path = request.GET.get("to", "")
    if len(path) > LETTERS_MOST or not OURS.fullmatch(path):
        raise Http404
    code = square_code(addresses.absolute(request, path))
    box = f'viewBox="0 0 {code.side} {code.side}" width="{4 * code.side}" height="{4 * code.side}"'
    body = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} shape-rendering="crispEdges">'
        f'<rect width="{code.side}" height="{code.side}" fill="#fff"/><path d="{code.path}"/></svg>\n'
    )
    answer = HttpResponse(body, content_type="image/svg+xml")
    return publicly_cacheable(answer, rule=AccessRule.objects.public(), max_age_s=MONTH_S)
