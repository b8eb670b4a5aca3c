"""Who sees what by the truth table (Mukurtu's, and docs/adr/0010), in a world of plain values.

Knows no model and nothing of the code that it judges. Days count from now: what ends on day 0 is over, what begins on day 0 has begun.
"""

from __future__ import annotations

from dataclasses import dataclass

UNKNOWN = 7  # the number of a protocol that no row tells of


@dataclass(frozen=True)
class Condition:
    level: str
    sharing: str = "all"
    protocols: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Rule:
    conditions: tuple[Condition, ...]
    opens: int | None = None
    closes: int | None = None


@dataclass(frozen=True)
class Protocol:
    communities: frozenset[int]
    is_open: bool
    is_locked: bool


@dataclass(frozen=True)
class Place:
    """What a person is to a community."""

    is_blocked: bool
    until: int | None


@dataclass(frozen=True)
class Grant:
    target: str  # "item-0", "file-1"
    begins: int
    until: int | None
    is_withdrawn: bool


@dataclass(frozen=True)
class Person:
    """`places` by community and `roles` (role, until) by protocol, as rows hold them, whatever becomes of the account."""

    account: str = "visitor"  # or reader, staff, suspended
    is_on_site: bool = False
    places: tuple[Place | None, ...] = ()
    roles: tuple[tuple[tuple[str, int | None], ...], ...] = ()
    grants: tuple[Grant, ...] = ()

    @property
    def has_account(self) -> bool:
        return self.account != "visitor"

    @property
    def is_blocked_somewhere(self) -> bool:
        return any(place is not None and place.is_blocked for place in self.places)


@dataclass(frozen=True)
class Item:
    rule: Rule
    state: str
    is_suspended: bool


@dataclass(frozen=True)
class File:
    item: int
    rule: Rule | None


@dataclass(frozen=True)
class World:
    parents: tuple[int | None, ...]  # of each community
    protocols: tuple[Protocol, ...]
    people: tuple[Person, ...]
    items: tuple[Item, ...]
    files: tuple[File, ...]


Seen = frozenset[tuple[int, str]]


# The reference.


def lasts(until: int | None) -> bool:
    return until is None or until > 0


def asking(person: Person) -> Person:
    """Return who asks: an account that was suspended is a visitor."""
    return Person(is_on_site=person.is_on_site) if person.account == "suspended" else person


def is_blocked(world: World, who: Person, protocol: int) -> bool:
    around = set(world.protocols[protocol].communities)
    for _step in world.parents:
        around |= {above for place in around if (above := world.parents[place]) is not None}
    return any(place is not None and place.is_blocked and here in around for here, place in enumerate(who.places))


def roles_of(world: World, who: Person, protocol: int) -> frozenset[str]:
    """Return the roles that count: of who is blocked nowhere around and belongs to one of the protocol's communities."""
    own = [place for here, place in enumerate(who.places) if here in world.protocols[protocol].communities]
    belongs = any(place is not None and lasts(place.until) for place in own)
    if not belongs or is_blocked(world, who, protocol):
        return frozenset()
    return frozenset(role for role, until in who.roles[protocol] if lasts(until))


def is_member(world: World, who: Person, protocol: int) -> bool:
    if protocol == UNKNOWN or is_blocked(world, who, protocol):
        return False
    roles, row = roles_of(world, who, protocol), world.protocols[protocol]
    return "steward" in roles if row.is_locked else row.is_open or bool(roles)


def permits(world: World, who: Person, rule: Rule) -> bool:
    is_known = who.account in {"reader", "staff"}
    is_staff = who.account == "staff"
    lets_in = []
    for one in rule.conditions:
        held = [is_member(world, who, number) for number in one.protocols]
        by_protocol = bool(held) and (all(held) if one.sharing == "all" else any(held))
        lets_in.append(
            {
                "public": True,
                "registered": is_known,
                "onsite": who.is_on_site or is_staff,
                "protocol": by_protocol,
                "staff": is_staff,
                "nobody": False,
            }[one.level]
        )
    return all(lets_in) and (rule.opens is None or rule.opens <= 0) and lasts(rule.closes)


def is_shut(world: World, who: Person, *rules: Rule | None) -> bool:
    """Return whether a protocol of these rules is locked, or of a community that blocks the person: then no grant opens it.

    Of one that another already demands, and of one beside "nobody", nothing depends.
    """
    asked = [one for rule in rules if rule for one in rule.conditions if one.level == "protocol"]
    opens = [rule.opens for rule in rules if rule and rule.opens is not None]
    closes = [rule.closes for rule in rules if rule and rule.closes is not None]
    never = bool(opens and closes) and max(opens) >= min(closes)
    levels = {one.level for rule in rules if rule for one in rule.conditions}
    if "nobody" in levels or not all(one.protocols for one in asked) or never:
        return False
    demanded = {
        one for each in asked if each.sharing == "all" or len(set(each.protocols)) == 1 for one in each.protocols
    }
    named = demanded | {one for each in asked if demanded.isdisjoint(each.protocols) for one in each.protocols}
    return any(
        is_blocked(world, who, one) or (world.protocols[one].is_locked and "steward" not in roles_of(world, who, one))
        for one in named - {UNKNOWN}
    )


def is_granted(who: Person, target: str) -> bool:
    mine = [one for one in who.grants if one.target == target]
    return any(one.begins <= 0 and lasts(one.until) and not one.is_withdrawn for one in mine)


def sees_item(world: World, who: Person, number: int, *, by_rule_alone: bool = False) -> bool:
    item = world.items[number]
    by_grant = is_granted(who, f"item-{number}") and not is_shut(world, who, item.rule)
    is_let_in = permits(world, who, item.rule) or (not by_rule_alone and by_grant)
    return is_let_in and ((item.state == "published" and not item.is_suspended) or who.account == "staff")


def sees_file(world: World, who: Person, number: int) -> bool:
    file = world.files[number]
    by_rule = sees_item(world, who, file.item, by_rule_alone=True) and (
        file.rule is None or permits(world, who, file.rule)
    )
    by_grant = is_granted(who, f"file-{number}") or (file.rule is None and is_granted(who, f"item-{file.item}"))
    by_grant = by_grant and not is_shut(world, who, file.rule, world.items[file.item].rule)
    return (by_rule or by_grant) and sees_item(world, who, file.item)


def seen(world: World) -> Seen:
    """Return (number of the person, name of the thing) of all that is seen."""
    items = range(len(world.items))
    files = range(len(world.files))
    found = set()
    for number, person in enumerate(world.people):
        who = asking(person)
        found |= {(number, f"item-{one}") for one in items if sees_item(world, who, one)}
        found |= {(number, f"file-{one}") for one in files if sees_file(world, who, one)}
    return frozenset(found)
