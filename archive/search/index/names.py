"""Names of peoples and places, by each of which the others are found (domain.md 1.2). Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.languages import canonical
from archive.search.folding import exact_words, fold


@dataclass(frozen=True)
class Name:
    """One name as its words: with marks, and folded; as many of both."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]


class Names:
    """The other names of what a run of words names. Immutable.

    Each authority comes as its names and as those that only find: slurs of old sources and names that are not to be shown. Those are ways
    in, written exactly so; they are never found by another name, and nobody is told of them.
    """

    def __init__(self, authorities: Iterable[tuple[Sequence[str], Sequence[str]]] = ()) -> None:
        self._by_folded: dict[str, set[int]] = defaultdict(set)
        self._by_exact: dict[str, set[int]] = defaultdict(set)
        self._names: list[tuple[Name, ...]] = []
        held = [(_read(names), _read(finding)) for names, finding in authorities]
        self._only_finding = only_finding = {one.exact for _names, finding in held for one in finding}
        for number, (names, finding) in enumerate(held):
            names = tuple(one for one in names if one.exact not in only_finding)
            self._names.append(names)
            for one in names:
                # A single word is often also a word of another language: "Co" is a people, "có" is "to have".
                if len(one.folded) > 1:
                    self._by_folded["".join(one.folded)].add(number)
                elif one.exact == one.folded:
                    self._by_exact[one.exact[0]].add(number)
                else:
                    self._by_exact[one.exact[0]].add(number)
                    self._by_exact[one.folded[0]].add(number)
            for one in finding:
                self._by_exact["".join(one.exact)].add(number)

    def hides(self, exact: Sequence[str]) -> bool:
        """Return whether words end in a name that is only for finding: then they are not offered to anybody."""
        return any(tuple(exact[at:]) in self._only_finding for at in range(len(exact)))

    def others(self, exact: Sequence[str], folded: Sequence[str]) -> Sequence[Name]:
        """Return the other names of what these words name, in a fixed order; none where they name nothing.

        A name of several words is known by its letters alone, however they are marked or parted. A name of one word is known with all its
        marks or without any.
        """
        authorities = self._by_folded.get("".join(folded), set()) | self._by_exact.get("".join(exact), set())
        found = {one for number in authorities for one in self._names[number] if one.folded != tuple(folded)}
        return sorted(found, key=lambda one: (one.folded, one.exact))


def _read(names: Iterable[str]) -> tuple[Name, ...]:
    words = ((tuple(exact_words(canonical(name))), tuple(fold(canonical(name)).split())) for name in names)
    return tuple(dict.fromkeys(Name(exact, folded) for exact, folded in words if folded))
