"""Typed readers of environment variables.

Every variable the product knows is declared here once, so that a wrong value stops the start with a sentence naming it, the
README's table can be held against the code, and a compose file can be checked for names nobody reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

T = TypeVar("T")


@dataclass(frozen=True)
class Variable(Generic[T]):
    """One environment variable: its name, what it is for, its default as text, and the reader that refuses nonsense."""

    name: str
    help: str
    default: str
    read: Callable[[str], T]

    def get(self, environ: Mapping[str, str] = os.environ) -> T:
        """Return the typed value; raise ImproperlyConfigured with a sentence that names the variable."""
        raw = environ.get(self.name, self.default)
        try:
            return self.read(raw.strip())
        except ValueError as error:
            raise ImproperlyConfigured(f"{self.name}: {error}. What it is for: {self.help}") from error


VARIABLES: dict[str, Variable[object]] = {}


def declare(name: str, default: str, read: Callable[[str], T], help: str) -> Variable[T]:
    """Register one variable and return it."""
    variable = Variable(name=name, help=help, default=default, read=read)
    VARIABLES[name] = variable  # type: ignore[assignment]  # the register does not care for the value's type
    return variable


def text(raw: str) -> str:
    return raw


def flag(raw: str) -> bool:
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(f"“{raw}” is neither 1 nor 0")


def whole(minimum: int, maximum: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if not raw.isascii() or not raw.lstrip("-").isdigit():
            raise ValueError(f"“{raw}” is not a whole number")
        value = int(raw)
        if not minimum <= value <= maximum:
            raise ValueError(f"{value} is not between {minimum} and {maximum}")
        return value

    return read


def words(raw: str) -> list[str]:
    return [word.strip() for word in raw.split(",") if word.strip()]


def one_of(*choices: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in choices:
            raise ValueError(f"“{raw}” is not one of {', '.join(choices)}")
        return raw

    return read


def folder(raw: str) -> Path:
    if not raw:
        raise ValueError("a folder is needed")
    return Path(raw).expanduser().absolute()


def image_address(raw: str) -> str:
    """Read an absolute address, one from the site's root, or a static path: it ends up in a page and its host in a header."""
    if any(letter.isspace() or letter in "\"'<>;," for letter in raw):
        raise ValueError(f"“{raw}” holds a letter that no address has")
    if raw.startswith(("//", "https:", "http:")) and not origin(raw):
        raise ValueError(f"“{raw}” names no host in ASCII letters (write others as xn--…)")
    return raw


def origin(address: str) -> str:
    """Return scheme, host and port of an absolute address, as a Content-Security-Policy names them; empty for any other."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme not in {"", "http", "https"} or not host.isascii():
        return ""
    return f"{parts.scheme}://{host}" if host and parts.scheme else host


def map_ground(raw: str) -> str:
    """Read what lies under maps: nothing, a PMTiles file that is there, or the address of tiles with {z}, {x} and {y}."""
    if not raw:
        return ""
    if raw.endswith(".pmtiles"):
        path = Path(raw).expanduser().absolute()
        if not path.is_file():
            raise ValueError(f"there is no file “{raw}”")
        return str(path)
    image_address(raw)
    if not origin(raw) or any(part not in raw for part in ("{z}", "{x}", "{y}")):
        raise ValueError(
            f"“{raw}” is neither a .pmtiles file nor an address like https://tiles.example.org/{{z}}/{{x}}/{{y}}.png"
        )
    return raw


def naan(raw: str) -> str:
    if not (raw.isascii() and raw.isdigit() and len(raw) in {5, 9}):
        raise ValueError(f"“{raw}” is not a Name Assigning Authority Number of 5 or 9 digits")
    return raw


def hosts(raw: str) -> list[str]:
    names = words(raw)
    if wrong := [name for name in names if "/" in name or " " in name]:
        raise ValueError(f"“{wrong[0]}” is not a host name")
    return names


def web_address(raw: str) -> str:
    parts = urlsplit(raw)
    if raw and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query):
        raise ValueError(f"“{raw}” is not the address of a site, such as https://tulieu.example.vn")
    return raw.rstrip("/")


def web_addresses(raw: str) -> list[str]:
    """Read addresses separated by commas; none from an empty text."""
    found = words(raw)
    if not all(one.startswith(("https://", "http://")) and " " not in one for one in found):
        raise ValueError("addresses that begin with https:// or http://, separated by commas")
    return found


def days(raw: str) -> list[date]:
    found = []
    for word in words(raw):
        try:
            found.append(date.fromisoformat(word))
        except ValueError as error:
            raise ValueError(f"“{word}” is not a day, such as 2027-02-05") from error
    return found


def zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"“{raw}” is not a time zone, such as Asia/Ho_Chi_Minh") from error
    return raw


def email(raw: str) -> str:
    try:
        if raw:
            validate_email(raw)
    except ValidationError as error:
        raise ValueError(f"“{raw}” is not an e-mail address") from error
    return raw


def program(raw: str) -> str:
    if raw and not os.access(raw, os.X_OK):
        raise ValueError(f"there is no program at “{raw}”")
    return raw


def present_folder(raw: str) -> str:
    if raw and not Path(raw).is_dir():
        raise ValueError(f"there is no folder at “{raw}”")
    return raw


@dataclass(frozen=True)
class Database:
    """Parts of a PostgreSQL address, as Django's DATABASES wants them."""

    name: str
    user: str
    password: str
    host: str
    port: str
    tls: Mapping[str, str]


