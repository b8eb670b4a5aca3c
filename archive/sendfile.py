"""The application decides, nginx sends: X-Accel-Redirect. The other half is the location /_protected/ of deploy/nginx.conf.

A film sent by the application holds one of its few threads for as long as a slow line takes; nginx holds thousands.
"""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponseBase

from media_pipeline.storage.opening import tree_of
from media_pipeline.storage.s3 import S3Tree

HEADER = "X-Accel-Redirect"
# What nginx says of itself with each request. A request that comes by another way, or a second time because nginx found no file,
# does not say so and gets its bytes from the application.
OFFER = "X-Sendfile-Type"
FOLDER = "/_protected/folder/"
BUCKET = "/_protected/s3"
# The address never leaves nginx; long enough for clocks that differ a little.
SIGNED_FOR_S = 300
# nginx would keep these two of our answer even where it then finds no file and asks us again: they would stand there twice.
_SAID_APART = ("Cache-Control", "Content-Disposition")
# nginx would judge these by the file's own date, which is not what we gave out.
_PRECONDITIONS = ("If-Match", "If-Unmodified-Since")


def is_for_the_proxy(request: HttpRequest, *, is_partial: bool) -> bool:
    """Return whether nginx can give the very answer that we would: a GET of the whole, or of the one range that was found good."""
    return (
        settings.SENDFILE == "nginx"
        and request.headers.get(OFFER) == HEADER
        and request.method == "GET"
        and (is_partial or "Range" not in request.headers)
        and not any(name in request.headers for name in _PRECONDITIONS)
    )


def prepare(response: HttpResponseBase) -> None:
    """Write the headers of an answer that names a file as the proxy wants them: the last step before it is sent."""
    for name in _SAID_APART:
        if response.has_header(name):
            response[f"X-Said-{name}"] = response[name]
            del response[name]
    # nginx says so itself.
    del response["Accept-Ranges"]


def internal_address(key: str) -> str:
    """Return where nginx finds a stored file: below its folder, or at the S3 server by a signed address. Asks nobody."""
    tree = tree_of(storages["files"])
    if isinstance(tree, S3Tree):
        return f"{BUCKET}{tree.signed_path(key, valid_s=SIGNED_FOR_S)}"
    return f"{FOLDER}{quote(key)}"
