"""Addresses of OAI-PMH."""

from django.urls import path

from interop.oai import views

app_name = "oai"
urlpatterns = [
    path("oai", views.oai, name="oai"),
    path("oai/rights.xsd", views.rights_schema, name="rights_schema"),
]
