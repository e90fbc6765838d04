"""What a receipt tells about one file, read from `ops`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import psycopg

from zaoxue.contracts import Contract
from zaoxue.gate import file_rules, suite_of


@dataclass(frozen=True)
class Mark:
    """One cell to mend. `header_words`: the words its column may be headed by in the sender's sheet."""

    sheet: str
    row: int
    header: str
    header_words: tuple[str, ...]
    rule_id: str
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class Told:
    """One feed of the file. `remarks`: (zh, en, rows) of rules that keep nothing out."""

    submission_id: str
    feed: str | None
    title: str
    period: str | None
    state: str
    is_nil: bool
    rows_accepted: int
    rows_quarantined: int
    reason_zh: str | None
    reason_en: str | None
    remarks: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class FileFacts:
    """One received file with all that was found in it. `is_newest`: no later file came under the same name."""

    uri: str
    sha256: str
    received_at: datetime
    is_newest: bool
    told: tuple[Told, ...]
    marks: tuple[Mark, ...]


_TO_MEND = ("rejected", "accepted_with_rejects", "received", "superseded")
_PENDING = """
select s.source_uri, s.received_at, s.sha256, s.submission_id, s.feed, s.period, s.state, s.is_nil, s.rows_accepted,
    s.rows_quarantined, s.reason_zh, s.reason_en,
    not exists (
        select from ops.submission as n where n.source_uri = s.source_uri and n.received_at > s.received_at
    ) as is_newest
from ops.submission as s
where (s.source_uri, s.received_at) in (
    select p.source_uri, p.received_at from ops.submission as p
    where not exists (select from ops.receipt as r where r.submission_id = p.submission_id)
        and (%(uris)s::text[] is null or p.source_uri = any(%(uris)s))
)
order by s.source_uri, s.received_at, s.feed, s.submission_id
"""


def pending(
    connection: psycopg.Connection, contracts: dict[str, Contract], folder: Path, uris: list[str] | None
) -> list[FileFacts]:
    """Files with a submission that has no receipt yet: of all, or of these addresses. `folder`: that of the contracts."""
    rows = connection.execute(_PENDING, {"uris": uris}).fetchall()
    ids = [row[3] for row in rows]
    marks = _marks(connection, contracts, ids)
    remarks = _remarks(connection, contracts, folder, ids)
    files = []
    for (uri, received_at), group in groupby(rows, key=itemgetter(0, 1)):
        lines = list(group)
        told = tuple(
            Told(
                submission_id=line[3],
                feed=line[4],
                title=contracts[line[4]].title if line[4] in contracts else "",
                period=line[5],
                state=line[6],
                is_nil=line[7],
                rows_accepted=line[8],
                rows_quarantined=line[9],
                reason_zh=line[10],
                reason_en=line[11],
                remarks=tuple(remarks.get(line[3], [])),
            )
            for line in lines
        )
        found = tuple(mark for t in told if t.state in _TO_MEND for mark in marks.get(t.submission_id, []))
        files.append(FileFacts(uri, lines[0][2], received_at, lines[0][-1], told, found))
    return files


def _marks(connection: psycopg.Connection, contracts: dict[str, Contract], ids: list[str]) -> dict[str, list[Mark]]:
    rows = connection.execute(
        "select q.submission_id, s.feed, q.column_name, q.sheet, q.row, q.header, q.rule_id, q.message_zh, q.message_en"
        " from ops.quarantine as q inner join ops.submission as s using (submission_id)"
        " where q.submission_id = any(%s) order by 1, q.sheet, q.row, q.column_name, q.rule_id",
        [ids],
    ).fetchall()
    words: dict[tuple[str, str], tuple[str, ...]] = {}
    marks: dict[str, list[Mark]] = {}
    for submission, feed, name, sheet, row, header, rule_id, zh, en in rows:
        if (feed, name) not in words:
            column = contracts[feed].by_name.get(name) if feed in contracts else None
            words[feed, name] = (*column.headers, name) if column else (header or name,)
        marks.setdefault(submission, []).append(Mark(sheet, row, header or name, words[feed, name], rule_id, zh, en))
    return marks


def _remarks(
    connection: psycopg.Connection, contracts: dict[str, Contract], folder: Path, ids: list[str]
) -> dict[str, list[tuple[str, str, int]]]:
    """Rules of severity warning or info that failed, but not those that hold: they are the reason itself."""
    rows = connection.execute(
        "select g.submission_id, s.feed, g.rule_id, g.failed from ops.gate_result as g"
        " inner join ops.submission as s using (submission_id)"
        " where g.submission_id = any(%s) and g.failed > 0 and g.severity <> 'critical' order by 1, 4 desc, 3",
        [ids],
    ).fetchall()
    if not rows:
        return {}
    whole = {rule.rule_id for rule in file_rules(folder) if rule.holds}
    rules = {
        feed: {rule.rule_id: rule for rule in suite_of(contracts[feed])}
        for feed in {row[1] for row in rows}
        if feed in contracts
    }
    remarks: dict[str, list[tuple[str, str, int]]] = {}
    for submission, feed, rule_id, failed in rows:
        rule = rules.get(feed, {}).get(rule_id)
        if rule and rule_id not in whole:
            remarks.setdefault(submission, []).append((rule.message_zh, rule.message_en, failed))
    return remarks
