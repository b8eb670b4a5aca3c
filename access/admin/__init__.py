"""The staff pages of this app."""

from access.admin import accounts, devices, log, partners  # noqa: F401  # registers them
