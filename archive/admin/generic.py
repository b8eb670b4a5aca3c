"""Django's classes as the type checker knows them: with the model in brackets, which Django itself does not take at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
    from django.forms import ModelForm
    from django.forms.models import BaseInlineFormSet
else:
    from django import forms
    from django.contrib import admin
    from django.forms import models

    class _Bracketed:
        def __class_getitem__(cls, _models):
            return cls

    class ModelAdmin(_Bracketed, admin.ModelAdmin):
        pass

    class StackedInline(_Bracketed, admin.StackedInline):
        pass

    class TabularInline(_Bracketed, admin.TabularInline):
        pass

    class ModelForm(_Bracketed, forms.ModelForm):
        pass

    class BaseInlineFormSet(_Bracketed, models.BaseInlineFormSet):
        pass


__all__ = ["BaseInlineFormSet", "ModelAdmin", "ModelForm", "StackedInline", "TabularInline"]
