"""Who may move what where: the rule itself, each role through the action, two pairs of eyes, and what is kept of it."""

from __future__ import annotations

from itertools import product

import pytest
from django.conf import LazySettings
from django.utils import timezone

from access import policy
from access.models import AuditEntry, User
from archive import languages, moves
from archive.actions.create_item import Description, create_item
from archive.actions.errors import ActionRefused, NotAllowed
from archive.actions.move_item import move_item
from archive.actions.save_item import save_item
from archive.actions.say_remark import REMARK_MOST, say_remark
from archive.models import Item, ItemState, Remark, Revision
from tests.archive.conftest import person

DRAFT, REVIEW, EDITS, OPEN, GONE = ItemState.values
ME, SOMEBODY = 1, 2
ALL = frozenset({moves.EDIT, moves.REVIEW, moves.PUBLISH})
# Which moves lead where, whoever asks.
WAYS = {
    (DRAFT, REVIEW), (EDITS, REVIEW), (REVIEW, EDITS), (DRAFT, OPEN), (REVIEW, OPEN), (EDITS, OPEN), (GONE, OPEN), (OPEN, GONE),
    (REVIEW, DRAFT), (EDITS, DRAFT), (GONE, DRAFT),
}  # fmt: skip


def refused(
    at: str, to: str, *, rights: frozenset[str] = ALL, by: int | None = SOMEBODY, pairs: bool = False, me: bool = True
) -> str | None:
    mover = moves.Mover(ME if me else None, may=lambda right: right in rights)
    return moves.refusal(mover, at=at, to=to, submitted_by=by, two_pairs_of_eyes=pairs)


@pytest.mark.pure
def test_an_item_moves_by_the_named_ways_and_by_no_other() -> None:
    open_ways = {(at, to) for at, to in product(ItemState.values, repeat=2) if refused(at, to) is None}

    assert open_ways == WAYS


@pytest.mark.pure
@pytest.mark.parametrize(
    ("right", "to"),
    [(moves.EDIT, REVIEW), (moves.EDIT, DRAFT), (moves.REVIEW, EDITS), (moves.PUBLISH, OPEN), (moves.PUBLISH, GONE)],
)
def test_each_move_takes_its_own_right(right: str, to: str) -> None:
    at = next(one for one, other in sorted(WAYS) if other == to)

    assert refused(at, to, rights=frozenset({right})) is None
    assert refused(at, to, rights=ALL - {right}) == "not_allowed"


@pytest.mark.pure
@pytest.mark.parametrize(
    ("at", "by", "me", "said"),
    [
        (REVIEW, SOMEBODY, True, None),
        (REVIEW, ME, True, "own_submission"),
        (REVIEW, None, True, None),
        (DRAFT, SOMEBODY, True, "unreviewed"),
        (EDITS, SOMEBODY, True, "unreviewed"),
        (GONE, SOMEBODY, True, "unreviewed"),
        (DRAFT, None, False, None),
        (GONE, SOMEBODY, False, None),
    ],
)
def test_two_pairs_of_eyes_publish_what_somebody_else_sent_to_review(
    at: str, by: int | None, me: bool, said: str | None
) -> None:
    assert refused(at, OPEN, by=by, me=me, pairs=True) == said
    assert refused(at, OPEN, by=by, me=me) is None


# What each ready-made role does, from a fresh item in each state; "-" is refused for want of a right.
ROLES = {
    "Cataloguer": {"in_review": "x", "edits": "-", "published": "-", "withdrawn": "-", "draft": "x"},
    "Reviewer": {"in_review": "x", "edits": "x", "published": "-", "withdrawn": "-", "draft": "x"},
    "Publisher": {"in_review": "x", "edits": "x", "published": "x", "withdrawn": "x", "draft": "x"},
    "Media operator": {"in_review": "x", "edits": "-", "published": "-", "withdrawn": "-", "draft": "x"},
    "Keeper of consents": {"in_review": "-", "edits": "-", "published": "-", "withdrawn": "-", "draft": "-"},
}
START = {"in_review": DRAFT, "edits": REVIEW, "published": REVIEW, "withdrawn": OPEN, "draft": REVIEW}


def an_item(*, at: str = DRAFT, by: User | None = None) -> Item:
    described = Description(kind="image", titles=languages.of(vi="Gùi hoa"))
    item = create_item(described, actor=None, now=timezone.now(), access=policy.PUBLIC)
    for state in {DRAFT: (), REVIEW: (REVIEW,), OPEN: (OPEN,)}[at]:
        move_item(item, state, actor=by, now=timezone.now())
    return item


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_each_ready_made_role_makes_its_moves_and_no_other(role: str) -> None:
    actor = person("nguoi", role)
    done = {}
    for to, at in START.items():
        item = an_item(at=at)
        try:
            move_item(item, to, actor=actor, now=timezone.now(), reason="vì vậy")
            done[to] = "x"
        except NotAllowed:
            done[to] = "-"
        assert Item.objects.get(pk=item.pk).state == (to if done[to] == "x" else at)

    assert done == ROLES[role]


