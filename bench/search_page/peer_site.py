"""The baselines' page as its README says it was measured: Django with eight middlewares and nothing of ours, their engine of bitmaps,
twenty rows of SQLite, a template of Jinja2. No ranking, no rules, no highlights, six facets with ten values each, about 11 KB of HTML.

A WSGI application of its own, to be started in the folder where their index lies: `granian … peer_site:application`.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path
from jinja2 import Environment

PAGE_SIZE, VALUES_MOST = 20, 10
BINCOUNT_MOST = 120_000  # hits; beyond it facets are counted by bitmaps (their README, section 5)
FACETS = ("type", "year", "place", "coll", "lang", "subject")
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ query }}</title></head><body>
<form><input name="q" value="{{ query }}"><button>Tìm</button></form><p>{{ total }}</p>
{% for facet in facets %}<h2>{{ facet.name }}</h2><ul>{% for value, count in facet.choices %}
<li><a href="?q={{ query|urlencode }}&amp;{{ facet.name }}={{ value }}">{{ facet.name }} {{ value }}</a> {{ count }}</li>
{% endfor %}</ul>{% endfor %}
<ol>{% for row in rows %}<li><a href="/items/{{ row[0] }}/">{{ row[1] }}</a><p>{{ row[2] }}</p><p>{{ row[3] }} · {{ row[4] }}</p></li>
{% endfor %}</ol><a href="?q={{ query|urlencode }}&amp;page={{ page + 1 }}">→</a></body></html>"""

settings.configure(
    SECRET_KEY="for-measuring-only",  # noqa: S106  # nothing is signed with it
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django.middleware.gzip.GZipMiddleware",
    ],
)
django.setup()


def _engine() -> Any:  # Any: a class of a program that is not ours
    source = Path("bitmap_index.py").read_text("utf-8").replace("N=1_000_000", f"N={os.environ['PEER_ITEMS']}")
    program: dict[str, Any] = {}
    exec(source[: source.rindex("{'build'")], program)  # noqa: S102  # the measured program itself
    made = program["Eng"]()
    # Its own connection serves one thread alone.
    made.c = sqlite3.connect(f"file:{program['D']}/post.db?mode=ro", uri=True, check_same_thread=False)
    return made


engine = _engine()
records = sqlite3.connect("file:records.db?mode=ro", uri=True, check_same_thread=False)
template = Environment(autoescape=True).from_string(PAGE)
everything = engine.facets_bitmap(None)


def search(request: HttpRequest) -> HttpResponse:
    asked, number = request.GET, int(request.GET.get("page", "0"))
    filters = [(name, int(asked[name])) for name in FACETS if name in asked]
    hits = engine.query(asked.get("q", "").split(), filters)
    if hits is None:
        total, counts = int(os.environ["PEER_ITEMS"]), everything
    else:
        total = len(hits)
        counts = engine.facets_bincount(hits) if total < BINCOUNT_MOST else engine.facets_bitmap(hits)
    keys = [int(key) for key in engine.page(hits, number)]
    marks = ",".join("?" * len(keys))
    found = {
        row[0]: row
        for row in records.execute(f"SELECT id, title, text, kind, year FROM record WHERE id IN ({marks})", keys)  # noqa: S608
    }
    context = {
        "query": asked.get("q", ""),
        "total": total,
        "page": number,
        "facets": [{"name": name, "choices": _most(counts[name])} for name in FACETS],
        "rows": [found[key] for key in keys if key in found],
    }
    return HttpResponse(template.render(context))


def _most(counts: Any) -> list[tuple[int, int]]:  # Any: an array of counts by value, or pairs
    pairs = counts if isinstance(counts, list) else enumerate(counts.tolist())
    return sorted(((value, count) for value, count in pairs if count), key=lambda pair: -pair[1])[:VALUES_MOST]


urlpatterns = [path("search/", search), path("healthz", lambda _request: HttpResponse("ok"))]
application = get_wsgi_application()
