"""A reader's own pages, in both languages. Their own namespace: they hold forms and are not compressed (public_site.middleware)."""

from django.urls import path

from public_site.views import account, device

app_name = "account"
urlpatterns = [
    path("account/", account.page, name="page"),
    path("account/sign-in/", account.sign_in_page, name="sign_in"),
    path("account/sign-up/", account.sign_up_page, name="sign_up"),
    path("account/sign-out/", account.sign_out, name="sign_out"),
    path("account/password/", account.password, name="password"),
    path("account/data.json", account.data, name="data"),
    path("account/delete/", account.delete, name="delete"),
    path("device/", device.page, name="device"),
]
