"""The Vietnamese catalogue: complete, nothing left over, nothing lost between the two languages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import django
import polib
import pytest
from django.utils import translation
from rest_framework import exceptions

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "locale" / "vi" / "LC_MESSAGES"
CATALOGUES = ("django", "djangojs")
SOURCES = ("access", "archive", "heritage", "interop", "locale", "media_pipeline", "public_site", "templates")
XGETTEXT = shutil.which("xgettext")

# Named, positional and braced places, escaped percent signs, tags, and the words that scripts of the desk put values in for.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd%]|\{\w*\}|</?\w+>|\b(?:PERCENT|NAME|PLACE)\b")
# Names, the same in both languages.
SAME_IN_BOTH = {"Nhà Rông", "SHA-256", "OpenAPI 3.1", "ISBN"}
# Words of state secrets and of contempt, which a library does not use of anybody or anything ("mật khẩu" is a password).
NEVER_SAID = re.compile(r"\b(cấm|tuyệt mật|bí mật|lạc hậu|hủ tục|mê tín|mật(?! khẩu))\b", re.IGNORECASE)

pytestmark = pytest.mark.pure


def entries(catalogue: str = "django") -> list[polib.POEntry]:
    return list(polib.pofile(str(FOLDER / f"{catalogue}.po")))


def every_entry() -> list[polib.POEntry]:
    return [entry for catalogue in CATALOGUES for entry in entries(catalogue)]


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def test_every_text_of_the_code_is_in_the_catalogue(tmp_path: Path) -> None:
    if XGETTEXT is None:
        pytest.skip("no xgettext: install the package gettext")
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo", "node_modules")
        )
    shutil.copy2(ROOT / "manage.py", tmp_path)

    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "vi", "--no-obsolete", "--keep-pot"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=300,
    )

    found = {key(entry) for entry in polib.pofile(str(tmp_path / "locale" / "django.pot"))}
    assert len(found) > 500
    assert found == {key(entry) for entry in entries()}


def test_nothing_is_untranslated_or_doubtful() -> None:
    empty = [entry.msgid for entry in every_entry() if not all(text.strip() for text in translations(entry) or [""])]
    fuzzy = [entry.msgid for entry in every_entry() if entry.fuzzy]

    assert (empty, fuzzy) == ([], [])


def test_nothing_obsolete_is_kept() -> None:
    for catalogue in CATALOGUES:
        assert polib.pofile(str(FOLDER / f"{catalogue}.po")).obsolete_entries() == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = []
    for entry in every_entry():
        wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        wrong += [(entry.msgid, text) for text in translations(entry) if sorted(PLACEHOLDER.findall(text)) != wanted]

    assert wrong == []


def test_nothing_but_names_is_left_in_english() -> None:
    same = [
        entry.msgid
        for entry in every_entry()
        if entry.msgid in translations(entry)
        and entry.msgid not in SAME_IN_BOTH
        and re.search(r"[A-Za-z]", PLACEHOLDER.sub("", entry.msgid))
    ]

    assert same == []


def test_a_sentence_ends_as_its_original_does() -> None:
    ends = ".:…?"
    wrong = [
        (entry.msgid, text)
        for entry in every_entry()
        if entry.msgctxt != "citation"  # abbreviations end with points, and have other ones elsewhere
        for text in translations(entry)
        if (entry.msgid[-1] if entry.msgid[-1] in ends else "") != (text[-1] if text[-1] in ends else "")
    ]

    assert wrong == []


def test_every_letter_is_one_code_point_and_no_space_is_too_many() -> None:
    wrong = [
        text
        for entry in every_entry()
        for text in translations(entry)
        if text != unicodedata.normalize("NFC", text)
        or re.search(r" {2}| [.,;:?!]", text)
        or (text.strip() != text and entry.msgid.strip() == entry.msgid)
    ]

    assert wrong == []


def test_words_of_secrecy_and_contempt_are_not_said() -> None:
    assert [text for entry in every_entry() for text in translations(entry) if NEVER_SAID.search(text)] == []


def test_there_is_one_plural_form_and_no_trace_of_who_made_the_file() -> None:
    for catalogue in CATALOGUES:
        header = polib.pofile(str(FOLDER / f"{catalogue}.po")).metadata

        assert header["Language"] == "vi"
        assert header["Plural-Forms"] == "nplurals=1; plural=0;"
        assert header["Content-Type"] == "text/plain; charset=UTF-8"
        assert not {"Last-Translator", "POT-Creation-Date", "PO-Revision-Date"} & set(header)


def test_every_sentence_named_for_django_is_one_of_django() -> None:
    of_django = {
        (entry.msgid, entry.msgid_plural)
        for path in Path(django.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po")
        for entry in polib.pofile(str(path))
    }
    # The REST framework ships no sources of its catalogues.
    with translation.override(None):
        of_django |= {
            (str(one.default_detail), "") for one in vars(exceptions).values() if hasattr(one, "default_detail")
        }
    ours = {
        (entry.msgid, entry.msgid_plural)
        for entry in entries()
        if [place for place, _line in entry.occurrences] == ["heritage/django_texts.py"]
    }

    assert len(ours) > 50
    assert ours - of_django == set()


def test_texts_are_marked_by_names_that_the_collector_knows() -> None:
    """What is called by another name is never collected, and is English for ever."""
    another = re.compile(r"import .*\b[np]*gettext(?:_lazy)? as (?!_$)\w+", re.MULTILINE)
    found = [str(path) for app in SOURCES for path in (ROOT / app).rglob("*.py") if another.search(path.read_text())]

    assert found == []
