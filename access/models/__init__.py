"""Rows of the access app."""

from access.models.attempts import SignInAttempts
from access.models.audit import AuditEntry, AuditHead
from access.models.community import Community, Protocol
from access.models.device import Device
from access.models.membership import CommunityMembership, Grant, Invitation, ProtocolMembership
from access.models.partner import Partner, PartnerCount, PartnerKey, PartnerTaking, Scope
from access.models.petition import Petition
from access.models.rule import AccessRule
from access.models.second_factor import AuthenticatorApp, RecoveryCode, SecurityKey
from access.models.user import User

__all__ = [
    "AccessRule",
    "AuditEntry",
    "AuditHead",
    "AuthenticatorApp",
    "Community",
    "CommunityMembership",
    "Device",
    "Grant",
    "Invitation",
    "Partner",
    "PartnerCount",
    "PartnerKey",
    "PartnerTaking",
    "Petition",
    "Protocol",
    "ProtocolMembership",
    "RecoveryCode",
    "Scope",
    "SecurityKey",
    "SignInAttempts",
    "User",
]
