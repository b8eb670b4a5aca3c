"""Subjects as SKOS: what goes out comes in again, a second time changes nothing, hidden labels stay, and hostile files do no harm."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override
from rdflib import SKOS, Graph

from archive.languages import of
from archive.models import Revision, Subject
from archive.skos import reading
from archive.skos.concepts import tag_of
from archive.skos.merging import take_in
from archive.skos.reading import SkosError, read
from tests.access_matrix.world import NOW, make_item

pytestmark = pytest.mark.django_db

FILE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <http://thesaurus.example/> .
t:gongs a skos:Concept ; skos:inScheme <http://thesaurus.example/music> ; skos:notation "781" ;
  skos:prefLabel "Cồng chiêng"@vi, "Gongs"@en, "ꪼ"@blt-tavt ; skos:altLabel "chiêng"@vi ; skos:hiddenLabel "SLUR"@vi ;
  skos:scopeNote "Bằng đồng"@vi ; skos:broader t:music ; skos:closeMatch <http://other.example/g> .
t:music a skos:Concept ; skos:inScheme <http://thesaurus.example/music> ; skos:prefLabel "Âm nhạc"@vi ;
  skos:narrower t:gongs ; skos:broader t:gongs .
t:dance a skos:Concept ; skos:prefLabel "Múa" ; skos:related t:gongs .
t:nameless a skos:Concept ; skos:notation "0" .
"""


def state() -> list[object]:
    """Return all subjects with their ties, and how many revisions there are."""
    rows = [
        (
            one.slug, one.scheme, one.names, one.variants, one.hidden_variants, one.notes, one.notation, one.matches,
            sorted(one.broader.values_list("slug", flat=True)), sorted(one.related.values_list("slug", flat=True)),
        )
        for one in Subject.objects.order_by("slug")
    ]  # fmt: skip
    return [*rows, Revision.objects.count()]


def test_a_thesaurus_is_taken_in_with_labels_notes_ties_and_matches() -> None:
    report = take_in(read(FILE.encode(), "turtle"), actor=None, now=NOW)

    gongs, dance = Subject.objects.get(slug="cong-chieng"), Subject.objects.get(slug="mua")
    assert {one["lang"]: one["value"] for one in gongs.names} == {"vi": "Cồng chiêng", "en": "Gongs", "blt-Tavt": "ꪼ"}
    assert (gongs.variants, gongs.hidden_variants, gongs.notes) == (of(vi="chiêng"), of(vi="SLUR"), of(vi="Bằng đồng"))
    assert (gongs.scheme, gongs.notation, dance.scheme) == ("music", "781", "local")
    assert {"relation": "exactMatch", "uri": "http://thesaurus.example/gongs"} in gongs.matches
    assert {"relation": "closeMatch", "uri": "http://other.example/g"} in gongs.matches
    assert [one.slug for one in gongs.related.all()] == ["mua"]
    assert (len(report.made), report.changed) == (3, [])
    # Of a circle one tie is left out; what has no name is said.
    assert Subject.objects.filter(broader__isnull=False).count() == 1
    assert sorted(code for _uri, code in report.skipped) == ["cycle", "unnamed"]
    assert Revision.objects.filter(kind="subject", key=str(gongs.pk)).exists()


def test_a_second_time_changes_nothing_and_writes_no_history() -> None:
    take_in(read(FILE.encode(), "turtle"), actor=None, now=NOW)
    before = state()

    report = take_in(read(FILE.encode(), "turtle"), actor=None, now=NOW)

    assert state() == before
    assert (report.made, report.changed, len(report.unchanged)) == ([], [], 3)


@pytest.mark.parametrize("ending", ["ttl", "rdf"])
def test_what_goes_out_comes_in_again(tmp_path: Path, ending: str) -> None:
    take_in(read(FILE.encode(), "turtle"), actor=None, now=NOW)
    path = tmp_path / f"subjects.{ending}"
    call_command("export_subjects", path, "--hidden", stdout=io.StringIO())
    before = state()

    call_command("import_subjects", path, stdout=io.StringIO())
    assert state() == before

    Subject.objects.all().delete()
    Revision.objects.all().delete()
    call_command("import_subjects", path, stdout=io.StringIO())
    assert [row[:8] for row in state()[:-1]] == [row[:8] for row in before[:-1]]  # type: ignore[index]  # rows


