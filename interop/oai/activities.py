"""What happened to items in the sight of everybody, one thing after another, for who follows the archive by IIIF Change Discovery.

One row an item: its last activity, under a number of its own that grows and is never given again. So pages of numbers stand still, and only
lose what moved on. Numbers and moments are those of the finding out: they tell nothing of what never was open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from interop.oai.models import HarvestActivity, HarvestState

Kind = HarvestActivity.Kind


def tell(keys: Sequence[int], seen: Mapping[int, tuple[str, str]], *, now_s: int) -> None:
    """Write what is new of these items; `seen`: pid and digest of those that everybody sees. One query where nothing is, else five.

    To be called with the row of `HarvestState` held until the commit: whoever reads number n finds every lower one.
    """
    known = {one.item_key: one for one in HarvestActivity.objects.filter(item_key__in=keys)}
    news: list[HarvestActivity] = []
    for key in keys:
        before, now = known.get(key), seen.get(key)
        was_there = before is not None and before.kind != Kind.DELETE
        if now is not None and not (was_there and before is not None and before.digest == now[1]):
            kind = Kind.UPDATE if was_there else Kind.CREATE
            news.append(HarvestActivity(item_key=key, pid=now[0], kind=kind, digest=now[1]))
        elif now is None and was_there and before is not None:
            news.append(HarvestActivity(item_key=key, pid=before.pid, kind=Kind.DELETE))
    if not news:
        return
    state = HarvestState.objects.get(pk=1)
    # A clock that was put back must not put what is new before what was told.
    told_s = max(now_s, state.last_activity_s)
    for number, one in enumerate(news, state.last_activity + 1):
        one.number, one.told_s = number, told_s
    HarvestActivity.objects.filter(item_key__in=[one.item_key for one in news]).delete()
    HarvestActivity.objects.bulk_create(news)
    HarvestState.objects.filter(pk=1).update(last_activity=state.last_activity + len(news), last_activity_s=told_s)
