"""What an item's form says of the consents that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from archive import consent_records
from archive.actions.move_item import WITHOUT_CONSENT
from archive.models import Agent, Item


@dataclass(frozen=True)
class AboutConsent:
    """`lacks`: names of whose consent is lacking today; addresses are empty for who may not go there."""

    is_asked: bool
    lacks: tuple[str, ...]
    may_do_without: bool
    list_address: str = ""
    add_address: str = ""


def about_consent(item: Item, request: HttpRequest) -> AboutConsent:
    """Return where an item stands that this person sees. Three queries at most."""
    depiction = consent_records.depiction_of(item)
    found = consent_records.lacking_of(item, depiction, day=timezone.localdate())
    named = [str(agent) for agent in Agent.objects.filter(pk__in=found.agents).order_by("slug", "pk")]
    user, name = request.user, "admin:archive_consentrecord_"
    return AboutConsent(
        is_asked=depiction.has_unnamed or bool(depiction.agents),
        lacks=(*named, *((_("somebody who is not named"),) if found.unnamed else ())),
        may_do_without=user.has_perm(WITHOUT_CONSENT),
        list_address=_to(f"{name}changelist", item=item.pk) if user.has_perm("archive.view_consentrecord") else "",
        add_address=_to(f"{name}add", items=item.pk) if user.has_perm("archive.add_consentrecord") else "",
    )


def _to(name: str, **asked: int) -> str:
    return f"{reverse(name)}?{urlencode(asked)}"
