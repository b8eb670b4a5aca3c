"""The second factor: an app that makes codes, a security key, or a printed sheet of codes that are good for one time each."""

from __future__ import annotations

# Of what a security key's library makes of its answer.
ANSWER_LETTERS_MOST = 20_000
