"""The API's documentation for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show the schema as pages, by Swagger UI from our own static files."""
    return render(request, "interop/api/docs.html")
