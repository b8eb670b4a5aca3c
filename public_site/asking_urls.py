"""Where readers ask, and read the answers, in both languages. Their own namespace: they hold forms and are not compressed
(public_site.middleware)."""

from django.urls import path

from public_site.views import communities, invitations, petitions

app_name = "asking"
urlpatterns = [
    path("items/<pid:pid>/ask/", petitions.access, name="access"),
    path("items/<pid:pid>/report/", petitions.report, name="report"),
    path("communities/<pid:pid>/join/", communities.join, name="join"),
    path("account/requests/", petitions.mine, name="mine"),
    path("account/invitation/", invitations.redeem, name="invitation"),
    path("requests/<str:word>/", petitions.receipt, name="receipt"),
]
