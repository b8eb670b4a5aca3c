"""Answers of OAI-PMH 2.0: values to bytes. Pure."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from archive.crosswalks.markup import BASE, text
from interop.oai.formats import Format
from interop.oai.request import OaiError
from interop.oai.shapes import Page, Told

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">'
)
_DAY_S = 86_400
# What stands in an answer, in pieces: it is put together once.
Parts = Sequence[bytes]
_NO_ATTRIBUTES = frozenset({"badVerb", "badArgument"})


@dataclass(frozen=True)
class Site:
    """What every answer names. `base` is the site's address without a slash at its end, `namespace` the name under which identifiers stand
    (OAI identifier format, section 2.1: a domain)."""

    base: str
    namespace: str
    name: str
    email: str
    logo: str = ""
    friends: Sequence[str] = ()

    @property
    def address(self) -> str:
        return f"{self.base}/oai"

    def identifier(self, pid: str) -> str:
        return f"oai:{self.namespace}:{pid}"


def moment(seconds: int) -> str:
    """Return a moment as section 3.3 writes it."""
    day, second = divmod(seconds, _DAY_S)
    return f"{_day(day)}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


@functools.lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(days * _DAY_S))


def answer(site: Site, arguments: Mapping[str, str], body: Parts, *, now_s: int) -> bytes:
    """Return a whole answer. `arguments` are those of the request, the verb among them."""
    attributes = "".join(f' {name}="{_attribute(value)}"' for name, value in arguments.items())
    head = f"{_OPEN}<responseDate>{moment(now_s)}</responseDate><request{attributes}>{text(site.address)}</request>"
    # Joined and replaced once: of a page of two megabytes each copy more costs a tenth of the whole answer.
    return b"".join((head.encode(), *body, b"</OAI-PMH>")).replace(BASE.encode(), escape(site.base).encode())


def error(site: Site, arguments: Mapping[str, str], fault: OaiError, *, now_s: int) -> bytes:
    """Return an error. Of a bad verb or argument the request is not repeated (section 3.2)."""
    told = {} if fault.code in _NO_ATTRIBUTES else arguments
    body = f'<error code="{fault.code}">{text(fault.message)}</error>'
    return answer(site, told, [body.encode()], now_s=now_s)


def identify(site: Site, *, earliest_s: int) -> Parts:
    """Return Identify with what repositories tell of themselves: identifiers, content and policies, friends, a logo."""
    told = "".join(
        (
            "<Identify>",
            f"<repositoryName>{text(site.name)}</repositoryName><baseURL>{text(site.address)}</baseURL>",
            f"<protocolVersion>2.0</protocolVersion><adminEmail>{text(site.email)}</adminEmail>",
            f"<earliestDatestamp>{moment(earliest_s)}</earliestDatestamp><deletedRecord>persistent</deletedRecord>",
            "<granularity>YYYY-MM-DDThh:mm:ssZ</granularity><compression>gzip</compression>",
            _identifiers(site),
            _eprints(),
            _friends(site),
            _branding(site),
            "</Identify>",
        )
    )
    return [told.encode()]


def _identifiers(site: Site) -> str:
    space = "http://www.openarchives.org/OAI/2.0/oai-identifier"
    return (
        f'<description><oai-identifier xmlns="{space}" xsi:schemaLocation="{space} {space}.xsd"><scheme>oai</scheme>'
        f"<repositoryIdentifier>{text(site.namespace)}</repositoryIdentifier><delimiter>:</delimiter>"
        f"<sampleIdentifier>{text(site.identifier('0000000000c'))}</sampleIdentifier></oai-identifier></description>"
    )


def _eprints() -> str:
    space = "http://www.openarchives.org/OAI/1.1/eprints"
    content = (
        "Documents, pictures, sound, film and e-books about the peoples of the Central Highlands of Viet Nam, with their files where these "
        "are open. Only what is open to everybody is harvested."
    )
    metadata = (
        "Descriptions may be used by everybody. Rights, statements of origin and the labels of communities are part of a record: whoever "
        "passes it on passes them on."
    )
    data = "Each item states its own rights (see the format rights)."
    submission = "Items are described by the library's staff, and with the communities whose they are."
    return (
        f'<description><eprints xmlns="{space}" xsi:schemaLocation="{space} http://www.openarchives.org/OAI/1.1/eprints.xsd">'
        f"<content><text>{content}</text></content><metadataPolicy><text>{metadata}</text></metadataPolicy>"
        f"<dataPolicy><text>{data}</text></dataPolicy><submissionPolicy><text>{submission}</text></submissionPolicy>"
        "</eprints></description>"
    )


def _friends(site: Site) -> str:
    if not site.friends:
        return ""
    space = "http://www.openarchives.org/OAI/2.0/friends/"
    named = "".join(f"<baseURL>{text(one)}</baseURL>" for one in site.friends)
    return (
        f'<description><friends xmlns="{space}" xsi:schemaLocation="{space} http://www.openarchives.org/OAI/2.0/friends.xsd">'
        f"{named}</friends></description>"
    )


def _branding(site: Site) -> str:
    if not site.logo:
        return ""
    space = "http://www.openarchives.org/OAI/2.0/branding/"
    return (
        f'<description><branding xmlns="{space}" xsi:schemaLocation="{space} http://www.openarchives.org/OAI/2.0/branding.xsd">'
        f"<collectionIcon><url>{text(site.logo)}</url><link>{text(site.base)}/</link><title>{text(site.name)}</title>"
        "</collectionIcon></branding></description>"
    )


def formats(known: Iterable[Format]) -> Parts:
    """Return ListMetadataFormats."""
    told = "".join(
        f"<metadataFormat><metadataPrefix>{one.prefix}</metadataPrefix><schema>{one.schema}</schema>"
        f"<metadataNamespace>{one.namespace}</metadataNamespace></metadataFormat>"
        for one in known
    )
    return [f"<ListMetadataFormats>{told}</ListMetadataFormats>".encode()]


def sets(named: Iterable[tuple[str, str, str]]) -> Parts:
    """Return ListSets of (setSpec, name, description in XML)."""
    told = "".join(
        f"<set><setSpec>{text(spec)}</setSpec><setName>{text(name)}</setName><setDescription>{described}</setDescription></set>"
        for spec, name, described in named
    )
    return [f"<ListSets>{told}</ListSets>".encode()]


def record(site: Site, told: Told) -> Parts:
    """Return GetRecord."""
    return [b"<GetRecord>", *_records(site, [told]), b"</GetRecord>"]


def listed(site: Site, verb: str, page: Page, token: str) -> Parts:
    """Return ListRecords or ListIdentifiers. `token` leads to the next page, and is empty on the last one."""
    parts = [f"<{verb}>".encode()]
    parts += _records(site, page.records) if verb == "ListRecords" else _headers(site, page.records)
    if not page.is_whole:
        place = page.place
        expires = f' expirationDate="{moment(place.expires_s)}"' if token else ""
        parts.append(
            f'<resumptionToken{expires} completeListSize="{place.total}" cursor="{place.told}">{text(token)}</resumptionToken>'.encode()
        )
    parts.append(f"</{verb}>".encode())
    return parts


def _records(site: Site, records: Iterable[Told]) -> Iterator[bytes]:
    for told in records:
        if told.is_deleted:
            yield f"<record>{_header(site, told)}</record>".encode()
        else:
            yield f"<record>{_header(site, told)}<metadata>".encode()
            yield told.xml
            yield b"</metadata></record>"


def _headers(site: Site, records: Iterable[Told]) -> Iterator[bytes]:
    for told in records:
        yield _header(site, told).encode()


def _header(site: Site, told: Told) -> str:
    pid, changed_s, is_deleted, sets, _xml = told
    # They are parted by single blanks, and hold nothing that XML would have escaped (OAI-PMH.xsd, setSpecType).
    specs = f"<setSpec>{sets.replace(' ', '</setSpec><setSpec>')}</setSpec>" if sets else ""
    status = ' status="deleted"' if is_deleted else ""
    return f"<header{status}><identifier>oai:{site.namespace}:{pid}</identifier><datestamp>{moment(changed_s)}</datestamp>{specs}</header>"


def _attribute(value: str) -> str:
    """Return a value as an attribute; what is no text of XML is left out, and the mark of our own address, too."""
    return text(value).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")
