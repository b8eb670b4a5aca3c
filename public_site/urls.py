"""Pages, in Vietnamese without a prefix and in English under /en/."""

from django.urls import path
from django.views.decorators.http import require_safe

from public_site.views import (
    agents,
    citing,
    communities,
    exhibits,
    finding,
    following,
    front,
    headings,
    indexes,
    item,
    lists,
    machines,
    reading_lists,
)

app_name = "public_site"
urlpatterns = [
    path("", require_safe(front.home), name="home"),
    path("items/", require_safe(lists.items), name="items"),
    path("items/<pid:pid>/", require_safe(item.page), name="item"),
    path("items/<pid:pid>/cite.<slug:ending>", require_safe(citing.cite), name="cite"),
    path("search/", require_safe(lists.search_page), name="search"),
    path("search/suggest/", require_safe(finding.suggestions), name="suggest"),
    path("search/feed.atom", require_safe(following.search_feed), name="search_feed"),
    path("searches/", require_safe(following.saved_searches), name="saved_searches"),
    path("searches/<slug:slug>/", require_safe(following.saved_search), name="saved_search"),
    path("searches/<slug:slug>/feed.atom", require_safe(following.saved_feed), name="saved_feed"),
    path("feed.atom", require_safe(following.arrivals_feed), name="arrivals_feed"),
    path("collections/", require_safe(indexes.collections), name="collections"),
    path("collections/<slug:slug>/", require_safe(headings.collection), name="collection"),
    path(
        "collections/<slug:slug>/feed.atom",
        require_safe(following.heading_feed),
        {"section": "collections"},
        name="collection_feed",
    ),
    path("peoples/", require_safe(indexes.peoples), name="peoples"),
    path("peoples/<slug:slug>/", require_safe(headings.people), name="people"),
    path(
        "peoples/<slug:slug>/feed.atom",
        require_safe(following.heading_feed),
        {"section": "peoples"},
        name="people_feed",
    ),
    path("places/", require_safe(indexes.places), name="places"),
    path("places/<slug:slug>/", require_safe(headings.place), name="place"),
    path(
        "places/<slug:slug>/feed.atom", require_safe(following.heading_feed), {"section": "places"}, name="place_feed"
    ),
    path("subjects/", require_safe(indexes.subjects), name="subjects"),
    path("subjects/<slug:slug>/", require_safe(headings.subject), name="subject"),
    path("agents/", require_safe(agents.agents), name="agents"),
    path("agents/<slug:slug>/", require_safe(agents.agent), name="agent"),
    path("exhibits/", require_safe(exhibits.exhibits), name="exhibits"),
    path("exhibits/<slug:slug>/", require_safe(exhibits.exhibit), name="exhibit"),
    path("exhibits/<slug:slug>/<slug:page>/", require_safe(exhibits.exhibit), name="exhibit_page"),
    path("timeline/", require_safe(indexes.time_line), name="timeline"),
    path("new/", require_safe(indexes.arrivals), name="arrivals"),
    path("random/", require_safe(indexes.leap), name="leap"),
    path("communities/", require_safe(communities.communities), name="communities"),
    path("communities/<pid:pid>/", require_safe(communities.page), name="community"),
    path("lists/", require_safe(reading_lists.lists), name="lists"),
    path("lists/<listcode:code>/", require_safe(reading_lists.page), name="list"),
    path("lists/<listcode:code>/list.csv", require_safe(reading_lists.table), name="list_table"),
    path(
        "lists/<listcode:code>/references.<slug:ending>", require_safe(reading_lists.references), name="list_references"
    ),
    path("lists/<listcode:code>/road.json", require_safe(reading_lists.for_the_road), name="list_road"),
    path("about/", require_safe(front.about), name="about"),
    path("opensearch.xml", require_safe(machines.search_description), name="search_description"),
    path("offline/", require_safe(machines.offline), name="offline"),
]
