"""Which changes of state have to be told, and to whom: one digest for each recipient and run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

import psycopg
from psycopg.rows import class_row

KINDS = ("missing", "rejected", "mended")  # the most serious first

# Told so far: the latest episode of each obligation. Its `mended` ends it, so what is missing again is told again.
# An obligation that is both missing and rejected for the first time gives two rows, and one line in the message.
_CHANGES = """
with told as (
    select distinct on (organisation_code, feed, period)
        organisation_code, feed, period, episode,
        bool_or(kind = 'missing') as is_missing_told,
        bool_or(kind = 'rejected') as is_rejected_told,
        bool_or(kind = 'mended') as is_mended_told
    from ops.alert_obligation
    group by organisation_code, feed, period, episode
    order by organisation_code, feed, period, episode desc
),
compared as (
    select
        s.*,
        coalesce(t.episode + t.is_mended_told::integer, 0) as episode,
        coalesce(t.is_missing_told and not t.is_mended_told, false) as is_missing_told,
        coalesce(t.is_rejected_told and not t.is_mended_told, false) as is_rejected_told
    from ops.obligation_state(%(at)s) as s
    left join told as t using (organisation_code, feed, period)
)
select
    coalesce(c.district_code, c.organisation_code) as recipient,
    r.name as recipient_name,
    k.kind, c.organisation_code, c.organisation_name, c.feed, c.period, c.due_at, c.state, c.reason, c.episode
from compared as c
inner join ops.organisation as r on r.organisation_code = coalesce(c.district_code, c.organisation_code)
cross join (values ('missing'), ('rejected'), ('mended')) as k (kind)
where case k.kind
    when 'missing' then c.state = 'missing' and not c.is_missing_told
    when 'rejected' then c.reason = 'rejected' and not c.is_rejected_told
    else c.state in ('on_time', 'late', 'nil', 'waived') and (c.is_missing_told or c.is_rejected_told)
end
order by recipient, c.feed, c.period, c.organisation_code, k.kind
"""


@dataclass(frozen=True)
class Change:
    """One obligation whose state has changed in a way its recipient has not been told (kind: one of KINDS)."""

    recipient: str
    recipient_name: str
    kind: str
    organisation_code: str
    organisation_name: str
    feed: str
    period: str
    due_at: datetime
    state: str
    reason: str | None
    episode: int


@dataclass(frozen=True)
class Digest:
    """Everything one recipient is to be told in one run. Not empty."""

    recipient: str
    recipient_name: str
    changes: tuple[Change, ...]

    @property
    def kind(self) -> str:
        """The most serious kind in it."""
        return min((change.kind for change in self.changes), key=KINDS.index)

    @property
    def alert_key(self) -> str:
        """32 hex digits from recipient, kind and the changes told: the same news always has the same key."""
        told = [f"{c.organisation_code} {c.feed} {c.period} {c.episode} {c.kind}" for c in self.changes]
        return hashlib.sha256("\n".join([self.kind, self.recipient, *told]).encode()).hexdigest()[:32]


def untold_digests(connection: psycopg.Connection, at: datetime) -> Iterator[Digest]:
    """The digests due at an instant, by recipient: the district for itself and its townships, else the organisation."""
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        changes = cursor.execute(_CHANGES, {"at": at}).fetchall()
    for _, group in groupby(changes, key=lambda change: change.recipient):
        members = tuple(group)
        yield Digest(members[0].recipient, members[0].recipient_name, members)
