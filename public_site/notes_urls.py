"""Where a reader keeps notes of their own, in both languages. Their own namespace: they hold forms and are not compressed
(public_site.middleware)."""

from django.urls import path

from public_site.views import notes

app_name = "notes"
urlpatterns = [
    path("items/<pid:pid>/notes/", notes.write, name="write"),
    path("account/notes/", notes.mine, name="mine"),
    path("account/notes/notes.txt", notes.as_text, name="text"),
    path("account/notes/notes.json", notes.as_json, name="json"),
    path("account/notes/<pid:pid>/", notes.change, name="change"),
]
