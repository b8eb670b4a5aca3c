"""The field of values in a language."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from access.models.fields import CanonicalJSONField
from archive import languages


def validate_values(value: object) -> None:
    """Raise ValidationError unless this is a list of {"lang", "value"} with well-formed tags."""
    if not isinstance(value, list) or any(
        not isinstance(one, dict)
        or set(one) != {"lang", "value"}
        or not all(isinstance(part, str) for part in one.values())
        for one in value
    ):
        raise ValidationError(_("This is not a list of texts, each with its language."))
    for one in value:
        if not languages.BCP47.match(one["lang"]):
            raise ValidationError(_("“%(tag)s” is not a language tag."), params={"tag": one["lang"]})


class LangValuesField(models.JSONField):
    """A list of {"lang", "value"}: one column for a property in any number of languages. Stored in canonical form."""

    default_validators = [validate_values]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own field arguments
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:  # Any: as in Django
        if isinstance(value, list):
            value = languages.clean(value)
        return super().get_prep_value(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # The row in memory becomes what is stored: histories and answers are made of it.
        value = super().pre_save(model_instance, add)
        if isinstance(value, list):
            value = languages.clean(value)
            setattr(model_instance, self.attname, value)
        return value


def validate_codes(value: object) -> None:
    """Raise ValidationError unless this is a list of {"scheme", "version", "code"} of texts."""
    if not isinstance(value, list) or any(
        not isinstance(one, dict)
        or set(one) != {"scheme", "version", "code"}
        or not all(isinstance(part, str) for part in one.values())
        or not (one["scheme"] and one["code"])
        for one in value
    ):
        raise ValidationError(_("This is not a list of codes, each with its scheme."))


class CodesField(CanonicalJSONField):
    """A list of {"scheme", "version", "code"}: lists of the same scheme disagree between their versions (domain.md 1.1)."""

    default_validators = [validate_codes]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own field arguments
        kwargs.setdefault("default", list)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)
