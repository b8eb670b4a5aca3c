"""Codes are never shown where there is a word."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archive import vocabularies
from archive.admin import language_choices, relators

pytestmark = pytest.mark.pure
CATALOGUE = Path(__file__).resolve().parents[3] / "archive" / "sample" / "catalogue.json"


def test_every_role_of_the_sample_is_a_word_on_the_page_and_a_choice_at_the_desk() -> None:
    used = set(re.findall(r'"role": ?"([a-z]{3})"', CATALOGUE.read_text(encoding="utf-8")))

    assert used
    assert sorted(code for code in used if vocabularies.relator(code) == code) == []
    assert used <= {code for code, _label in relators.choices()}


def test_every_language_of_the_sample_has_a_name_on_the_page_and_is_a_choice_at_the_desk() -> None:
    items = json.loads(CATALOGUE.read_text(encoding="utf-8"))["items"]
    used = {tag for item in items for tag in item["languages"]}

    assert used
    assert sorted(tag for tag in used if vocabularies.language(tag) == tag) == []
    assert {tag.partition("-")[0] for tag in used} <= {tag for tag, _label in language_choices.choices()}


def test_a_code_that_nobody_knows_stays_what_it_is() -> None:
    assert (vocabularies.relator("xyz"), vocabularies.language("qaa")) == ("xyz", "qaa")
    assert vocabularies.language("blt-Latn") == vocabularies.language("blt") != "blt"
    assert relators.choices("xyz")[-1] == ("xyz", "xyz")
