"""The pages of communities: those that are open, and each member's own."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from access import petitions
from access.actions.ask import Asked, ask
from access.models import Community, Petition
from access.petitions import PetitionRefused
from access.requests import viewer_of
from archive import queries
from public_site import titles
from public_site.links import IndexLink
from public_site.page_languages import page_addresses, page_language
from public_site.petition_forms import ReasonsForm
from public_site.titles import Text
from public_site.views.indexes import index
from public_site.views.lists import show_list
from public_site.views.petitions import asker_of, read_or_send, refused, status_of


@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    """All communities of which the viewer may know."""
    links = [
        IndexLink(Text(one.name), reverse("public_site:community", args=[one.pid]), one.item_count)  # type: ignore[attr-defined]  # annotated
        for one in queries.counted_communities(viewer_of(request))
    ]
    return index(request, "communities", gettext_noop("Communities"), links)


@require_safe
def page(request: HttpRequest, pid: str) -> HttpResponse:
    """What a community says of itself, and what of its works the viewer may see. Raises Http404 for one they may not know of."""
    community = _community(request, pid)
    language = page_language()
    extra = {
        "section": "communities",
        "community": community,
        "statements": [titles.text_of(value, language) for value in community.statements],
        "is_member": _is_member(request, community),
    }
    return show_list(request, "public_site/community.html", extra=extra, community=community.pid)


@sensitive_post_parameters("text")
@read_or_send
def join(request: HttpRequest, pid: str) -> HttpResponse:
    """Ask to join a community; the reader signs in for it. Raises Http404 as `page` does."""
    community = _community(request, pid)
    asker = asker_of(request)
    back = reverse("public_site:community", args=[community.pid])
    if _is_member(request, community):
        return HttpResponseRedirect(back)
    if asker is None:
        return redirect_to_login(request.get_full_path(), reverse("account:sign_in"))
    form = ReasonsForm(
        request.POST if request.method == "POST" else None,
        label=_("Who are you to the community?"),
        help_text=_("Its managers read this: your family, your village, or what you want to do together."),
    )
    if request.method == "POST" and form.is_valid():
        asked = Asked(
            kind=Petition.Kind.JOINING,
            text=form.cleaned_data["text"],
            asker=asker,
            community=community,
            address_digest=petitions.address_digest(request),
        )
        try:
            ask(asked, now=timezone.now(), calendar=petitions.calendar())
        except PetitionRefused as error:
            refused(form, error)
        else:
            return HttpResponseRedirect(reverse("asking:mine"))
    context = {
        "section": "communities",
        "community": community,
        "form": form,
        "other_language_url": page_addresses(request)["other_language_url"],
    }
    return render(request, "public_site/petitions/join.html", context, status=status_of(form))


def _community(request: HttpRequest, pid: str) -> Community:
    found = queries.communities(viewer_of(request)).filter(pid=pid).first()
    if found is None:
        raise Http404
    return found


def _is_member(request: HttpRequest, community: Community) -> bool:
    return community.pk in queries.own_communities(viewer_of(request))
