"""Where a machine of a reading room or reading point becomes one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from access import sign_in
from access.actions.keep_devices import WrongCode, enrol_device
from access.devices import set_cookie
from access.forms import EnrolmentForm
from public_site.views.account import shown


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Take the code that staff were shown, and let the machine keep its token. A wrong, an old and a used code are answered alike."""
    form = EnrolmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        begun = sign_in.begin_code("enrolment", sign_in.address_of(request), now=now)
        if isinstance(begun, sign_in.Pause):
            form.refuse(begun)
            return shown(request, "device", {"form": form}, form=form)
        try:
            device, token = enrol_device(form.cleaned_data["code"], now=now)
        except WrongCode:
            form.add_error("code", _("This code does not fit, is older than a day, or was used already."))
            return shown(request, "device", {"form": form}, form=form)
        sign_in.succeeded(begun)
        answer = HttpResponseRedirect(reverse("account:device"))
        set_cookie(answer, token, device=device, now=now)
        return answer
    return shown(request, "device", {"form": form}, form=form)
