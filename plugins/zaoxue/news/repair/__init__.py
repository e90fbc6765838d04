"""Undo what copying did to a page's text; log each repair; mark what cannot be mended."""

from __future__ import annotations

from dataclasses import dataclass

from zaoxue.news.repair.annotations import drop_annotations
from zaoxue.news.repair.byteshift import undo_slips
from zaoxue.news.repair.edits import LOST, Edit
from zaoxue.news.repair.layout import (
    drop_advertising,
    drop_lost_indents,
    drop_markup_residue,
    join_wrapped_lines,
    mark_private_use,
    widen_signs,
)
from zaoxue.news.repair.script import simplify

__all__ = ["LOST", "Edit", "Repaired", "repair"]

# The order matters: a slip is read from the signs and notes as they stand, notes are judged by the characters that
# the slips gave back, and signs are widened when no `?` has a meaning of its own any more.
STEPS = (
    drop_lost_indents,
    undo_slips,
    drop_annotations,
    drop_markup_residue,
    drop_advertising,
    mark_private_use,
    simplify,
    widen_signs,
    join_wrapped_lines,
)


@dataclass(frozen=True)
class Repaired:
    """Mended text, the log, and the spans (start, end) of `text` that stayed lost."""

    text: str
    edits: tuple[Edit, ...]
    unmended: tuple[tuple[int, int], ...]


def repair(text: str) -> Repaired:
    """Mend one article's text. Clean simplified text comes back unchanged with an empty log."""
    log: list[Edit] = []
    for step in STEPS:
        text = step(text, log)
    spans: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        if character == LOST:
            spans = [*spans[:-1], (spans[-1][0], at + 1)] if spans and spans[-1][1] == at else [*spans, (at, at + 1)]
    return Repaired(text, tuple(log), tuple(spans))