# What PostgreSQL's own library calls the ways of encrypting a connection and of knowing the server.
DATABASE_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def database(raw: str) -> Database | None:
    """Read postgresql://user:password@host:port/name; empty means the embedded SQLite."""
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("the address must begin with postgresql://")
    name = parts.path.lstrip("/")
    if not name:
        raise ValueError("the address names no database")
    query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
    if unknown := query.keys() - {"host", *DATABASE_TLS}:
        raise ValueError(f"the address may not say “{sorted(unknown)[0]}”; it may say host, {', '.join(DATABASE_TLS)}")
    host = query.pop("host", parts.hostname or "")
    return Database(
        name=unquote(name),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=host,
        port=str(parts.port or ""),
        tls=query,
    )


def redis_address(raw: str) -> str:
    if raw and urlsplit(raw).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("the address must begin with redis://, rediss:// or unix://")
    return raw


@dataclass(frozen=True)
class Bucket:
    """Parts of an S3 address."""

    endpoint: str
    bucket: str
    key: str
    secret: str
    region: str


def bucket(raw: str) -> Bucket | None:
    """Read s3://key:secret@host:port/bucket?region=…&tls=0; empty means a folder."""
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme != "s3":
        raise ValueError("the address must begin with s3://")
    name = parts.path.strip("/")
    if not name or "/" in name:
        raise ValueError("the address must end with one bucket name")
    if not parts.username or not parts.password or not parts.hostname:
        raise ValueError("the address needs key:secret@host")
    query = parse_qs(parts.query)
    tls = flag(query.get("tls", ["1"])[0])
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    return Bucket(
        endpoint=f"{'https' if tls else 'http'}://{host}{port}",
        bucket=name,
        key=unquote(parts.username),
        secret=unquote(parts.password),
        region=query.get("region", ["us-east-1"])[0],
    )


@dataclass(frozen=True)
class MailServer:
    """Parts of the address of a mail server. `is_tls`: encrypted from the first byte; `is_starttls`: after a greeting."""

    host: str
    port: int
    user: str
    password: str
    is_tls: bool
    is_starttls: bool


def mail_server(raw: str) -> MailServer | None:
    """Read smtps://user:password@host:465, or smtp://…:587 which encrypts after its greeting, with ?tls=0 never; empty: none."""
    if not raw:
        return None
    parts = urlsplit(raw)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("the address must be smtp://user:password@host:port or smtps://…")
    is_tls = parts.scheme == "smtps"
    wants_tls = flag(parse_qs(parts.query).get("tls", ["1"])[0])
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if is_tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_tls=is_tls,
        is_starttls=wants_tls and not is_tls,
    )


