"""A few fields of one row, changed from the list: the same action, the same version, the same history as the whole form."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from access import audit
from archive.actions.errors import ActionRefused
from archive.actions.save_item import save_item
from archive.admin.base import actor_of
from archive.admin.generic import ModelAdmin, ModelForm
from archive.admin.sentences import sentence
from archive.admin.values import LanguageTagsField, LangValuesFormField
from archive.models import Item


class QuickForm(ModelForm[Item]):
    """What is put right most often, and cannot do harm by itself."""

    titles = LangValuesFormField(label=gettext_lazy("Titles"))
    languages = LanguageTagsField(label=gettext_lazy("Languages of the content"), required=False)
    read_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Item
        fields = ("titles", "kind", "identifier", "languages", "rights")
        # The same words whether the person may see what has it or not: docs/adr/0009.
        error_messages: ClassVar[Any] = {  # Any: as in Django
            "identifier": {"unique": gettext_lazy("This identifier is not free. Choose another one.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own form arguments
        super().__init__(*args, **kwargs)
        self.fields["read_version"].initial = self.instance.version


class EditsQuickly(ModelAdmin[Item]):
    """The page of the few fields; the list opens it as a dialog where scripts run."""

    def get_urls(self) -> Any:  # Any: as in Django
        view = self.admin_site.admin_view(self.quick_view)
        return [path("<int:item_id>/quick/", view, name="archive_item_quick"), *super().get_urls()]

    def quick_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Show the few fields of an item that the person sees and may change, and save them."""
        may = request.user.is_staff and self.has_change_permission(request)
        item = self.get_object(request, str(item_id)) if may else None
        if item is None:
            raise Http404
        form = QuickForm(request.POST or None, instance=item)
        if request.method == "POST" and form.is_valid() and self._save(request, item, form):
            self.message_user(request, _("“%(item)s” is saved.") % {"item": item}, messages.SUCCESS)
            return HttpResponseRedirect(_back(request))
        if form.has_error("identifier", code="unique"):
            audit.record(actor=actor_of(request), verb="refuse_identifier", target_pid=item.pid, now=timezone.now())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Some fields of “%(item)s”") % {"item": Item.objects.get(pk=item.pk)},
            "form": form,
            "opts": self.opts,
            "original": item,
            "back": _back(request),
        }
        return TemplateResponse(request, "desk/quick_edit.html", context, status=422 if form.errors else 200)

    def _save(self, request: HttpRequest, item: Item, form: QuickForm) -> bool:
        """Save by the action; what it refuses stands above the form."""
        changed = [name for name in form.changed_data if name != "read_version"]
        if not changed:
            return True
        try:
            save_item(
                item,
                read_version=form.cleaned_data["read_version"],
                changed=changed,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except ActionRefused as error:
            form.add_error(None, sentence(error))
            return False
        return True


def _back(request: HttpRequest) -> str:
    """Return the list that was looked at: an address of our own list, or the list as it opens."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    start = reverse("admin:archive_item_changelist")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.partition("?")[0] == start
    return back if is_ours else start
