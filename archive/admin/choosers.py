"""Fields that find headings while one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model
from django.http import HttpRequest

MOST_DIGITS = 18


def is_key(value: object) -> bool:
    """Return whether a value of a form or an address can be the key of a row: a number that every database holds."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


class KeysOnly(AutocompleteMixin):
    """Shows what was sent again only where it can be a key: Django asks the database for anything, and breaks.

    `known` are rows that were read already, by key: what is shown of them is not asked for again, once for each row of a form.
    """

    known: Mapping[str, Model] | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:  # Any: as in Django
        keys = [str(one) for one in value if is_key(one)]
        known = self.known or {}
        if not all(key in known for key in keys):
            return super().optgroups(name, keys, attr)
        shown: Any = self  # Any: a select, of which this is a part
        options = []
        if not shown.is_required and not shown.allow_multiple_selected:
            options.append(shown.create_option(name, "", "", False, 0))
        for key in dict.fromkeys(keys):
            label = shown.choices.field.label_from_instance(known[key])
            options.append(shown.create_option(name, known[key].pk, label, True, len(options)))
        return [(None, options, 0)]


class Chooser(KeysOnly, AutocompleteSelect):
    """One heading."""


class Choosers(KeysOnly, AutocompleteSelectMultiple):
    """Several headings."""


def tell_choosers(form: Any) -> None:  # Any: a form of any model
    """Tell the choosers of a form which rows it was made with (`select_related`, initial values), so that they do not ask again."""
    for name, field in form.fields.items():
        chooser = getattr(field.widget, "widget", field.widget)
        if not isinstance(chooser, KeysOnly):
            continue
        rows = form.initial.get(name) if isinstance(form.initial.get(name), list) else None
        if rows is None and form.instance.pk and form.instance._meta.get_field(name).is_cached(form.instance):
            rows = [getattr(form.instance, name)]
        if rows and all(isinstance(row, Model) for row in rows):
            chooser.known = {str(row.pk): row for row in rows}


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
