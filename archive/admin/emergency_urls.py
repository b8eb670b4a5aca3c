"""The page for emergencies, below the desk's address and in its namespace."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from archive.admin import emergency
from archive.admin.site import desk

urlpatterns = [
    path("", desk.admin_view(require_http_methods(["GET", "HEAD", "POST"])(emergency.page)), name="emergency"),
    path("<slug:pid>/end/", desk.admin_view(require_POST(emergency.end)), name="emergency_end"),
]
