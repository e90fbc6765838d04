"""What becomes of each submission of a batch: accepted, rejected, duplicate or stale. Pure; the tables come later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import psycopg

from zaoxue.contracts import Contract
from zaoxue.pipeline.intake import Intake

STANDING_STATES = ("accepted", "accepted_with_rejects")
NOT_IN_HISTORY = ("received", "withdrawn")  # may bear a version or bytes, but say nothing now
VersionKey = tuple[date, datetime]


@dataclass
class Standing:
    """What stands before a submission is judged; `decide` keeps it up to date within the batch.

    `newest`: per scope, (period end, received at) of the version that stands. `contents`: (organisation, period, sha256)
    already accepted or held; the same bytes for another period say that nothing changed, and are no duplicate.
    `versions`: the highest version per (organisation, period), withdrawn ones included: a number is never given twice.
    `holder`: the submission that stands per slot (`slot_of`).
    """

    newest: dict[str, VersionKey] = field(default_factory=dict)
    contents: set[tuple[str, str, str]] = field(default_factory=set)
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    holder: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Standing:
        """One to decide on, while this stays as it is."""
        return Standing(dict(self.newest), set(self.contents), dict(self.versions), dict(self.holder))


@dataclass(frozen=True)
class Decision:
    """State and, where accepted, the version within the obligation and the submission it supersedes."""

    state: str
    version: int | None = None
    supersedes: str | None = None
    reason_zh: str | None = None
    reason_en: str | None = None


def read_standing(connection: psycopg.Connection, contract: Contract) -> Standing:
    """What stands in the warehouse for one feed."""
    standing = Standing()
    rows = connection.execute(
        "select submission_id, organisation_code, period, period_end, received_at, sha256, version, state, source_uri"
        " from ops.submission where feed = %s and (version is not null or state = 'received') order by version",
        [contract.feed],
    )
    for submission, organisation, period, period_end, received_at, sha256, version, state, uri in rows:
        if version is not None:
            standing.versions[organisation, period] = version
        if state != "withdrawn":
            standing.contents.add((organisation, period, sha256))
        if state in NOT_IN_HISTORY:
            continue
        if state in STANDING_STATES:
            standing.holder[slot_of(contract, organisation, period, uri, submission)] = submission
        scope = scope_of(contract, organisation, period, uri, submission)
        key = (period_end, received_at)
        standing.newest[scope] = max(key, standing.newest.get(scope, key))
    return standing


def scope_of(contract: Contract, organisation: str, period: str, uri: str, submission: str) -> str:
    """Submissions of one scope replace each other's rows; where rows stand for themselves each is its own scope."""
    return organisation if contract.scope == "cumulative" else slot_of(contract, organisation, period, uri, submission)


def slot_of(contract: Contract, organisation: str, period: str, uri: str, submission: str) -> str:
    """Of the submissions of one slot only the newest stands: those of one obligation, or of one document."""
    match contract.scope:
        case "cumulative" | "period":
            return f"{organisation}|{period}"
        case "document":
            return uri
    return submission


def decide(
    intake: Intake,
    standing: Standing,
    *,
    refused: tuple[str, str] | None,
    held: tuple[str, str] | None,
    has_rejects: bool,
) -> Decision:
    """Decide on one submission; call in the order of receipt.

    `refused`, `held`: message (zh, en) of a file rule that returns the file, or that makes it wait for a person.
    """
    organisation, period = intake.organisation.code, intake.period
    if (organisation, period, intake.sha256) in standing.contents:
        return Decision(
            "duplicate", reason_zh="与已接收的文件完全相同", reason_en="Same bytes as a file already received"
        )
    if refused is not None:
        return Decision("rejected", None, None, *_with_sheets(refused, intake))
    place = (intake.contract, organisation, period, intake.file.uri, intake.submission_id)
    scope, slot = scope_of(*place), slot_of(*place)
    key = (intake.period_end, intake.file.received_at)
    if key < standing.newest.get(scope, key):
        return Decision(
            "stale",
            reason_zh="早于已接收的版本，已登记但不覆盖现有数据",
            reason_en="Older than the version that stands: registered, but it changes nothing",
        )
    standing.contents.add((organisation, period, intake.sha256))
    if held is not None:
        return Decision("received", None, None, *_with_sheets(held, intake))
    standing.newest[scope] = key
    obligation = (organisation, period)
    superseded = standing.holder.get(slot)
    standing.holder[slot] = intake.submission_id
    standing.versions[obligation] = standing.versions.get(obligation, 0) + 1
    return Decision(
        "accepted_with_rejects" if has_rejects or intake.is_partial else "accepted",
        standing.versions[obligation],
        superseded,
        intake.remark_zh,
        intake.remark_en,
    )


def _with_sheets(reason: tuple[str, str], intake: Intake) -> tuple[str, str]:
    """The reason, and which sheets could not be read at all."""
    if not intake.is_partial:
        return reason
    return f"{reason[0]}；{intake.remark_zh}", f"{reason[1]}; {intake.remark_en}"
