"""Pages, in Vietnamese without a prefix and in English under /en/."""

from django.urls import path
from django.views.decorators.http import require_safe

from public_site.views import communities, finding, following, front, item, lists, machines

app_name = "public_site"
urlpatterns = [
    path("", require_safe(front.home), name="home"),
    path("items/", require_safe(lists.items), name="items"),
    path("items/<pid:pid>/", require_safe(item.page), name="item"),
    path("search/", require_safe(lists.search_page), name="search"),
    path("search/suggest/", require_safe(finding.suggestions), name="suggest"),
    path("search/feed.atom", require_safe(following.search_feed), name="search_feed"),
    path("searches/", require_safe(following.saved_searches), name="saved_searches"),
    path("searches/<slug:slug>/", require_safe(following.saved_search), name="saved_search"),
    path("searches/<slug:slug>/feed.atom", require_safe(following.saved_feed), name="saved_feed"),
    path("collections/", require_safe(front.collections), name="collections"),
    path("collections/<slug:slug>/", require_safe(lists.collection), name="collection"),
    path("peoples/", require_safe(front.peoples), name="peoples"),
    path("peoples/<slug:slug>/", require_safe(lists.people), name="people"),
    path("places/", require_safe(front.places), name="places"),
    path("places/<slug:slug>/", require_safe(lists.place), name="place"),
    path("communities/", require_safe(communities.communities), name="communities"),
    path("communities/<pid:pid>/", require_safe(communities.page), name="community"),
    path("about/", require_safe(front.about), name="about"),
    path("offline/", require_safe(machines.offline), name="offline"),
]
