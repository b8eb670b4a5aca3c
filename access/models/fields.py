"""Fields of text that are stored in canonical form, whoever writes them: forms, commands, or `update` and `bulk_create`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from access.spelling import canonical


def _leaves(value: Any) -> Any:  # Any: whatever JSON holds
    """Return the value with every text in it in canonical form; keys are names of ours and stay."""
    if isinstance(value, str):
        return canonical(value)
    if isinstance(value, list | tuple):
        return [_leaves(one) for one in value]
    return {key: _leaves(one) for key, one in value.items()} if isinstance(value, dict) else value


class _Canonical(models.Field):  # type: ignore[type-arg]  # a mixin: what it holds is said by the fields below
    """Makes the form on the way in, and where a whole text is asked for: a name is found however its marks were typed.

    To migrations it is the plain field, whose column it has.
    """

    plain: type[models.Field[Any, Any]]

    def to_python(self, value: Any) -> Any:  # Any: as in Django
        found = super().to_python(value)
        return _leaves(found)

    def get_prep_value(self, value: Any) -> Any:  # Any: as in Django
        found = super().get_prep_value(value)
        return _leaves(found)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # The row in memory becomes what is stored: histories and answers are made of it.
        found = _leaves(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, found)
        return found

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.plain.__name__}", args, kwargs


if TYPE_CHECKING:
    # To the type checker they are what they are to migrations, so that it knows what their attributes hold.
    from django.db.models import CharField as CanonicalCharField
    from django.db.models import JSONField as CanonicalJSONField
    from django.db.models import TextField as CanonicalTextField
else:

    class CanonicalCharField(_Canonical, models.CharField):
        """A CharField in canonical form."""

        plain = models.CharField

    class CanonicalTextField(_Canonical, models.TextField):
        """A TextField in canonical form."""

        plain = models.TextField

    class CanonicalJSONField(_Canonical, models.JSONField):
        """A JSONField whose texts are in canonical form."""

        plain = models.JSONField


__all__ = ["CanonicalCharField", "CanonicalJSONField", "CanonicalTextField"]
