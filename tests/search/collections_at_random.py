"""Random small collections: documents of highland and Vietnamese words, who may see them, and what is asked.

Made from a seed that hypothesis chooses, not draw by draw: twenty times as many can be looked at in the time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from archive.languages import canonical
from archive.search.folding import fold
from archive.search.index.questions import Question, Sight, read
from archive.search.index.shapes import Document, FileText
from archive.search.sorting import title_key

# Words that are near each other in some way. A collection is made of two or three of these rows, so that a query finds something.
ROWS = (
    ("nhà", "nha", "Nhã", "rông", "rong"),
    ("Kon", "Tum", "Kontum", "konplong", "plong", "konplongtum"),
    ("Đăk", "đak", "dak", "Bla", "dakbla", "b"),
    ("mỹ", "mĩ", "my", "sơn", "son"),
    ("k'", "klông", "k’lông", "long", "goong", "gong", "k", "lông"),
    ("Xơ", "Đăng", "Sedang", "Xê", "se", "xodang"),
    ("Mọi", "moi", "kor", "co", "có", "Cua", "của"),
    ("ꪁꪲ", "ꪁꪳ", "ꪁꪲꪁꪳ"),
    ("ƀok", "bok", "ꝍ", "ơ̆", "ơ", "a", "ở"),
    ("čar", "char", "ñan", "nhan", "nan"),
    ("h", "hơ", "mon", "hmon", "hơmon", "h'mon"),
    ("ba", "na", "bana", "bah", "nar", "bahnar", "banaba"),
    ("1975", "19", "75", "20"),
)
PARTING = (" ", " ", " ", "-", ", ", " (", "\n")
AUTHORITIES: Sequence[tuple[Sequence[str], Sequence[str]]] = (
    (("Xơ Đăng", "Xê Đăng", "Sedang"), ("Mọi",)),
    (("Co", "Cua", "Kor"), ("Moi Co",)),
    (("Ba Na", "Bahnar", "Bana"), ()),
    (("Kon Plông", "Kon Plong", "Mọi"), ()),
    (("Long Mỹ", "nhà rông Kon Tum"), ()),
    (("Klông", "Goong"), ("gong",)),
)
RULES = (1, 2, 3)
KINDS = ("book", "sound", "film")


@dataclass
class Collection:
    """What became of a collection: documents that were put in first, then others, and keys of those taken out."""

    before: list[Document] = field(default_factory=list)
    changes: list[Document | int] = field(default_factory=list)

    def now(self) -> list[Document]:
        """Return the documents that are there after all changes."""
        held = {one.key: one for one in self.before}
        for change in self.changes:
            if isinstance(change, int):
                held.pop(change, None)
            else:
                held[change.key] = change
        return list(held.values())

    def as_seen(self, sight: Sight) -> Collection:
        """Return the same as if what somebody may not see had never been: items, and files of those that he sees."""
        seen = {one.key for one in self.now() if one.rule in sight.rules or one.key in sight.granted}

        def open_of(document: Document) -> Document:
            return replace(
                document, files=[one for one in document.files if one.rule in sight.rules or one.key in sight.files]
            )

        return Collection(
            [open_of(one) for one in self.before if one.key in seen],
            [
                one if isinstance(one, int) else open_of(one)
                for one in self.changes
                if (one if isinstance(one, int) else one.key) in seen
            ],
        )


class Maker:
    """Makes a collection and questions that fit it, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.words = [word for row in self.random.sample(ROWS, 2) for word in row]

    def text(self, most: int) -> str:
        """Return some words, parted in some way, whole or taken apart by Unicode."""
        words = self.random.choices(self.words, k=self.random.randint(0, most))
        text = "".join(word + self.random.choice(PARTING) for word in words)
        return unicodedata.normalize(self.random.choice(("NFC", "NFD")), text)

    def document(self, key: int) -> Document:
        """Return a document with this key."""
        chance = self.random
        titles = [canonical(self.text(3)) for _number in range(chance.randint(0, 2))]
        days = (None, 700_000, 700_001, 700_002, 700_003)
        return Document(
            key=key,
            rule=chance.choice(RULES),
            published=chance.choice((-1, 5, 6, 7)),
            title_key=title_key(titles[0]) if titles else "",
            titles=titles,
            texts=[canonical(self.text(5)) for _number in range(chance.randint(0, 2))],
            first=chance.choice(days),
            last=chance.choice(days),
            facets={facet: chance.sample(KINDS, chance.randint(0, 2)) for facet in ("kind", "people")},
            files=[self._file(key * 10 + number) for number in range(chance.choice((0, 0, 1, 2)))],
        )

    def _file(self, key: int) -> FileText:
        passages = [fold(self.text(3)) for _number in range(self.random.randint(1, 2))]
        return FileText(key, self.random.choice(RULES), "\n".join(passages))

    def collection(self) -> Collection:
        """Return up to ten documents, some of them changed or taken out later."""
        before = [self.document(key) for key in range(1, self.random.randint(1, 7))]
        keys = [self.random.randint(1, 10) for _number in range(self.random.choice((0, 0, 2, 5)))]
        return Collection(before, [self.document(key) if self.random.random() < 0.7 else key for key in keys])

    def query(self) -> str:
        """Return words of the collection: with marks and without, joined, quoted, taken apart by Unicode."""
        chance = self.random
        if chance.random() < 0.1:
            return chance.choice(("", " ", "!", '""', "“", "nowhere", "xê đăng", "mọi", "Moi Co", "bahnar", "long mỹ"))
        words = chance.choices(self.words, k=chance.choice((1, 1, 2, 2, 3, 4)))
        text = "".join(word + chance.choice((" ", " ", " ", "", '" ', ' "')) for word in words)
        if chance.random() < 0.2:
            text = f'"{text}"'
        if chance.random() < 0.4:
            text = " ".join(fold(piece) for piece in text.split(" "))
        return unicodedata.normalize(chance.choice(("NFC", "NFD")), text.upper() if chance.random() < 0.1 else text)

    def question(self) -> Question:
        """Return a query, or none, with filters or none."""
        chance = self.random
        days = (None, None, None, 699_999, 700_001, 700_002, 700_005)
        values = {chance.choice(("kind", "people")): chance.choice(KINDS)} if chance.random() < 0.2 else {}
        return read(self.query(), values, date_from=chance.choice(days), date_to=chance.choice(days))

    def sight(self) -> Sight:
        """Return somebody who satisfies some of the rules, with a grant perhaps."""
        rules = self.random.sample(RULES, self.random.randint(1, 3))
        granted = (self.random.randint(1, 8),) if self.random.random() < 0.3 else ()
        files = tuple(self.random.sample(range(10, 90), 20)) if self.random.random() < 0.3 else ()
        return Sight(frozenset(rules), granted, files)
