"""Taking up an invitation into a community, by the code that somebody was given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from access import sign_in
from access.actions.errors import ActionRefused
from access.actions.invite import redeem_invitation
from access.models import User
from public_site.petition_forms import InvitationForm
from public_site.views.account import shown
from public_site.views.petitions import read_or_send, signed_in

OWN = _("You made this invitation yourself: it is for somebody else.")
NOT_VALID = _("This code does not hold, or no longer. Ask whoever gave it to you for a new one.")


@sensitive_post_parameters("code")
@read_or_send
@signed_in
def redeem(request: HttpRequest) -> HttpResponse:
    """Take the reader into the community that the code names. Codes cannot be guessed: attempts are counted."""
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        now = timezone.now()
        begun = sign_in.begin_code("invitation", sign_in.address_of(request), account=request.user.pk, now=now)
        if isinstance(begun, sign_in.Pause):
            form.refuse(begun)
            return shown(request, "invitation", {"section": "account", "form": form}, form=form)
        try:
            taken = redeem_invitation(form.cleaned_data["code"], user=request.user, now=now)
        except ActionRefused as error:
            form.add_error("code", OWN if error.code == "own_role" else NOT_VALID)
        else:
            sign_in.succeeded(begun)
            return HttpResponseRedirect(reverse("public_site:community", args=[taken.community.pid]))
    return shown(request, "invitation", {"section": "account", "form": form}, form=form)
