"""Whose consent is lacking: the pure rule against a reference, and the database's condition against the pure rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from access.models import Community
from archive import consent_records, consents
from archive.consents import Consent, Depiction, fault, lacking
from archive.languages import of
from archive.models import Agent, ConsentRecord, ConsentScope, Item, ItemAgent
from tests import makers

TODAY = date(2026, 3, 14)
NOW = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
SCOPES = frozenset({"publish_online"})
YES = Consent(SCOPES, given_on=TODAY, agent=1)

days = st.integers(-2, 2).map(lambda n: TODAY + timedelta(days=n))
given_consents = st.builds(
    Consent,
    scopes=st.frozensets(st.sampled_from(["view", "copy", "publish_online"])),
    given_on=days,
    agent=st.none() | st.integers(1, 3),
    valid_until=st.none() | days,
    is_withdrawn=st.booleans(),
    is_child=st.booleans(),
    guardian=st.sampled_from(["", " ", "Y Hen"]),
)
depictions = st.builds(Depiction, agents=st.frozensets(st.integers(1, 3)), has_unnamed=st.booleans())


def reference(depiction: Depiction, every: list[Consent], day: date) -> tuple[set[int], bool]:
    """Say the same as the rule does, person by person and in other words."""
    good = []
    for one in every:
        ended = one.valid_until is not None and one.valid_until < day
        alone = one.is_child and not one.guardian.strip()
        if "publish_online" in one.scopes and not one.is_withdrawn and not ended and not alone and day >= one.given_on:
            good.append(one)
    missing = {person for person in depiction.agents if not [one for one in good if one.agent == person]}
    strangers = [one for one in good if one.agent not in depiction.agents]
    return missing, depiction.has_unnamed and strangers == []


@pytest.mark.pure
@given(depictions, st.lists(given_consents, max_size=5), days)
def test_whose_consent_is_lacking_is_what_the_reference_says(
    depiction: Depiction, every: list[Consent], day: date
) -> None:
    found = lacking(depiction, every, day=day)

    missing, unnamed = reference(depiction, every, day)
    assert (set(found.agents), found.unnamed) == (missing, unnamed)
    assert (bool(found), len(found)) == (bool(missing) or unnamed, len(missing) + unnamed)


@pytest.mark.pure
@given(depictions, st.lists(given_consents, min_size=1, max_size=5), st.data())
def test_withdrawing_a_consent_never_lets_more_be_published(
    depiction: Depiction, every: list[Consent], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(every) - 1))
    fewer = [replace(one, is_withdrawn=True) if at == place else one for at, one in enumerate(every)]

    before, after = lacking(depiction, every, day=TODAY), lacking(depiction, fewer, day=TODAY)

    assert before.agents <= after.agents
    assert before.unnamed <= after.unnamed


@pytest.mark.pure
@pytest.mark.parametrize(
    ("consent", "holds"),
    [
        (YES, True),
        (replace(YES, valid_until=TODAY), True),
        (replace(YES, given_on=TODAY + timedelta(days=1)), False),
        (replace(YES, given_on=TODAY - timedelta(days=9), valid_until=TODAY - timedelta(days=1)), False),
        (replace(YES, is_withdrawn=True), False),
        (replace(YES, scopes=frozenset({"view"})), False),
        (replace(YES, is_child=True), False),
        (replace(YES, is_child=True, guardian="Y Hen"), True),
    ],
)
def test_a_consent_holds_from_the_first_to_the_last_day_for_what_it_names(consent: Consent, *, holds: bool) -> None:
    assert consent.holds(day=TODAY, scope="publish_online") is holds


@pytest.mark.pure
def test_nobody_consents_for_a_person_who_is_named() -> None:
    of_a_community = replace(YES, agent=None)

    assert lacking(Depiction(frozenset({1, 2})), [YES, of_a_community], day=TODAY).agents == {2}
    assert lacking(Depiction(frozenset({1}), has_unnamed=True), [YES], day=TODAY).unnamed
    assert not lacking(Depiction(frozenset({1}), has_unnamed=True), [YES, of_a_community], day=TODAY)


GOOD: dict[str, object] = {
    "somebody": (None, "Y Blưi", None), "has_items": True, "scopes": ["view"], "known_scopes": ConsentScope.values, "given_on": TODAY,
    "valid_until": None, "is_child": False, "guardian": "", "today": TODAY,
}  # fmt: skip


@pytest.mark.pure
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"valid_until": TODAY}, ""),
        ({"is_child": True, "guardian": "Y Hen"}, ""),
        ({"somebody": (None, "", None)}, "consent_of_one"),
        ({"somebody": (object(), "Y Blưi", None)}, "consent_of_one"),
        ({"has_items": False}, "consent_without_items"),
        ({"scopes": []}, "consent_without_scope"),
        ({"scopes": ["view", "everything"]}, "consent_without_scope"),
        ({"is_child": True, "guardian": " "}, "consent_without_guardian"),
        ({"is_child": True, "guardian": "Y Hen", "somebody": (None, "", object())}, "consent_without_guardian"),
        ({"given_on": TODAY + timedelta(days=1)}, "consent_of_tomorrow"),
        ({"valid_until": TODAY - timedelta(days=1)}, "consent_over_before"),
    ],
)
def test_what_cannot_be_a_consent_is_refused_by_name(change: dict[str, object], code: str) -> None:
    assert fault(**{**GOOD, **change}) == code  # type: ignore[arg-type]  # one of them at a time is wrong


class TheDatabase(TestCase):
    """The condition that finds published items without a consent, against the rule that decides about one."""

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.tuples(depictions, st.lists(st.tuples(given_consents, st.booleans()), max_size=3)), max_size=3),
        days,
    )
    def test_the_condition_finds_what_the_rule_says(
        self, archive: list[tuple[Depiction, list[tuple[Consent, bool]]]], day: date
    ) -> None:
        agents = {n: Agent.objects.create(slug=f"nguoi-{n}", names=of(vi=f"Người {n}")) for n in (1, 2, 3)}
        community = Community.objects.create(name="Làng")
        items = [makers.item(now=NOW, title=f"Ảnh {n}") for n in range(len(archive))]
        for item, (depiction, _records) in zip(items, archive, strict=True):
            Item.objects.filter(pk=item.pk).update(depicts_person=depiction.has_unnamed)
            item.refresh_from_db()
            for one in depiction.agents:
                ItemAgent.objects.create(item=item, agent=agents[one], role="dpc")
            ItemAgent.objects.create(item=item, agent=agents[1], role="prf")
        for item, (_depiction, records) in zip(items, archive, strict=True):
            for consent, is_shared in records:
                if consent.is_child and not consent.guardian:
                    continue  # no row may be so
                record = recorded(consent, agents, community)
                record.items.set(items if is_shared else [item])

        found = set(consent_records.published_lacking(Item.objects.all(), day=day))

        assert found == {item for item in items if consent_records.lacking(item, day=day)}


def recorded(consent: Consent, agents: dict[int, Agent], community: Community) -> ConsentRecord:
    return ConsentRecord.objects.create(
        agent=agents[consent.agent] if consent.agent else None,
        community=None if consent.agent else community,
        is_child=consent.is_child,
        guardian=consent.guardian,
        scopes=sorted(consent.scopes),
        method="paper",
        given_on=consent.given_on,
        valid_until=consent.valid_until,
        withdrawn_at=NOW if consent.is_withdrawn else None,
        recorded_at=NOW,
    )


@pytest.mark.django_db
def test_the_condition_leaves_out_what_readers_are_not_shown() -> None:
    for title in ("Nháp", "Đang ẩn"):
        item = makers.item(now=NOW, title=title, publish=title != "Nháp")
        Item.objects.filter(pk=item.pk).update(depicts_person=True)
    shown = makers.item(now=NOW, title="Đang mở")
    Item.objects.filter(pk=shown.pk).update(depicts_person=True)
    Item.objects.filter(pk=item.pk).update(suspended_at=NOW)

    assert list(consent_records.published_lacking(Item.objects.all(), day=TODAY)) == [shown]


@pytest.mark.pure
def test_the_rule_asks_for_a_scope_that_the_form_offers() -> None:
    assert consents.PUBLISH_ONLINE in ConsentScope.values
