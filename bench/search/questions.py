"""Questions put to the index: a random mix and classes of its own, each a ranked page, the exact total and six exact facets."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from archive.search.index.joined import Joined
from archive.search.index.memory import Memory
from archive.search.index.names import Names
from archive.search.index.planning import plan
from archive.search.index.questions import Sight, read
from archive.search.index.shapes import Order, Part
from bench.measure import Row, median, percentile
from bench.search import corpus
from bench.search.building import opened

SEED = 11
PAGE = 20
DEEP = 5_000  # page
WARM = 30  # questions that are not counted
P95_MS, P99_MS, RARE_GROWTH, MEMORY_MB = 15, 40, 2.0, 200
SAMPLE = 20_000  # records that questions are drawn from
FILTERS = ("kind", "place", "collection", "language")


@dataclass(frozen=True)
class Asked:
    """One question."""

    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    page: int = 0
    order: Order | None = None


class Draw:
    """Draws questions from the records themselves, so that a word is asked for as often as it stands there."""

    def __init__(self, path: Path) -> None:
        self.random = Random(SEED)
        self.records = list(corpus.records(path, SAMPLE))
        held = Counter(word for record in self.records for word in set(record.folded.split()))
        self.common = [word for word, count in held.items() if count > SAMPLE // 5]
        self.rare = [word for word, count in held.items() if count == 1 and len(word) == len("cvcvcvcv")]

    def mix(self) -> Asked:
        """Return no word to three, no filter to two, a page up to the fiftieth."""
        record = self.random.choice(self.records)
        words = self.random.sample(
            record.folded.split(), self.random.choices((0, 1, 2, 3), (0.15, 0.35, 0.35, 0.15))[0]
        )
        chosen = [name for name in FILTERS if self.random.random() < 0.2][:2]
        return Asked(
            " ".join(words), {name: record.facets[name][0] for name in chosen}, self.random.choice((0, 0, 0, 1, 2, 50))
        )

    def marked(self) -> Asked:
        """Return one to three words with the marks that they were written with: then exact matches rank first."""
        record = self.random.choice(self.records)
        return Asked(" ".join(self.random.sample(record.text.split(), self.random.choice((1, 2, 3)))))

    def phrase(self) -> Asked:
        words = self.random.choice(self.records).text.split()
        start = self.random.randrange(len(words) - 4)
        return Asked(f'"{" ".join(words[start : start + 2])}"')

    def filtered(self) -> Asked:
        record = self.random.choice(self.records)
        names = self.random.sample(FILTERS, 2)
        return Asked(self.random.choice(record.folded.split()), {name: record.facets[name][0] for name in names})

    def one_of(self, words: Sequence[str], *, page: int = 0, order: Order | None = None) -> Asked:
        return Asked(self.random.choice(words), page=page, order=order)


def ask(part: Part, asked: Asked) -> float:
    """Return the milliseconds of processor time that an answer takes."""
    began = time.process_time()
    answer = plan(read(asked.text, asked.values), part, Sight(corpus.VIEWER), Names())
    answer.page(asked.order, asked.page * PAGE, (asked.page + 1) * PAGE)
    _total, _facets = answer.total, answer.counts(corpus.FACETS)
    return (time.process_time() - began) * 1e3


def rows(items: int, small: int, *, count: int) -> Iterator[Row]:
    draw = Draw(corpus.file(items))
    # The records are the bench's: they are not to be gone through by the collector in the middle of a question.
    gc.collect()
    gc.freeze()
    before_mb = _memory_mb()
    part = Joined(opened(items), Memory())
    classes = {
        "random mix": [draw.mix() for _number in range(count)],
        "rare word": [draw.one_of(draw.rare) for _number in range(count // 3)],
        "common word (a fifth of all and more)": [draw.one_of(draw.common) for _number in range(count // 3)],
        "words with their marks": [draw.marked() for _number in range(count // 3)],
        "phrase in quotes": [draw.phrase() for _number in range(count // 3)],
        "a word and two filters": [draw.filtered() for _number in range(count // 3)],
        "no word: everything": [Asked(page=number % 3) for number in range(count // 3)],
        "words that nothing has": [Asked(f"zzqx{number} ywvv") for number in range(count // 3)],
        "common word, page 5,000": [draw.one_of(draw.common, page=DEEP) for _number in range(count // 3)],
        "common word, by title": [
            draw.one_of(draw.common, page=number % 50, order=Order.TITLE) for number in range(count // 3)
        ],
        "common word, by date": [
            draw.one_of(draw.common, page=number % 50, order=Order.DATE) for number in range(count // 3)
        ],
    }
    for name, questions in classes.items():
        yield _row(f"{name}, CPU ms", part, questions)
    taken_mb = _memory_mb()
    yield Row(
        "memory that the index takes in a process after all these, MB",
        f"**{sum(taken_mb) - sum(before_mb):.0f}**",
        f"{taken_mb[0] - before_mb[0]:.0f} its own, {taken_mb[1] - before_mb[1]:.0f} of the file, shared by all processes",
        f"≤ {MEMORY_MB}",
    )
    yield _growth(part, Joined(opened(small), Memory()), draw, count // 3)


def _row(name: str, part: Part, questions: Sequence[Asked]) -> Row:
    for asked in questions[:WARM]:
        ask(part, asked)
    taken = [ask(part, asked) for asked in questions]
    figure = f"p50 {median(taken):.2f}, **p95 {percentile(taken, 0.95):.2f}**, p99 {percentile(taken, 0.99):.2f}"
    return Row(name, figure, f"most {max(taken):.1f}, n = {len(taken)}", f"p95 ≤ {P95_MS}, p99 ≤ {P99_MS}")


def _growth(large: Part, small: Part, draw: Draw, count: int) -> Row:
    """Return how much longer a rare word takes over ten times the documents: in turns, so that a noisy machine is noisy to both."""
    questions = [draw.one_of(draw.rare) for _number in range(count)]
    for asked in questions[:WARM]:
        ask(small, asked), ask(large, asked)
    pairs = [(ask(small, asked), ask(large, asked)) for asked in questions]
    few, many = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
    return Row(
        "rare word, ten times the documents",
        f"**{many / few:.2f}**",
        f"{few:.2f} ms → {many:.2f} ms, medians",
        f"≤ {RARE_GROWTH:.0f}",
    )


def _memory_mb() -> tuple[float, float]:
    """Return resident memory: of the process's own, and of mapped files."""
    figures = {}
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        name, _colon, value = line.partition(":")
        if name in {"RssAnon", "RssFile"}:
            figures[name] = int(value.split()[0]) / 1024
    return figures["RssAnon"], figures["RssFile"]
