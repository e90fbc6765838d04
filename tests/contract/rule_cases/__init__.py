"""For each rule its good rows (no finding) and its bad rows (exactly `findings` of them)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.pipeline.ledgers import resident_id

Row = dict[str, str | None]


@dataclass(frozen=True)
class Case:
    """What differs from the feed's base row. `findings`: rows that the rule finds among the bad ones. `elsewhere`: rows
    that another township of the district sends in the same batch."""

    good: Sequence[Row]
    bad: Sequence[Row]
    findings: int
    organisation: str | None = None
    elsewhere: Sequence[Row] = ()


@dataclass(frozen=True)
class FeedCases:
    """The base row passes every rule. `known`: what other ledgers say; the first value of a row is an identity number
    where `by_person` names the lookup, else a key as it is."""

    base: Row
    cases: dict[str, Case]
    organisation: str = "990101001"
    known: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def case(
    good: Row | Sequence[Row],
    bad: Row | Sequence[Row],
    findings: int = 1,
    *,
    organisation: str | None = None,
    elsewhere: Sequence[Row] = (),
) -> Case:
    """One row each, or several."""
    return Case(_several(good), _several(bad), findings, organisation, elsewhere)


def _several(rows: Row | Sequence[Row]) -> Sequence[Row]:
    return [rows] if isinstance(rows, dict) else rows


def person(number: int, birth: str = "19800101") -> str:
    """Identity number of a person who cannot exist; an odd number is a man."""
    return resident_id(number, birth)


GROWN = person(1)
WOMAN = person(2)
CHILD = person(3, "20150601")
UNABLE = person(5)
UNFIT = person(19)
PUPIL = person(7, "20080601")
PUPILS = {
    "secondary": person(21, "20080601"),
    "vocational": person(23, "20080601"),
    "technical": PUPIL,
    "higher": person(25, "20050601"),
}
IN_CARE = person(9)
STRANGER = person(11)
IDLE = person(13)
OTHER = person(15)
OTHER_HEAD = person(17)
REGISTER = [
    {"id": GROWN, "is_known": True, "labour_ability": "ordinary", "household_key": "h1"},
    {"id": WOMAN, "is_known": True, "labour_ability": "ordinary", "household_key": "h1"},
    {"id": UNABLE, "is_known": True, "labour_ability": "lost"},
    {"id": UNFIT, "is_known": True, "labour_ability": "none"},
    *({"id": pupil, "is_known": True, "school_status": stage} for stage, pupil in PUPILS.items()),
    {"id": IN_CARE, "is_known": True, "household_key": "h9"},
]
EMPLOYMENT = [{"id": GROWN, "is_known": True}]
AT_WORK = [{"id": GROWN, "working_members": 1}, {"id": OTHER_HEAD, "working_members": 0}]
HOUSEHOLDS = [{"id": GROWN, "is_known": True, "household_type": "dibao", "member_count": 3}]
