"""The second factor, below the desk's address and in its namespace."""

from django.urls import path

from access import views

urlpatterns = [
    path("", views.overview, name="second_factor"),
    path("show/", views.show, name="second_factor_show"),
    path("app/", views.add_app, name="second_factor_app"),
    path("key/", views.add_key, name="second_factor_key"),
    path("sheet/", views.make_sheet, name="second_factor_sheet"),
    path("sheet/confirm/", views.confirm_sheet, name="second_factor_sheet_confirm"),
    path("remove/<slug:what>/", views.remove, name="second_factor_remove"),
]
