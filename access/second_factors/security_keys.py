"""Keys that sign a challenge (WebAuthn): a USB key, or what a telephone or computer has built in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from access.models import SecurityKey, User
from access.second_factors import ANSWER_LETTERS_MOST
from access.second_factors.sealing import keyed_digests

# The password was typed already: touching the key is enough, a PIN of the key's own is not asked for.
VERIFICATION = UserVerificationRequirement.DISCOURAGED
T = TypeVar("T")
Challenge = Mapping[str, Any]  # Any: the library's own state, JSON


class WrongAnswer(Exception):
    """The key's answer does not fit the challenge, the site or the account."""


@dataclass(frozen=True)
class NewKey:
    """The public half of a key that has just signed."""

    credential: str
    digest: str
    uses: int


def begin_adding(request: HttpRequest, user: User) -> tuple[str, Challenge]:
    """Return the options for the browser as JSON, and the challenge to be kept in the session. One query."""
    entity = PublicKeyCredentialUserEntity(
        # Opaque: a key shows the name, and hands out the handle.
        id=bytes.fromhex(keyed_digests("handle", str(user.pk))[0]),
        name=user.get_username(),
        display_name=user.get_username(),
    )
    options, state = _server(request).register_begin(
        entity,
        [_credential(key) for key in user.security_keys.all()],
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=VERIFICATION,
    )
    return json.dumps(dict(options)), _storable(state)


def finish_adding(request: HttpRequest, challenge: Challenge, answer: str) -> NewKey:
    """Return the new key. Raises WrongAnswer."""

    def read(given: Mapping[str, Any]) -> NewKey:  # Any: JSON
        data = _server(request).register_complete(challenge, given)
        credential = data.credential_data
        if credential is None:
            raise WrongAnswer
        return NewKey(websafe_encode(bytes(credential)), _digest(credential), data.counter)

    return _answered(answer, read)


def begin_showing(request: HttpRequest, user: User) -> tuple[str, Challenge]:
    """Return the options for the browser as JSON, and the challenge to be kept in the session. One query."""
    credentials = [_credential(key) for key in user.security_keys.all()]
    options, state = _server(request).authenticate_begin(credentials, user_verification=VERIFICATION)
    return json.dumps(dict(options)), _storable(state)


def finish_showing(request: HttpRequest, user: User, challenge: Challenge, answer: str) -> SecurityKey:
    """Return the account's key that signed. Raises WrongAnswer, also for a key whose counter went back: somebody made a copy of it.

    Two queries.
    """
    keys = {_digest(_credential(key)): key for key in user.security_keys.all()}

    def read(given: Mapping[str, Any]) -> tuple[SecurityKey, int]:  # Any: JSON
        used = _server(request).authenticate_complete(challenge, [_credential(key) for key in keys.values()], given)
        counter = AuthenticationResponse.from_dict(given).response.authenticator_data.counter
        return keys[_digest(used)], counter

    key, counter = _answered(answer, read)
    # Keys that do not count say 0 always.
    unseen = (
        SecurityKey.objects.filter(pk=key.pk, uses__lt=counter)
        if counter
        else SecurityKey.objects.filter(pk=key.pk, uses=0)
    )
    if unseen.update(uses=counter) != 1:
        raise WrongAnswer
    return key


def _answered(answer: str, read: Callable[[Mapping[str, Any]], T]) -> T:  # Any: JSON
    """Read an answer. Whatever is wrong in it, the library says by one of its many errors: it was not the key."""
    try:
        given = json.loads(answer[:ANSWER_LETTERS_MOST])
        if not isinstance(given, dict):
            raise WrongAnswer
        return read(given)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, UnsupportedAlgorithm) as error:
        raise WrongAnswer from error


def _server(request: HttpRequest) -> Fido2Server:
    host = request.get_host()
    own = f"{request.scheme}://{host}"
    party = PublicKeyCredentialRpEntity(name=host, id=host.partition(":")[0])
    return Fido2Server(party, verify_origin=lambda origin: origin == own)


def _credential(key: SecurityKey) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(key.credential))


def _digest(credential: AttestedCredentialData) -> str:
    return hashlib.sha256(credential.credential_id).hexdigest()


def _storable(state: Mapping[str, Any]) -> Challenge:  # Any: as above
    return {name: getattr(value, "value", value) for name, value in state.items()}
