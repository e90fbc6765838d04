"""What a repair step did: one record for each place it changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Stands where a character is lost for good. No figure is read from a clause that holds one.
LOST = "\ufffd"


@dataclass(frozen=True)
class Edit:
    """One repair: the step, the offset in the text as that step found it, and the words before and after."""

    step: str
    start: int
    before: str
    after: str


def substitute(
    step: str, pattern: re.Pattern[str], text: str, mend: Callable[[re.Match[str]], str], log: list[Edit]
) -> str:
    """`pattern.sub` that logs each match which `mend` changed."""

    def one(match: re.Match[str]) -> str:
        after = mend(match)
        if after != match[0]:
            log.append(Edit(step, match.start(), match[0], after))
        return after

    return pattern.sub(one, text)


def difference(step: str, before: str, after: str, log: list[Edit]) -> None:
    """Log a same-length, character by character change as runs of changed characters."""
    start = None
    for at, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new and start is None:
            start = at
        elif old == new and start is not None:
            log.append(Edit(step, start, before[start:at], after[start:at]))
            start = None
    if start is not None:
        log.append(Edit(step, start, before[start:], after[start:]))
