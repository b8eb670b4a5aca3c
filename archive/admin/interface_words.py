"""The words of the site in the languages of the communities: filled by people who speak them, offered by staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from access.models import User
from archive import interface_words, vocabularies
from archive.actions.errors import ActionRefused
from archive.actions.permissions import allows
from archive.actions.save_words import OFFER, may_fill, offer_language, save_words
from archive.admin.base import actor_of
from archive.admin.generic import ModelAdmin
from archive.admin.sentences import sentence
from archive.interface_languages import FRAMED
from archive.interface_words import ENOUGH, GROUPS, KEYS, OWN_NAME
from archive.models import InterfaceLanguage
from archive.models.interface_word import WORD_LETTERS_MOST

GROUP_NAMES = {
    "head": gettext_noop("At the head of every page"),
    "ways": gettext_noop("On the front page, and where one searches"),
    "work": gettext_noop("On the page of a work"),
    "foot": gettext_noop("At the foot of every page, and in forms"),
}


@dataclass(frozen=True)
class Progress:
    """How far one language is. `filled` of `count` words; `enough` are needed, and its own name."""

    code: str
    name: str
    own_name: str
    filled: int
    is_offered: bool
    is_enough: bool
    count: int = len(KEYS)
    enough: int = ENOUGH


@dataclass(frozen=True)
class Row:
    """One word in the form: the field's name, what it is in Vietnamese and in English, and what is filled."""

    field: str
    vietnamese: str
    english: str
    text: str


@admin.register(InterfaceLanguage)
class WordsAdmin(ModelAdmin[InterfaceLanguage]):
    """One screen with the languages, and one for each with its words."""

    # --- Who gets in ----------------------------------------------------------------------------------------------------

    def has_view_permission(self, request: HttpRequest, obj: InterfaceLanguage | None = None) -> bool:
        user = request.user
        return isinstance(user, User) and (may_fill(user, now=timezone.now()) or allows(user, OFFER))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: InterfaceLanguage | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: InterfaceLanguage | None = None) -> bool:
        return False

    # --- Screens --------------------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:  # Any: as in Django
        """The languages, and how far they are. Two queries a language."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Words of the site"),
            "opts": self.opts,
            "languages": [progress_of(code) for code in FRAMED],
        }
        return TemplateResponse(request, "desk/words.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> Any:  # Any: as in Django
        """The words of one language. Raises Http404 for every other one."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if object_id not in FRAMED:
            raise Http404
        words, version = interface_words.words_of(object_id), _version_of(object_id)
        if request.method == "POST":
            if self._do(request, object_id):
                return HttpResponseRedirect(request.path)
            # What was typed stays on the page.
            words |= {key: request.POST[name] for key, name in _fields().items() if name in request.POST}
        progress = progress_of(object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": progress.name,
            "opts": self.opts,
            "progress": progress,
            "version": version,
            "own_name": words.get(OWN_NAME, ""),
            "groups": [(_(GROUP_NAMES[group]), _rows(keys, words)) for group, keys in GROUPS.items()],
            "letters_most": WORD_LETTERS_MOST,
            "may_fill": may_fill(actor_of(request), now=timezone.now()),
            "may_offer": allows(actor_of(request), OFFER),
        }
        return TemplateResponse(request, "desk/words_form.html", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404  # the log has it

    def _do(self, request: HttpRequest, code: str) -> bool:
        """Do what the button says; return whether it was done."""
        actor, now, sent = actor_of(request), timezone.now(), request.POST
        try:
            if sent.get("_do") in {"offer", "hide"}:
                offer_language(code, is_offered=sent["_do"] == "offer", actor=actor, now=now)
                said = (
                    _("Readers find it in the choice of languages.") if sent["_do"] == "offer" else _("Hidden again.")
                )
            else:
                version = sent.get("version", "")
                read_version = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
                words = {key: sent[name] for key, name in _fields().items() if name in sent}
                count = save_words(code, words, read_version=read_version, actor=actor, now=now)
                said = _("Saved: %(count)s words changed.") % {"count": count}
        except ActionRefused as error:
            self.message_user(request, sentence(error), messages.ERROR)
            return False
        self.message_user(request, said, messages.SUCCESS)
        return True


def progress_of(code: str) -> Progress:
    """Return how far a language is. Two queries."""
    words = interface_words.words_of(code)
    return Progress(
        code,
        str(vocabularies.LANGUAGES[code]),
        words.get(OWN_NAME, ""),
        filled=len(words.keys() & KEYS),
        is_offered=InterfaceLanguage.objects.filter(code=code, is_offered=True).exists(),
        is_enough=interface_words.is_enough(words),
    )


def _version_of(code: str) -> int:
    return InterfaceLanguage.objects.filter(code=code).values_list("version", flat=True).first() or 0


def _fields() -> dict[str, str]:
    """The name of each word's field in the form, by key: numbers, since keys are whole sentences."""
    keys = [OWN_NAME, *(key for group in GROUPS.values() for key in group)]
    return {key: f"w{number}" for number, key in enumerate(keys)}


def _rows(keys: tuple[str, ...], words: dict[str, str]) -> list[Row]:
    fields = _fields()
    with translation.override("vi"):
        vietnamese = {key: translation.gettext(key) for key in keys}
    return [Row(fields[key], vietnamese[key], key, words.get(key, "")) for key in keys]
