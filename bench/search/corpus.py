"""A million made-up records, the same on every machine: syllables as often as real ones (Zipf), two-syllable words, rare names.

One line a record: number, title, text, both folded, kind, year, place, collection, language, subjects in braces, identifier. That is the
form, and nearly the distribution, of what the generator of the measured baselines writes: its engines read our file, and we read its file
where HERITAGE_BENCH_GENERATOR names that program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.search.folding import fold
from archive.search.index.shapes import Document
from archive.search.sorting import title_key

SCRATCH = Path(tempfile.gettempdir()) / "nha-rong-bench-search"
BASELINES, GENERATOR = "HERITAGE_BENCH_BASELINES", "HERITAGE_BENCH_GENERATOR"
SEED = 20_261_126
SYLLABLES, NAMES, SUBJECTS = 6_500, 60_000, 500
COMPANION_SHARE = 0.35  # of syllables that are followed by their fixed second half
BATCH = 50_000
RULES = 60
PUBLIC = 1
VIEWER = frozenset([PUBLIC, *range(2, RULES + 1, 2)][:30])
FACETS = ("kind", "place", "collection", "language", "subject", "decade")
_ONSETS = " b c ch d đ g gh h k kh l m n ng nh p ph qu r s t th tr v x"
_RHYMES = (
    "a an anh ang ao am ay ac at ai âm ân âu ăn ăng e em en eo ê ên ênh êu i in inh iêm iên iêu o on ong oi ô ôn ông ôi "
    "ơ ơi ơn u un ung ui ư ưng ươi ương ươn uyên uy y"
)
_TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
_VOWELS = frozenset("aăâeêioôơuưy")


@dataclass(frozen=True)
class Record:
    """One line of the file."""

    number: int
    title: str
    text: str
    folded: str
    facets: dict[str, list[str]]

    def document(self) -> Document:
        day = date(int(self.facets["decade"][0]), 1, 1).toordinal()
        return Document(
            key=self.number,
            rule=rule(self.number),
            published=self.number * 1_000_000,
            title_key="".join(map(_word_key, self.title.split())),
            titles=(self.title,),
            texts=(self.text,),
            first=day,
            last=day + 364,
            facets=self.facets,
        )


def rule(number: int) -> int:
    """Return the rule of a record: half of all are public, the others spread over 59 rules."""
    return PUBLIC if number % 2 else number * 2_654_435_761 % 2**32 % (RULES - 1) + 2


_word_key = cache(title_key)  # word by word a title's key is that of its words


def file(count: int) -> Path:
    """Return the file of so many records, made where it is missing."""
    generator = os.environ.get(GENERATOR)
    path = SCRATCH / f"{'baseline' if generator else 'own'}-{count}.tsv"
    if not path.exists():
        SCRATCH.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".part")
        if generator:
            subprocess.run([sys.executable, generator, str(count), str(aside)], check=True)
        else:
            _make(aside, count)
        aside.rename(path)
    return path


def records(path: Path, count: int | None = None) -> Iterator[Record]:
    with path.open(encoding="utf-8") as lines:
        for line in islice(lines, count):
            number, title, text, folded, kind, year, place, collection, language, subjects, _identifier = line.split(
                "\t"
            )
            several = subjects[1:-1].split(",")
            one = {"kind": kind, "place": place, "collection": collection, "language": language, "decade": year}
            yield Record(
                int(number), title, text, folded, {name: [value] for name, value in one.items()} | {"subject": several}
            )


def _make(path: Path, count: int) -> None:
    rng = np.random.default_rng(SEED)
    words = np.array(_syllables(rng), dtype=object)
    plain = np.array([fold(word) for word in words], dtype=object)
    names = np.array(_names(rng), dtype=object)
    often, rarely = _zipf(SYLLABLES, 1.0, 2.7), _zipf(NAMES, 0.9, 5.0)
    with path.open("w", encoding="utf-8") as out:
        for begin in range(0, count, BATCH):
            size = min(BATCH, count - begin)
            titles, lengths = rng.integers(5, 12, size), rng.integers(23, 58, size)
            tokens = np.searchsorted(often, rng.random(int(lengths.sum()))).clip(0, SYLLABLES - 1)
            follows = rng.random(len(tokens)) < COMPANION_SHARE
            tokens[1:][follows[1:]] = ((np.arange(SYLLABLES) * 7_919 + 13) % SYLLABLES)[tokens[:-1][follows[1:]]]
            written, folded_words = words[tokens], plain[tokens]
            two = names[np.searchsorted(rarely, rng.random((size, 2))).clip(0, NAMES - 1)]
            facets = _facets(rng, size)
            ends = np.cumsum(lengths)
            for line in range(size):
                start, end = ends[line] - lengths[line], ends[line]
                middle = start + titles[line]
                rare = " ".join(two[line])
                title = " ".join(written[start:middle]).capitalize()
                text = f"{' '.join(written[middle:end])} {rare}"
                folded = f"{' '.join(folded_words[start:end])} {rare}"
                number = begin + line + 1
                out.write("\t".join([str(number), title, text, folded, *facets[line], f"QN.{number:07d}"]) + "\n")
    marks = {
        "phrase": [plain[40], plain[(40 * 7_919 + 13) % SYLLABLES]],
        "phrase2": [plain[5], plain[(5 * 7_919 + 13) % SYLLABLES]],
    }
    path.with_name(f"{path.stem}.json").write_text(json.dumps(marks), "utf-8")


def _syllables(rng: np.random.Generator) -> list[str]:
    found = {
        unicodedata.normalize("NFC", onset + _toned(rhyme, tone))
        for onset in _ONSETS.split(" ")
        for rhyme in _RHYMES.split()
        for tone in _TONES
    }
    ordered = sorted(found)
    rng.shuffle(ordered)
    return ordered[:SYLLABLES]


def _toned(rhyme: str, tone: str) -> str:
    marked = next((place for place, letter in enumerate(rhyme) if letter in "ăâêôơư"), None)
    place = next(place for place, letter in enumerate(rhyme) if letter in _VOWELS) if marked is None else marked
    return rhyme[: place + 1] + tone + rhyme[place + 1 :]


def _names(rng: np.random.Generator) -> list[str]:
    consonants, vowels = np.array(list("bcdghklmnprstvx")), np.array(list("aeiou"))
    pairs = np.char.add(rng.choice(consonants, (NAMES, 4)), rng.choice(vowels, (NAMES, 4)))
    return ["".join(row) for row in pairs]


def _zipf(size: int, power: float, shift: float = 1.0) -> NDArray[np.float64]:
    """Return the sums of the shares of so many ranks."""
    shares = 1 / (np.arange(size) + shift) ** power
    return np.cumsum(shares / shares.sum())


def _facets(rng: np.random.Generator, size: int) -> list[list[str]]:
    def drawn(values: int, power: float, amount: int = size) -> NDArray[np.int64]:
        return np.searchsorted(_zipf(values, power), rng.random(amount)).clip(0, values - 1)

    single = [drawn(12, 1.1), 1_800 + drawn(220, 0.6) * 37 % 220, drawn(250, 1.0), drawn(60, 0.9), drawn(6, 1.8)]
    amounts = rng.integers(1, 4, size)
    subjects = np.split(drawn(SUBJECTS, 0.95, int(amounts.sum())), np.cumsum(amounts)[:-1])
    columns = zip(*(column.tolist() for column in single), subjects, strict=True)
    return [[*map(str, row[:-1]), "{" + ",".join(map(str, sorted(set(row[-1].tolist())))) + "}"] for row in columns]
