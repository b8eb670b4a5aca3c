"""What a person does on the health board and the list of work: try again and cancel, one piece or many."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from access.models import User
from archive.actions.cancel_job import cancel_job
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.retry_job import retry_job
from archive.admin import health
from archive.admin.base import actor_of
from archive.admin.sentences import sentence
from archive.admin.visible_work import visible_jobs
from media_pipeline.models import Job

AT_ONCE = 200  # each is a row of the log; more take another press of the button


def retry_one(request: HttpRequest) -> HttpResponse:
    """Queue one failed job again."""
    return _one(request, retry_job, _("It is tried again."))


def cancel_one(request: HttpRequest) -> HttpResponse:
    """End one job that waits or runs."""
    return _one(request, cancel_job, _("It is cancelled."))


def retry_reason(request: HttpRequest) -> HttpResponse:
    """Queue again what failed of one kind for one reason."""
    role, reason = request.POST.get("role", ""), request.POST.get("reason", "")
    jobs = health.failed_of(visible_jobs(request), role=role, reason=reason)
    done = _each(jobs[:AT_ONCE], retry_job, actor=actor_of(request))
    said = ngettext("%(count)s piece of work is tried again.", "%(count)s pieces of work are tried again.", done)
    return _told(request, said % {"count": done}, more=done == AT_ONCE and jobs.exists())


def cancel_waiting(request: HttpRequest) -> HttpResponse:
    """End what waits of one kind in one lane."""
    role, lane = request.POST.get("role", ""), request.POST.get("lane", "")
    jobs = health.waiting_of(visible_jobs(request), lane=lane, role=role)
    done = _each(jobs[:AT_ONCE], cancel_job, actor=actor_of(request))
    said = ngettext("%(count)s piece of work is cancelled.", "%(count)s pieces of work are cancelled.", done)
    return _told(request, said % {"count": done}, more=done == AT_ONCE and jobs.exists())


def _one(request: HttpRequest, act: Callable[..., None], said: str) -> HttpResponse:
    number = request.POST.get("job", "")
    job = visible_jobs(request).filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if job is None:
        raise Http404
    try:
        act(job, actor=actor_of(request), now=timezone.now())
    except ActionRefused as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, said)
    return _back(request)


def _each(jobs: Iterable[Job], act: Callable[..., None], *, actor: User) -> int:
    """Do it to each; returns how many it was done to: some may have gone on by themselves meanwhile. Raises PermissionDenied."""
    done = 0
    for job in list(jobs):
        try:
            act(job, actor=actor, now=timezone.now())
            done += 1
        except NotAllowed as error:
            raise PermissionDenied from error
        except ActionRefused:
            continue
    return done


def _told(request: HttpRequest, said: str, *, more: bool) -> HttpResponse:
    messages.success(request, f"{said} {_('There are more: press again for the next.')}" if more else said)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("admin:media_pipeline_job_changelist")
    return HttpResponseRedirect(back)
