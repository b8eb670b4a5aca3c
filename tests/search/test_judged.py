"""Judged queries: what people type, and what they must find, over the sample and texts from the wild. The same in both profiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from access.viewer import visitor
from archive.search import Results, search
from archive.search.folding import fold
from tests.conftest import NOW, folders_below
from tests.search import judging
from tests.search.judging import Judged

SUCCESS_LEAST = 0.9  # of known items stand first
QUERIES_LEAST, KNOWN_LEAST = 120, 50
QUERIES = judging.queries()


@pytest.fixture(scope="module")
def collection(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    visible_files: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Make the collection once for all queries, in a transaction that is taken back at the end."""
    held = transaction.atomic()
    with django_db_blocker.unblock(), override_settings(**folders_below(tmp_path_factory.mktemp("judged"))):
        held.__enter__()
        try:
            judging.load(visible_files, now=NOW)
        except BaseException as error:
            held.__exit__(type(error), error, error.__traceback__)
            raise
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


def ask(judged: Judged) -> Results:
    return search(judged.q, judged.filters, visitor(now=NOW), sort=judged.sort, page_size=60)


def faults(judged: Judged) -> list[str]:
    """Return what is wrong with the answer to a query; nothing where it is right."""
    answer = ask(judged)
    hits = [hit.identifier or "" for hit in answer.hits]
    near = {hit.identifier for hit in answer.hits if hit.pk in answer.approximate}
    found: list[str] = []
    if judged.first and hits[:1] != [judged.first]:
        found.append(f"first is {hits[:3]}, not {judged.first}")
    found += [f"{one} is missing" for one in judged.has if one not in hits]
    found += [f"{one} is there" for one in judged.without if one in hits]
    found += [f"{one} is not marked as found only nearly" for one in judged.near if one not in near]
    if judged.none and answer.total:
        found.append(f"found {hits[:3]}")
    if judged.total is not None and answer.total != judged.total:
        found.append(f"{answer.total} hits")
    if judged.meant and answer.did_you_mean != judged.meant:
        found.append(f"meant is {answer.did_you_mean!r}")
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("judged", [one for one in QUERIES if one.table != "known_items"], ids=str)
def test_a_query_finds_what_it_must(collection: None, judged: Judged) -> None:
    assert faults(judged) == []


@pytest.mark.django_db
def test_known_items_typed_without_diacritics_stand_first(collection: None, capsys: pytest.CaptureFixture[str]) -> None:
    known = [one for one in QUERIES if one.table == "known_items"]

    missed = {one.q: found for one in known if (found := faults(one))}

    with capsys.disabled():
        print(f"\n  known items: {len(known) - len(missed)} of {len(known)} first; not: {missed}", end="")
    assert len(missed) <= len(known) * (1 - SUCCESS_LEAST)


@pytest.mark.django_db
def test_a_sentence_from_the_wild_typed_without_diacritics_finds_its_item_first(
    collection: None, visible_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        (" ".join(fold(sentence).split()[:8]), f"W-{number:03}")
        for number, sentences in enumerate(judging.told(visible_files))
        for sentence in sentences[:3]
        if len(sentence.split()) > 8
    ]

    missed = [query for query, identifier in asked if faults(Judged(query, first=identifier))]

    with capsys.disabled():
        print(f"\n  sentences: {len(asked) - len(missed)} of {len(asked)} first; not: {missed}", end="")
    assert len(asked) >= 20
    assert len(missed) <= len(asked) * (1 - SUCCESS_LEAST)


@pytest.mark.pure
def test_there_are_enough_judged_queries() -> None:
    assert len(QUERIES) >= QUERIES_LEAST
    assert len([one for one in QUERIES if one.table == "known_items"]) >= KNOWN_LEAST
    assert all(fold(one.q) == one.q for one in QUERIES if one.table == "known_items")
