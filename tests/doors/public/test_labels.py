"""Codes are never shown where there is a word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archive.admin.relators import RELATORS
from public_site import labels

pytestmark = pytest.mark.pure
CATALOGUE = Path(__file__).resolve().parents[3] / "archive" / "sample" / "catalogue.json"


def test_every_role_that_the_desk_offers_or_the_sample_has_is_a_word_on_the_page() -> None:
    used = set(re.findall(r'"role": ?"([a-z]{3})"', CATALOGUE.read_text(encoding="utf-8")))
    offered = {code for code, _ in RELATORS}

    assert used
    assert sorted(code for code in used | offered if labels.role_label(code) == code) == []


def test_every_language_of_the_sample_has_a_name_on_the_page() -> None:
    items = json.loads(CATALOGUE.read_text(encoding="utf-8"))["items"]
    used = {tag for item in items for tag in item["languages"]}

    assert sorted(tag for tag in used if labels.language_label(tag) == tag) == []
