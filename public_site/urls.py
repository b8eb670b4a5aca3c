"""Pages, in Vietnamese without a prefix and in English under /en/."""

from django.urls import path

from public_site.views import front, item, lists, machines

app_name = "public_site"
urlpatterns = [
    path("", front.home, name="home"),
    path("items/", lists.items, name="items"),
    path("items/<pid:pid>/", item.page, name="item"),
    path("search/", lists.search_page, name="search"),
    path("collections/", front.collections, name="collections"),
    path("collections/<slug:slug>/", lists.collection, name="collection"),
    path("peoples/", front.peoples, name="peoples"),
    path("peoples/<slug:slug>/", lists.people, name="people"),
    path("places/", front.places, name="places"),
    path("places/<slug:slug>/", lists.place, name="place"),
    path("about/", front.about, name="about"),
    path("offline/", machines.offline, name="offline"),
]
