"""The ways out of `private, no-store`: for answers that are the same for everybody."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase

from access.models import AccessRule

# What was found. A refusal or a pause must never outlive its reason.
KEPT_STATUSES = frozenset({200, 206, 303, 304})


def publicly_cacheable(response: HttpResponseBase, *, rule: AccessRule, max_age_s: int = 60) -> HttpResponseBase:
    """Allow shared caches to keep an answer made from things under one wholly public rule, and only then.

    A minute, then they must ask again: what is withdrawn is gone from every cache within it.
    """
    if rule.policy.is_public and response.status_code in KEPT_STATUSES:
        response["Cache-Control"] = f"public, max-age={max_age_s}"
    return response


def kept_by_one(response: HttpResponse, *, rule: AccessRule) -> HttpResponse:
    """Allow the browser that asked, and no cache beside it, to keep a page of a thing under a wholly public rule, and only then. It asks
    each time whether it may show it again."""
    if rule.policy.is_public and response.status_code in KEPT_STATUSES:
        response["Cache-Control"] = "private, no-cache"
    return response