DATA = declare(
    "HERITAGE_DATA", "data", folder, "folder of the database, the masters and the derivatives in the embedded profile"
)
PRODUCTION = declare(
    "HERITAGE_PRODUCTION", "0", flag, "1 refuses every convenience of a trial: default secret, debug pages, any host"
)
DEBUG = declare("HERITAGE_DEBUG", "0", flag, "1 shows Django's debug pages; never with HERITAGE_PRODUCTION")
SECRET_KEY = declare(
    "HERITAGE_SECRET_KEY", "", text, "signs sessions and cursors; without it a trial makes one in its data folder"
)
ALLOWED_HOSTS = declare(
    "HERITAGE_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", hosts, "host names the site answers to, separated by commas"
)
BASE_URL = declare(
    "HERITAGE_BASE_URL",
    "",
    web_address,
    "public address, such as https://tulieu.example.vn; used in links that leave the site",
)
HTTPS = declare("HERITAGE_HTTPS", "0", flag, "1 when the site is reached by HTTPS: secure cookies and HSTS")
SECOND_FACTOR = declare(
    "HERITAGE_SECOND_FACTOR",
    "",
    one_of("", "required", "offered"),
    "whether staff must show a second factor: required or offered; empty: required in production, offered in a trial",
)
TWO_PAIRS_OF_EYES = declare(
    "HERITAGE_TWO_PAIRS_OF_EYES",
    "0",
    flag,
    "1 lets nobody publish what they submitted for review themselves, or what was never in review",
)
TRUST_PROXY = declare(
    "HERITAGE_TRUST_PROXY", "0", flag, "1 when a proxy of ours sets X-Forwarded-Proto and X-Forwarded-For"
)
ANONYMOUS_PER_MINUTE = declare(
    "HERITAGE_ANONYMOUS_PER_MINUTE",
    "120",
    whole(0, 1_000_000),
    "requests a minute that one address may make without a key at /api/, /iiif/ (but for pictures), /oai and /sru; 0: any number",
)
DATABASE_URL = declare(
    "DATABASE_URL", "", database, "postgresql://user:password@host:port/name; empty: SQLite in HERITAGE_DATA"
)
REDIS_URL = declare(
    "REDIS_URL", "", redis_address, "redis://host:port/0, broker and cache; empty: files in HERITAGE_DATA"
)
STORAGE_URL = declare(
    "STORAGE_URL",
    "",
    bucket,
    "s3://key:secret@host:port/bucket?region=…, then &tls=0 or &tls=1; empty: folders in HERITAGE_DATA",
)
LANGUAGE_TIME_ZONE = declare("HERITAGE_TIME_ZONE", "Asia/Ho_Chi_Minh", zone, "zone in which dates are shown")
HOLIDAYS = declare(
    "HERITAGE_HOLIDAYS",
    "",
    days,
    "days off that move, such as Tết, for the clocks of requests: 2027-02-05,2027-02-08; fixed ones are known",
)
MAIL_URL = declare(
    "HERITAGE_MAIL_URL",
    "",
    mail_server,
    "mail server: smtps://user:password@host:465, or smtp://…:587 (?tls=0: not encrypted); empty: no mail is sent",
)
MAIL_FROM = declare("HERITAGE_MAIL_FROM", "", email, "address that mail is sent from")
LIBRARY_NAME = declare("LIBRARY_NAME", "Thư viện tỉnh Quảng Ngãi", text, "name of the library, shown on every page")
LIBRARY_LOGO = declare("LIBRARY_LOGO", "", image_address, "address or static path of the library's logo; empty: ours")
LIBRARY_CONTACT_EMAIL = declare("LIBRARY_CONTACT_EMAIL", "", email, "e-mail address readers may write to")
LIBRARY_CONTACT_PHONE = declare("LIBRARY_CONTACT_PHONE", "", text, "telephone number readers may call")
LIBRARY_CONTACT_ADDRESS = declare("LIBRARY_CONTACT_ADDRESS", "", text, "postal address of the library")
MAP_TILES = declare(
    "HERITAGE_MAP_TILES",
    "",
    map_ground,
    "what lies under maps: a .pmtiles file of pictures, or an address with {z}, {x}, {y}; empty: our own drawing, and no other site",
)
MAP_CREDIT = declare("HERITAGE_MAP_CREDIT", "", text, "whom maps name as the makers of these tiles")
ARK_NAAN = declare(
    "ARK_NAAN", "99999", naan, "Name Assigning Authority Number of the library's ARKs; 99999 is the test number"
)
OAI_FRIENDS = declare(
    "HERITAGE_OAI_FRIENDS",
    "",
    web_addresses,
    "OAI-PMH addresses of other archives that harvesters should know of, separated by commas",
)
LEASE_S = declare(
    "HERITAGE_LEASE_S", "60", whole(2, 3600), "seconds after which a silent worker's job is given to another"
)
HEAVY_AT_ONCE = declare(
    "HERITAGE_HEAVY_AT_ONCE",
    "0",
    whole(0, 1000),
    "pieces of heavy work (films, books) at once on one machine; 0: one for each core, as far as memory goes",
)
UPLOAD_MAX_GB = declare("HERITAGE_UPLOAD_MAX_GB", "200", whole(1, 100_000), "largest file taken in, in gigabytes")
DISK_RESERVE_MB = declare(
    "HERITAGE_DISK_RESERVE_MB", "512", whole(0, 10_000_000), "megabytes of disk an upload may never use up"
)
SENDFILE = declare(
    "HERITAGE_SENDFILE",
    "",
    one_of("", "nginx"),
    "nginx: the files are sent by the nginx in front (deploy/nginx.conf)",
)
FFMPEG = declare("FFMPEG_BINARY", "", program, "path of another ffmpeg; empty: the one of the imageio-ffmpeg wheel")
TESSDATA = declare(
    "HERITAGE_TESSDATA",
    "",
    present_folder,
    "folder of vie.traineddata, with which scanned pages are read; empty: looked for in the usual places",
)
SOFFICE = declare(
    "HERITAGE_SOFFICE", "", program, "path of LibreOffice's soffice; empty: the one that is installed, if any"
)
LOG_LEVEL = declare("HERITAGE_LOG_LEVEL", "INFO", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "how much is logged")
