"""Fields that find headings while one types."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.http import HttpRequest

MOST_DIGITS = 18


def is_key(value: object) -> bool:
    """Return whether a value of a form or an address can be the key of a row: a number that every database holds."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


class KeysOnly(AutocompleteMixin):
    """Shows what was sent again only where it can be a key: Django asks the database for anything, and breaks."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:  # Any: as in Django
        return super().optgroups(name, [one for one in value if is_key(one)], attr)


class Chooser(KeysOnly, AutocompleteSelect):
    """One heading."""


class Choosers(KeysOnly, AutocompleteSelectMultiple):
    """Several headings."""


class WithChoosers:
    """For screens and their parts with `autocomplete_fields`."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        return self._choose(Chooser, "formfield_for_foreignkey", db_field, request, kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:  # Any: as in Django
        return self._choose(Choosers, "formfield_for_manytomany", db_field, request, kwargs)

    def _choose(
        self, widget: Any, method: str, db_field: Any, request: HttpRequest, kwargs: Any
    ) -> Any:  # Any: as above
        screen: Any = self  # Any: an admin screen, of any model
        if db_field.name in screen.get_autocomplete_fields(request):
            kwargs.setdefault("widget", widget(db_field, screen.admin_site, using=kwargs.get("using")))
        return getattr(super(), method)(db_field, request, **kwargs)
