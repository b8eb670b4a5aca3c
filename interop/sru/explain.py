"""What this server is and understands, as ZeeRex 2.0 has it (http://explain.z3950.org/dtd/2.0/). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from archive.crosswalks.markup import element, text
from interop.sru import contexts
from interop.sru.request import RECORDS_A_PAGE, RECORDS_MOST
from interop.sru.schemas import DEFAULT, SCHEMAS
from interop.sru.wire import EXPLAIN_SCHEMA

_PORTS = {"http": 80, "https": 443}
_RELATIONS = ("=", "==", "<>", "<", "<=", ">", ">=", "within", "all", "any", "adj")


@dataclass(frozen=True)
class Site:
    """`base`: the site's address without a slash at its end. `lang`: that of its name."""

    base: str
    name: str
    email: str = ""
    lang: str = "vi"


def explain(site: Site, version: str) -> str:
    """Return the description for a version of the protocol."""
    return f'<explain xmlns="{EXPLAIN_SCHEMA}">{_server(site, version)}{_database(site)}{_indexes()}{_schemas()}{_settings()}</explain>'


def _server(site: Site, version: str) -> str:
    address = urlsplit(site.base)
    port = address.port or _PORTS.get(address.scheme, 80)
    path = f"{address.path}/sru".lstrip("/")
    return (
        f'<serverInfo protocol="SRU" version="{version}" transport="{text(address.scheme)}" method="GET POST">'
        f"{element('host', address.hostname or '')}<port>{port}</port>{element('database', path)}</serverInfo>"
    )


def _database(site: Site) -> str:
    contact = element("contact", site.email) if site.email else ""
    title = element("title", site.name, lang=site.lang, primary="true")
    return f"<databaseInfo>{title}{contact}</databaseInfo>"


def _indexes() -> str:
    sets = "".join(f'<set name="{name}" identifier="{text(uri)}"/>' for name, uri in contexts.SETS.items())
    shown = sorted(contexts.INDEXES.items(), key=lambda pair: pair[1].title)
    # One index may have several names: a map holds them.
    grouped = (list(group) for _title, group in groupby(shown, key=lambda pair: pair[1]))
    return f"<indexInfo>{sets}{''.join(_index([name for name, _index in some], some[0][1]) for some in grouped)}</indexInfo>"


def _index(names: list[str], index: contexts.Index) -> str:
    is_asked = not contexts.ONLY_SORTED.issuperset(names)
    maps = "".join(f'<map><name set="{name.partition(".")[0]}">{name.partition(".")[2]}</name></map>' for name in names)
    relations = [one for one in _RELATIONS if is_asked and one in contexts.RELATIONS[index.way]]
    supported = "".join(element("supports", one, type="relation") for one in relations)
    return (
        f'<index search="{_said(is_asked)}" scan="false" sort="{_said(index.sort is not None)}">{element("title", index.title, lang="en")}'
        f"{maps}<configInfo>{supported}</configInfo></index>"
    )


def _schemas() -> str:
    each = "".join(
        f'<schema name="{one.name}" identifier="{text(one.identifier)}" location="{text(one.location)}" sort="false" retrieve="true">'
        f"{element('title', one.title, lang='en')}</schema>"
        for one in SCHEMAS.values()
    )
    return f"<schemaInfo>{each}</schemaInfo>"


def _settings() -> str:
    return (
        f'<configInfo><default type="numberOfRecords">{RECORDS_A_PAGE}</default><setting type="maximumRecords">{RECORDS_MOST}</setting>'
        f'<default type="retrieveSchema">{DEFAULT.name}</default><default type="contextSet">cql</default>'
        '<default type="index">cql.serverChoice</default><default type="relation">=</default>'
        f'<default type="sortSchema">{DEFAULT.name}</default>'
        f"{''.join(element('supports', one, type='relationModifier') for one in sorted(contexts.MODIFIERS))}"
        '<supports type="booleanModifier"/><supports type="maskingCharacter">*</supports><supports type="maskingCharacter">?</supports>'
        '<supports type="anchoring"/></configInfo>'
    )


def _said(value: bool) -> str:
    return "true" if value else "false"