@pytest.mark.django_db
@pytest.mark.parametrize(("at", "to"), [(REVIEW, EDITS), (OPEN, GONE)])
def test_a_person_says_why_and_it_is_kept_where_staff_read_it(at: str, to: str) -> None:
    actor, item = person("cong_bo", "Publisher"), an_item(at=at)

    with pytest.raises(ActionRefused, match="reason_missing"):
        move_item(item, to, actor=actor, now=timezone.now(), reason="  ")
    kept = Item.objects.get(pk=item.pk).state
    move_item(item, to, actor=actor, now=timezone.now(), reason=" Thiếu tên người kể ")

    assert kept == at
    remark = Remark.objects.get()
    assert (remark.author, remark.text, remark.moved_from, remark.moved_to) == (actor, "Thiếu tên người kể", at, to)
    assert AuditEntry.objects.get(verb=f"move_to_{to}").reason == " Thiếu tên người kể "
    assert Revision.objects.filter(key=item.pid).order_by("-number")[0].reason == " Thiếu tên người kể "


@pytest.mark.django_db
def test_what_the_software_moves_is_no_remark_of_anybody() -> None:
    an_item(at=OPEN)

    assert not Remark.objects.exists()


@pytest.mark.django_db
def test_with_two_pairs_of_eyes_somebody_else_publishes(settings: LazySettings) -> None:
    settings.TWO_PAIRS_OF_EYES = True
    one, other = person("mot", "Publisher"), person("hai", "Publisher")
    item = an_item()

    with pytest.raises(ActionRefused, match="unreviewed"):
        move_item(item, OPEN, actor=other, now=timezone.now())
    move_item(item, REVIEW, actor=one, now=timezone.now())
    with pytest.raises(ActionRefused, match="own_submission"):
        move_item(item, OPEN, actor=one, now=timezone.now())
    move_item(item, OPEN, actor=other, now=timezone.now())

    item.refresh_from_db()
    assert (item.state, item.submitted_by) == (OPEN, one)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pairs", "role", "said"),
    [(True, "Cataloguer", "published_words"), (True, "Publisher", ""), (False, "Cataloguer", "")],
)
def test_with_two_pairs_of_eyes_the_words_of_what_readers_see_are_the_publishers(
    settings: LazySettings, pairs: bool, role: str, said: str
) -> None:
    item, actor = an_item(at=OPEN), person("nguoi", role)
    settings.TWO_PAIRS_OF_EYES = pairs
    item.titles = languages.of(vi="Tên khác")

    code = ""
    try:
        save_item(item, read_version=item.version, changed=["titles"], actor=actor, now=timezone.now())
    except ActionRefused as error:
        code = error.code

    title = Item.objects.get(pk=item.pk).titles[0]["value"]
    assert (code, title) == (said, "Gùi hoa" if said else "Tên khác")


@pytest.mark.django_db
def test_a_remark_is_kept_and_the_log_holds_none_of_its_words() -> None:
    item, actor = an_item(), person("bien_muc", "Cataloguer")

    say_remark(item, " Ảnh này chụp năm nào? ", actor=actor, now=timezone.now())

    assert Remark.objects.get().text == "Ảnh này chụp năm nào?"
    entry = AuditEntry.objects.get(verb="say_remark")
    assert (entry.target_pid, entry.reason, entry.detail) == (item.pid, "", {})
    item.refresh_from_db()
    assert item.version == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "code"), [("  ", "remark_missing"), ("a\x00b", "unreadable"), ("a" * (REMARK_MOST + 1), "remark_long")]
)
def test_a_remark_that_cannot_be_kept_is_refused(text: str, code: str) -> None:
    with pytest.raises(ActionRefused, match=code):
        say_remark(an_item(), text, actor=person("bien_muc", "Cataloguer"), now=timezone.now())

    assert not Remark.objects.exists()


@pytest.mark.django_db
def test_who_has_no_part_in_items_says_nothing() -> None:
    with pytest.raises(NotAllowed):
        say_remark(an_item(), "xin chào", actor=person("giu_phieu", "Keeper of consents"), now=timezone.now())


@pytest.mark.django_db
def test_what_its_template_requires_is_asked_for_when_a_person_publishes_and_not_before() -> None:
    described = Description(kind="audio", titles=languages.of(vi="Hơmon"), template="epic")
    item = create_item(described, actor=None, now=timezone.now(), access=policy.PUBLIC)
    actor = person("cong_bo", "Publisher")

    move_item(item, REVIEW, actor=actor, now=timezone.now())
    with pytest.raises(ActionRefused, match="incomplete"):
        move_item(item, OPEN, actor=actor, now=timezone.now())
    kept = Item.objects.get(pk=item.pk).state
    move_item(item, OPEN, actor=None, now=timezone.now())

    assert (kept, item.state) == (REVIEW, OPEN)


@pytest.mark.django_db
def test_with_two_pairs_of_eyes_nobody_publishes_words_of_their_own(settings: LazySettings) -> None:
    settings.TWO_PAIRS_OF_EYES = True
    one, other, third = (person(name, "Publisher") for name in ("mot", "hai", "ba"))
    item = an_item()
    move_item(item, REVIEW, actor=one, now=timezone.now())
    item.titles = languages.of(vi="Lời của người duyệt")
    save_item(item, read_version=item.version, changed=["titles"], actor=other, now=timezone.now())

    with pytest.raises(ActionRefused, match="own_words"):
        move_item(item, OPEN, actor=other, now=timezone.now())
    move_item(item, OPEN, actor=third, now=timezone.now())

    item.refresh_from_db()
    assert item.state == OPEN
