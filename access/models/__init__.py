"""Rows of the access app."""

from access.models.attempts import SignInAttempts
from access.models.audit import AuditEntry
from access.models.rule import AccessRule
from access.models.user import User

__all__ = ["AccessRule", "AuditEntry", "SignInAttempts", "User"]
