"""Address of SRU."""

from django.urls import path

from interop.sru import views

app_name = "sru"
urlpatterns = [path("sru", views.sru, name="sru")]
