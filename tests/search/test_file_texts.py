"""What stands in files is found by whoever may see the file, and leads to the page, the chapter or the second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import LazySettings

from access import policy
from access.policy import Policy, Standing
from access.viewer import Viewer, make_viewer, visitor
from archive import derived_contents
from archive.models import Item, ItemFile, Passage, PassageSet
from archive.search import Filters, Moment, following, keeping, passages, search
from archive.search.folding import fold
from media_pipeline.models import Derivative, Kind, Master
from media_pipeline.processors.passages import Passages
from tests.access_matrix.turns import one_of
from tests.access_matrix.world import NOW, Made, add_file, make_item, publish, store_master

pytestmark = pytest.mark.django_db


def text_of(role: str, folder: Path, pages: Sequence[tuple[int, str]], *, part_letters: int = 12_000) -> list[Made]:
    """Return what the pipeline makes of these pages."""
    kept = Passages(1_000_000, part_letters_at_most=part_letters)
    for number, text in pages:
        kept.add(number, str(number), text)
    out = folder / f"made-{role}"
    out.mkdir()
    return [Made(role, one.name, (out / one.name).read_bytes()) for one in kept.write(out)]


def document(
    folder: Path, role: str, pages: Sequence[tuple[int, str]], *, kind: str = Kind.PDF, part_letters: int = 12_000
) -> Master:
    master = store_master(f"{role} {pages}".encode(), folder, kind=kind, media_type="application/pdf")
    publish(master, folder, *text_of(role, folder, pages, part_letters=part_letters))
    passages.refresh(master.pk)
    return master


def asked(words: str, viewer: Viewer | None = None) -> tuple[list[str], Moment | None]:
    found = search(words, Filters(), viewer or visitor(now=NOW))
    assert found.total == len(found.hits)
    moment = found.moments.get(found.hits[0].pk) if found.hits else None
    return [hit.titles[0]["value"] for hit in found.hits], moment


def test_a_word_of_a_page_leads_to_the_page(tmp_path: Path) -> None:
    item = make_item("Tờ trình", languages=["vi"])
    pages = [(1, "Mở đầu"), (3, "lễ " * 80 + "đâm trâu ở làng Kon Klor, ăn mừng nhà rông mới")]
    file = add_file(item, document(tmp_path, "text", pages))

    titles, moment = asked("dam trau")

    assert titles == ["Tờ trình"]
    assert moment is not None
    assert (moment.kind, moment.number, moment.start_ms) == ("page", 3, None)
    assert moment.query == f"file={file.pid}&page=3"
    assert "đâm trâu" in moment.text
    assert len(moment.text) < 260
    assert asked('"ăn mừng nhà rông"')[0] == ["Tờ trình"]
    assert asked('"mở đầu lễ"')[0] == []  # on two pages


def test_a_word_of_a_book_leads_to_the_part_of_its_chapter(tmp_path: Path) -> None:
    pages = [(1, "Lời tựa"), (2, ("dài " * 30 + "\n\n") * 3 + "Dăm Giông cứu dân làng")]
    file = add_file(
        make_item("Sử thi", kind="ebook"), document(tmp_path, "text", pages, kind=Kind.EPUB, part_letters=200)
    )

    titles, moment = asked("dam giong")

    assert titles == ["Sử thi"]
    assert moment is not None
    last = derived_contents.reading(file).passages[1].parts
    assert (moment.kind, moment.number, moment.part) == ("chapter", 2, len(last) - 1)
    assert moment.query == f"file={file.pid}&chapter=2&part={len(last)}"


def test_what_a_machine_read_is_found_only_where_it_can_be_vietnamese(tmp_path: Path) -> None:
    item = make_item("Trang quét", languages=["bdq"])
    file = add_file(item, document(tmp_path, "ocr", [(1, "rượu ghè")]))
    assert asked("ruou ghe") == ([], None)

    Item.objects.filter(pk=item.pk).update(languages=["vi"])
    titles, moment = asked("ruou ghe")
    assert titles == ["Trang quét"]
    assert moment is not None
    assert moment.kind == "page"

    ItemFile.objects.filter(pk=file.pk).update(language="bdq")
    assert asked("ruou ghe") == ([], None)


def test_what_stands_in_a_closed_file_is_found_by_whom_it_is_open_to(tmp_path: Path) -> None:
    item = make_item("Tờ trình", languages=["vi"])
    add_file(item, document(tmp_path, "text", [(1, "bí mật của làng")]), access=policy.REGISTERED)
    reader = make_viewer(Standing(is_registered=True), now=NOW)

    assert asked("bi mat") == ([], None)
    assert asked("bi mat", reader)[0] == ["Tờ trình"]
    # A description and a closed text do not find together either.
    assert asked("to trinh bi mat") == ([], None)
    assert asked("to trinh bi mat", reader)[0] == ["Tờ trình"]


WORDS = ("gùi", "ghè", "khèn", "chiêng", "rông")


# One in each profile; a long run draws all of them in both.
@pytest.mark.parametrize("seed", one_of(range(3)))
@pytest.mark.parametrize("kind", ["memory", "base"])
def test_whoever_satisfies_thirty_rules_and_was_given_more_finds_what_stands_in_all_they_may_read(
    kind: str, seed: int, tmp_path: Path, settings: LazySettings
) -> None:
    chance = Random(seed)
    rules = [Policy(policy.PUBLIC.clauses, opens_at=NOW + timedelta(days=day)) for day in range(-30, 30)]
    texts: dict[int, list[str]] = {}
    for number in range(60):
        item = make_item(f"Số {number}", access=rules[number], languages=["vi"])
        for other in range(chance.randint(1, 2)):
            access = rules[chance.randrange(60)] if chance.random() < 0.4 else None
            file = add_file(item, store_master(f"{number} {other}".encode(), tmp_path), access=access)
            texts[file.pk] = chance.sample(WORDS, 2)
            read = PassageSet.objects.create(master=file.master, role="text", prefix=str(file.pk))
            Passage.objects.create(
                set=read, number=1, text=" ".join(texts[file.pk]), folded=f" {fold(' '.join(texts[file.pk]))} "
            )
    if kind == "base":
        keeping.build(Path(settings.SEARCH_DIR), lambda _done: None)
    following.leave()
    anybody = visitor(now=NOW)
    pids = [one.pid for model in (Item, ItemFile) for one in model.objects.order_by("pk")]
    given = replace(anybody, standing=Standing(is_registered=True), granted=frozenset(chance.sample(pids, 40)))
    in_emergency = replace(given, standing=Standing(is_staff=True), granted=frozenset(), in_emergency=given.granted)

    for viewer in (anybody, given, in_emergency):
        assert len(viewer.rule_ids) >= 30
        for word in WORDS:
            open_files = ItemFile.objects.visible_to(viewer).filter(pk__in=[pk for pk in texts if word in texts[pk]])
            expected = set(open_files.values_list("item_id", flat=True))
            found = search(word, Filters(), viewer, page_size=100)
            assert {hit.pk for hit in found.hits} == set(found.moments) == expected
            assert found.total == len(expected)
    assert len(ItemFile.objects.visible_to(given)) > len(ItemFile.objects.visible_to(anybody))


def test_a_text_that_is_made_anew_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    master = document(tmp_path, "text", [(1, "bản cũ")])
    add_file(make_item("Tờ trình", languages=["vi"]), master)
    assert asked("ban cu")[0] == ["Tờ trình"]
    old = Derivative.objects.get(master=master)
    assert not passages.refresh(master.pk)

    other = tmp_path / "other"
    other.mkdir()
    publish(store_master(b"other", other), other, *text_of("text", other, [(1, "bản mới")]))
    fresh = Derivative.objects.exclude(pk=old.pk).get()
    Derivative.objects.create(
        master=master,
        role="text",
        version=2,
        prefix=fresh.prefix,
        files=fresh.files,
        facts={},
        size_bytes=1,
        made_at=NOW,
    )
    assert passages.refresh(master.pk)

    assert asked("ban cu") == ([], None)
    assert asked("ban moi")[0] == ["Tờ trình"]


def test_a_text_that_cannot_be_read_leaves_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    master = document(tmp_path, "text", [(1, "bản cũ")])
    add_file(make_item("Tờ trình", languages=["vi"]), master)
    PassageSet.objects.update(prefix="an older one")
    monkeypatch.setattr(derived_contents, "whole_text", lambda _made: None)

    passages.refresh_quietly(master.pk)
    assert asked("ban cu")[0] == ["Tờ trình"]
    assert "cannot be read now" in caplog.text

    monkeypatch.undo()
    assert passages.catch_up() == 1
    assert passages.catch_up() == 0


def test_what_a_strangers_file_numbers_twice_is_read_once(tmp_path: Path) -> None:
    document(tmp_path, "text", [(1, "một"), (1, "hai"), (2, "ba")])

    assert list(Passage.objects.order_by("number").values_list("number", "text")) == [(1, "một"), (2, "ba")]


@pytest.mark.pure
def test_an_excerpt_begins_near_the_words() -> None:
    text = "chữ " * 300 + "Đăk Hà " + "chữ " * 300

    assert "Đăk Hà" in passages.excerpt(text, ["dak"])
    assert passages.excerpt(text, ["dak"]).startswith("… ")
    assert passages.excerpt("Đăk Hà", ["ha"]) == "Đăk Hà"
    assert len(passages.excerpt("x" * 5000, ["y"])) <= passages.SHOWN_LETTERS
