"""Text of documents and books, read in parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import derived_contents
from archive.models import ItemFile
from media_pipeline.processors.passages import Passages, clean, spans
from tests.access_matrix.world import Made, add_file, make_item, publish, store_master

TEXT = st.text(alphabet=st.sampled_from('ab"\\\n\t é🥁ê̆'), max_size=300)


@pytest.mark.pure
@given(st.lists(TEXT, min_size=1, max_size=5), st.integers(5, 60))
def test_every_part_lies_where_the_index_says_and_together_they_are_the_text(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], letters: int
) -> None:
    out = tmp_path_factory.mktemp("out")
    passages = Passages(10_000, part_letters_at_most=letters)
    for number, text in enumerate(texts, 1):
        passages.add(number, f'"{number}"', text)
    passages.write(out)
    raw = (out / "text.json").read_bytes()

    whole, index = json.loads(raw), json.loads((out / "index.json").read_bytes())

    assert [one["text"] for one in whole] == [clean(text) for text in texts]
    for entry, place in zip(whole, index, strict=True):
        read = [json.loads(b'"' + raw[start : start + length] + b'"') for start, length in place["parts"]]
        assert (entry["number"], entry["label"]) == (place["number"], place["label"])
        assert all(0 < len(part) <= letters for part in read)
        assert "".join("".join(read).split()) == "".join(entry["text"].split())


@pytest.mark.pure
def test_a_chapter_is_cut_between_its_paragraphs() -> None:
    text = "\n\n".join("một hai ba " * 7 for _ in range(6)).strip()

    parts = [text[start:stop] for start, stop in spans(text, 200)]

    assert len(parts) == 3
    assert all(part == part.strip() and part.startswith("một") and part.endswith("ba") for part in parts)


@pytest.mark.pure
def test_a_very_long_chapter_is_cut_in_one_walk() -> None:
    text = "dài " * 1_000_000

    assert sum(stop - start for start, stop in spans(text, 12_000)) > 0.99 * len(text)


def file_with(tmp_path: Path, *made: Made) -> ItemFile:
    master = store_master(b"a book", tmp_path)
    publish(master, tmp_path, *made)
    return add_file(make_item("Sách"), master)


@pytest.mark.django_db
def test_a_part_is_read_alone_however_long_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passages = Passages(10_000_000, part_letters_at_most=12_000)
    for number in range(1, 400):
        passages.add(number, str(number), f"Chương {number}. " + "Nhà rông. " * 1000)
    out = tmp_path / "out"
    out.mkdir()
    passages.write(out)
    made = [Made("text", name, (out / name).read_bytes()) for name in ("text.json", "index.json")]
    file = file_with(tmp_path, *made)
    lengths: list[int] = []
    store = derived_contents.stores.derivatives()
    read_range = type(store).read_range

    def counted(self: object, prefix: str, name: str, start: int, length: int) -> object:
        lengths.append(length)
        return read_range(self, prefix, name, start, length)  # type: ignore[arg-type]  # the store itself

    monkeypatch.setattr(type(store), "read_range", counted)
    text = derived_contents.reading(file)

    assert text.text(text.passages[299].parts[0]).startswith("Chương 300. Nhà rông.")
    assert len(made[0].content) > 4_000_000
    assert sum(lengths) < 60_000


@pytest.mark.django_db
@pytest.mark.parametrize("parts", [[[0, 10**12]], [[-5, 4]], [[10**12, 4]], [[2, 0]], "no", [[3, 49_000]], None])
def test_an_index_that_lies_leads_nowhere(tmp_path: Path, parts: object) -> None:
    index = json.dumps([{"number": 1, "label": "1", "parts": parts}]).encode()
    file = file_with(tmp_path, Made("text", "text.json", b'[{"number":1}]'), Made("text", "index.json", index))

    assert [passage.parts for passage in derived_contents.reading(file).passages] == [()]


@pytest.mark.django_db
def test_a_file_without_a_text_has_nothing_to_read(tmp_path: Path) -> None:
    assert derived_contents.reading(file_with(tmp_path)).passages == ()
