"""Forms of the desk as a browser has them: read off a page, filled in, and sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from lxml import html


@dataclass
class FormPage:
    """The form of a page: what it would send, by name, in order."""

    address: str
    text: str
    sent: dict[str, list[str]] = field(default_factory=dict)

    def put(self, name: str, *values: object) -> FormPage:
        self.sent[name] = [str(value) for value in values]
        return self

    def add_row(self, prefix: str, **values: object) -> FormPage:
        """Fill one more row of a list, as the button under it makes one."""
        number = int(self.sent[f"{prefix}-TOTAL_FORMS"][0])
        self.put(f"{prefix}-TOTAL_FORMS", number + 1)
        for name, value in values.items():
            self.put(f"{prefix}-{number}-{name}", value)
        return self

    def save(self, client: Client, **more: str) -> Any:
        return client.post(self.address, {**self.sent, "_continue": "1", **more})


def open_form(client: Client, address: str) -> FormPage:
    """Return the main form of a page of the desk."""
    return read_form(address, client.get(address).content.decode())


def read_form(address: str, text: str) -> FormPage:
    """Return the main form of a page that was answered."""
    form = next(one for one in html.fromstring(text).forms if (one.get("id") or "").endswith("_form"))
    page = FormPage(address, text)
    for name, value in _values(form):
        page.sent.setdefault(name, []).append(value)
    return page


def _values(form: Any) -> Iterator[tuple[str, str]]:  # Any: an element of lxml
    """Yield what a browser would send, without rows that are only patterns for new ones, and without buttons."""
    for name, value in form.form_values():
        if "__prefix__" not in name and not name.startswith("_"):
            yield name, value or ""
