"""Where readers ask, and read the answers, in both languages. Their own namespace: they hold forms and are not compressed
(public_site.middleware)."""

from django.urls import path

from public_site.views import communities, invitations, petitions, telling

app_name = "asking"
urlpatterns = [
    path("items/<pid:pid>/ask/", petitions.access, name="access"),
    path("items/<pid:pid>/report/", petitions.report, name="report"),
    path("items/<pid:pid>/know/", telling.tell, name="tell"),
    path("told/", telling.find, name="find_told"),
    path("told/<slug:code>/", telling.told, name="told"),
    path("communities/<pid:pid>/join/", communities.join, name="join"),
    path("account/requests/", petitions.mine, name="mine"),
    path("account/invitation/", invitations.redeem, name="invitation"),
    path("requests/<str:word>/", petitions.receipt, name="receipt"),
]
