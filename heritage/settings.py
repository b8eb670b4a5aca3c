"""Settings of both profiles, all from the environment (heritage/env.py; the README has the table)."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from heritage import env
from media_pipeline.plan import LONGEST_S
from media_pipeline.storage.s3 import storage_options

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.DATA.get()
PRODUCTION = env.PRODUCTION.get()
DEBUG = env.DEBUG.get()
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "HERITAGE_DEBUG: debug pages would show secrets; HERITAGE_PRODUCTION=1 does not start with them"
    )


def make_data_folder() -> None:
    """Make it where it is not there: what is closed lies in it as readable files, so other accounts of the machine are kept out."""
    try:
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"HERITAGE_DATA: {DATA_DIR} cannot be made ({error.strerror})") from error


def secret_key() -> str:
    """Return the given secret; in a trial, one made once and kept in the data folder. Production never makes its own."""
    given = env.SECRET_KEY.get()
    if given:
        if PRODUCTION and (len(given) < 40 or given.startswith("change-me")):
            raise ImproperlyConfigured("HERITAGE_SECRET_KEY: too short or an example; make one of 50 random characters")
        return given
    if PRODUCTION:
        raise ImproperlyConfigured("HERITAGE_SECRET_KEY: production does not start without a secret of its own")
    make_data_folder()
    kept = DATA_DIR / "secret-key"
    if not kept.exists():
        # Written aside and linked into place: of two processes that start at once, both read the same whole secret.
        aside = DATA_DIR / f"secret-key.{secrets.token_hex(8)}"
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_urlsafe(50), "ascii")
        with contextlib.suppress(FileExistsError):
            kept.hardlink_to(aside)
        aside.unlink()
    return kept.read_text("ascii")


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.ALLOWED_HOSTS.get()
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "HERITAGE_ALLOWED_HOSTS: production names its hosts; with * a foreign page could speak through one"
    )
BASE_URL = env.BASE_URL.get()
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

INSTALLED_APPS = [
    "access",
    "media_pipeline",
    "archive",
    "public_site",
    "interop.api",
    "interop.oai",
    "archive.admin.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "public_site.collected.CollectedFiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "archive.middleware.SendfileMiddleware",
    "access.middleware.PrivateByDefaultMiddleware",
    "public_site.keeping.KeepingMiddleware",
    "public_site.middleware.CompressionMiddleware",
    "public_site.middleware.PreparingMiddleware",
    "archive.middleware.ContentPolicyMiddleware",
    "archive.middleware.ReadableCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "archive.middleware.InterfaceLanguageMiddleware",
    "archive.middleware.ReadableAddressMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "access.middleware.AccountMiddleware",
    "access.devices.DeviceMiddleware",
    "access.session_limits.SessionLimitMiddleware",
    "access.second_factors.gate.SecondFactorMiddleware",
    "access.middleware.PartnerMiddleware",
    "access.middleware.StrangerMiddleware",
    "access.middleware.ViewerMiddleware",
    "access.middleware.PasswordChangeMiddleware",
    "archive.middleware.MessagesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "archive.middleware.SightsMiddleware",
]

ROOT_URLCONF = "heritage.urls"
WSGI_APPLICATION = "heritage.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "public_site.steadying.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "public_site.context.library",
            ],
            # Where a page says a word that communities have their own for: nearly everywhere.
            "builtins": ["public_site.templatetags.words"],
        },
    },
]

# --- State ---------------------------------------------------------------------------------------------------------------
_database = env.DATABASE_URL.get()
DATABASES: dict[str, dict[str, Any]]  # Any: Django's own options are untyped
if _database is None:
    DATABASES = {
        "default": {
            "ENGINE": "heritage.sqlite",
            "NAME": DATA_DIR / "archive.sqlite3",
            # A new connection reads the whole schema, triggers and all: several milliseconds of each request.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                # One writer at a time, told at BEGIN and not at the first write: no deadlock between web and worker.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # FULL: a committed row survives a power cut in a village (threats.md m25).
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;",
            },
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "heritage.postgresql",
            "NAME": _database.name,
            "USER": _database.user,
            "PASSWORD": _database.password,
            "HOST": _database.host,
            "PORT": _database.port,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": 3,
                "options": "-c lock_timeout=5000",
                # Of what is asked by `access.statements` and nothing else: Django's own statements are as many as their values.
                "prepare_threshold": 1,
                **_database.tls,
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.REDIS_URL.get()
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

_bucket = env.STORAGE_URL.get()


def _file_storage(folder: str) -> dict[str, Any]:  # Any: options of third-party storages
    if _bucket is None:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / folder}}
    options = storage_options(
        endpoint_url=_bucket.endpoint,
        access_key=_bucket.key,
        secret_key=_bucket.secret,
        bucket=_bucket.bucket,
        region=_bucket.region,
        location=folder,
    )
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


STORAGES: dict[str, dict[str, Any]] = {
    # Masters (the OCFL root) and derivatives, side by side so that publishing is a rename; names in media_pipeline.storage.names.
    "files": _file_storage("files"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
INCOMING_DIR = DATA_DIR / "incoming"
WORK_DIR = DATA_DIR / "work"
# The index of the search, one a node: mapped into memory, so on a local disk.
SEARCH_DIR = DATA_DIR / "search"
SEARCH_IN_TRANSACTIONS = False  # tests search within the transaction that they roll back
UPLOAD_MAX_BYTES = env.UPLOAD_MAX_GB.get() * 1_000_000_000
DISK_RESERVE_BYTES = env.DISK_RESERVE_MB.get() * 1_000_000
SENDFILE = env.SENDFILE.get()
if SENDFILE == "nginx" and _bucket is not None and _bucket.endpoint.startswith("https:"):
    raise ImproperlyConfigured(
        "HERITAGE_SENDFILE: nginx fetches from the S3 server without TLS, inside one network; with tls=1 in STORAGE_URL leave it empty"
    )
FFMPEG_BINARY = env.FFMPEG.get()
TESSDATA = env.TESSDATA.get()
SOFFICE = env.SOFFICE.get()
LEASE_S = env.LEASE_S.get()
HEAVY_AT_ONCE = env.HEAVY_AT_ONCE.get()
PLACES_DIR = DATA_DIR / "places"

# --- Work ----------------------------------------------------------------------------------------------------------------
# The child's own walls and the lease are what guards against long work; this only frees a worker that hangs outside of a child.
# A day more than the longest child: for the master that is fetched before and the files that are put away after.
TASK_LIMIT_S = LONGEST_S + 86_400
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        # A task is not to be given out again while it may still run; our own leases bring lost work back far sooner.
        "visibility_timeout": 2 * TASK_LIMIT_S,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 1,
        "socket_connect_timeout": 1,
        "retry_on_timeout": False,
    }
else:
    CELERY_BROKER_URL = "folder://"  # media_pipeline.folder_broker, by heritage.celery
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(DATA_DIR / "broker" / "queue"),
        "data_folder_out": str(DATA_DIR / "broker" / "queue"),
        "control_folder": str(DATA_DIR / "broker" / "control"),
        "polling_interval": 0.2,
    }
    make_data_folder()
    for _folder in ("queue", "control"):
        (DATA_DIR / "broker" / _folder).mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# The row is the truth: a broker that blinks is no reason to stop a film half done.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB; the decoders are children of their own and do not count
CELERY_TASK_TIME_LIMIT = TASK_LIMIT_S
CELERY_TASK_SOFT_TIME_LIMIT = TASK_LIMIT_S - 60
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# In a queue of its own: a sweep behind ten thousand bells would come too late.
CELERY_BEAT_SCHEDULE = {
    "sweep-lost-work": {"task": "media_pipeline.sweep", "schedule": 60.0, "options": {"queue": "clock", "expires": 55}},
    "tidy-staging": {"task": "media_pipeline.tidy", "schedule": 3600.0, "options": {"queue": "clock", "expires": 3000}},
    "prepare-harvest": {
        "task": "interop.oai.prepare",
        "schedule": 60.0,
        "options": {"queue": "quick", "expires": 55},
    },
    "seal-log": {"task": "access.seal_log", "schedule": 60.0, "options": {"queue": "clock", "expires": 55}},
    "forget-drafts": {
        "task": "archive.forget_drafts",
        "schedule": 86_400.0,
        "options": {"queue": "clock", "expires": 80_000},
    },
    "write-digests": {
        "task": "archive.write_digests",
        "schedule": 3600.0,
        "options": {"queue": "quick", "expires": 3000},
    },
    "send-letters": {"task": "archive.send_letters", "schedule": 60.0, "options": {"queue": "quick", "expires": 55}},
    "forget-sessions": {
        "task": "access.forget_sessions",
        "schedule": 3600.0,
        "options": {"queue": "clock", "expires": 3000},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "broker" / "celerybeat-schedule")

# --- People --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SECOND_FACTOR = env.SECOND_FACTOR.get() or ("required" if PRODUCTION else "offered")
LOGIN_URL = "account:sign_in"
LOGIN_REDIRECT_URL = "account:page"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "phien"
CSRF_COOKIE_NAME = "csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "public_site.views.errors.csrf_failed"

# --- Mail ----------------------------------------------------------------------------------------------------------------
MAIL_SERVER = env.MAIL_URL.get()
if MAIL_SERVER is not None:
    if not (BASE_URL and env.MAIL_FROM.get()):
        raise ImproperlyConfigured("HERITAGE_MAIL_URL: letters need HERITAGE_BASE_URL and HERITAGE_MAIL_FROM, too")
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL_SERVER.is_tls, MAIL_SERVER.is_starttls
DEFAULT_FROM_EMAIL = env.MAIL_FROM.get()
EMAIL_TIMEOUT = 20

# --- Language ------------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "ngon_ngu"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["heritage.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.LANGUAGE_TIME_ZONE.get()
HOLIDAYS = env.HOLIDAYS.get()

# --- Sending -------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are three quarters of what there is to compress and nobody but a developer fetches them: the first start has no time for it.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
# The form of a book has a dozen fields for each of its pages.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env.HTTPS.get()
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
TRUST_PROXY = env.TRUST_PROXY.get()
ANONYMOUS_PER_MINUTE = env.ANONYMOUS_PER_MINUTE.get()
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
LIBRARY_LOGO = env.LIBRARY_LOGO.get()
MAP_TILES = env.MAP_TILES.get()
MAP_CREDIT = env.MAP_CREDIT.get()
# Where the tiles of maps come from, if not from a file of our own.
MAP_ORIGIN = "" if MAP_TILES.endswith(".pmtiles") else env.origin(MAP_TILES)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # A logo on the library's own site, and tiles of a server that it chose, are all that a page fetches from elsewhere.
        "img-src": ["'self'", "data:", "blob:", *filter(None, [env.origin(LIBRARY_LOGO), MAP_ORIGIN])],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# Asked for with every answer: what is not set takes longer to find out.
CONTENT_SECURITY_POLICY_REPORT_ONLY: dict[str, Any] = {}  # Any: as django-csp has it

# --- Library -------------------------------------------------------------------------------------------------------------
TWO_PAIRS_OF_EYES = env.TWO_PAIRS_OF_EYES.get()
LIBRARY_NAME = env.LIBRARY_NAME.get()
LIBRARY_CONTACT_EMAIL = env.LIBRARY_CONTACT_EMAIL.get()
LIBRARY_CONTACT_PHONE = env.LIBRARY_CONTACT_PHONE.get()
LIBRARY_CONTACT_ADDRESS = env.LIBRARY_CONTACT_ADDRESS.get()
ARK_NAAN = env.ARK_NAAN.get()
OAI_FRIENDS = env.OAI_FRIENDS.get()

# --- API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_METADATA_CLASS": None,
    # The form of an answer is Accept's to choose; a parameter for it would only be one more way to misspell an address.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nhà Rông",
    "DESCRIPTION": (
        "Read access to the digital archive: items, their files and the headings they stand under. Everything is answered as far as "
        "the asking reader may see it; what is not open is answered as what does not exist."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "CONTACT": {"name": LIBRARY_NAME, **({"email": LIBRARY_CONTACT_EMAIL} if LIBRARY_CONTACT_EMAIL else {})},
    "LICENSE": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
    "SERVERS": [{"url": "/", "description": "This archive."}],
    "TAGS": [
        {"name": "items", "description": "Lists and single items."},
        {"name": "search", "description": "Words, filters, facets."},
        {"name": "headings", "description": "Collections, peoples, persons and bodies, subjects, places, languages."},
        {"name": "schema", "description": "This document."},
    ],
    "SERVE_INCLUDE_SCHEMA": True,
    "COMPONENT_SPLIT_REQUEST": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["interop.api.schema.leave_out_doubles"],
    "POSTPROCESSING_HOOKS": ["interop.api.schema.finish"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "AUTHENTICATION_WHITELIST": [],
    "SECURITY": [],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Libraries speak up only when something is wrong; our own packages at the level asked for.
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        **{
            name: {"level": env.LOG_LEVEL.get()}
            for name in ("access", "archive", "interop", "media_pipeline", "public_site", "celery")
        },
        "celery.beat": {"level": "WARNING"},
        # Says at each start that the filesystem transport has no host name.
        "kombu.connection": {"level": "ERROR"},
    },
}
