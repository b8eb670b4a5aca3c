"""Several people edit, move, merge, bin, delete and bring back in random order: nothing is lost, nothing is invented, and history replays
to the present."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from access import policy
from access.models import User
from access.viewer import viewer_for
from archive import languages
from archive.actions.attach_file import attach_file
from archive.actions.bin_item import bin_item, unbin_item
from archive.actions.choose_access import choose_item_access
from archive.actions.create_item import Description, create_item
from archive.actions.delete_authority import delete_authority
from archive.actions.delete_item import delete_item
from archive.actions.detach_file import detach_file
from archive.actions.errors import ActionRefused
from archive.actions.merge_authorities import merge_authorities
from archive.actions.move_item import move_item
from archive.actions.restore_record import restore_item, revive_authority
from archive.actions.save_authority import save_authority
from archive.actions.save_item import save_item
from archive.history import recording, snapshots
from archive.models import Agent, Item, ItemAgent, ItemFile, ItemState, People, Revision
from archive.moves import MOVES
from media_pipeline.models import Intake, Master
from tests.archive.history_model import AGENT, PEOPLE, Described, Heading, ItemStory, Model

pytestmark = pytest.mark.django_db
LONG = os.environ.get("HERITAGE_TEST_LONG") == "1"
MODELS: dict[str, Any] = {PEOPLE: People, AGENT: Agent}
WORDS = st.sampled_from(["gùi", "cồng", "khăn", "nhà rông"])
NUMBERS = st.integers(0, 1000)
PARTS = st.sampled_from([None, {"titles"}, {"descriptions"}, {"peoples"}, {"credits"}, {"files"}, {"peoples", "files"}])
KINDS = st.sampled_from([PEOPLE, AGENT])
# Longer than what one person adds in a row and is one revision (recording.ONE_SITTING).
STEP = timedelta(hours=2)


class Archive(RuleBasedStateMachine):
    """The real archive beside the model of it. Everything happens in one transaction, which is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.model, self.time, self.count = Model(), datetime(2026, 3, 1, tzinfo=UTC), 0
        # At which version somebody has an item open.
        self.read: dict[tuple[str, str], int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def people(self) -> None:
        self.actors = [User.objects.create_user(name, is_staff=True, is_superuser=True) for name in ("mot", "hai")]
        self.create(0, "gùi", True)
        for kind in (PEOPLE, AGENT):
            self.make_heading(kind, "gùi")
            self.make_heading(kind, "cồng")

    # --- What the rules share ------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        self.time += STEP
        return self.time

    def pick(self, number: int) -> tuple[str, Item, ItemStory]:
        pid = sorted(self.model.items)[number % len(self.model.items)]
        return pid, Item.objects.get(pid=pid), self.model.items[pid]

    def heading(self, kind: str, number: int) -> int:
        keys = sorted(self.model.headings[kind])
        return keys[number % len(keys)]

    def has_items(self) -> bool:
        return bool(self.model.items)

    # --- Items ---------------------------------------------------------------------------------------------------------------

    @rule(who=NUMBERS, word=WORDS, is_open=st.booleans())
    def create(self, who: int, word: str, is_open: bool) -> None:
        item = create_item(
            Description(kind="image", titles=languages.of(vi=word)),
            actor=self.actors[who % 2],
            now=self.now(),
            access=policy.PUBLIC if is_open else policy.STAFF,
        )
        self.model.items[item.pid] = ItemStory([Described(word, is_open=is_open)])

    @precondition(has_items)
    @rule(who=st.sampled_from(["mot", "hai"]), which=NUMBERS)
    def open_form(self, who: str, which: int) -> None:
        pid, item, _story = self.pick(which)
        self.read[who, pid] = item.version

    @precondition(has_items)
    @rule(who=st.sampled_from([0, 1]), which=NUMBERS, word=WORDS, part=st.sampled_from(["titles", "descriptions"]))
    def save_form(self, who: int, which: int, word: str, part: str) -> None:
        pid, item, story = self.pick(which)
        read = self.read.get((("mot", "hai")[who], pid), item.version)
        is_stale = read != item.version or story.now.is_binned
        setattr(item, part, languages.of(vi=word))
        code = refusal(
            lambda: save_item(item, read_version=read, changed=[part], actor=self.actors[who], now=self.now())
        )
        if code:
            assert (code, is_stale) == ("stale_version", True)
            return
        assert not is_stale
        said = replace(story.now, title=word) if part == "titles" else replace(story.now, note=word)
        story.becomes(said)

    @precondition(has_items)
    @rule(which=NUMBERS, kind=KINDS, numbers=st.sets(NUMBERS, max_size=3))
    def tie(self, which: int, kind: str, numbers: set[int]) -> None:
        _pid, item, story = self.pick(which)
        if story.now.is_binned or not self.model.headings[kind]:
            return
        keys = {self.heading(kind, number) for number in numbers}

        def relate() -> None:
            if kind == PEOPLE:
                item.peoples.set(keys)
                return
            item.credits.exclude(agent__in=keys).delete()
            for key in sorted(keys):
                ItemAgent.objects.get_or_create(item=item, agent_id=key, role="pht")

        save_item(
            item, read_version=item.version, changed=[], relations=[kind], relate=relate, actor=None, now=self.now()
        )
        story.becomes(story.now.tied(kind, keys))

    @precondition(has_items)
    @rule(which=NUMBERS, state=st.sampled_from(sorted(MOVES)))
    def move(self, which: int, state: str) -> None:
        pid, item, story = self.pick(which)
        may = story.now.state in MOVES[state][0] and not story.now.is_binned
        code = refusal(lambda: move_item(item, state, actor=None, now=self.now()))
        if code:
            assert (code, may) == ("wrong_state", False)
            return
        assert may
        if state == ItemState.PUBLISHED:
            self.model.was_shown.add(pid)
        story.becomes(replace(story.now, state=state))

    @precondition(has_items)
    @rule(which=NUMBERS, is_open=st.booleans())
    def choose(self, which: int, is_open: bool) -> None:
        _pid, item, story = self.pick(which)
        choose_item_access(item, policy.PUBLIC if is_open else policy.STAFF, actor=None, now=self.now())
        story.becomes(replace(story.now, is_open=is_open))

    @precondition(has_items)
    @rule(which=NUMBERS, who=st.sampled_from([0, 1]))
    def put_in_bin(self, which: int, who: int) -> None:
        pid, item, story = self.pick(which)
        may = story.now.state == "draft" and not story.now.is_binned and pid not in self.model.was_shown
        code = refusal(lambda: bin_item(item, actor=self.actors[who], now=self.now()))
        if code:
            assert not may
            return
        assert may
        story.becomes(replace(story.now, is_binned=True))

    @precondition(has_items)
    @rule(which=NUMBERS, who=st.sampled_from([0, 1]))
    def take_out_of_bin(self, which: int, who: int) -> None:
        _pid, item, story = self.pick(which)
        code = refusal(lambda: unbin_item(item, actor=self.actors[who], now=self.now()))
        if code:
            assert not story.now.is_binned
            return
        assert story.now.is_binned
        story.becomes(replace(story.now, is_binned=False))

    @precondition(has_items)
    @rule(which=NUMBERS, who=st.sampled_from([0, 1]))
    def delete_for_good(self, which: int, who: int) -> None:
        pid, item, story = self.pick(which)
        code = refusal(lambda: delete_item(item, actor=self.actors[who], now=self.now()))
        if code:
            assert not story.now.is_binned
            return
        assert story.now.is_binned
        self.model.gone[pid] = len(self.model.items.pop(pid).told) + 1

    @precondition(has_items)
    @rule(which=NUMBERS)
    def attach(self, which: int) -> None:
        _pid, item, story = self.pick(which)
        self.count += 1
        now = self.now()
        master = Master.objects.create(
            sha256=f"{self.count:064x}",
            sha512=f"{self.count:0128x}",
            size_bytes=1,
            extension="jpg",
            stored_at=now,
            verified_at=now,
        )
        intake = Intake.objects.create(
            pid=f"{self.count:032x}", original_name=f"{self.count}.jpg", size_bytes=1, state="stored", master=master,
            created_at=now, touched_at=now,
        )  # fmt: skip
        code = refusal(lambda: attach_file(item, intake, actor=self.actors[self.count % 2], now=now))
        if code:
            assert (code, story.now.is_binned) == ("binned", True)
            return
        assert not story.now.is_binned
        story.becomes(replace(story.now, files=(*story.now.files, ItemFile.objects.get(intake=intake).pid)))

    @precondition(has_items)
    @rule(which=NUMBERS, number=NUMBERS)
    def detach(self, which: int, number: int) -> None:
        _pid, item, story = self.pick(which)
        files = list(ItemFile.objects.filter(item=item).order_by("position", "pk"))
        if not files or story.now.is_binned:
            return
        file = files[number % len(files)]
        detach_file(file, actor=None, now=self.now())
        story.becomes(replace(story.now, files=tuple(one for one in story.now.files if one != file.pid)))

    @precondition(has_items)
    @rule(which=NUMBERS, number=NUMBERS, parts=PARTS, who=st.sampled_from([0, 1]))
    def bring_back(self, which: int, number: int, parts: set[str] | None, who: int) -> None:
        pid, item, story = self.pick(which)
        number = number % len(story.told) + 1
        revision = recording.revisions_of("item", pid).get(number=number)
        wanted = self.model.restored(pid, number, parts, dict.fromkeys(story.told[number - 1].files, True))
        code = refusal(
            lambda: restore_item(
                item, revision, parts=parts, read_version=item.version, actor=self.actors[who], now=self.now()
            )
        )
        if code:
            assert (code, story.now.is_binned) == ("binned", True)
            return
        assert not story.now.is_binned
        story.becomes(wanted)

    # --- Headings ------------------------------------------------------------------------------------------------------------

    @rule(kind=KINDS, word=WORDS)
    def make_heading(self, kind: str, word: str) -> None:
        self.count += 1
        record = MODELS[kind](slug=f"{kind}-{self.count}", names=languages.of(vi=f"{word} {self.count}"))
        save_authority(record, save=record.save, read_version=None, actor=None, now=self.now())
        self.model.headings[kind][record.pk] = Heading(f"{word} {self.count}")

    @rule(kind=KINDS, number=NUMBERS, word=WORDS)
    def rename(self, kind: str, number: int, word: str) -> None:
        if not self.model.headings[kind]:
            return
        self.count += 1
        key = self.heading(kind, number)
        record = MODELS[kind].objects.get(pk=key)
        record.names = languages.of(vi=f"{word} {self.count}")
        save_authority(record, save=record.save, read_version=record.version, actor=None, now=self.now())
        self.model.headings[kind][key].name = f"{word} {self.count}"

    @rule(kind=KINDS, number=NUMBERS)
    def delete_heading(self, kind: str, number: int) -> None:
        if not self.model.headings[kind]:
            return
        key = self.heading(kind, number)
        code = refusal(lambda: delete_authority(MODELS[kind].objects.get(pk=key), actor=None, now=self.now()))
        if code:
            assert (code, self.model.uses(kind, key)) == ("in_use", True)
            return
        assert not self.model.uses(kind, key)
        self.model.deleted[kind][key] = self.model.headings[kind].pop(key)

    @rule(kind=KINDS, number=NUMBERS)
    def make_heading_again(self, kind: str, number: int) -> None:
        keys = sorted(self.model.deleted[kind])
        if not keys:
            return
        key = keys[number % len(keys)]
        last = recording.revisions_of(kind, str(key)).first()
        assert last is not None
        record, _done = revive_authority(last, actor=None, now=self.now())
        assert record.pk == key
        self.model.headings[kind][key] = self.model.deleted[kind].pop(key)

    @rule(kind=KINDS, first=NUMBERS, second=NUMBERS)
    def merge(self, kind: str, first: int, second: int) -> None:
        if len(self.model.headings[kind]) < 2:
            return
        goes, stays = self.heading(kind, first), self.heading(kind, second)
        rows = MODELS[kind].objects
        code = refusal(lambda: merge_authorities(rows.get(pk=goes), rows.get(pk=stays), actor=None, now=self.now()))
        if code:
            assert (code, goes) == ("merge_itself", stays)
            return
        self.model.merge(kind, goes, stays)

    # --- What must hold ------------------------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost_and_nothing_is_invented(self) -> None:
        there = {item.pid: item for item in Item.objects.all()}
        assert there.keys() == self.model.items.keys()
        for pid, story in self.model.items.items():
            assert said(snapshots.of(there[pid])) == story.now
        for kind, headings in self.model.headings.items():
            rows = {row.pk: row for row in MODELS[kind].objects.all()}
            assert rows.keys() == headings.keys()
            for key, heading in headings.items():
                assert rows[key].names[0]["value"] == heading.name
                assert {one["value"] for one in rows[key].variants} - {heading.name} == heading.others - {heading.name}

    @invariant()
    def the_last_revision_is_the_present(self) -> None:
        records = [*Item.objects.all(), *People.objects.all(), *Agent.objects.all()]
        for record in records:
            last = recording.last_of(record)
            assert last is not None
            assert snapshots.differing(last.snapshot, snapshots.of(record)) == []

    @invariant()
    def history_replays(self) -> None:
        for pid, story in self.model.items.items():
            revisions = list(recording.revisions_of("item", pid).order_by("number"))
            assert [one.number for one in revisions] == list(range(1, len(revisions) + 1))
            assert [said(one.snapshot) for one in revisions] == story.told
        for pid, number in self.model.gone.items():
            left = Revision.objects.get(kind="item", key=pid)
            assert (left.number, left.verb, left.snapshot) == (number, "delete", {})

    @invariant()
    def the_bin_is_seen_in_the_bin_alone(self) -> None:
        if not hasattr(self, "actors"):
            return
        viewer = viewer_for(self.actors[0], now=self.time)
        binned = {pid for pid, story in self.model.items.items() if story.now.is_binned}
        assert set(Item.objects.binned_for(viewer).values_list("pid", flat=True)) == binned
        assert not binned & set(Item.objects.visible_to(viewer).values_list("pid", flat=True))


def refusal(deed: Callable[[], object]) -> str:
    """Do something; return the code with which it was refused, empty where it was done."""
    try:
        deed()
    except ActionRefused as error:
        return error.code
    return ""


def said(snapshot: snapshots.Snapshot) -> Described:
    """Return what a snapshot says, as the model has it."""
    fields = snapshot["fields"]
    note = fields["descriptions"]
    return Described(
        title=fields["titles"][0]["value"],
        note=note[0]["value"] if note else "",
        peoples=frozenset(one["key"] for one in snapshot["peoples"]),
        agents=frozenset(one["agent"] for one in snapshot["credits"]),
        files=tuple(one["pid"] for one in snapshot["files"]),
        state=snapshot["state"],
        is_binned=snapshot["is_binned"],
        is_open=policy.from_json(snapshot["access"]) == policy.PUBLIC,
    )


def test_whatever_several_people_do_nothing_is_lost_and_history_replays() -> None:
    run_state_machine_as_test(
        Archive,
        settings=settings(
            max_examples=400 if LONG else 8,
            stateful_step_count=60 if LONG else 25,
            deadline=None,
            derandomize=not LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
