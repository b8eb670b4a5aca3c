"""Templates by sort of thing: which fields the desk asks for, and the fields of its own that each sort has. No database.

Adding one is a file with an `ItemTemplate` and a line in the registry. A field that is taken out of a template keeps its stored values.
"""

from archive.item_templates.cleaning import OwnFieldError, clean_own, missing
from archive.item_templates.registry import TEMPLATES
from archive.item_templates.shapes import ItemTemplate, OwnField

__all__ = ["TEMPLATES", "ItemTemplate", "OwnField", "OwnFieldError", "clean_own", "missing"]
