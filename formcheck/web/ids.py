"""Ids that nobody guesses: 128 random bits, spelled so that a folder can have the name."""

from __future__ import annotations

import re
import secrets

PATTERN = r"[a-z2-7]{26}"
"""Lower case alone: there are file systems that do not tell a from A."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def fresh() -> str:
    """A new id."""
    return "".join(secrets.choice(_LETTERS) for _ in range(26))


def well_formed(text: str) -> bool:
    """Whether it could be one of ours; nothing else is ever put into a path."""
    return re.fullmatch(PATTERN, text) is not None