def test_hidden_labels_leave_by_an_option_only(tmp_path: Path, client: Client) -> None:
    take_in(read(FILE.encode(), "turtle"), actor=None, now=NOW)
    make_item("Chiêng").subjects.add(*Subject.objects.all())
    for options, is_there in (((), False), (("--hidden",), True)):
        path = tmp_path / "s.ttl"
        call_command("export_subjects", path, *options, stdout=io.StringIO())
        assert ("SLUR" in path.read_text("utf-8")) == is_there

    assert b"SLUR" not in client.get("/api/v1/subjects/").content


def test_what_is_written_is_skos_with_one_preferred_label_a_language(tmp_path: Path) -> None:
    above = Subject.objects.create(slug="a", names=[*of(vi="Một"), *of(vi="Hai")])
    below = Subject.objects.create(slug="b", names=of(vi="Ba"), scheme="ddc23", notation="781.62")
    below.broader.add(above)
    call_command("export_subjects", tmp_path / "s.ttl", "--base", "https://library.example/s/", stdout=io.StringIO())

    graph = Graph().parse(tmp_path / "s.ttl")

    first = next(graph.subjects(SKOS.narrower))
    assert str(first) == "https://library.example/s/a"
    assert len(list(graph.objects(first, SKOS.prefLabel))) == len(list(graph.objects(first, SKOS.altLabel))) == 1
    assert str(next(graph.objects(None, SKOS.broader))) == str(first)


def test_a_name_that_the_file_has_otherwise_becomes_the_name_and_nothing_is_lost() -> None:
    take_in(read(FILE.encode(), "turtle"), actor=None, now=NOW)
    gongs = Subject.objects.get(slug="cong-chieng")
    gongs.variants = [*gongs.variants, {"lang": "vi", "value": "của thư viện"}]
    gongs.save()

    take_in(read(FILE.replace('"Gongs"@en', '"Gong"@en').encode(), "turtle"), actor=None, now=NOW)

    gongs.refresh_from_db()
    assert {"lang": "en", "value": "Gong"} in gongs.names
    assert {"lang": "en", "value": "Gongs"} in gongs.variants
    assert {"lang": "vi", "value": "của thư viện"} in gongs.variants


def test_a_check_says_what_would_be_done_and_writes_nothing(tmp_path: Path) -> None:
    path, told = tmp_path / "s.ttl", io.StringIO()
    path.write_text(FILE, "utf-8")

    with override("vi"):
        call_command("import_subjects", path, "--check", "--scheme", "btk", stdout=told)

    assert "+ Cồng chiêng" in told.getvalue()
    assert not Subject.objects.exists()


ENTITY = '<!DOCTYPE rdf [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
RDF = (
    '<?xml version="1.0"?>{}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:skos="http://www.w3.org/2004/02/skos/core#"><skos:Concept rdf:about="http://e.example/1">'
    "<skos:prefLabel>{}</skos:prefLabel></skos:Concept></rdf:RDF>"
)


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        (RDF.format(ENTITY, "&a;").encode(), "xml", "entities"),
        (RDF.format(ENTITY, "&a;").encode("utf-16"), "xml", "encoding"),
        (b"\xff\xfe nothing", "turtle", "encoding"),
        (b"<rdf", "xml", "unreadable"),
        (b"this is no turtle", "turtle", "unreadable"),
        (b"[" * 20_000, "turtle", "unreadable"),
        (b"", "turtle", "nothing"),
        (b"x" * 101, "turtle", "large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_hostile_file_is_refused_and_says_why(
    content: bytes, form: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BYTES_MOST", 100 if code == "large" else 1 << 20)

    with pytest.raises(SkosError) as refused:
        read(content, form)

    assert refused.value.code == code


def test_labels_that_cannot_be_kept_are_left_out() -> None:
    text = FILE.replace('"chiêng"@vi', f'"{"x" * 501}"@vi, "a\\u0000b"@vi, "kept"@en')

    gongs = next(one for one in read(text.encode(), "turtle") if one.uri.endswith("gongs"))

    assert gongs.variants == of(en="kept")


def test_a_wrong_ending_and_a_missing_file_are_said_in_a_sentence(tmp_path: Path) -> None:
    for command, path in (("import_subjects", "a.csv"), ("import_subjects", "a.ttl"), ("export_subjects", "a.csv")):
        with pytest.raises(CommandError):
            call_command(command, tmp_path / path)


@pytest.mark.parametrize(
    ("read_as", "tag"), [("blt-tavt", "blt-Tavt"), ("vi-vn", "vi-VN"), ("EN", "en"), (None, "und")]
)
def test_tags_are_written_as_we_write_them(read_as: str | None, tag: str) -> None:
    assert tag_of(read_as) == tag
