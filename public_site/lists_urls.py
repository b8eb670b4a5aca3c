"""Where a reader's list is made and changed, in both languages. Their own namespace: they hold forms and are not compressed
(public_site.middleware)."""

from django.urls import path

from public_site.views import own_lists

app_name = "own_lists"
urlpatterns = [
    path("items/<pid:pid>/keep/", own_lists.keep, name="keep"),
    path("lists/new/", own_lists.new, name="new"),
    path("lists/<listcode:code>/change/", own_lists.change, name="change"),
    path("lists/<listcode:code>/copy/", own_lists.copy, name="copy"),
    path("lists/<listcode:code>/open/<slug:key>/", own_lists.open_for_change, name="open"),
]
