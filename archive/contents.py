"""Reading small derived files into values, for pages that show what is inside of them."""

from __future__ import annotations

import json

from archive.models import ItemFile
from media_pipeline import stores

# Text of a thousand dense pages is about 5 MB; what is larger is not for one page of HTML.
LARGEST_JSON_BYTES = 20_000_000


def read_json(file: ItemFile, role: str, name: str) -> object:
    """Return the value in a derived JSON file of a visible file; None when there is none, or it is too large.

    Reads the storage once, and no database when master and derivatives are prefetched.
    """
    derivative = file.derivative(role)
    entry = derivative and next((entry for entry in derivative.files if entry["name"] == name), None)
    if derivative is None or not entry or entry["size_bytes"] > LARGEST_JSON_BYTES:
        return None
    content = b"".join(stores.derivatives().read_range(derivative.prefix, name, 0, entry["size_bytes"]))
    return json.loads(content)
