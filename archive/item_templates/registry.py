"""Every template by its key, in the order in which the desk offers them."""

from __future__ import annotations

from collections.abc import Mapping

from archive.item_templates.ebook import EBOOK
from archive.item_templates.epic import EPIC
from archive.item_templates.gong_recording import GONG_RECORDING
from archive.item_templates.map import MAP
from archive.item_templates.oral_history import ORAL_HISTORY
from archive.item_templates.photograph import PHOTOGRAPH
from archive.item_templates.ritual import RITUAL
from archive.item_templates.shapes import ItemTemplate
from archive.item_templates.textile import TEXTILE

TEMPLATES: Mapping[str, ItemTemplate] = {
    one.key: one for one in (EPIC, GONG_RECORDING, TEXTILE, RITUAL, MAP, PHOTOGRAPH, ORAL_HISTORY, EBOOK)
}
