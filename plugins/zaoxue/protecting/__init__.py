"""Protect: the last step that sees personal data. Past it there are person keys and masked values only."""

from zaoxue.protecting.masking import masked
from zaoxue.protecting.person_key import person_keys
from zaoxue.protecting.protect import protect

__all__ = ["masked", "person_keys", "protect"]
