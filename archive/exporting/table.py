"""A table of many items: its headings, and its rows one lot after the other. Memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from access.models import Community, Protocol, User
from access.viewer import Viewer
from archive import queries, sights
from archive.exporting import cells_of
from archive.exporting.cells_of import Told
from archive.loading.names import Names
from archive.loading.place_names import Places
from archive.models import Agent, Collection, Item, ItemFile, ItemState, People, Subject
from archive.tables import cells
from archive.tables.columns import EACH_ITS_OWN
from archive.tables.fields import FIELDS, TEXTS

AT_ONCE = 300
FIRST_LANGUAGES = ("vi", "en")
_BEFORE = ("identifier", "titles", "alternative_titles", "kind", "template")
# Told to people only: the loader passes over what begins with #.
_BESIDE = ("files", "state", "pid", "modified_at")
_NEVER = frozenset({"date", "issued", "period", "own_values", *_BESIDE})


def told_to(user: User | None, viewer: Viewer | None) -> Told:
    """Return what somebody may be told beside the items; None, None: the software, all of it. About a dozen queries."""
    communities, protocols = Community.objects.all(), Protocol.objects.all()
    if user is not None and viewer is not None:
        if not user.has_perm("access.view_community"):
            communities = communities.filter(pk__in=queries.communities(viewer).order_by().values("pk"))
        if not user.has_perm("access.view_protocol"):
            protocols = protocols.filter(memberships__user=user).distinct()
    return Told(
        peoples=Names(People.objects.all(), code=""),
        subjects=Names(Subject.objects.all(), code=""),
        collections=Names(Collection.objects.all(), code=""),
        agents=Names(Agent.objects.all(), code=""),
        places=Places(),
        communities=dict(communities.order_by().values_list("pid", "name")),
        protocols=dict(protocols.order_by().values_list("pid", "name")),
    )


class Export:
    """The items of a query that a viewer may see (None: the software, for which nothing is closed), as a table."""

    def __init__(self, items: QuerySet[Item], told: Told, *, viewer: Viewer | None) -> None:
        self.told, self.viewer = told, viewer
        self.keys = list(items.values_list("pk", flat=True))
        self._fields: list[str] = []
        self._languages: dict[str, list[str]] = {}
        self._is_mixed: set[str] = set()
        self._survey()

    def _survey(self) -> None:
        """Find out in which languages there are texts, which own fields are filled, and which lists go back to a language that they had
        left: by columns their order would be lost. One light query for some hundreds of items."""
        langs: dict[str, dict[str, None]] = {}
        own: set[str] = set()
        for start in range(0, len(self.keys), AT_ONCE):
            light = Item.objects.filter(pk__in=self.keys[start : start + AT_ONCE]).order_by()
            for item in light.only("template", "own_values", *TEXTS):
                in_languages, plain, rest = cells_of.own(item)
                own |= {f"own.{key}" for key in (*in_languages, *plain)} | ({"own.*"} if rest else set())
                values = {name: getattr(item, name) for name in TEXTS}
                values |= {f"own.{key}": one for key, one in in_languages.items()}
                for name, listed in values.items():
                    said = [one["lang"] for one in listed]
                    langs.setdefault(name, {}).update(dict.fromkeys(said))
                    if said != sorted(said, key=_place):
                        self._is_mixed.add(name)
        self._languages = {name: sorted(found, key=_place) for name, found in langs.items() if found}
        rest_of = [name for name in FIELDS if name not in _BEFORE and name not in _NEVER]
        fields = [name for name in (*_BEFORE, *rest_of) if name not in TEXTS or name in self._languages]
        self._fields = fields + sorted(own)

    def headings(self) -> list[str]:
        """Return the headings, in the active language."""
        found: list[str] = []
        for name in self._fields:
            heading = _heading(name)
            if name in self._languages:
                found += [f"{heading} [{lang}]" for lang in self._columns(name)]
            else:
                found.append(heading)
        return found + [f"# {_heading(name)}" for name in _BESIDE]

    def _columns(self, name: str) -> list[str]:
        return [*self._languages[name], *([EACH_ITS_OWN] if name in self._is_mixed else [])]

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of each item. What is closed meanwhile is left out. What of it is restricted is written down as seen."""
        for item in self._items():
            yield self._row(item)

    def _items(self) -> Iterator[Item]:
        for start in range(0, len(self.keys), AT_ONCE):
            keys = self.keys[start : start + AT_ONCE]
            seen = Item.objects.filter(binned_at=None) if self.viewer is None else Item.objects.visible_to(self.viewer)
            described = seen.filter(pk__in=keys).select_related("chosen_rule", "effective_rule").with_description()
            by_key = {item.pk: item for item in described.prefetch_related("communities")}
            self._see(by_key)
            yield from (by_key[key] for key in keys if key in by_key)

    def _see(self, items: dict[int, Item]) -> None:
        files = ItemFile.objects.all() if self.viewer is None else ItemFile.objects.visible_to(self.viewer)
        listed = list(files.filter(item__in=items).select_related("item", "effective_rule").order_by("position", "pk"))
        for file in listed:
            items[file.item_id].__dict__.setdefault("told_files", []).append(file)
        if self.viewer is not None:
            sights.see(self.viewer, items=items.values(), files=listed)

    def _row(self, item: Item) -> list[str]:
        in_languages, plain, rest = cells_of.own(item)
        plain_cells = cells_of.of(item, self.told) | {f"own.{key}": one for key, one in plain.items()}
        plain_cells["own.*"] = json.dumps(rest, ensure_ascii=False) if rest else ""
        found: list[str] = []
        for name in self._fields:
            if name in self._languages:
                listed = (
                    in_languages.get(name.removeprefix("own."), []) if name.startswith("own.") else getattr(item, name)
                )
                parted = cells_of.texts(listed, self._languages[name])
                found += [parted.get(lang, "") for lang in self._columns(name)]
            else:
                found.append(plain_cells.get(name, ""))
        files = cells.joined((one.original_name for one in getattr(item, "told_files", [])), cells.NAMES)
        return [*found, files, str(ItemState(item.state).label), item.pid, _moment(item.modified_at)]


def _place(lang: str) -> tuple[int, str]:
    return (FIRST_LANGUAGES.index(lang), "") if lang in FIRST_LANGUAGES else (len(FIRST_LANGUAGES), lang)


def _heading(name: str) -> str:
    field = FIELDS.get(name)
    if field is None:
        return name
    named = field.vi if (get_language() or "vi").startswith("vi") else field.en
    return named[0] if named else name


def _moment(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
