"""Error pages. Each says the same for every address of its status, whatever lies there."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from public_site.context import library


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, one and the same for what is hidden and for what never was."""
    return render(request, "404.html", status=404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 for a form that is larger than Django reads, which it tells as a bad request, too."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long or came from elsewhere."""
    return render(request, "403.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: from settings alone. No context processors run, so neither database nor session is asked."""
    language = getattr(request, "LANGUAGE_CODE", "vi")
    context = {**library(), "LANGUAGE_CODE": language}
    return HttpResponse(loader.get_template("500.html").render(context), status=500)
